"""Which treatment a history gets: the seasonal engine is for living, regular series; the others would mislead
it."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, TINY, Bools, Floats, Ints, first_known

SPARSE_INTERVAL = (
    1.32  # mean months between demands from which a series is intermittent (Syntetos, Boylan, Croston 2005)
)
# Share of months against the pattern up to which a sparse series sells in season, and is regular
EXCEPTIONS = 0.1
SEASONAL_INTERVAL = 4.0  # ... unless it sells in fewer than three months a year
ENDED_INTERVALS = (
    6.0  # usual intervals without demand that mean "ended": six months where it came every month ...
)
FEW_DEMANDS = 4  # ... but from fewer demands than this no interval can be told, and it takes
RARE_INTERVAL = 4.0  # six times so many months at least
RECENT = 36
VARIED = 0.49  # squared coefficient of variation of the demands from which they are erratic or lumpy (ibid.)


class Kind(StrEnum):
    """What a series is, as far as forecasting is concerned."""

    NO_HISTORY = "no history"
    NO_DEMAND = "no demand"
    ENDED = "ended"
    NEW = "new"
    INTERMITTENT = "intermittent"
    CONSTANT = "constant"
    SHORT = "short"
    REGULAR = "regular"

    @property
    def is_fitted(self) -> bool:
        """True where the seasonal ensemble makes the forecast."""
        return self in (Kind.SHORT, Kind.REGULAR)


Kinds = npt.NDArray[np.object_]


def demand_interval(values: Floats) -> Floats:
    """Mean months between demands over the last three years of (N, T); months unknown do not count."""
    recent = values[:, -RECENT:]
    known, sold = np.isfinite(recent).sum(1), (np.nan_to_num(recent) != 0).sum(1)
    result: Floats = known / np.maximum(sold, TINY)
    return result


def idle_months(values: Floats) -> Ints:
    """Months since the last demand (N,); T where there never was any."""
    sold = np.nan_to_num(values[:, ::-1]) != 0
    result: Ints = np.where(sold.any(1), np.argmax(sold, 1), values.shape[1]).astype(np.int64)
    return result


def usual_interval(values: Floats) -> Floats:
    """Mean months between demands up to the last one (N,), over the whole history."""
    width = values.shape[1]
    alive = width - first_known(values) - idle_months(values)
    result: Floats = alive / np.maximum((np.nan_to_num(values) != 0).sum(1), 1)
    return result


def sells_in_season(values: Floats) -> Bools:
    """Three years and more of selling in the same months of the year and in no others (N,): ice cream, not
    spare parts."""
    width = values.shape[1]
    known, sold = np.isfinite(values), np.nan_to_num(values) != 0
    exceptions = np.zeros(len(values))
    for phase in range(min(SEASON, width)):
        times = sold[:, phase::SEASON].sum(1)
        exceptions += np.minimum(times, known[:, phase::SEASON].sum(1) - times)
    long_enough: Bools = (known.sum(1) >= 3 * SEASON) & (demand_interval(values) <= SEASONAL_INTERVAL)
    regular: Bools = exceptions <= EXCEPTIONS * known.sum(1)
    result: Bools = long_enough & regular
    return result


def has_ended(values: Floats) -> Bools:
    """No demand for so long that it will not come back (N,)."""
    usual = usual_interval(values)
    few = (np.nan_to_num(values) != 0).sum(1) < FEW_DEMANDS
    usual = np.where(few, np.maximum(usual, RARE_INTERVAL), usual)
    result: Bools = idle_months(values) >= ENDED_INTERVALS * usual
    return result


def route(values: Floats, ended: Bools | None = None) -> Kinds:
    """The Kind of every row of (N, T), cleansed, NaN before the launch. ended: rows known to have been
    withdrawn."""
    known = np.isfinite(values)
    months = known.sum(1)
    filled = np.nan_to_num(values)
    over = has_ended(values)
    sparse = demand_interval(values) > SPARSE_INTERVAL
    if sparse.any():
        sparse[sparse] = ~sells_in_season(values[sparse])
    largest, smallest = np.where(known, values, -np.inf).max(1), np.where(known, values, np.inf).min(1)
    order = list(Kind)
    codes = np.full(len(values), order.index(Kind.REGULAR))
    for kind, rows in (  # later ones win
        (Kind.SHORT, months < 3 * SEASON),
        (Kind.CONSTANT, largest == smallest),
        (Kind.INTERMITTENT, sparse),
        (Kind.NEW, months < SEASON),
        (Kind.ENDED, over if ended is None else over | ended),
        (Kind.NO_DEMAND, ~(filled != 0).any(1)),
        (Kind.NO_HISTORY, months == 0),
    ):
        codes[rows] = order.index(kind)
    result: Kinds = np.array(order, dtype=object)[codes]
    return result


def demand_classes(values: Floats, kinds: Kinds) -> Kinds:
    """Smooth, erratic, intermittent or lumpy (N,) as recorded in (N, T); new, ended and no demand by kind.

    By the mean months between demands (1.32) and the squared coefficient of variation of the demands (.49) of the
    last three years: Syntetos, Boylan & Croston (2005), On the categorization of demand patterns."""
    recent = values[:, -RECENT:]
    sold = np.isfinite(recent) & (recent != 0)
    count = np.maximum(sold.sum(1), 1)
    centre = np.where(sold, recent, 0).sum(1) / count
    spread = (np.where(sold, recent - centre[:, None], 0) ** 2).sum(1) / count
    varied = spread > VARIED * centre**2
    sparse = demand_interval(values) > SPARSE_INTERVAL
    names = np.array([["smooth", "erratic"], ["intermittent", "lumpy"]], dtype=object)
    classes: Kinds = names[sparse.astype(int), varied.astype(int)]
    plain = {Kind.NEW: "new", Kind.ENDED: "ended", Kind.NO_DEMAND: "no demand", Kind.NO_HISTORY: "no demand"}
    for kind, name in plain.items():
        classes[kinds == kind] = name
    return classes
