"""One cell of the plan: its comments, who changed it, and what the engine said of it."""

from datetime import date
from typing import Any

from django.utils import timezone

from cycles.choices import StageKind
from cycles.models import ChangeLine, Comment
from demand.models import CellLock, RowLock, SeriesNote
from demand.queries.units import Unit, rates_of
from demand.queries.views import PlanView, parse_node
from sop.quantities import QUANTA_PER_UNIT

NEWEST = 50
FEW = 500


def cell_story(
    view: PlanView, *, node: str, measure: str, month: date, subject: str, unit: Unit
) -> dict[str, Any]:
    """Comments, changes (newest first, at most 50) and the engine's sentence for a cell that the person sees."""
    streams = view.table.streams[view.require(parse_node(node))].tolist()
    return {
        "comments": _comments(view, subject),
        "changes": _changes(view, streams, measure, month, unit),
        "note": " ".join(filter(None, (_lock_note(view, streams, month), _note(view, streams)))),
    }


def _comments(view: PlanView, subject: str) -> list[dict[str, str]]:
    rows = Comment.objects.filter(cycle=view.version.cycle, stage_kind=StageKind.DEMAND, subject=subject)
    return [
        {"by": str(comment.by), "at": _ready(comment.at), "text": comment.text}
        for comment in rows.select_related("by")
    ]


def _changes(
    view: PlanView, streams: list[int], measure: str, month: date, unit: Unit
) -> list[dict[str, Any]]:
    lines = ChangeLine.objects.filter(change__version=view.version, change__measure=measure, month=month)
    if len(streams) <= FEW:
        lines = lines.filter(stream_id__in=streams)
    rates = dict(zip(streams, _rates(view, streams, unit), strict=True))
    told: dict[int, list[Any]] = {}
    for line in lines.select_related("change", "change__by").order_by("-change_id")[: 20 * FEW]:
        if line.stream_id not in rates:
            continue
        entry = told.setdefault(line.change_id, [line.change, 0.0, 0.0])
        entry[1] += (line.old or 0) * rates[line.stream_id]
        entry[2] += (line.new or 0) * rates[line.stream_id]
    return [
        {
            "by": str(change.by or "The system"),
            "at": _ready(change.at),
            "old": round(old, unit.digits),
            "new": round(new, unit.digits),
            "reason": change.get_reason_code_display(),
            "comment": change.comment or ("Taken back" if change.operation == "undo" else ""),
        }
        for change, old, new in list(told.values())[:NEWEST]
    ]


def _rates(view: PlanView, streams: list[int], unit: Unit) -> list[float]:
    """What a quantum of each stream is in the shown unit; nothing where no factor is known."""
    import numpy as np

    rates = rates_of(view, unit, np.array(streams, dtype=np.int64))
    found: list[float] = np.nan_to_num(rates / unit.scale / QUANTA_PER_UNIT).tolist()
    return found


def _lock_note(view: PlanView, streams: list[int], month: date) -> str:
    """Who locked the cell, or its row; of a sum, how many of its parts are locked."""
    by: dict[int, str] = {}
    locks = (
        CellLock.objects.filter(version=view.version, month=month),
        RowLock.objects.filter(version=view.version),
    )
    wanted = set(streams)
    for rows in locks:
        for lock in rows.select_related("by"):
            if lock.stream_id in wanted:
                by[lock.stream_id] = str(lock.by)
    if not by:
        return ""
    names = ", ".join(sorted(set(by.values())))
    return (
        f"Locked by {names}." if len(streams) == 1 else f"{len(by):,} of {len(streams):,} locked by {names}."
    )


def _note(view: PlanView, streams: list[int]) -> str:
    if len(streams) != 1:
        return ""
    note = SeriesNote.objects.filter(version=view.version, stream_id=streams[0]).first()
    return note.sentence if note else ""


def _ready(moment: Any) -> str:
    return f"{timezone.localtime(moment):%a %d %b, %H:%M}"
