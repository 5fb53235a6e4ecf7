"""Gaps of a plan, put together by product and ranked by money, with their answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from cycles.models import Company, Cycle, Version
from demand.queries.reasons import annual_revenue
from sop.quantities import QUANTA_PER_UNIT
from sop.reads import once
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


@dataclass(frozen=True, slots=True)
class GapTotals:
    """All gaps of a plan summed by product, the most expensive first; money in minor units."""

    products: list[int]
    revenue_minor: list[int]
    margin_minor: int
    material_minor: int

    @property
    def total_minor(self) -> int:
        return sum(self.revenue_minor)

    @property
    def material_count(self) -> int:
        return sum(revenue > self.material_minor for revenue in self.revenue_minor)

    def beyond(self, place: int) -> tuple[int, int]:
        """How many products come after a place, and their money."""
        return len(self.products[place:]), sum(self.revenue_minor[place:])


@once
def gap_totals(version: Version, cycle: Cycle) -> GapTotals:
    """Sums of all gaps in one statement, however many there are."""
    sums = (
        SupplyGap.objects.filter(version=version)
        .order_by()
        .values_list("stream__product_id")
        .annotate(revenue=Sum("revenue_minor"), margin=Sum("margin_minor"))
        .order_by("-revenue", "stream__product__code")
    )
    rows = list(sums)
    return GapTotals(
        products=[product for product, _, _ in rows],
        revenue_minor=[revenue for _, revenue, _ in rows],
        margin_minor=sum(margin for _, _, margin in rows),
        material_minor=material_minor(cycle),
    )


def product_gaps(version: Version, cycle: Cycle, *, products: list[int] | None = None) -> list[ProductGap]:
    """Gaps by product, the most expensive first; those of some products alone where given."""
    gaps = SupplyGap.objects.filter(version=version).select_related("stream__product", "stream__market")
    if products is not None:
        gaps = gaps.filter(stream__product__in=products)
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


@once
def material_gaps(version: Version, cycle: Cycle) -> list[ProductGap]:
    """The material ones: those that the gate asks about."""
    totals = gap_totals(version, cycle)
    return product_gaps(version, cycle, products=totals.products[: totals.material_count])


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
    return annual_revenue(cycle)


def material_minor(cycle: Cycle) -> int:
    """A gap above this is material: a share of annual revenue (company settings)."""
    return round(annual_revenue_minor(cycle) * Company.current().material_percent / 100)


def unanswered(gaps: list[ProductGap]) -> list[ProductGap]:
    """Material gaps without a cause or without a way out."""
    return [gap for gap in gaps if gap.is_material and not (gap.has_cause and gap.has_way_out)]
