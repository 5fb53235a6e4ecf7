"""What launches, phase-outs and pushes do to the demand plan, and what products have sold: for the product review."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from cycles.choices import Measure, Operation, VersionKind, VersionState
from cycles.models import Change, ChangeLine, Cycle, Version
from demand.models import DemandFact, DemandHistory
from demand.queries.blocks import load_block
from demand.queries.ledger import is_active, undo_map
from demand.queries.rules import launch_rules
from demand.queries.stamp import kept_by_history
from demand.queries.streams import stream_table
from portfolio.queries import standard_cost_map
from portfolio.queries.shapes import PortfolioEffect, ProductSales
from sop.periods import add_months, month_range
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.lifecycle import Effect

SOLD_MONTHS = 24


def portfolio_effects(cycle: Cycle) -> list[PortfolioEffect]:
    """The active changes of the product step, by launch, phase-out or push, month by month.

    Launches that the plan leaves out follow: what they would do to it.
    """
    draft = Version.objects.filter(cycle=cycle, kind=VersionKind.DEMAND, state=VersionState.DRAFT).first()
    if draft is None:
        return []
    undone = undo_map(draft)
    changes = Change.objects.filter(version=draft, measure=Measure.PRODUCT).exclude(operation=Operation.UNDO)
    active = [change for change in changes if is_active(change.pk, undone)]
    worth = _worth()
    ending = [change.scope.get("code", "") for change in active if change.source == "phase_out"]
    plans, lines = _plans(draft, ending), _lines(active)
    found = [_effect(change, cycle.months, lines[change.pk], worth, plans) for change in active]
    return found + _unplanned(draft, worth)


Moved = tuple[int, date, int]  # stream, month, quanta
Worth = dict[int, tuple[int, float, float]]  # stream: product, price, cost


def _worth() -> Worth:
    """Product, price and standard cost (major units) of each stream."""
    table, costs = stream_table(), standard_cost_map()
    products = table.products.tolist()
    prices = (table.prices / MINOR_PER_MAJOR).tolist()
    return {
        stream: (product, price, costs.get(product, 0.0))
        for stream, product, price in zip(table.streams.tolist(), products, prices, strict=True)
    }


def _lines(changes: list[Change]) -> dict[int, list[Moved]]:
    found: dict[int, list[Moved]] = {change.pk: [] for change in changes}
    rows = ChangeLine.objects.filter(change__in=changes).values_list(
        "change_id", "stream_id", "month", "old", "new"
    )
    for change, stream, month, old, new in rows:
        found[change].append((stream, month, (new or 0) - (old or 0)))
    return found


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
    change: Change,
    months: list[date],
    lines: list[Moved],
    worth: Worth,
    plans: dict[str, dict[date, float]],
) -> PortfolioEffect:
    code, role = change.scope.get("code", ""), change.source_key.rpartition(":")[2]
    role = role if change.source_key != code else "own"
    plan: list[float] = [plans.get(code, {}).get(month, 0.0) for month in months]
    return summed_effect((change.source, code, role), months, lines, worth, plan_units=plan)


def summed_effect(
    key: tuple[str, str, str],
    months: list[date],
    lines: list[Moved],
    worth: Worth,
    **more: Any,
) -> PortfolioEffect:
    """Units, revenue and margin by month of what a rule moves; ``key`` is (source, code, role)."""
    places = {month: place for place, month in enumerate(months)}
    units, money, margin = ([0.0] * len(months) for _ in range(3))
    products: dict[int, float] = defaultdict(float)
    for stream, month, quanta in lines:
        moved, place = quanta / QUANTA_PER_UNIT, places[month]
        product, price, cost = worth.get(stream, (0, 0.0, 0.0))
        units[place] += moved
        money[place] += moved * price
        margin[place] += moved * (price - cost)
        products[product] += moved
    return PortfolioEffect(*key, months, units, money, margin=margin, products=dict(products), **more)


def _unplanned(draft: Version, worth: Worth) -> list[PortfolioEffect]:
    """What ideas and launches on hold would do to the plan as it is."""
    rules = launch_rules(draft.cycle, planned=False)
    if not rules:
        return []
    import numpy as np

    from demand.lifecycle import product_step

    table, months = stream_table(), draft.cycle.months
    others = {other for rule in rules for other, _ in (*rule.references, *rule.influences)}
    chosen = np.isin(table.products, sorted(others | {rule.product for rule in rules}))
    part = table.only(chosen)
    block = load_block(draft, part.streams, months)
    effects: list[PortfolioEffect] = []
    for rule in rules:
        _, done = product_step(
            block.plan[1],
            products=part.products,
            markets=part.markets,
            launches=[rule],
            phase_outs=[],
            settled=np.zeros(0, dtype=np.int64),
        )
        effects += [_would_be(effect, rule.code, part.streams.tolist(), months, worth) for effect in done]
    return effects


def _would_be(
    effect: "Effect", code: str, streams: list[int], months: list[date], worth: Worth
) -> PortfolioEffect:
    cells = zip(
        effect.rows.tolist(), effect.months.tolist(), effect.old.tolist(), effect.new.tolist(), strict=True
    )
    lines = [(streams[row], months[place], max(new, 0) - max(old, 0)) for row, place, old, new in cells]
    role = effect.key.removeprefix(code).removeprefix(":") or "own"
    return summed_effect(("launch", code, role), months, lines, worth, planned=False)


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
