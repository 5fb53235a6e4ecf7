"""The ledger as the plan replays it: which changes count now, and what they did to which cells."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from cycles.choices import Measure, Operation
from cycles.models import Change, ChangeLine, Version
from sop.reads import once

if TYPE_CHECKING:
    from demand.queries.blocks import Block
    from demand.steps import Step

# Changes that follow from other data; people's own inputs always build on them.
SYSTEM_SOURCES = ("launch", "phase_out", "push", "promotion")
FEW = 300


@once
def undo_map(version: Version) -> dict[int, int]:
    """Which change takes out which: {undone: undoing}."""
    undoing = Change.objects.filter(version=version, undoes__isnull=False)
    return dict(undoing.values_list("undoes_id", "pk"))


def is_active(change_id: int, undone: dict[int, int]) -> bool:
    """Whether a change counts: not undone, or its undo undone in turn."""
    steps = 0
    while change_id in undone:
        change_id = undone[change_id]
        steps += 1
    return steps % 2 == 0


def last_word(change_id: int, undone: dict[int, int]) -> int:
    """The end of a chain of undos: the one to undo in order to turn the change's effect round."""
    while change_id in undone:
        change_id = undone[change_id]
    return change_id


def replayed_changes(version: Version, measures: Iterable[str], months: list[date]) -> QuerySet[Change]:
    """Changes of a version that touch these measures and months, undone ones included, undos not."""
    return Change.objects.filter(
        version=version, measure__in=list(measures), first_month__lte=max(months), last_month__gte=min(months)
    ).exclude(operation=Operation.UNDO)


def load_steps(
    block: "Block",
    measures: Iterable[str],
    *,
    assume: dict[int, bool] | None = None,
    without: tuple[str, ...] = (),
) -> list["Step"]:
    """The active changes of these measures as steps on the block's cells, in the order of replay.

    ``assume`` overrides whether a change counts: what the plan would be with it undone. Changes of the
    sources ``without`` are left out.
    """
    if not block.months:
        return []
    undone = undo_map(block.version)
    chosen = {}
    changes = replayed_changes(block.version, measures, block.months).exclude(source__in=without)
    for change in changes.only("pk", "measure", "operation", "operand", "source"):
        counts = (assume or {}).get(change.pk, is_active(change.pk, undone))
        if counts:
            chosen[change.pk] = change
    lines = _lines(block, list(chosen))
    ordered = sorted(chosen.values(), key=lambda change: (change.source not in SYSTEM_SOURCES, change.pk))
    return [_step(block, change, lines[change.pk]) for change in ordered if change.pk in lines]


def _lines(block: "Block", change_ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for start in range(0, len(change_ids), FEW):
        condition = Q(change_id__in=change_ids[start : start + FEW], month__in=block.months)
        if len(block.streams) <= FEW:
            condition &= Q(stream_id__in=block.streams.tolist())
        rows = ChangeLine.objects.filter(condition).values_list(
            "stream_id", "month", "old", "new", "change_id"
        )
        for row in rows:
            found.setdefault(row[4], []).append(row)
    return found


def _step(block: "Block", change: Change, lines: list[tuple[Any, ...]]) -> "Step":
    import numpy as np

    from demand.queries.blocks import located
    from demand.steps import EMPTY, Step

    columns = list(zip(*lines, strict=True))
    wanted, places = located(columns[0], columns[1], block.streams, block.months)
    old, new = (
        np.array([EMPTY if value is None else value for value in column], dtype=np.int64)[wanted]
        for column in columns[2:4]
    )
    factor = change.operand if change.operation == Operation.MULTIPLY else None
    return Step(change.measure, change.operation, *places, old, new, factor)


def measures_after(measure: str) -> list[str]:
    """The steps that build on one, in order."""
    steps = [str(step) for step in Measure.steps()]
    return steps[steps.index(measure) + 1 :] if measure in steps else steps
