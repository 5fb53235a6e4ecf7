"""Protecting cells from spreading."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cycles.actions.versions import require_draft, touch_draft
from cycles.choices import Role, StageKind
from cycles.models import User, Version
from cycles.permissions import require_editable
from cycles.queries import stage_of
from demand.models import CellLock
from demand.queries.views import Filters, parse_node, plan_view
from sop.errors import InvalidInput, NotAllowed


def set_locks(
    *,
    version: Version,
    by: User,
    cells: Sequence[tuple[str, date]],
    locked: bool,
    filters: Filters | None = None,
) -> int:
    """Locks or unlocks cells (node, month): of every stream that the person sees below each node.

    Who locked a cell may unlock it, and so may the demand planner. Returns how many cells changed.
    Raises NotAllowed, Locked, WrongState, NotFound or InvalidInput.
    """
    require_editable(by, stage_of(version.cycle, StageKind.DEMAND))
    require_draft(version)
    wanted = _streams_and_months(version, by, cells, filters)
    with transaction.atomic():
        count = _lock(version, by, wanted) if locked else _unlock(version, by, wanted)
        touch_draft(version)
    return count


def _streams_and_months(
    version: Version, by: User, cells: Sequence[tuple[str, date]], filters: Filters | None
) -> set[tuple[int, date]]:
    view = plan_view(version, by, filters)
    months = set(version.cycle.months)
    wanted: set[tuple[int, date]] = set()
    for text, month in cells:
        if month not in months:
            raise InvalidInput(f"{month:%Y-%m} is not a month of this plan.")
        rows = view.require(parse_node(text))
        wanted |= {(stream, month) for stream in view.table.streams[rows].tolist()}
    return wanted


def _present(version: Version, wanted: set[tuple[int, date]]) -> dict[tuple[int, date], CellLock]:
    locks = CellLock.objects.filter(version=version, month__in={month for _, month in wanted})
    return {(lock.stream_id, lock.month): lock for lock in locks if (lock.stream_id, lock.month) in wanted}


def _lock(version: Version, by: User, wanted: set[tuple[int, date]]) -> int:
    missing = sorted(wanted - _present(version, wanted).keys())
    CellLock.objects.bulk_create(
        (CellLock(version=version, stream_id=stream, month=month, by=by) for stream, month in missing),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    return len(missing)


def _unlock(version: Version, by: User, wanted: set[tuple[int, date]]) -> int:
    present = _present(version, wanted)
    others = [lock for lock in present.values() if lock.by_id != by.pk]
    if others and not by.has_role(Role.DEMAND_PLANNER):
        raise NotAllowed(
            f"{len(others)} of these cells were locked by somebody else; the demand planner can unlock them."
        )
    CellLock.objects.filter(pk__in=[lock.pk for lock in present.values()]).delete()
    return len(present)
