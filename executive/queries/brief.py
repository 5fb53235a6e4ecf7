"""What the brief says: the figures against their targets, the words, and the tightest resource."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, Sum

from cycles.choices import StageKind
from cycles.models import Cycle, Version
from cycles.queries import previous_signed, signed_version
from demand.models import DemandSummary
from kpis.queries import brief_figures
from reconciliation.finance.lines import Amounts, Line
from reconciliation.queries.scenarios import YEAR, Column, Comparison
from reconciliation.queries.scorecard import unserved
from supply.models import ResourceFact

MEASURED = ("otif", "wape", "fill_rate")
MOST_GAUGES = 6
SMALL_HOURS = 0.05
NOTEWORTHY = 0.0005  # of revenue: less is not worth a sentence


@dataclass(frozen=True)
class Gauge:
    """A figure with its target: minor units, a share, or days; ``better`` says which way is good."""

    label: str
    value: float | None
    unit: str  # money, share, days, number
    target: float | None
    target_word: str
    better: str = "up"
    note: str = ""

    @property
    def difference(self) -> float | None:
        return None if self.value is None or self.target is None else self.value - self.target

    @property
    def tone(self) -> str:
        """Better than the target, within a twentieth of it, or off it."""
        if self.difference is None or not self.target:
            return ""
        gain = self.difference if self.better == "up" else -self.difference
        if gain >= -NOTEWORTHY * abs(self.target):
            return "good"
        return "warn" if abs(gain) <= abs(self.target) * 0.05 else "bad"

    @property
    def share(self) -> int:
        """Length of the bar in percent of its track."""
        return self._on_track(self.value)

    @property
    def target_share(self) -> int:
        return self._on_track(self.target)

    def _on_track(self, amount: float | None) -> int:
        largest = max(self.value or 0.0, self.target or 0.0)
        return 0 if amount is None or largest <= 0 else round(max(0.0, amount) / largest * 92)


def gauges(comparison: Comparison, column: Column, *, margins: bool) -> list[Gauge]:
    """At most six figures: the plan's against the budget, the measured ones against their targets."""
    amounts, budget = column.amounts, comparison.budget
    if amounts is None:
        return []
    measured = {figure["key"]: _measured(figure) for figure in brief_figures(comparison.cycle)}
    money = [_money("EBIT", Line.EBIT, amounts, budget), _margin(amounts, budget), _cover(amounts)]
    found = [_money("Revenue", Line.REVENUE, amounts, budget)]
    found += money[:2] if margins else []
    found.append(_served(amounts))
    found += [measured[key] for key in MEASURED if key in measured and measured[key].value is not None]
    found += money[2:] if margins else []
    return found[:MOST_GAUGES]


def _money(label: str, line: Line, amounts: Amounts, budget: Amounts | None) -> Gauge:
    target = sum(budget[line][:YEAR]) if budget else None
    return Gauge(label, sum(amounts[line][:YEAR]), "money", target, "budget")


def _margin(amounts: Amounts, budget: Amounts | None) -> Gauge:
    def share(of: Amounts | None) -> float | None:
        revenue = sum(of[Line.REVENUE][:YEAR]) if of else 0
        return sum(of[Line.GROSS_MARGIN][:YEAR]) / revenue if of and revenue else None

    return Gauge("Gross margin", share(amounts), "share", share(budget), "budget")


def _served(amounts: Amounts) -> Gauge:
    wanted = sum(amounts[Line.WANTED_UNITS][:YEAR])
    served = sum(amounts[Line.ON_TIME_UNITS][:YEAR]) / wanted if wanted else None
    return Gauge("Served in its month", served, "share", 1.0, "all wanted")


def _cover(amounts: Amounts) -> Gauge:
    """Days that the stock at the year's end lasts at the year's cost of goods."""
    cogs = sum(amounts[Line.COGS][:YEAR])
    days = (
        amounts[Line.INVENTORY][:YEAR][-1] / cogs * 365 / 12 * len(amounts[Line.COGS][:YEAR])
        if cogs
        else None
    )
    return Gauge("Stock cover", days, "days", None, "", "down", "end of year")


def _measured(figure: dict[str, Any]) -> Gauge:
    unit = "share" if figure["unit"] in ("percent", "share", "ratio") else "number"
    note = f"{figure['month']:%b %Y}" if figure["month"] else "not measured yet"
    better = "down" if figure["key"] in ("wape", "bias") else "up"
    return Gauge(figure["label"], figure["value"], unit, figure["target"], "target", better, note)


@dataclass(frozen=True)
class Story:
    """The facts that the sentences below the headline are made of; money in minor units."""

    demand_change: float | None
    tightest: str
    tight_months: tuple[date, ...]
    unserved: float
    lost_without: float
    ebit: float
    over_budget: float | None


def story(comparison: Comparison, column: Column) -> Story | None:
    """What the brief tells about the recommended scenario; None before it is computed."""
    if column.amounts is None:
        return None
    baseline, budget = comparison.baseline, comparison.budget
    ebit = sum(column.amounts[Line.EBIT][:YEAR])
    load = tightest_resource(baseline.scenario.version) if baseline and baseline.scenario.version else None
    short = unserved(column.amounts)
    lost = unserved(baseline.amounts) - unserved(column.amounts) if baseline and baseline.amounts else 0.0
    return Story(
        demand_change=demand_change(comparison.cycle),
        tightest=load.name if load and load.over_months else "",
        tight_months=load.over_months if load else (),
        unserved=short if short > NOTEWORTHY * sum(column.amounts[Line.REVENUE][:YEAR]) else 0.0,
        lost_without=lost if lost > NOTEWORTHY * sum(column.amounts[Line.REVENUE][:YEAR]) else 0.0,
        ebit=ebit,
        over_budget=ebit - sum(budget[Line.EBIT][:YEAR]) if budget else None,
    )


def demand_change(cycle: Cycle) -> float | None:
    """Share by which the demand plan lies above the last signed one, over the months that both hold."""
    now, before = signed_version(cycle, StageKind.DEMAND), previous_signed(cycle, StageKind.DEMAND)
    if now is None or before is None:
        return None
    mine, theirs = _by_month(now), _by_month(before)
    both = mine.keys() & theirs.keys()
    base = sum(theirs[month] for month in both)
    return sum(mine[month] for month in both) / base - 1 if base else None


def _by_month(version: Version) -> dict[date, int]:
    rows = (
        DemandSummary.objects.filter(version=version)
        .values_list("month")
        .annotate(Sum("consensus"))
        .order_by()
    )
    return dict(rows)


@dataclass(frozen=True)
class ResourceLoad:
    """Hours of one resource by month: needed for all demand, taken by the plan, and at hand."""

    resource_id: int
    name: str
    months: list[date]
    needed: list[float]
    load: list[float]
    regular: list[float]
    limit: list[float]

    @property
    def over_months(self) -> tuple[date, ...]:
        """Months in which demand needs more than regular hours and overtime give."""
        pairs = zip(self.months, self.needed, self.limit, strict=True)
        return tuple(month for month, needed, limit in pairs if needed > limit + SMALL_HOURS)


def tightest_resource(version: Version, months: int = YEAR) -> ResourceLoad | None:
    """The resource that demand overfills most over the first months, next to what it has."""
    over = F("needed_hours") - F("regular_hours") - F("overtime_limit_hours")
    facts = ResourceFact.objects.filter(version=version, regular_hours__gt=0)
    worst = facts.values_list("resource_id").annotate(worst=Max(over)).order_by("-worst").first()
    return resource_load(version, worst[0], months) if worst else None


def resource_load(version: Version, resource_id: int, months: int = YEAR) -> ResourceLoad:
    """One resource in a plan. What the plan takes beyond the limit are hours that a measure added."""
    facts = ResourceFact.objects.filter(version=version, resource_id=resource_id).select_related("resource")
    rows = list(facts.order_by("month")[:months])
    return ResourceLoad(
        resource_id=resource_id,
        name=str(rows[0].resource) if rows else "",
        months=[row.month for row in rows],
        needed=[row.needed_hours for row in rows],
        load=[row.load_hours for row in rows],
        regular=[row.regular_hours for row in rows],
        limit=[row.regular_hours + row.overtime_limit_hours for row in rows],
    )
