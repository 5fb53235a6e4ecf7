"""The gaps of the signed supply plan, ranked by money, and what a scenario leaves of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from cycles.choices import StageKind
from cycles.models import Cycle, Version
from cycles.queries import signed_version
from reconciliation.models import ScenarioDifference
from sop.errors import NotFound
from supply.models import StreamFact, SupplyGap
from supply.queries.gaps import ProductGap, material_minor, product_gaps

CLOSED_BELOW = 0.005  # of the gap's units: what is left then is rounding


@dataclass(frozen=True)
class GapRow:
    """A product's gap in the signed plan; quantities in quanta, money in minor units."""

    gap: ProductGap
    in_scenarios: tuple[str, ...]
    left: int | None  # quanta short in the chosen scenario, None where it is not computed

    @property
    def first(self) -> date:
        return self.gap.months[0]

    @property
    def last(self) -> date:
        return self.gap.months[-1]

    @property
    def cause(self) -> str:
        return self.gap.causes[0] if self.gap.causes else ""

    @property
    def left_share(self) -> float | None:
        return None if self.left is None or not self.gap.units else self.left / self.gap.units

    @property
    def left_minor(self) -> int:
        """Sales still short in the scenario, at the gap's mean price."""
        share = self.left_share
        return self.gap.revenue_minor if share is None else round(self.gap.revenue_minor * share)

    @property
    def status(self) -> str:
        """closed, smaller, accepted, planned (a lever stands in a scenario) or open."""
        share = self.left_share
        if share is not None and share < CLOSED_BELOW:
            return "closed"
        if self.gap.is_answered:
            return "accepted"
        if share is not None and share < 1 - CLOSED_BELOW:
            return "smaller"
        return "planned" if self.in_scenarios else "open"


def gap_rows(cycle: Cycle, chosen: Version | None) -> list[GapRow]:
    """Gaps of the signed supply plan by product, the dearest first."""
    supply = signed_version(cycle, StageKind.SUPPLY)
    if supply is None:
        return []
    gaps, used = product_gaps(supply, cycle), _scenarios_by_product(cycle)
    left = short_units(chosen, [gap.product_id for gap in gaps]) if chosen else None
    return [
        GapRow(gap, used.get(gap.product_id, ()), None if left is None else left.get(gap.product_id, 0))
        for gap in gaps
    ]


def unsettled(rows: Iterable[GapRow], cycle: Cycle) -> list[GapRow]:
    """Material gaps that are neither closed nor made small, nor answered, nor part of a scenario."""
    threshold = material_minor(cycle)
    return [
        row for row in rows if row.left_minor > threshold and not row.gap.is_answered and not row.in_scenarios
    ]


def _scenarios_by_product(cycle: Cycle) -> dict[int, tuple[str, ...]]:
    """Names of the scenarios in which a lever of a product's gaps is switched on."""
    found = ScenarioDifference.objects.filter(scenario__cycle=cycle, is_active=True, gap__isnull=False)
    names: dict[int, set[str]] = {}
    for product, name in found.values_list("gap__stream__product_id", "scenario__name"):
        names.setdefault(product, set()).add(name)
    return {product: tuple(sorted(scenarios)) for product, scenarios in names.items()}


def short_units(version: Version, products: Iterable[int]) -> dict[int, int]:
    """Quanta that a plan leaves lost or owed, by product, summed over the months as gaps are."""
    facts = StreamFact.objects.filter(version=version, stream__product_id__in=list(products))
    sums = facts.values_list("stream__product_id").annotate(short=Sum(F("lost") + F("backlog"))).order_by()
    return dict(sums)


def gap_or_404(pk: int) -> SupplyGap:
    """A gap with its stream and cycle. NotFound otherwise."""
    gaps = SupplyGap.objects.select_related("version__cycle", "stream__product", "stream__market")
    gap = gaps.filter(pk=pk).first()
    if gap is None:
        raise NotFound("There is no such gap; the supply plan may have been computed anew.")
    return gap
