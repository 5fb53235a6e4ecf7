"""What is expensive to read and changes only with the history, kept between requests."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Max

from cycles.models import Cycle
from demand.models import DemandHistory

Kept = TypeVar("Kept")
KEEP_SECONDS = 3600


def history_stamp() -> tuple[int, int]:
    """Identity of the stored history: rebuilding a month writes new rows, so the last key and count move."""
    found = DemandHistory.objects.aggregate(last=Max("pk"), count=Count("pk"))
    return found["last"] or 0, found["count"]


def kept_by_history(name: str, cycle: Cycle, compute: Callable[[], Kept]) -> Kept:
    """``compute()`` once per history and cycle; others find it in the cache."""
    last, count = history_stamp()
    key = f"demand:{name}:{cycle.month:%Y-%m}:{last}:{count}"
    found: Kept | None = cache.get(key)
    if found is None:
        found = compute()
        cache.set(key, found, KEEP_SECONDS)
    return found
