"""Types, constants and small array tools shared by the whole engine.

Histories are right-aligned: row = series, last column = last month of every series, NaN before its first
month. Column t therefore has the seasonal phase (t - T) % 12, and phase 0 is the first month to be forecast.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEASON = 12
LOOKAHEAD = 24  # months the learned correction sees ahead
WINDOW = 144  # older months no longer help
SHORTEST = 37  # columns the features need; shorter histories are padded with NaN
CHUNK = 1000  # series per pass: keeps the working set in cache and memory flat
TINY = 1e-12


def align(histories: Sequence[Sequence[float] | Floats], window: int | None = None) -> Floats:
    """Histories of unequal length -> (N, T) right-aligned matrix, NaN on the left, at most `window`
    months."""
    longest = max((len(history) for history in histories), default=0)
    width = min(longest, window) if window else longest
    values = np.full((len(histories), width), np.nan)
    for row, history in enumerate(histories):
        kept: Floats = np.asarray(history, float)[-width:] if width else np.empty(0)
        values[row, width - len(kept) :] = kept
    return values


def widen(values: Floats, width: int) -> Floats:
    """Pads (N, T) with NaN on the left to at least `width` columns."""
    missing = width - values.shape[1]
    return np.pad(values, ((0, 0), (missing, 0)), constant_values=np.nan) if missing > 0 else values


def median(values: Floats) -> Floats:
    """Median over the last axis, NaN ignored; NaN where nothing is known. (np.nanmedian is ten times slower
    here.)"""
    ordered = np.sort(values, axis=-1)
    known = np.isfinite(values).sum(-1)
    low = np.maximum((known - 1) // 2, 0)[..., None]
    high = np.maximum(known // 2, 0)[..., None]
    high = np.minimum(high, values.shape[-1] - 1)
    middle = (np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1))[..., 0] / 2
    return np.where(known > 0, middle, np.nan)


def mean(values: Floats) -> Floats:
    """Mean over the last axis, NaN ignored; NaN where nothing is known."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(-1)
    count = known.sum(-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def first_known(values: Floats) -> Ints:
    """Column of the first known month per row; T where there is none."""
    known = np.isfinite(values)
    result: Ints = np.where(known.any(1), np.argmax(known, 1), values.shape[1]).astype(np.int64)
    return result


def anywhere(table: Bools) -> Bools:
    """Rows of (N, ...) that hold in at least one place."""
    result: Bools = np.logical_or.reduce(table, axis=tuple(range(1, table.ndim)))
    return result


def everywhere(table: Bools) -> Bools:
    """Rows of (N, ...) that hold in every place."""
    return ~anywhere(~table)


def chunks(count: int, size: int = CHUNK) -> Iterator[slice]:
    """Slices that cover range(count) in passes of `size` series."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
