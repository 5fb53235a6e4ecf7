"""Gaps of a plan, put together by product and ranked by money, with their answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from cycles.models import Company, Cycle, Version
from demand.models import DemandHistory, DemandStream
from sop.periods import add_months
from sop.quantities import QUANTA_PER_UNIT
from supply.models import GapAnswer, SupplyGap

GROWTH = 1.1
"""An answer holds until the gap is a tenth larger than what was answered."""


@dataclass(slots=True)
class ProductGap:
    """All gaps of a product: the largest row stands for it in links; quantities are quanta."""

    product_id: int
    code: str
    name: str
    first: SupplyGap
    markets: list[str]
    months: list[date]
    units: int
    revenue_minor: int
    margin_minor: int
    causes: list[str]
    levers: list[dict[str, Any]]
    rows: list[SupplyGap]
    is_material: bool = False
    answer: GapAnswer | None = None

    @property
    def unit_count(self) -> float:
        return self.units / QUANTA_PER_UNIT

    @property
    def loss_minor(self) -> int:
        """What serving it would cost beyond what it earns, where it is sold below standard cost."""
        return max(0, -self.margin_minor)

    @property
    def has_cause(self) -> bool:
        return bool(self.causes)

    @property
    def is_answered(self) -> bool:
        """Accepted in words, for a gap of about this size."""
        return self.answer is not None and self.revenue_minor <= self.answer.revenue_minor * GROWTH

    @property
    def has_way_out(self) -> bool:
        return self.is_answered or bool(self.levers)


def product_gaps(version: Version, cycle: Cycle) -> list[ProductGap]:
    """Gaps by product, the most expensive first."""
    gaps = SupplyGap.objects.filter(version=version).select_related("stream__product", "stream__market")
    grouped: dict[int, list[SupplyGap]] = {}
    for gap in gaps.order_by("-revenue_minor", "month", "pk"):
        grouped.setdefault(gap.stream.product_id, []).append(gap)
    answers = {answer.product_id: answer for answer in cycle.gap_answers.select_related("by")}
    threshold = material_minor(cycle)
    groups = [_grouped(rows) for rows in grouped.values()]
    for group in groups:
        group.answer = answers.get(group.product_id)
        group.is_material = group.revenue_minor > threshold
    return sorted(groups, key=lambda group: (-group.revenue_minor, -group.units, group.code))


def _grouped(rows: list[SupplyGap]) -> ProductGap:
    product = rows[0].stream.product
    levers = {str(lever.get("key", lever.get("name"))): lever for row in rows for lever in row.levers}
    return ProductGap(
        product_id=product.pk,
        code=product.code,
        name=product.description or product.code,
        first=rows[0],
        markets=_distinct(str(row.stream.market) for row in rows),
        months=sorted({row.month for row in rows}),
        units=sum(row.units for row in rows),
        revenue_minor=sum(row.revenue_minor for row in rows),
        margin_minor=sum(row.margin_minor for row in rows),
        causes=_distinct(row.cause for row in sorted(rows, key=lambda row: row.month) if row.cause),
        levers=list(levers.values()),
        rows=sorted(rows, key=lambda row: (row.month, str(row.stream.market))),
    )


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def annual_revenue_minor(cycle: Cycle) -> int:
    """Net revenue of the last twelve closed months, minor units."""
    months = (add_months(cycle.month, -12), cycle.last_closed_month)
    total = DemandHistory.objects.filter(month__range=months).aggregate(total=Sum("value"))["total"]
    return total or 0


def material_minor(cycle: Cycle) -> int:
    """A gap above this is material: a share of annual revenue (company settings)."""
    return round(annual_revenue_minor(cycle) * Company.current().material_percent / 100)


def unanswered(gaps: list[ProductGap]) -> list[ProductGap]:
    """Material gaps without a cause or without a way out."""
    return [gap for gap in gaps if gap.is_material and not (gap.has_cause and gap.has_way_out)]


def stream_words(stream: DemandStream) -> str:
    """Product and market as people say them."""
    return f"{stream.product.description or stream.product.code}, {stream.market}"
