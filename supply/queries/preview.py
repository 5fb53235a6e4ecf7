"""What other hours would do, told at once by the quick planner; the exact plan follows with the next run.

The quick planner and numpy are imported on the first preview, never when the web process starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cycles.models import Cycle, Version

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
    changed = _with_hours(
        built.case, row, {built.months.index(month): hours for month, hours in months.items()}
    )
    return Preview(before=_outcome(built.case), after=_outcome(changed))


def _with_hours(case: "Case", row: int, months: Mapping[int, Mapping[str, float]]) -> "Case":
    names = ("overtime_hours", "overtime_cost_per_hour", "extra_hours", "extra_cost_per_hour")
    columns = {name: getattr(case.resources, name).copy() for name in (*names, "regular_hours")}
    for month, hours in months.items():
        columns["regular_hours"][row, month] = hours["available_hours"] * hours["efficiency_percent"] / 100
        for name in names:
            columns[name][row, month] = hours[name]
    return replace(case, resources=replace(case.resources, **columns))


def _outcome(case: "Case") -> Outcome:
    from supply.planning.greedy.planner import plan_greedily

    plan = plan_greedily(case)
    short = plan.lost + plan.backlog
    return Outcome(float(short.sum()), float((short * case.demand.price).sum()), plan.margin)
