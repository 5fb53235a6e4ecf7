"""Who changed what, and whether it helped: the error of the changed cells before and after the step."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from demand.learning.groups import last_signal
from demand.learning.sums import TRACKING_LIMIT, Errors, Floats, Whole, errors_of, points_added

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Contribution(Generic[Key]):
    """What somebody's changes did over the cells they changed; ``moved`` is the sum of their changes in units."""

    key: Key
    before: Errors
    after: Errors
    moved: float
    signal: float | None
    months: int

    @property
    def added(self) -> float | None:
        """Points of WAPE won; negative made the forecast worse."""
        return points_added(self.before, self.after)

    @property
    def is_biased(self) -> bool:
        """Whether the tracking signal of the changed cells lies beyond the limit of 4."""
        return self.signal is not None and abs(self.signal) > TRACKING_LIMIT


def contributions(
    keys: Sequence[Key], actual: Floats, before: Floats, after: Floats, months: Whole
) -> list[Contribution[Key]]:
    """By key, over changed cells (c): actual, the figure before and after the step, and the month's number.

    Cells in which something is unknown do not count. The tracking signal is of the cells' totals by month."""
    known = np.isfinite(actual) & np.isfinite(before) & np.isfinite(after)
    places: dict[Key, list[int]] = {}
    for place, key in enumerate(keys):
        if known[place]:
            places.setdefault(key, []).append(place)
    return [
        _contribution(key, actual[rows], before[rows], after[rows], months[rows])
        for key, rows in places.items()
    ]


def _contribution(
    key: Key, actual: Floats, before: Floats, after: Floats, months: Whole
) -> Contribution[Key]:
    numbers, at = np.unique(months, return_inverse=True)
    came, made = (np.bincount(at, table, len(numbers)).astype(float) for table in (actual, after))
    return Contribution(
        key,
        errors_of(actual, before),
        errors_of(actual, after),
        float((after - before).sum()),
        last_signal(came, made),
        len(numbers),
    )
