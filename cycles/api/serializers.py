"""Cycles, stages and runs as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cycles.choices import Act
from cycles.models import Cycle, Run, SignOff, Stage
from cycles.queries import gate_findings, run_card, stage_buttons


class FindingSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the field's name is also an attribute of its base
    ok = serializers.BooleanField()
    message = serializers.CharField()
    blocks = serializers.BooleanField()
    waived_by = serializers.CharField()


class StageSerializer(serializers.ModelSerializer):
    signed_by = serializers.CharField(
        source="signed_by.username", default=None, allow_null=True, read_only=True
    )
    submitted_by = serializers.CharField(
        source="submitted_by.username", default=None, allow_null=True, read_only=True
    )
    content_hash = serializers.CharField(
        source="signed_version.content_hash", default=None, allow_null=True, read_only=True
    )
    acts = serializers.SerializerMethodField(help_text="What the person may do now.")

    class Meta:
        model = Stage
        fields = [
            "id", "kind", "state", "rev", "due", "submitted_by", "submitted_at", "signed_by", "signed_at",
            "content_hash", "acts",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_acts(self, stage: Stage) -> list[str]:
        return [
            str(button.act) for button in stage_buttons(stage, self.context["request"].user) if button.enabled
        ]


class StageDetailSerializer(StageSerializer):
    checks = serializers.SerializerMethodField(help_text="The checks of the gate, run now.")

    class Meta(StageSerializer.Meta):
        fields = [*StageSerializer.Meta.fields, "checks"]
        read_only_fields = fields

    @extend_schema_field(FindingSerializer(many=True))
    def get_checks(self, stage: Stage) -> Any:
        return FindingSerializer(gate_findings(stage), many=True).data


class CycleSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True, read_only=True)

    class Meta:
        model = Cycle
        fields = ["id", "month", "horizon_months", "state", "today", "opened_at", "closed_at", "stages"]
        read_only_fields = fields


class ActSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=[act for act in Act.choices if act[0] != Act.MARK_OUT_OF_DATE])
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    rev = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="The revision seen."
    )


class SignOffSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.username", default=None, read_only=True)

    class Meta:
        model = SignOff
        fields = [
            "id",
            "act",
            "from_state",
            "to_state",
            "by",
            "at",
            "comment",
            "content_hash",
            "single_person",
        ]
        read_only_fields = fields


class RunSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    progress = serializers.IntegerField(source="progress_percent", read_only=True)
    time_left = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.username", default=None, read_only=True)

    class Meta:
        model = Run
        fields = [
            "id", "kind", "title", "state", "progress", "time_left", "message", "error", "result", "by", "created_at",
            "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, run: Run) -> str:
        return run_card(run, None).title

    def get_time_left(self, run: Run) -> str:
        return run_card(run, None).time_left


class OpenCycleSerializer(serializers.Serializer):
    month = serializers.DateField(
        required=False, help_text="First plan month; only for the very first cycle."
    )
    horizon_months = serializers.IntegerField(required=False, min_value=3, max_value=60)
