"""The consensus meeting, family by family: what each function says, where they differ, and why."""

from dataclasses import dataclass
from typing import Any

from cycles.models import Assumption, Change, ChangeLine
from demand.queries.figures import Axis, axis_of, family_figures
from demand.queries.ledger import SYSTEM_SOURCES, is_active, undo_map
from demand.queries.views import PlanView
from portfolio.models import Family

STEPS = [
    ("baseline", "Baseline"),
    ("product", "Product changes"),
    ("marketing", "Marketing"),
    ("sales", "Sales"),
    ("planner", "Planner"),
    ("consensus", "Consensus"),
]
AGAINST = [("previous", "Last cycle"), ("budget", "Budget")]
YEAR = 12
REASONS = 12


@dataclass(frozen=True)
class StepRow:
    """A step of a family: the year's total and months, and what the step adds to the one before."""

    key: str
    label: str
    total: float | None
    added: float | None
    share: float | None
    months: list[float | None]


@dataclass(frozen=True)
class FamilyCase:
    """What the meeting looks at for one family."""

    family: Family
    months: list[Any]
    steps: list[StepRow]
    against: list[StepRow]
    changes: list[Change]
    assumptions: list[Assumption]

    @property
    def gap(self) -> float:
        """How far the planner is from sales over the year."""
        totals = {row.key: row.total or 0.0 for row in self.steps}
        return totals["planner"] - totals["sales"]


def family_case(view: PlanView, family: Family, unit: str) -> FamilyCase:
    """The family with all below it, over the next twelve months."""
    axis = axis_of(view, unit)
    below = set(view.tree.descendants(family.pk))
    figures = family_figures(view, axis)
    part = figures.only([place for place, key in enumerate(figures.rows) if key in below])
    values = part.summed([0] * len(part.rows), [0]).values(0)
    months = axis.plan[:YEAR]
    return FamilyCase(
        family,
        months,
        _steps(values, axis),
        [_row(key, label, values, axis) for key, label in AGAINST if key in values],
        _changes(view, below),
        _assumptions(view, family),
    )


def _steps(values: dict[str, list[float | None]], axis: Axis) -> list[StepRow]:
    rows: list[StepRow] = []
    for key, label in STEPS:
        row = _row(key, label, values, axis)
        before = rows[-1].total if rows else None
        added = None if row.total is None or before is None else row.total - before
        share = None if added is None or not before else added / before
        rows.append(StepRow(key, label, row.total, added, share, row.months))
    return rows


def _row(key: str, label: str, values: dict[str, list[float | None]], axis: Axis) -> StepRow:
    months = values[key][axis.first_plan : axis.first_plan + YEAR]
    known = [value for value in months if value is not None]
    return StepRow(key, label, sum(known) if known else None, None, None, months)


def _changes(view: PlanView, families: set[int]) -> list[Change]:
    """The largest active changes by people in these families, in money."""
    streams = view.table.streams[[family in families for family in view.table.families.tolist()]]
    undone = undo_map(view.version)
    changes = (
        Change.objects.filter(version=view.version)
        .exclude(source__in=[*SYSTEM_SOURCES, "baseline"])
        .exclude(operation="undo")
        .filter(pk__in=_touching(view, set(streams.tolist())))
        .select_related("by", "assumption")
    )
    active = [change for change in changes if is_active(change.pk, undone)]
    return sorted(active, key=lambda change: -abs(change.delta_value))[:REASONS]


def _touching(view: PlanView, streams: set[int]) -> set[int]:
    lines = ChangeLine.objects.filter(change__version=view.version).exclude(
        change__source__in=[*SYSTEM_SOURCES, "baseline"]
    )
    return {
        change
        for change, stream in lines.values_list("change_id", "stream_id").distinct()
        if stream in streams
    }


def _assumptions(view: PlanView, family: Family) -> list[Assumption]:
    """Those of the family, of the families around it, and of the whole company."""
    codes = {view.tree.families[key].code for key in view.tree.descendants(family.pk)}
    codes |= {view.tree.families[key].code for key in view.tree.ancestors(family.pk)} | {""}
    rows = Assumption.objects.filter(cycle=view.version.cycle, family_code__in=codes)
    return list(rows.select_related("owner"))
