"""Accuracy measures. Signs: bias and every "over" are forecast minus actual; the tracking signal is actual
minus forecast.

Measures are shares (0.12 = 12 %), never rounded; None means undefined, never 0. Months whose actual or
forecast is NaN do not count. Ratios are made of sums, never of averaged ratios: pass all the months together.
Sources: Hyndman & Koehler (2006), Another look at measures of forecast accuracy; Makridakis et al. (2020),
The M4 competition, and (2022), The M5 competition; Brown (1963), Smoothing, forecasting and prediction
(tracking signal).
"""

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, Floats


def _paired(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> tuple[Floats, Floats]:
    a, f = np.broadcast_arrays(np.asarray(actual, float), np.asarray(forecast, float))
    both = np.isfinite(a) & np.isfinite(f)
    return a[both], f[both]


def _ratio(over: float, under: float) -> float | None:
    return float(over / under) if under else None


def wape(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float | None:
    """sum |A - F| / sum |A|. F 100, 50, 30, 0, 20 and A 80, 60, 30, 5, 0 give 55 / 175 = 0.3143. None where A
    is all zero."""
    a, f = _paired(actual, forecast)
    return _ratio(np.abs(a - f).sum(), np.abs(a).sum())


def accuracy(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float | None:
    """Forecast accuracy max(0, 1 - WAPE), for display only."""
    error = wape(actual, forecast)
    return None if error is None else max(0.0, 1 - error)


def bias(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float | None:
    """sum (F - A) / sum |A|: positive is over-forecast. F 110 and A 100 give +0.10."""
    a, f = _paired(actual, forecast)
    return _ratio((f - a).sum(), np.abs(a).sum())


def mape(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> tuple[float | None, int]:
    """mean |A - F| / |A| over months with A other than 0, and how many months were left out for it."""
    a, f = _paired(actual, forecast)
    sold = a != 0
    error = float((np.abs(a - f)[sold] / np.abs(a)[sold]).mean()) if sold.any() else None
    return error, int((~sold).sum())


def smape_by_month(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> Floats:
    """2 |A - F| / (|A| + |F|) per month, 0 where both are 0, NaN where either is NaN."""
    a, f = np.asarray(actual, float), np.asarray(forecast, float)
    both = np.abs(a) + np.abs(f)
    result: Floats = np.divide(
        2 * np.abs(a - f), both, out=np.where(np.isfinite(both), 0.0, np.nan), where=both > 0
    )
    return result


def smape(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float | None:
    """Symmetric error of the M4 competition: the mean of smape_by_month, 0 to 2 (the competition prints it
    times 100)."""
    a, f = _paired(actual, forecast)
    return float(smape_by_month(a, f).mean()) if len(a) else None


def naive_scale(history: Floats, season: int = SEASON, power: int = 1) -> Floats:
    """mean |y(t) - y(t - season)| ** power per row of history (N, T), NaN ignored; NaN where it is undefined
    or 0."""
    if history.shape[1] <= season:
        return np.full(len(history), np.nan)
    steps = np.abs(history[:, season:] - history[:, :-season]) ** power
    known = np.isfinite(steps)
    scale = np.where(known, steps, 0).sum(1) / np.maximum(known.sum(1), 1)
    return np.where(scale > 0, scale, np.nan)


def mase(
    actual: npt.ArrayLike, forecast: npt.ArrayLike, history: npt.ArrayLike, season: int = SEASON
) -> float | None:
    """Mean absolute error over the in-sample error of the seasonal naive, of one series (Hyndman & Koehler
    2006).

    History 10, 12, 11, 13 with season 1, F 13, 13 and A 14, 12 give 1 / 1.6667 = 0.60. None for a history of
    at most `season` months or one that repeats itself exactly."""
    a, f = _paired(actual, forecast)
    scale = naive_scale(np.atleast_2d(np.asarray(history, float)), season)[0]
    return float(np.abs(a - f).mean() / scale) if len(a) and np.isfinite(scale) else None


def rmsse(
    actual: npt.ArrayLike, forecast: npt.ArrayLike, history: npt.ArrayLike, season: int = 1
) -> float | None:
    """Root mean squared error scaled by that of the naive (M5): fit for intermittent demand, where a zero
    "wins" on MASE."""
    a, f = _paired(actual, forecast)
    scale = naive_scale(np.atleast_2d(np.asarray(history, float)), season, power=2)[0]
    return float(np.sqrt(((a - f) ** 2).mean() / scale)) if len(a) and np.isfinite(scale) else None


def owa(
    smape_of: float | None, mase_of: float | None, smape_naive2: float | None, mase_naive2: float | None
) -> float | None:
    """Overall weighted average of the M4 competition: mean of sMAPE and MASE, each relative to Naive2; 1 is
    Naive2."""
    if smape_of is None or mase_of is None or not smape_naive2 or not mase_naive2:
        return None
    return 0.5 * (smape_of / smape_naive2 + mase_of / mase_naive2)


def coverage(actual: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> float | None:
    """Share of months whose actual lies inside the interval, ends included."""
    a, lo = np.broadcast_arrays(np.asarray(actual, float), np.asarray(low, float))
    known = np.isfinite(a)
    inside = (a >= lo) & (a <= np.asarray(high, float))
    return float(inside[known].mean()) if known.any() else None


def tracking_signal(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> Floats:
    """Running sum (A - F) over the mean |A - F| to date, month by month; 0 where there was no error yet.

    F 10 four times and A 8, 11, 12, 14 give -1, -0.67, 0.6, 2.22. Beyond +-4 the forecast is biased; start
    anew when the method changes. Positive is under-forecast."""
    a, f = _paired(actual, forecast)
    error = a - f
    mean = np.cumsum(np.abs(error)) / np.arange(1, len(error) + 1)
    return np.divide(np.cumsum(error), mean, out=np.zeros_like(mean), where=mean > 0)
