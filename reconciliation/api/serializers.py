"""Scenarios, differences and the P&L as JSON; money in minor units, units in quanta of 1/1000."""

from typing import Any

from rest_framework import serializers

from cycles.permissions import sees_margins
from reconciliation.choices import DifferenceKind, PnlRow
from reconciliation.models import PnlLine, Scenario, ScenarioDifference


class DifferenceSerializer(serializers.ModelSerializer):
    """A difference; what it costs and its effect on EBIT only for those who see margins."""

    class Meta:
        model = ScenarioDifference
        fields = [
            "id", "scenario", "kind", "params", "sentence", "cost_words", "one_off_cost_minor", "is_active",
            "effect_minor", "gap",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: ScenarioDifference) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not sees_margins(self.context["request"].user):
            del shown["effect_minor"], shown["one_off_cost_minor"], shown["cost_words"]
            shown["params"] = {key: value for key, value in instance.params.items() if key != "cost_per_hour"}
        return shown


class ScenarioSerializer(serializers.ModelSerializer):
    differences = DifferenceSerializer(many=True, read_only=True)

    class Meta:
        model = Scenario
        fields = [
            "id", "cycle", "name", "question", "is_baseline", "is_recommended", "state", "version", "run",
            "computed_at", "differences",
        ]  # fmt: skip
        read_only_fields = fields


class NewScenarioSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    question = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    copy_of = serializers.PrimaryKeyRelatedField(
        queryset=Scenario.objects.all(), required=False, default=None, allow_null=True
    )


class NewDifferenceSerializer(serializers.Serializer):
    """``params`` by kind: first_month and last_month (YYYY-MM) always; scope by family, product, market codes."""

    kind = serializers.ChoiceField(choices=DifferenceKind.choices)
    params = serializers.DictField()
    one_off_cost = serializers.FloatField(required=False, default=0.0)


class SwitchSerializer(serializers.Serializer):
    active = serializers.BooleanField()


class PnlLineSerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family.code", default="", read_only=True)
    row = serializers.ChoiceField(choices=PnlRow.choices)

    class Meta:
        model = PnlLine
        fields = ["family", "month", "row", "amount"]
