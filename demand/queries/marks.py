"""What stands beside the figures of the grid: what needs attention, comments, locks, reviewed families."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q

from cycles.choices import StageKind
from cycles.models import Comment, Cycle, Version
from demand.models import CellLock, DemandFact, ReviewedFamily
from demand.queries.figures import Axis, Figures
from demand.queries.stamp import kept_by_revision
from demand.queries.views import PlanView
from sop.periods import month_key

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


def locked_columns(version: Version, axis: Axis) -> dict[int, list[int]]:
    """By stream, the months that somebody has locked."""
    places = {month: place for place, month in enumerate(axis.months)}
    found: dict[int, list[int]] = {}
    for stream, month in CellLock.objects.filter(version=version).values_list("stream_id", "month"):
        if month in places:
            found.setdefault(stream, []).append(places[month])
    return found


def reviewed_families(cycle: Cycle) -> set[int]:
    """Families that the demand planner has looked at in this cycle."""
    return set(ReviewedFamily.objects.filter(cycle=cycle).values_list("family_id", flat=True))
