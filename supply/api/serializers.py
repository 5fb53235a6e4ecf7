"""A supply plan as JSON: quantities in units, hours as they are, money in major currency."""

from typing import Any

from rest_framework import serializers

from cycles.models import Run, Version
from cycles.permissions import sees_margins
from sop.quantities import from_minor, from_quanta
from supply.models import ProductSiteFact, ResourceFact, StreamFact, SupplyGap


class UnitsField(serializers.FloatField):
    """Quanta in the database, units outside."""

    def to_representation(self, value: Any) -> Any:
        return from_quanta(value)


class MoneyField(serializers.FloatField):
    """Minor units in the database, currency outside."""

    def to_representation(self, value: Any) -> Any:
        return from_minor(value)


class WithoutMargins(serializers.ModelSerializer):
    """Leaves out the fields that ``Meta.margins`` names for people who may not see costs and margins."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        # The API's document, made from the command line, names every field there is.
        if request is None or not request.user.is_authenticated or sees_margins(request.user):
            return fields
        return {name: field for name, field in fields.items() if name not in self.Meta.margins}


class PlanSerializer(WithoutMargins):
    """A supply plan version."""

    economics = serializers.JSONField(
        source="params.economics", default=None, help_text="As the planner counts."
    )
    findings = serializers.JSONField(source="params.findings", default=None)
    preferences = serializers.JSONField(source="params.preferences", default=dict)
    demand_version = serializers.IntegerField(source="params.demand_version", default=None)

    class Meta:
        model = Version
        fields = ["id", "name", "state", "content_hash", "inputs_hash", "engine_version", "frozen_at",
                  "demand_version", "economics", "findings", "preferences"]  # fmt: skip
        margins = ["economics"]


class ProductSiteSerializer(serializers.ModelSerializer):
    """closing = opening + completed + receipts - shipments - used."""

    product = serializers.CharField(source="product.code")
    site = serializers.CharField(source="site.code")
    opening = UnitsField()
    production = UnitsField(help_text="Started in the month.")
    completed = UnitsField()
    receipts = UnitsField()
    shipments = UnitsField()
    used = UnitsField()
    closing = UnitsField()
    safety_stock = UnitsField()

    class Meta:
        model = ProductSiteFact
        fields = ["product", "site", "month", "opening", "production", "completed", "receipts", "shipments",
                  "used", "closing", "safety_stock"]  # fmt: skip


class StreamSerializer(serializers.ModelSerializer):
    """supplied + backlog = demand - lost + backlog of the month before."""

    product = serializers.CharField(source="stream.product.code")
    market = serializers.CharField(source="stream.market.code")
    demand = UnitsField()
    supplied = UnitsField()
    lost = UnitsField()
    backlog = UnitsField()
    price = MoneyField(source="price_minor")

    class Meta:
        model = StreamFact
        fields = ["product", "market", "month", "demand", "supplied", "lost", "backlog", "price"]


class ResourceSerializer(WithoutMargins):
    resource = serializers.CharField(source="resource.code")
    site = serializers.CharField(source="resource.site.code")
    premium = MoneyField(source="premium_minor")
    hour_worth = MoneyField(source="hour_worth_minor")

    class Meta:
        model = ResourceFact
        fields = ["resource", "site", "month", "needed_hours", "load_hours", "regular_hours", "overtime_limit_hours",
                  "overtime_used_hours", "extra_used_hours", "premium", "hour_worth"]  # fmt: skip
        margins = ["premium", "hour_worth"]


class GapSerializer(WithoutMargins):
    product = serializers.CharField(source="stream.product.code")
    market = serializers.CharField(source="stream.market.code")
    units = UnitsField()
    revenue = MoneyField(source="revenue_minor")
    margin = MoneyField(source="margin_minor")

    class Meta:
        model = SupplyGap
        fields = [
            "id",
            "product",
            "market",
            "month",
            "units",
            "revenue",
            "margin",
            "binding",
            "cause",
            "levers",
        ]
        margins = ["margin", "levers"]


class PlanRunSerializer(serializers.ModelSerializer):
    class Meta:
        model = Run
        fields = ["id", "kind", "state", "progress_percent", "message", "error", "result"]
        read_only_fields = fields
