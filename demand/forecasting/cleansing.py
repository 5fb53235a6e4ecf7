"""Repairs before fitting: gaps, stock-outs, past promotions, outliers. Every repair is listed; the input
never changes."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, TINY, Bools, Floats, Ints, anywhere, first_known, mean, median
from demand.forecasting.ensemble import indices_of
from demand.forecasting.routing import SPARSE_INTERVAL, demand_interval

NEIGHBOURS = 4  # months on either side that say what a month should have been
FAR = 6.0  # robust deviations from the neighbours that make an outlier
FAR_AT_LEAST = 0.25  # and at least this much of the level (logs: about 28 %)
LATEST = 2  # the last months may be the start of something new: never outliers
MOST_OUTLIERS = 0.05  # share of months; beyond it, wildness is what the series is
FEW_ZEROS = 2  # isolated empty months of a series that otherwise always sells
LARGEST = 1e15  # no monthly quantity or value is larger
FEW_NEGATIVES = 0.03  # share of months; beyond it, the series is one of net quantities

Causes = npt.NDArray[np.int8]


class Cause(StrEnum):
    """Why a month was read differently; the order is their code in a table of causes, counted from 1."""

    NOT_A_NUMBER = "not a number"
    MISSING = "missing month"
    NEGATIVE = "negative month"
    STOCK_OUT = "stock-out"
    EMPTY = "suspected stock-out"
    PROMOTION = "past promotion"
    OUTLIER = "outlier"

    @property
    def code(self) -> int:
        """Position in a table of causes; 0 there means untouched."""
        return list(Cause).index(self) + 1


class Repair(NamedTuple):
    """One month read differently: row of the series, months before the last one (0 = the last), quantities,
    why."""

    series: int
    months_ago: int
    recorded: float
    used: float
    cause: Cause


class Cleansed(NamedTuple):
    """Values to fit (N, T), NaN only before the first demand, and the code of the cause (N, T) where they
    changed."""

    values: Floats
    causes: Causes

    def repairs(self, recorded: Floats) -> list[Repair]:
        """The visible list of repairs against the recorded (N, T)."""
        width, causes = recorded.shape[1], list(Cause)
        rows, columns = np.nonzero(self.causes)
        return [
            Repair(
                int(r), int(width - 1 - c), float(recorded[r, c]), float(self.values[r, c]), causes[code - 1]
            )
            for r, c, code in zip(rows, columns, self.causes[rows, columns], strict=True)
        ]


def cleanse(
    recorded: Floats,
    *,
    first_months: Ints | None = None,
    stock_outs: Bools | None = None,
    promotions: Bools | None = None,
    as_recorded: Bools | None = None,
    outliers: bool = True,
) -> Cleansed:
    """Cleansed copy of recorded (N, T). first_months (N,): column of the launch; stock_outs, promotions (N,
    T): months to repair; as_recorded (N, T): months somebody wants left alone.

    Stock-outs are only ever raised, promotions only ever lowered, to what their neighbours and the season
    make likely."""
    values, causes = recorded.astype(float), np.zeros(recorded.shape, np.int8)
    broken = np.abs(values) > LARGEST
    values[broken] = np.nan
    started = _start(values, first_months)
    values[np.arange(values.shape[1])[None, :] < started[:, None]] = np.nan
    _mend_negatives(values, causes)
    gaps = np.isnan(values) & (np.arange(values.shape[1])[None, :] >= started[:, None])
    sparse = demand_interval(np.where(gaps, 0.0, values)) > SPARSE_INTERVAL
    nothing = np.zeros(recorded.shape, bool)
    marks = {
        Cause.STOCK_OUT: nothing if stock_outs is None else stock_outs & ~gaps & np.isfinite(values),
        Cause.PROMOTION: nothing if promotions is None else promotions & ~gaps & np.isfinite(values),
    }
    causes[gaps] = Cause.MISSING.code
    causes[gaps & broken] = Cause.NOT_A_NUMBER.code
    values[gaps & sparse[:, None]] = 0.0
    _mend_sparse(values, causes, marks, np.flatnonzero(sparse))
    living = np.flatnonzero(~sparse & (started < values.shape[1]))
    _mend_regular(values, causes, marks, living, outliers=outliers)
    if as_recorded is not None:
        kept = as_recorded & (causes > 0) & np.isfinite(recorded) & ~broken
        values[kept], causes[kept] = recorded[kept], 0
    return Cleansed(values, causes)


def _start(values: Floats, first_months: Ints | None) -> Ints:
    """Column of the first demand from the launch on; of the first known month where nothing was ever sold."""
    launched = values.copy()
    if first_months is not None:
        launched[np.arange(values.shape[1])[None, :] < first_months[:, None]] = np.nan
    sold = first_known(np.where(launched == 0, np.nan, launched))
    return np.where(sold < values.shape[1], sold, first_known(launched))


def _mend_negatives(values: Floats, causes: Causes) -> None:
    """A few returns of more than was sold count as no demand; many make a series of net quantities, left as
    it is."""
    negative = values < 0
    few = negative.sum(1) <= np.maximum(1, FEW_NEGATIVES * np.isfinite(values).sum(1))
    mended = negative & few[:, None]
    causes[mended] = Cause.NEGATIVE.code
    values[mended] = 0.0


def _mend_sparse(values: Floats, causes: Causes, marks: dict[Cause, Bools], rows: Ints) -> None:
    """In intermittent series a marked month takes the mean of the unmarked ones."""
    if not len(rows):
        return
    part = values[rows]
    for cause, marked in marks.items():
        usual = np.nan_to_num(mean(np.where(marked[rows], np.nan, part)))[:, None]
        wrong = marked[rows] & (part < usual if cause is Cause.STOCK_OUT else part > usual)
        part = np.where(wrong, usual, part)
        causes[rows] = np.where(wrong, cause.code, causes[rows])
    values[rows] = part


def _mend_regular(
    values: Floats, causes: Causes, marks: dict[Cause, Bools], rows: Ints, *, outliers: bool
) -> None:
    gaps = np.isnan(values) & (causes > 0)
    empty = _suspicious_zeros(values[rows], causes[rows])
    distrusted = gaps[rows] | empty | marks[Cause.STOCK_OUT][rows] | marks[Cause.PROMOTION][rows]
    lowest = np.where(np.isfinite(values[rows]) & ~distrusted, values[rows], np.inf).min(1)
    for logs in (True, False):
        chosen = np.flatnonzero((lowest > 0) == logs)
        if not len(chosen):
            continue
        at, doubtful = rows[chosen], distrusted[chosen]
        part, expected, distance, matters = _expected(values[at], doubtful, logs)
        why = np.zeros(part.shape, np.int8)
        if outliers:
            why[_outliers(distance, matters, ~doubtful)] = Cause.OUTLIER.code
        why[marks[Cause.PROMOTION][at] & (part > expected)] = Cause.PROMOTION.code
        why[marks[Cause.STOCK_OUT][at] & (part < expected)] = Cause.STOCK_OUT.code
        why[empty[chosen]] = Cause.EMPTY.code
        values[at] = np.where((why > 0) | gaps[at], expected, part)
        causes[at] = np.where((why > 0) & (causes[at] == 0), why, causes[at])


def _suspicious_zeros(values: Floats, causes: Causes) -> Bools:
    """Isolated empty months of series that otherwise always sell: hardly ever true demand."""
    zero = (values == 0) & np.isin(causes, (0, Cause.NEGATIVE.code))
    padded = np.pad(values == 0, ((0, 0), (1, 1)))
    alone = ~padded[:, :-2] & ~padded[:, 2:]
    always_sells = (
        (zero.sum(1) <= FEW_ZEROS) & ~((values < 0).any(1)) & (np.isfinite(values).sum(1) >= SEASON)
    )
    result: Bools = zero & alone & always_sells[:, None]
    return result


def _expected(values: Floats, doubtful: Bools, logs: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """What each month should have been by its trusted neighbours and the season.

    Returns values with doubtful gaps filled, expected (N, T) on the original scale, and on the scale of the
    fit the distance from the expectation (N, T) and the smallest distance that matters (N,)."""
    started = np.arange(values.shape[1])[None, :] >= first_known(values)[:, None]
    trusted = np.isfinite(values) & ~doubtful
    rough = carry(np.where(trusted, values, np.nan))
    rough = np.where(started, rough, np.nan)
    _, indices = indices_of(rough, logs)
    season = indices.shrunk[:, (np.arange(values.shape[1]) - values.shape[1]) % SEASON]
    with np.errstate(all="ignore"):
        adjusted = (np.log(values) if logs else values) - season
        level = np.log(rough) - season if logs else rough - season
    around = carry(neighbours_median(adjusted, trusted))
    around = np.where(np.isfinite(around), around, level)
    expected = np.exp(around + season) if logs else around + season
    if not logs:
        expected = np.where(
            anywhere(np.where(trusted, values, 0) < 0)[:, None], expected, np.maximum(expected, 0)
        )
    expected = np.where(started, expected, np.nan)
    matters = np.full(len(values), FAR_AT_LEAST) * (1 if logs else np.nan_to_num(mean(np.abs(rough))))
    filled = np.where(np.isfinite(values), values, expected)
    return filled, expected, np.where(trusted, adjusted - around, 0.0), matters


def _outliers(distance: Floats, matters: Floats, trusted: Bools) -> Bools:
    """Months far out in both directions of time, not repeated a year before or after, and few."""
    spread = np.nan_to_num(median(np.abs(np.where(trusted, distance, np.nan)))) * 1.4826 + TINY
    distance = np.nan_to_num(distance)
    far = np.abs(distance) > np.maximum(FAR * spread, matters)[:, None]
    far[:, -LATEST:] = False
    years = np.pad(distance, ((0, 0), (SEASON, SEASON)))
    for other in (years[:, : -2 * SEASON], years[:, 2 * SEASON :]):
        far &= ~((np.sign(other) == np.sign(distance)) & (np.abs(other) > np.abs(distance) / 2))
    few = far.sum(1) <= np.maximum(1, MOST_OUTLIERS * trusted.sum(1))
    result: Bools = far & few[:, None]
    return result


def neighbours_median(adjusted: Floats, trusted: Bools) -> Floats:
    """Median of the trusted months around each month of (N, T), itself left out; NaN where there are none."""
    values = np.where(trusted, adjusted, np.nan)
    padded = np.pad(values, ((0, 0), (NEIGHBOURS, NEIGHBOURS)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1, axis=1)
    return median(np.delete(windows, NEIGHBOURS, axis=2))


def carry(values: Floats) -> Floats:
    """Fills NaN with the last known value of the row, then what is left at the front with the first known
    one."""
    for _ in range(2):
        columns = np.where(np.isfinite(values), np.arange(values.shape[1])[None, :], 0)
        values = np.take_along_axis(values, np.maximum.accumulate(columns, axis=1), 1)[:, ::-1]
    return values
