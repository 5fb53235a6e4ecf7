"""The S&OP sheet of a family: sales, production and stock; last plan, plan, actual, difference.

Quantities are quanta. The past four closed months stand before the plan months.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Max, Sum

from cycles.choices import StageKind
from cycles.models import Company, Cycle, Version
from cycles.queries import previous_signed
from demand.models import Shipment
from portfolio.models import Family
from sop.periods import add_months, first_of_month, last_of_month, month_range
from supply.cover import cover_by_month
from supply.models import (
    ProductionOrder,
    ProductSiteFact,
    ResourceFact,
    ResourceUse,
    StockRecord,
    SupplySummary,
)
from supply.queries.overview import TOTALS
from supply.queries.plans import signed_plans

PAST = 4

Values = list[float | None]


@dataclass(slots=True)
class SheetRow:
    """A row of figures, one for each month; ``unit`` says how to write them: units, money, days or percent."""

    label: str
    values: Values
    unit: str = "units"
    is_main: bool = False
    signed: bool = False
    flagged: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetBlock:
    title: str
    rows: list[SheetRow]


@dataclass(frozen=True, slots=True)
class FamilySheet:
    """The sheet, and what its chart draws: stock at the months' ends against the target."""

    family: Family
    months: list[date]
    past: int
    blocks: list[SheetBlock]
    stock: Values
    target: Values
    not_served: int
    lowest_days: float | None
    lowest_month: date | None


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the plans say of a family, by month."""

    plan: dict[date, SupplySummary]
    last: dict[date, SupplySummary]


def family_sheet(version: Version, family: Family) -> FamilySheet:
    """The sheet of a family with all families below it."""
    cycle = version.cycle
    families = [family.pk, *family.children.values_list("pk", flat=True)]
    months = [*month_range(add_months(cycle.month, -PAST), PAST), *cycle.months]
    figures = _plans(version, cycle, families)
    wanted = [_value(figures.plan, month, "demand") for month in cycle.months]
    closing = [_value(figures.plan, month, "closing") for month in cycle.months]
    days = cover_by_month([c or 0 for c in closing], [w or 0 for w in wanted], cycle.months)
    target = _target(version, families, months)
    stock_block, stock = _stock_block(figures, months, _actual_stock(families, months[:PAST]), days, target)
    low = _lowest(days, cycle.months)
    return FamilySheet(
        family=family,
        months=months,
        past=PAST,
        blocks=[
            _flow_block("Sales", figures, months, "supplied", _shipped(families, months[:PAST]), wanted=True),
            _flow_block("Production", figures, months, "production", _made(families, months[:PAST])),
            stock_block,
            _money_block(version, figures, families, months),
        ],
        stock=stock,
        target=target,
        not_served=sum(
            row.demand - row.supplied for row in figures.plan.values() if row.month >= cycle.month
        ),
        lowest_days=low[0],
        lowest_month=low[1],
    )


def _lowest(days: Sequence[float | None], months: list[date]) -> tuple[float | None, date | None]:
    known = [(value, month) for value, month in zip(days, months, strict=True) if value is not None]
    return min(known, default=(None, None))


def _plans(version: Version, cycle: Cycle, families: list[int]) -> _Figures:
    """This plan and the last one; in a closed month the plan of its own cycle and of the one before."""
    previous = previous_signed(cycle, StageKind.SUPPLY)
    signed = signed_plans(cycle.month, PAST + 2)
    wanted: dict[int, set[date]] = {version.pk: set(cycle.months)}
    plan_of = dict.fromkeys(cycle.months, version.pk)
    last_of = dict.fromkeys(cycle.months, previous.pk) if previous else {}
    for month in month_range(add_months(cycle.month, -PAST), PAST):
        plan_of |= {month: signed[month]} if month in signed else {}
        before = add_months(month, -1)
        last_of |= {month: signed[before]} if before in signed else {}
    for month, pk in [*plan_of.items(), *last_of.items()]:
        wanted.setdefault(pk, set()).add(month)
    rows = _summaries(wanted, families)
    return _Figures(
        plan={month: rows[pk, month] for month, pk in plan_of.items() if (pk, month) in rows},
        last={month: rows[pk, month] for month, pk in last_of.items() if (pk, month) in rows},
    )


def _summaries(wanted: dict[int, set[date]], families: list[int]) -> dict[tuple[int, date], SupplySummary]:
    sums = [Sum(name) for name in TOTALS]
    rows = SupplySummary.objects.filter(version__in=wanted, family__in=families)
    grouped = rows.order_by().values_list("version_id", "month").annotate(*sums)
    return {
        (pk, month): SupplySummary(month=month, **dict(zip(TOTALS, totals, strict=True)))
        for pk, month, *totals in grouped
        if month in wanted[pk]
    }


def _value(rows: dict[date, SupplySummary], month: date, name: str) -> float | None:
    row = rows.get(month)
    return None if row is None else float(getattr(row, name))


def _flow_block(
    title: str,
    figures: _Figures,
    months: list[date],
    name: str,
    actual: dict[date, int],
    *,
    wanted: bool = False,
) -> SheetBlock:
    """Behind us the difference is actual less plan, ahead it is plan less last plan."""
    last = [_value(figures.last, month, name) for month in months]
    plan = [_value(figures.plan, month, name) for month in months]
    done: Values = [
        float(actual.get(month, 0)) if place < PAST else None for place, month in enumerate(months)
    ]
    difference = _difference(last, plan, done)
    rows = [SheetRow("Last plan", last), SheetRow("Plan", plan, is_main=True)]
    if wanted:
        rows.append(
            SheetRow("Wanted by customers", [_value(figures.plan, month, "demand") for month in months])
        )
    rows += [
        SheetRow("Actual", done),
        SheetRow("Difference", difference, signed=True),
        SheetRow("Cumulated", _cumulated(difference), signed=True),
    ]
    return SheetBlock(title, rows)


def _difference(last: Values, plan: Values, done: Values) -> Values:
    pairs = [
        (done[place], plan[place]) if place < PAST else (plan[place], last[place])
        for place in range(len(plan))
    ]
    return [None if new is None or old is None else new - old for new, old in pairs]


def _cumulated(difference: Values) -> Values:
    """Anew from the first plan month on."""
    total, sums = 0.0, []
    for place, value in enumerate(difference):
        total = (0.0 if place == PAST else total) + (value or 0.0)
        sums.append(None if value is None else total)
    return sums


def _stock_block(
    figures: _Figures,
    months: list[date],
    actual: dict[date, int],
    days: Sequence[float | None],
    target: Values,
) -> tuple[SheetBlock, Values]:
    last = [_value(figures.last, month, "closing") for month in months]
    plan = [_value(figures.plan, month, "closing") for month in months]
    done: Values = [
        float(actual.get(month, 0)) if place < PAST else None for place, month in enumerate(months)
    ]
    covers: Values = [*(None for _ in range(PAST)), *days]
    low = [
        value is not None and goal is not None and value < goal
        for value, goal in zip(plan, target, strict=True)
    ]
    rows = [
        SheetRow("Last plan", last),
        SheetRow("Plan", plan, is_main=True, flagged=low),
        SheetRow("Actual", done),
        SheetRow("Difference", _difference(last, plan, done), signed=True),
        SheetRow("Target (safety stock)", target),
        SheetRow("Days of supply", covers, unit="days", is_main=True),
    ]
    return SheetBlock("Stock at month end", rows), [*done[:PAST], *plan[PAST:]]


def _money_block(version: Version, figures: _Figures, families: list[int], months: list[date]) -> SheetBlock:
    def money(name: str) -> Values:
        return [_value(figures.plan, month, name) for month in months]

    load, currency = _highest_load(version, families), Company.current().currency
    return SheetBlock(
        "Capacity and money",
        [
            SheetRow("Fullest resource, wanted", [load.get(month) for month in months], unit="percent",
                     flagged=[(load.get(month) or 0) > 100 for month in months]),
            SheetRow(f"Revenue, {currency}", money("revenue_minor"), unit="money", is_main=True),
            SheetRow(f"Not served, {currency}", money("gap_minor"), unit="money"),
            SheetRow(f"Stock value, {currency}", money("stock_value_minor"), unit="cost"),
        ],
    )  # fmt: skip


def _highest_load(version: Version, families: list[int]) -> dict[date, float]:
    """Percent of regular hours that demand needs on the fullest of the family's resources; never a mean."""
    uses = ResourceUse.objects.filter(version=version, product__family__in=families).values("resource")
    facts = ResourceFact.objects.filter(version=version, resource__in=uses, regular_hours__gt=0)
    share = facts.order_by().values_list("month").annotate(most=Max(F("needed_hours") / F("regular_hours")))
    return {month: 100 * most for month, most in share}


def _target(version: Version, families: list[int], months: list[date]) -> Values:
    rows = ProductSiteFact.objects.filter(version=version, product__family__in=families)
    sums = dict(rows.order_by().values_list("month").annotate(total=Sum("safety_stock")))
    return [float(sums[month]) if month in sums else None for month in months]


def _by_month(rows: Sequence[tuple[date, int]], key: Callable[[date], date]) -> dict[date, int]:
    totals: dict[date, int] = {}
    for day, quanta in rows:
        totals[key(day)] = totals.get(key(day), 0) + quanta
    return totals


def _shipped(families: list[int], months: list[date]) -> dict[date, int]:
    days = (months[0], last_of_month(months[-1]))
    rows = Shipment.objects.filter(ship_date__range=days, order_line__stream__product__family__in=families)
    sums = rows.order_by().values_list("ship_date").annotate(total=Sum("quantity"))
    return _by_month(list(sums), first_of_month)


def _made(families: list[int], months: list[date]) -> dict[date, int]:
    days = (months[0], last_of_month(months[-1]))
    rows = ProductionOrder.objects.filter(day__range=days, product__family__in=families)
    return _by_month(list(rows.order_by().values_list("day").annotate(total=Sum("good"))), first_of_month)


def _actual_stock(families: list[int], months: list[date]) -> dict[date, int]:
    """Free stock of finished goods at the last day of each month."""
    days = [last_of_month(month) for month in months]
    rows = StockRecord.objects.filter(day__in=days, product__family__in=families)
    sums = rows.order_by().values_list("day").annotate(total=Sum(F("on_hand") - F("blocked")))
    return _by_month(list(sums), first_of_month)
