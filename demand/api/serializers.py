"""Plan lines, edits and runs as JSON. Quantities are units."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cycles.choices import Measure, Operation, ReasonCode
from demand.models import DemandFact
from sop.quantities import QUANTA_PER_UNIT

COLUMNS = [*Measure.values, "low_80", "high_80", "low_95", "high_95"]


class Units(serializers.FloatField):
    """Stored quanta as units."""

    def to_representation(self, value: Any) -> Any:
        return value / QUANTA_PER_UNIT


class PlanLineSerializer(serializers.ModelSerializer):
    node = serializers.SerializerMethodField(help_text="The line's name in edits.")
    product = serializers.CharField(source="stream.product.code", read_only=True)
    market = serializers.CharField(source="stream.market.code", read_only=True)
    family = serializers.CharField(source="stream.product.family.code", read_only=True)
    baseline = Units(read_only=True, allow_null=True)
    product_step = Units(source="product", read_only=True, allow_null=True)
    marketing = Units(read_only=True, allow_null=True)
    sales = Units(read_only=True, allow_null=True)
    planner = Units(read_only=True, allow_null=True)
    consensus = Units(read_only=True, allow_null=True)
    low_80 = Units(read_only=True, allow_null=True)
    high_80 = Units(read_only=True, allow_null=True)
    low_95 = Units(read_only=True, allow_null=True)
    high_95 = Units(read_only=True, allow_null=True)

    class Meta:
        model = DemandFact
        fields = [
            "node", "product", "market", "family", "month", "baseline", "product_step", "marketing", "sales", "planner",
            "consensus", "low_80", "high_80", "low_95", "high_95", "rev",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_node(self, fact: DemandFact) -> str:
        return f"stream:{fact.stream_id}"


class EditSerializer(serializers.Serializer):
    node = serializers.RegexField(
        r"^(all|(family|product|stream):\d{1,18})$", help_text="all, family:KEY, product:KEY or stream:KEY."
    )
    measure = serializers.ChoiceField(choices=["marketing", "sales", "planner", "consensus"])
    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="YYYY-MM")
    operation = serializers.ChoiceField(
        choices=[Operation.SET, Operation.ADD, Operation.MULTIPLY], default="set"
    )
    value = serializers.FloatField(
        allow_null=True, help_text="Units (or money), the factor, or null to take back."
    )
    seen = serializers.FloatField(
        allow_null=True,
        required=False,
        help_text="The figure last read: a conflict if it is another one now.",
    )


class FilterSerializer(serializers.Serializer):
    family = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    market = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)


class ActionSerializer(serializers.Serializer):
    action_id = serializers.UUIDField(required=False, help_text="The same action sent twice counts once.")
    unit = serializers.CharField(
        default="units", help_text="units, money, or a unit of the unit conversions such as KG."
    )
    filters = FilterSerializer(required=False)
    edits = EditSerializer(many=True, allow_empty=False)
    reason = serializers.ChoiceField(choices=ReasonCode.choices, required=False, allow_blank=True, default="")
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    assumption = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**62
    )


class SavedSerializer(serializers.Serializer):
    change_ids = serializers.ListField(child=serializers.IntegerField())
    rev = serializers.IntegerField()
    message = serializers.CharField()
    cells = serializers.IntegerField()
    locked = serializers.IntegerField()


class UndoSerializer(serializers.Serializer):
    change_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), allow_empty=False, max_length=500
    )
    action_id = serializers.UUIDField(required=False)


class RunStartedSerializer(serializers.Serializer):
    run = serializers.IntegerField(help_text="Its key under /api/v1/cycles/runs/.")
    state = serializers.CharField()
