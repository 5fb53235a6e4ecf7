"""Products, launches and phase-outs as JSON."""

from typing import Any

from rest_framework import serializers

from cycles.models import User
from cycles.permissions import sees_margins, sees_prices
from portfolio.choices import LaunchGate
from portfolio.models import Launch, PhaseOut, Product


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


class LaunchSerializer(serializers.ModelSerializer):
    product = serializers.CharField(source="product.code", max_length=64)
    month = serializers.DateField(help_text="Any day of the first month of sales.")
    gate = serializers.ChoiceField(choices=LaunchGate.choices, default=LaunchGate.DEVELOPMENT)
    ramp_months = serializers.IntegerField(min_value=1, max_value=60, default=6)
    owner = PersonField(required=False, allow_null=True)
    references = LikeSerializer(many=True)

    class Meta:
        model = Launch
        fields = ["product", "month", "gate", "ramp_months", "takes_from_like", "owner", "note", "references"]


class PhaseOutSerializer(serializers.ModelSerializer):
    product = serializers.CharField(source="product.code", max_length=64)
    end_month = serializers.DateField(help_text="Any day of the last month with sales.")
    run_out_months = serializers.IntegerField(min_value=0, max_value=24, default=3)
    run_out_units = serializers.FloatField(min_value=0, max_value=1e12, required=False, allow_null=True)
    successor = serializers.CharField(
        source="successor.code", required=False, allow_blank=True, default="", max_length=64
    )
    successor_percent = serializers.FloatField(min_value=0, max_value=1000, default=100)
    owner = PersonField(required=False, allow_null=True)

    class Meta:
        model = PhaseOut
        fields = [
            "product", "end_month", "run_out_months", "run_out_units", "successor", "no_successor", "successor_percent",
            "owner", "note",
        ]  # fmt: skip
