"""What other hours would do, told at once by the quick planner; the exact plan follows with the next run.

The quick planner and numpy are imported on the first preview, never when the web process starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cycles.models import Cycle, Version
from supply.models import Resource, Workforce
from supply.queries.capacity import month_hours, read_capacity

if TYPE_CHECKING:
    from supply.planning.case import Case


@dataclass(frozen=True, slots=True)
class Outcome:
    """A quick plan: units and money (major currency) that are not served in their month, and the margin."""

    short_units: float
    short_money: float
    margin: float


@dataclass(frozen=True, slots=True)
class Preview:
    """The quick plan with the hours as they are and as they would be; only the difference means something."""

    before: Outcome
    after: Outcome

    @property
    def units(self) -> float:
        """Units served more; below zero: fewer."""
        return self.before.short_units - self.after.short_units

    @property
    def fewer(self) -> float:
        return -self.units

    @property
    def money(self) -> float:
        return self.before.short_money - self.after.short_money

    @property
    def margin(self) -> float:
        """Margin gained, after the cost of the hours used."""
        return self.after.margin - self.before.margin


def preview_hours(
    *, cycle: Cycle, demand: Version, resource_id: int, months: Mapping[date, Mapping[str, float]]
) -> Preview:
    """What a resource's hours (as in ``change_hours``) would change, without saving anything."""
    from supply.queries.case import build_case

    built = build_case(cycle=cycle, demand_version=demand)
    row = built.resource_ids.index(resource_id)
    regular = _usable_hours(cycle, resource_id, months)
    changed = _with_hours(
        built.case, row, {built.months.index(month): {**hours, "regular_hours": regular[month]}
                          for month, hours in months.items()},
    )  # fmt: skip
    return Preview(before=_outcome(built.case), after=_outcome(changed))


def _usable_hours(
    cycle: Cycle, resource_id: int, months: Mapping[date, Mapping[str, float]]
) -> dict[date, float]:
    """Regular hours with maintenance off and by the figure that plans the resource; none of its own for people."""
    resource = Resource.objects.get(pk=resource_id)
    if Workforce.objects.filter(resource=resource).exists():
        return dict.fromkeys(months, 0.0)
    facts = read_capacity(cycle.months, cycle.last_closed_month)
    return {
        month: month_hours(
            facts,
            resource=resource_id,
            site=resource.site_id,
            month=month,
            stated=hours["available_hours"],
            efficiency=hours["efficiency_percent"],
        ).usable
        for month, hours in months.items()
    }


def _with_hours(case: "Case", row: int, months: Mapping[int, Mapping[str, float]]) -> "Case":
    names = ("overtime_hours", "overtime_cost_per_hour", "extra_hours", "extra_cost_per_hour")
    columns = {name: getattr(case.resources, name).copy() for name in (*names, "regular_hours")}
    for month, hours in months.items():
        for name, column in columns.items():
            column[row, month] = hours[name]
    return replace(case, resources=replace(case.resources, **columns))


def _outcome(case: "Case") -> Outcome:
    from supply.planning.greedy.planner import plan_greedily

    plan = plan_greedily(case)
    short = plan.lost + plan.backlog
    return Outcome(float(short.sum()), float((short * case.demand.price).sum()), plan.margin)
