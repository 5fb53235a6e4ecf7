"""What stands beside the figures of the grid: what needs attention, comments, locks, reviewed families."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from cycles.choices import StageKind
from cycles.models import Comment, Cycle, Version
from demand.models import DemandFact, ReviewedFamily
from demand.queries.blocks import people_locks
from demand.queries.figures import Axis, Figures
from demand.queries.stamp import kept_by_revision
from demand.queries.views import PlanView
from sop.periods import month_key

if TYPE_CHECKING:
    from demand.steps import Whole

Cells = list[list[Any]]  # [measure, column] or [measure, column, count]


@dataclass
class Attention:
    """What lies outside the interval that history suggests: the families, and how many products in all."""

    families: set[int] = field(default_factory=set)
    products: int = 0


def attention_of(view: PlanView) -> Attention:
    """What stands out for this person; found once per revision of the plan, for everybody."""
    import numpy as np

    table = view.table
    outside = np.isin(
        table.streams, kept_by_revision("outside", view.version, lambda: _outside(view.version))
    )
    standing_out = {
        (int(table.families[place]), int(table.products[place])) for place in np.flatnonzero(outside)
    }
    return Attention({family for family, _ in standing_out}, len(standing_out))


def _outside(version: Version) -> list[int]:
    """The streams with a month outside the 95 % interval of their baseline."""
    facts = DemandFact.objects.filter(version=version)
    outside = facts.filter(Q(consensus__lt=F("low_95")) | Q(consensus__gt=F("high_95")))
    return list(outside.values_list("stream_id", flat=True).distinct())


def flagged_cells(figures: Figures, groups: Sequence[int], count: int) -> list[Cells]:
    """By group, the plan months in which a stream's consensus lies outside its baseline's 95 % interval."""
    import numpy as np

    flagged: list[Cells] = [[] for _ in range(count)]
    if "floor" not in figures.tables:
        return flagged
    plan = figures.tables["consensus"]
    outside = (plan < figures.tables["floor"]) | (plan > figures.tables["ceiling"])
    rows, columns = (places.tolist() for places in np.nonzero(outside))
    cells = {(groups[row], column): None for row, column in zip(rows, columns, strict=True)}
    for group, column in cells:
        flagged[group].append(["consensus", column])
    return flagged


def comment_counts(cycle: Cycle, axis: Axis) -> dict[str, Cells]:
    """By row, how many comments each cell has: [measure, column, count]."""
    columns = {month_key(month): place for place, month in enumerate(axis.months)}
    rows = Comment.objects.filter(cycle=cycle, stage_kind=StageKind.DEMAND).order_by()
    found: dict[str, Cells] = {}
    for subject, count in rows.values_list("subject").annotate(count=Count("pk")):
        node, _, rest = subject.partition("|")
        measure, _, month = rest.partition("|")
        if month in columns:
            found.setdefault(node, []).append([measure, columns[month], count])
    return found


@dataclass(frozen=True)
class RowLocks:
    """What people have locked of a row of the grid: columns as a whole, columns in part, and the row itself."""

    columns: list[int] = field(default_factory=list)
    in_part: list[int] = field(default_factory=list)
    is_row: bool = False


class Locks:
    """The locks of a view's streams, for any rows that are made of them."""

    def __init__(self, view: PlanView, axis: Axis) -> None:
        streams = view.table.streams
        cells, self.rows = people_locks(view.version, streams, axis.plan)
        self.cells, self.first = cells | self.rows[:, None], axis.first_plan
        self.is_empty = not self.cells.any()

    def of(self, groups: "Whole", count: int) -> list[RowLocks]:
        """Of ``count`` rows: stream i of the view lies in row ``groups[i]``, in none where that is negative."""
        import numpy as np

        if self.is_empty:
            return [RowLocks()] * count
        inside = groups >= 0
        sizes = np.bincount(groups[inside], minlength=count)
        cells = np.zeros((count, self.cells.shape[1]), dtype=np.int64)
        np.add.at(cells, groups[inside], self.cells[inside])
        rows = np.bincount(groups[inside], weights=self.rows[inside], minlength=count)
        return [
            RowLocks(
                (np.flatnonzero(cells[place] == sizes[place]) + self.first).tolist() if sizes[place] else [],
                (np.flatnonzero((cells[place] > 0) & (cells[place] < sizes[place])) + self.first).tolist(),
                bool(sizes[place]) and int(rows[place]) == int(sizes[place]),
            )
            for place in range(count)
        ]


def reviewed_families(cycle: Cycle) -> set[int]:
    """Families that the demand planner has looked at in this cycle."""
    return set(ReviewedFamily.objects.filter(cycle=cycle).values_list("family_id", flat=True))
