"""Measured key figures."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from cycles.api.permissions import TakesPartInCycle
from cycles.permissions import sees_margins
from kpis.models import KpiValue
from kpis.registry import KPIS


class KpiValueSerializer(serializers.ModelSerializer):
    """Numerator and denominator are given, so that roll-ups divide sums."""

    value = serializers.SerializerMethodField("ratio_of")

    class Meta:
        model = KpiValue
        fields = [
            "id", "kpi", "month", "lag", "level", "member", "numerator", "denominator", "value", "excluded_rows",
        ]  # fmt: skip

    def ratio_of(self, row: KpiValue) -> float | None:
        return row.numerator / row.denominator if row.denominator else None


class KpiValueViewSet(viewsets.ReadOnlyModelViewSet):
    """Key figures by month, lag, level (all, family, market) and member."""

    serializer_class = KpiValueSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["kpi", "month", "lag", "level", "member"]
    queryset = KpiValue.objects.order_by("-month", "kpi", "lag", "level", "member")

    def get_queryset(self) -> QuerySet[KpiValue]:
        rows: QuerySet[KpiValue] = super().get_queryset()
        user: Any = self.request.user
        if user.is_authenticated and not sees_margins(user):
            rows = rows.exclude(kpi__in=[key for key, kpi in KPIS.items() if kpi.is_margin])
        return rows
