"""One entry of the ledger against what came: its gain, what it entered and what was needed."""

from collections.abc import Sequence
from dataclasses import dataclass

LEVELS = ("all", "family", "product", "stream")

# Upper bounds of the change as a share of the figure before it. Small, routine changes are known to help least and
# large ones most (Fildes, Goodwin, Lawrence & Nikolopoulos 2009, Int. J. Forecasting 25(1)), so they are kept apart.
SMALL, MEDIUM = 0.10, 0.25
SIZES = ("small", "medium", "large")


def size_class(before: float, after: float) -> str:
    """``small`` up to 10 % of the figure before, ``medium`` up to 25 %, ``large`` beyond; from nothing: large."""
    moved = abs(after - before)
    if moved <= SMALL * before:
        return "small"
    return "medium" if moved <= MEDIUM * before else "large"


@dataclass(frozen=True)
class Case:
    """An entry over its closed months.

    ``gain``: fall of the absolute error as a share of the volume, -1 to 1; below zero the entry cost accuracy.
    ``entered`` and ``needed``: sums of squares and products of what was entered (after - before) and what was needed
    (actual - before), both as shares of the larger figure, so that a large item does not outweigh the others.
    """

    person: int
    function: str
    level: str
    size: str
    gain: float
    entered: float
    needed: float

    @property
    def helped(self) -> bool:
        return self.gain > 0


def edit_case(
    *,
    person: int,
    function: str,
    level: str,
    months: Sequence[tuple[float, float, float]],
) -> Case | None:
    """The case of one entry from (before, after, actual) of its closed months, at the level it was made on.

    The volume of a month is the largest of its three figures: no month's error can exceed it, so that a month
    that sold next to nothing does not decide alone. None where nothing was moved.
    """
    moved = sum(abs(after - before) for before, after, _ in months)
    volume = sum(max(figures) for figures in months)
    if moved <= 0 or volume <= 0:
        return None
    before = sum(one[0] for one in months)
    gain = sum(abs(actual - old) - abs(actual - new) for old, new, actual in months)
    # Scaled by what was known when it was entered: a scale that grew with the outcome would flatten the slope.
    known = [(max(old, new), new - old, actual - old) for old, new, actual in months if max(old, new) > 0]
    entered = sum((moved / scale) ** 2 for scale, moved, _ in known) / len(known)
    needed = sum(moved / scale * _bounded(wanted / scale) for scale, moved, wanted in known) / len(known)
    size = size_class(before, before + moved)
    return Case(person, function, level, size, gain / volume, entered, needed)


def _bounded(share: float) -> float:
    """What was needed, at most the size of the figure itself: one wild month says little of a person."""
    return min(max(share, -1.0), 1.0)
