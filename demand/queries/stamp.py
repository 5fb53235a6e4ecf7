"""What is expensive to read and changes only with the history or with a plan's revision, kept between requests."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Max

from cycles.models import Cycle, Version
from datahub.queries import loads_stamp
from demand.models import DemandHistory
from sop.reads import kept, once

if TYPE_CHECKING:
    from demand.queries.views import PlanView

Kept = TypeVar("Kept")


@once
def history_stamp() -> tuple[int, int]:
    """Identity of the stored history: rebuilding a month writes new rows, so the last key and count move."""
    last = _last_key()
    return last, kept("history count", (last, loads_stamp()), DemandHistory.objects.count)


@once
def _last_key() -> int:
    return DemandHistory.objects.aggregate(last=Max("pk"))["last"] or 0


@once
def loaded_stamp() -> tuple[int, int]:
    """Moves with every load of files and every rebuilding of the history; two reads of one key each."""
    return _last_key(), loads_stamp()


def kept_by_history(name: str, cycle: Cycle, compute: Callable[[], Kept]) -> Kept:
    """``compute()`` once per history and cycle; others find it in the cache."""
    return kept(f"demand {name}", (cycle.month, *loaded_stamp()), compute)


def kept_by_streams(name: str, view: "PlanView", compute: Callable[[], Kept]) -> Kept:
    """The same for what also rests on families, markets and prices of the streams."""
    return kept(f"demand {name}", (view.version.cycle.month, *loaded_stamp(), view.digest), compute)


def kept_by_revision(name: str, version: Version, compute: Callable[[], Kept]) -> Kept:
    """``compute()`` once per revision of a plan: every edit, lock and forecast moves it."""
    return kept(f"demand {name}", (version.pk, version.rev), compute)
