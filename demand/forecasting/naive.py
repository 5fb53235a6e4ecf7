"""The forecasts to beat: seasonal naive, and the Naive2 of the M competitions, for all series at once."""

import numpy as np

from demand.forecasting.arrays import SEASON, Bools, Floats
from demand.forecasting.cleansing import carry
from demand.forecasting.seasonality import centred_average

NINETY_PERCENT = 1.645


def seasonal_naive(values: Floats, horizon: int) -> Floats:
    """The same month of the last year (N, horizon); the last value where the history is under a year. NaN are
    carried."""
    filled = np.nan_to_num(carry(values))
    phases = np.arange(horizon) % SEASON
    if values.shape[1] < SEASON:
        return np.repeat(filled[:, -1:], horizon, 1)
    year_old = np.isfinite(values[:, -SEASON:]).any(1) & (np.isfinite(values).sum(1) >= SEASON)
    return np.where(year_old[:, None], filled[:, values.shape[1] - SEASON + phases], filled[:, -1:])


def is_seasonal(values: Floats) -> Bools:
    """90 % test of the autocorrelation at lag 12 (N,), as in the M4 benchmarks; False under three years."""
    known = np.isfinite(values)
    count = known.sum(1)
    centre = np.where(known, values, 0).sum(1) / np.maximum(count, 1)
    away = np.where(known, values - centre[:, None], 0.0)
    power = (away**2).sum(1)
    lags = range(1, min(SEASON, values.shape[1] - 1) + 1)
    correlation = np.array([(away[:, lag:] * away[:, :-lag]).sum(1) for lag in lags]).reshape(len(lags), -1).T
    if correlation.shape[1] < SEASON:
        return np.zeros(len(values), bool)
    correlation = correlation / np.where(power > 0, power, 1)[:, None]
    limit = NINETY_PERCENT * np.sqrt((1 + 2 * (correlation[:, :-1] ** 2).sum(1)) / np.maximum(count, 1))
    result: Bools = (np.abs(correlation[:, -1]) > limit) & (count >= 3 * SEASON) & (power > 0)
    return result


def classical_indices(values: Floats) -> Floats:
    """Multiplicative indices (N, 12) by phase: mean ratio to the centred moving average, of mean one."""
    with np.errstate(all="ignore"):
        ratios = values / centred_average(values)
    ratios[~np.isfinite(ratios)] = np.nan
    years = -(-values.shape[1] // SEASON)
    table = np.full((len(values), years * SEASON), np.nan)
    table[:, years * SEASON - values.shape[1] :] = ratios
    table = table.reshape(-1, years, SEASON)
    known = np.isfinite(table)
    total, seen = np.where(known, table, 0).sum(1), known.sum(1)
    indices = np.where(seen > 0, total / np.maximum(seen, 1), 1.0)
    result: Floats = indices / indices.mean(1, keepdims=True)
    return result


def naive2(values: Floats, horizon: int) -> Floats:
    """Naive2 (N, horizon): the last value, seasonally adjusted where a series is positive and tests as
    seasonal."""
    filled = np.where(np.isfinite(values), values, np.nan)
    last = np.nan_to_num(carry(filled)[:, -1:])
    lowest = np.where(np.isfinite(filled), filled, np.inf).min(1)
    seasonal = (lowest > 0) & is_seasonal(filled)
    indices = np.where(seasonal[:, None], classical_indices(filled), 1.0)
    adjusted = last / np.where(indices[:, -1:] > 0, indices[:, -1:], 1.0)
    return adjusted * indices[:, np.arange(horizon) % SEASON]
