"""What launches and phase-outs do to the demand plan, and what products have sold: for the product review."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Sum

from cycles.choices import Measure, Operation, VersionKind, VersionState
from cycles.models import Change, ChangeLine, Cycle, Version
from demand.models import DemandFact, DemandHistory
from demand.queries.ledger import is_active, undo_map
from demand.queries.stamp import kept_by_history
from demand.queries.streams import stream_table
from portfolio.queries.shapes import PortfolioEffect, ProductSales
from sop.periods import add_months, month_range
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

SOLD_MONTHS = 24


def portfolio_effects(cycle: Cycle) -> list[PortfolioEffect]:
    """The active changes of the product step, by launch or phase-out, month by month."""
    draft = Version.objects.filter(cycle=cycle, kind=VersionKind.DEMAND, state=VersionState.DRAFT).first()
    if draft is None:
        return []
    undone = undo_map(draft)
    changes = Change.objects.filter(version=draft, measure=Measure.PRODUCT).exclude(operation=Operation.UNDO)
    active = [change for change in changes if is_active(change.pk, undone)]
    prices = _prices()
    plans = _plans(draft, [change.scope.get("code", "") for change in active if change.source == "phase_out"])
    return [_effect(change, cycle.months, prices, plans) for change in active]


def _prices() -> dict[int, float]:
    table = stream_table()
    return dict(zip(table.streams.tolist(), (table.prices / MINOR_PER_MAJOR).tolist(), strict=True))


def _plans(draft: Version, codes: list[str]) -> dict[str, dict[date, float]]:
    """What is left of ending products: consensus units by code and month."""
    rows = (
        DemandFact.objects.filter(version=draft, stream__product__code__in=codes)
        .values_list("stream__product__code", "month")
        .annotate(units=Sum("consensus"))
    )
    plans: dict[str, dict[date, float]] = defaultdict(dict)
    for code, month, quanta in rows:
        plans[code][month] = (quanta or 0) / QUANTA_PER_UNIT
    return plans


def _effect(
    change: Change, months: list[date], prices: dict[int, float], plans: dict[str, dict[date, float]]
) -> PortfolioEffect:
    places = {month: place for place, month in enumerate(months)}
    units, money = [0.0] * len(months), [0.0] * len(months)
    for stream, month, old, new in ChangeLine.objects.filter(change=change).values_list(
        "stream_id", "month", "old", "new"
    ):
        moved = ((new or 0) - (old or 0)) / QUANTA_PER_UNIT
        units[places[month]] += moved
        money[places[month]] += moved * prices.get(stream, 0.0)
    code, _, role = change.source_key.partition(":")
    plan: list[float] = [plans.get(code, {}).get(month, 0.0) for month in months]
    return PortfolioEffect(change.source, code, role or "own", months, units, money, plan)


def product_sales(cycle: Cycle) -> dict[int, ProductSales]:
    """Units of the last 24 closed months and revenue of the last twelve, by product."""
    return kept_by_history("sales", cycle, lambda: _sold(cycle))


def _sold(cycle: Cycle) -> dict[int, ProductSales]:
    months = month_range(add_months(cycle.month, -SOLD_MONTHS), SOLD_MONTHS)
    places = {month: place for place, month in enumerate(months)}
    rows = (
        DemandHistory.objects.filter(month__gte=months[0], month__lte=months[-1])
        .values_list("stream__product_id", "month")
        .annotate(quanta=Sum("quantity"), value=Sum("value"))
    )
    units: dict[int, list[float]] = defaultdict(lambda: [0.0] * SOLD_MONTHS)
    revenue: dict[int, float] = defaultdict(float)
    year: Any = months[-12]
    for product, month, quanta, value in rows:
        units[product][places[month]] += quanta / QUANTA_PER_UNIT
        if month >= year:
            revenue[product] += value / MINOR_PER_MAJOR
    return {product: ProductSales(sold, revenue[product]) for product, sold in units.items()}
