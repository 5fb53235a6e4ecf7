"""The brief, its decisions and the operating plan as JSON; money in minor units, units in quanta of 1/1000."""

from typing import Any

from rest_framework import serializers

from cycles.choices import StageKind, Verdict
from cycles.models import Decision, User
from cycles.permissions import sees_margins
from executive.actions.approval import SENT_BACK_TO
from executive.models import Brief, OperatingPlan


class DecisionSerializer(serializers.ModelSerializer):
    """A decision with the families that it holds; its effect only for those who see margins."""

    held = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.username", default=None, read_only=True)

    class Meta:
        model = Decision
        fields = ["id", "question", "rationale", "margin_minor", "verdict", "note", "owner", "due", "held"]
        read_only_fields = fields

    def get_held(self, decision: Decision) -> list[str]:
        return [row.family_code for row in decision.held_families.all()]

    def to_representation(self, instance: Decision) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not sees_margins(self.context["request"].user):
            del shown["margin_minor"]
        return shown


class AnswerSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=[(v.value, v.label) for v in Verdict if v != Verdict.PENDING])
    owner = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.filter(is_active=True), required=False, default=None
    )
    due = serializers.DateField(required=False, default=None)
    note = serializers.CharField(required=False, default="", allow_blank=True)


class BriefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Brief
        fields = ["cycle", "headline", "note", "sent_at"]


class ApprovalSerializer(serializers.Serializer):
    comment = serializers.CharField(required=False, default="", allow_blank=True)
    participants = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        many=True,
        required=False,
        help_text="User names of those who decided together; sales, operations and finance are needed.",
    )


class SendBackSerializer(serializers.Serializer):
    to = serializers.ChoiceField(choices=[(kind.value, StageKind(kind).label) for kind in SENT_BACK_TO])
    reason = serializers.CharField()


class OperatingPlanSerializer(serializers.ModelSerializer):
    approved_by = serializers.CharField(source="approved_by.username", read_only=True)

    class Meta:
        model = OperatingPlan
        fields = [
            "id", "cycle", "version", "demand_version", "scenario", "approved_by", "approved_at", "content_hash",
            "comment", "conditions",
        ]  # fmt: skip
