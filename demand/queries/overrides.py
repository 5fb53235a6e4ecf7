"""Human changes against the product step, and against the last plan: what the gate asks reasons for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from cycles.choices import StageKind
from cycles.models import Change, ChangeLine, Company, Cycle, Version
from cycles.queries import previous_signed
from demand.models import DemandFact, DemandStream, DemandSummary
from demand.queries.ledger import SYSTEM_SOURCES, is_active, undo_map
from demand.queries.reasons import annual_revenue, is_large_change
from demand.queries.stamp import kept_by_revision
from demand.queries.streams import stream_table
from portfolio.models import Family, Product
from sop.quantities import QUANTA_PER_UNIT


@dataclass(frozen=True)
class Unexplained:
    """A product or family whose change is large and has no reason: quanta, minor units."""

    name: str
    moved: int
    share: float
    value: int


def overrides_without_reason(version: Version) -> list[Unexplained]:
    """Products whose people's changes exceed the threshold over the horizon and none of which says why."""
    company, revenue = Company.current(), annual_revenue(version.cycle)
    rows, totals = kept_by_revision("overrides", version, lambda: _overridden(version))
    table = stream_table()
    moved: dict[int, list[float]] = {}
    for stream, change in rows:
        place = int(table.streams.searchsorted(stream))
        product, price = int(table.products[place]), float(table.prices[place]) / QUANTA_PER_UNIT
        entry = moved.setdefault(product, [0.0, 0.0])
        entry[0] += change
        entry[1] += change * price
    large = {
        product: (change, value)
        for product, (change, value) in moved.items()
        if is_large_change(
            company, revenue, old=totals.get(product, 0), new=totals.get(product, 0) + change, value=value
        )
    }
    explained = _explained_products(version, list(large))
    names = Product.objects.in_bulk(list(large))
    return [
        Unexplained(
            str(names[product]),
            int(change),
            change / totals[product] if totals.get(product) else 1.0,
            int(value),
        )
        for product, (change, value) in sorted(large.items(), key=lambda item: -abs(item[1][1]))
        if product not in explained
    ]


def _overridden(version: Version) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """(stream, change in quanta) of what people changed, and what these products came to before."""
    rows = (
        DemandFact.objects.filter(version=version)
        .exclude(consensus=F("product"))
        .values_list("stream_id")
        .annotate(change=Sum("consensus") - Sum("product"))
    )
    changed = DemandFact.objects.filter(version=version).exclude(consensus=F("product"))
    return list(rows), _product_totals(version, changed.values("stream__product_id"))


def _product_totals(version: Version, products: QuerySet[Any]) -> dict[int, int]:
    rows = (
        DemandFact.objects.filter(version=version, stream__product_id__in=products)
        .values("stream__product_id")
        .annotate(total=Sum("product"))
    )
    return {row["stream__product_id"]: row["total"] for row in rows}


def reasoned_changes(version: Version) -> list[int]:
    """Active changes by people that say why: a reason code, a comment or an assumption."""
    undone = undo_map(version)
    said = (
        Change.objects.filter(version=version)
        .exclude(source__in=[*SYSTEM_SOURCES, "baseline"])
        .exclude(operation="undo")
        .filter(~Q(reason_code="") | ~Q(comment="") | Q(assumption__isnull=False))
    )
    return [key for key in said.values_list("pk", flat=True) if is_active(key, undone)]


def _explained_products(version: Version, products: list[int]) -> set[int]:
    if not products:
        return set()
    streams = dict(DemandStream.objects.filter(product_id__in=products).values_list("pk", "product_id"))
    lines = ChangeLine.objects.filter(change_id__in=reasoned_changes(version), stream_id__in=list(streams))
    return {streams[stream] for stream in lines.values_list("stream_id", flat=True).distinct()}


def unexplained_against_last_plan(version: Version) -> list[Unexplained]:
    """Families whose next twelve months moved a lot since the last plan, beyond what a new baseline explains."""
    before = previous_signed(version.cycle, StageKind.DEMAND)
    if before is None:
        return []
    company, revenue = Company.current(), annual_revenue(version.cycle)
    months = [month for month in version.cycle.months[:12] if month in set(before.cycle.months)]
    old, new = _family_sums(before, months), _family_sums(version, months)
    reasons = _reasoned_families(version)
    names = Family.objects.in_bulk()
    found = []
    for family, sums in new.items():
        last = old.get(family, _Sums())
        moved = (sums.consensus - last.consensus) - (sums.baseline - last.baseline)
        value = (sums.consensus_value - last.consensus_value) - (sums.baseline_value - last.baseline_value)
        large = is_large_change(company, revenue, old=last.consensus, new=last.consensus + moved, value=value)
        if large and family not in reasons:
            share = moved / last.consensus if last.consensus else 1.0
            found.append(Unexplained(names[family].name, moved, share, value))
    return sorted(found, key=lambda one: -abs(one.value))


@dataclass
class _Sums:
    baseline: int = 0
    consensus: int = 0
    baseline_value: int = 0
    consensus_value: int = 0


def _family_sums(version: Version, months: list[Any]) -> dict[int, _Sums]:
    rows = (
        DemandSummary.objects.filter(version=version, month__in=months)
        .values_list("family_id")
        .annotate(Sum("baseline"), Sum("consensus"), Sum("baseline_value"), Sum("consensus_value"))
    )
    return {family: _Sums(*sums) for family, *sums in rows}


def _reasoned_families(version: Version) -> set[int]:
    system = Change.objects.filter(version=version, source__in=SYSTEM_SOURCES).values_list("pk", flat=True)
    lines = ChangeLine.objects.filter(change_id__in=[*reasoned_changes(version), *system])
    streams = DemandStream.objects.filter(pk__in=lines.values("stream_id"))
    return set(streams.values_list("product__family_id", flat=True).distinct())


def has_plan(cycle: Cycle, version: Version) -> bool:
    """Whether the baseline has run at all."""
    return DemandSummary.objects.filter(version=version, month=cycle.month).exists()
