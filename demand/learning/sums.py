"""Errors as sums that add up: of a step, a group, a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TRACKING_LIMIT = 4.0  # beyond it, either way, a forecast is biased (3 to 4 is usual)


@dataclass(frozen=True)
class Errors:
    """Sums over cells (an item in a month). absolute: sum |F - A|; signed: sum (F - A); actual: sum A."""

    cells: int = 0
    absolute: float = 0.0
    signed: float = 0.0
    actual: float = 0.0

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.cells + other.cells,
            self.absolute + other.absolute,
            self.signed + other.signed,
            self.actual + other.actual,
        )

    @property
    def wape(self) -> float | None:
        """sum |A - F| / sum A."""
        return self.absolute / self.actual if self.actual else None

    @property
    def accuracy(self) -> float | None:
        """max(0, 1 - WAPE), for display."""
        return None if self.wape is None else max(0.0, 1 - self.wape)

    @property
    def bias(self) -> float | None:
        """sum (F - A) / sum A: positive is over-forecast."""
        return self.signed / self.actual if self.actual else None


def errors_of(actual: Floats, forecast: Floats) -> Errors:
    """The errors of cells of one shape; where either is NaN the cell does not count."""
    known = np.isfinite(actual) & np.isfinite(forecast)
    error = forecast[known] - actual[known]
    return Errors(
        int(known.sum()), float(np.abs(error).sum()), float(error.sum()), float(actual[known].sum())
    )


def points_added(before: Errors, after: Errors) -> float | None:
    """Percentage points of WAPE that a step won: positive made the forecast better. None where undefined."""
    if before.wape is None or after.wape is None:
        return None
    return 100 * (before.wape - after.wape)
