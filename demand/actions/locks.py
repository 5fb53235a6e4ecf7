"""Protecting cells and whole rows from spreading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from cycles.actions.versions import require_draft, touch_draft
from cycles.choices import Role, StageKind
from cycles.models import User, Version
from cycles.permissions import require_editable
from cycles.queries import stage_of
from demand.models import CellLock, RowLock
from demand.queries.views import Filters, PlanView, parse_node, plan_view
from sop.bulk import bulk_upsert
from sop.errors import InvalidInput, Locked, NotAllowed

Cell = tuple[int, date]


@dataclass(frozen=True)
class LockResult:
    """How many cells, and rows of products and markets, were locked or unlocked."""

    cells: int
    rows: int
    locked: bool

    @property
    def message(self) -> str:
        counts = ((self.cells, "cell"), (self.rows, "row"))
        told = [f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
        done = "locked" if self.locked else "unlocked"
        return f"{' and '.join(told)} {done}" if told else f"Nothing to do: these are {done} already."


def set_locks(
    *,
    version: Version,
    by: User,
    cells: Sequence[tuple[str, date]] = (),
    rows: Sequence[str] = (),
    locked: bool,
    filters: Filters | None = None,
) -> LockResult:
    """Locks or unlocks cells (node, month) and whole rows (nodes): of every stream that the person sees below.

    A locked row is locked in all months. Who locked may unlock, and so may the demand planner.
    Raises NotAllowed, Locked (a cell of a locked row), WrongState, NotFound or InvalidInput.
    """
    require_editable(by, stage_of(version.cycle, StageKind.DEMAND))
    require_draft(version)
    view = plan_view(version, by, filters)
    wanted_cells, wanted_rows = _cells(view, cells), _streams(view, rows)
    act = _lock if locked else _unlock
    with transaction.atomic():
        result = act(version, by, wanted_cells, wanted_rows)
        touch_draft(version)
    return result


def _cells(view: PlanView, cells: Sequence[tuple[str, date]]) -> set[Cell]:
    months = set(view.version.cycle.months)
    for _, month in cells:
        if month not in months:
            raise InvalidInput(f"{month:%Y-%m} is not a month of this plan.")
    below = {node: _streams(view, [node]) for node in {node for node, _ in cells}}
    return {(stream, month) for node, month in cells for stream in below[node]}


def _streams(view: PlanView, nodes: Iterable[str]) -> set[int]:
    return {
        stream for node in nodes for stream in view.table.streams[view.require(parse_node(node))].tolist()
    }


def _lock(version: Version, by: User, cells: set[Cell], rows: set[int]) -> LockResult:
    before = CellLock.objects.filter(version=version).count(), RowLock.objects.filter(version=version).count()
    in_cells = [(version.pk, stream, month.isoformat(), by.pk) for stream, month in sorted(cells)]
    in_rows = [(version.pk, stream, by.pk) for stream in sorted(rows)]
    key = ("version", "stream", "month")
    bulk_upsert(CellLock, (*key, "by"), in_cells, key=key, update=(), ready=True)
    bulk_upsert(RowLock, (*key[:2], "by"), in_rows, key=key[:2], update=(), ready=True)
    after = CellLock.objects.filter(version=version).count(), RowLock.objects.filter(version=version).count()
    return LockResult(after[0] - before[0], after[1] - before[1], True)


def _unlock(version: Version, by: User, cells: set[Cell], rows: set[int]) -> LockResult:
    months = {month for _, month in cells}
    in_cells = [
        lock
        for lock in CellLock.objects.filter(version=version, month__in=months)
        if (lock.stream_id, lock.month) in cells
    ]
    row_locks = list(RowLock.objects.filter(version=version))
    in_rows = [lock for lock in row_locks if lock.stream_id in rows]
    if (
        not in_cells
        and not in_rows
        and {lock.stream_id for lock in row_locks} & {stream for stream, _ in cells}
    ):
        raise Locked("These cells lie in locked rows. Unlock the rows.")
    locks: list[CellLock | RowLock] = [*in_cells, *in_rows]
    others = [lock for lock in locks if lock.by_id != by.pk]
    if others and not by.has_role(Role.DEMAND_PLANNER):
        raise NotAllowed(
            f"{len(others)} of these were locked by somebody else; the demand planner can unlock them."
        )
    _delete(CellLock, [lock.pk for lock in in_cells])
    _delete(RowLock, [lock.pk for lock in in_rows])
    return LockResult(len(in_cells), len(in_rows), False)


def _delete(model: type[models.Model], keys: list[int]) -> None:
    for start in range(0, len(keys), 500):
        model._default_manager.filter(pk__in=keys[start : start + 500]).delete()
