"""Products, launches and phase-outs as JSON."""

from typing import Any

from rest_framework import serializers

from cycles.models import User
from cycles.permissions import sees_margins, sees_prices
from portfolio.choices import GateVerdict, LaunchBasis, LaunchGate, Proposal, TransitionCurve
from portfolio.models import GateDecision, Launch, PhaseOut, Product


class ProductSerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family.code", default=None, read_only=True)

    class Meta:
        model = Product
        fields = [
            "code", "description", "kind", "family", "subfamily", "unit", "status", "launch_date", "end_date",
            "successor_code", "list_price", "standard_cost",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, product: Product) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(product)
        user = self.context["request"].user
        if not sees_prices(user):
            del shown["list_price"]
        if not sees_margins(user):
            del shown["standard_cost"]
        return shown


class PersonField(serializers.SlugRelatedField):
    """A person by user name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="username", queryset=User.objects.filter(is_active=True), **options)


class LikeSerializer(serializers.Serializer):
    product = serializers.CharField(source="product.code", max_length=64)
    percent = serializers.FloatField(min_value=0.01, max_value=1000)


class InfluenceSerializer(serializers.Serializer):
    product = serializers.CharField(source="product.code", max_length=64)
    percent = serializers.FloatField(
        min_value=-100, max_value=1000, help_text="Of the launch's units; below zero: taken."
    )


class GateDecisionSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = GateDecision
        fields = ["verdict", "from_gate", "to_gate", "reason", "by", "at"]
        read_only_fields = fields


class VerdictSerializer(serializers.Serializer):
    """Go, hold or kill on a launch."""

    verdict = serializers.ChoiceField(choices=[GateVerdict.GO, GateVerdict.HOLD, GateVerdict.KILL])
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class ProductDecisionSerializer(serializers.Serializer):
    """Push, maintain or cut."""

    decision = serializers.ChoiceField(choices=Proposal.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    owner = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    growth_percent = serializers.FloatField(min_value=0.01, max_value=1000, required=False, allow_null=True)
    first_month = serializers.DateField(required=False, allow_null=True)


class EffectSerializer(serializers.Serializer):
    """What a change does to the plan by month; units, and money in major units of the company currency."""

    change = serializers.CharField(source="source", help_text="launch, phase_out or push.")
    product = serializers.CharField(source="code")
    role = serializers.CharField(help_text="own, takes, lifts or follows.")
    planned = serializers.BooleanField()
    months = serializers.ListField(child=serializers.DateField())
    units = serializers.ListField(child=serializers.FloatField())
    revenue = serializers.ListField(child=serializers.FloatField(), source="money")
    margin = serializers.ListField(child=serializers.FloatField())

    def to_representation(self, effect: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(effect)
        user = self.context["request"].user
        if not sees_prices(user):
            del shown["revenue"]
        if not sees_margins(user):
            del shown["margin"]
        return shown


class LaunchSerializer(serializers.ModelSerializer):
    product = serializers.CharField(source="product.code", max_length=64)
    month = serializers.DateField(help_text="Any day of the first month of sales.")
    gate = serializers.ChoiceField(choices=LaunchGate.choices, default=LaunchGate.DEVELOPMENT)
    ramp_months = serializers.IntegerField(min_value=1, max_value=60, default=6)
    owner = PersonField(required=False, allow_null=True)
    basis = serializers.ChoiceField(choices=LaunchBasis.choices, default=LaunchBasis.TODAY)
    copy_percent = serializers.FloatField(min_value=0.01, max_value=1000, default=100)
    references = LikeSerializer(many=True)
    influences = InfluenceSerializer(many=True, required=False)
    gate_decisions = GateDecisionSerializer(many=True, read_only=True)

    class Meta:
        model = Launch
        fields = [
            "product", "month", "gate", "is_held", "basis", "copy_percent", "full_units", "innovators", "imitators",
            "ramp_months", "takes_from_like", "owner", "note", "references", "influences", "gate_decisions",
        ]  # fmt: skip
        read_only_fields = ["is_held"]


class PhaseOutSerializer(serializers.ModelSerializer):
    product = serializers.CharField(source="product.code", max_length=64)
    end_month = serializers.DateField(help_text="Any day of the last month with sales.")
    run_out_months = serializers.IntegerField(min_value=0, max_value=24, default=3)
    run_out_units = serializers.FloatField(min_value=0, max_value=1e12, required=False, allow_null=True)
    successor = serializers.CharField(
        source="successor.code", required=False, allow_blank=True, default="", max_length=64
    )
    successor_percent = serializers.FloatField(min_value=0, max_value=1000, default=100)
    curve = serializers.ChoiceField(choices=TransitionCurve.choices, default=TransitionCurve.STEADY)
    coming_units = serializers.FloatField(min_value=0, max_value=1e12, required=False, allow_null=True)
    salvage_percent = serializers.FloatField(min_value=0, max_value=100, default=0)
    owner = PersonField(required=False, allow_null=True)

    class Meta:
        model = PhaseOut
        fields = [
            "product", "end_month", "last_order", "run_out_months", "curve", "run_out_units", "coming_units",
            "salvage_percent", "successor", "no_successor", "successor_percent", "owner", "note",
        ]  # fmt: skip
