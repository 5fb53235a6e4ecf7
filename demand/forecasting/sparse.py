"""Forecasts for what the seasonal ensemble must not touch: intermittent, new and constant series."""

import numpy as np

from demand.forecasting.arrays import SEASON, Floats, mean
from demand.forecasting.routing import usual_interval

IMAPA_ALPHA = 0.2
COARSEST = 12  # months per bucket
NEW_MONTHS = 6  # of a launch that count for its level


def simple_smoothing(values: Floats, alpha: float) -> Floats:
    """Final level (N,) of simple exponential smoothing over (N, T); the first months are averaged, not
    trusted one by one."""
    level, seen = np.zeros((2, len(values)))
    for t in range(values.shape[1]):
        known = np.isfinite(values[:, t])
        seen += known
        rate = np.maximum(alpha, 1 / np.maximum(seen, 1))
        level += np.where(known, rate * (np.nan_to_num(values[:, t]) - level), 0.0)
    return level


def imapa_level(values: Floats) -> Floats:
    """Demand per month (N,) of intermittent series: simple smoothing of buckets of 1, 2, ... months,
    averaged.

    IMAPA (Petropoulos & Kourentzes 2015): coarse buckets see the rate, fine ones the latest change. The
    coarsest bucket is the series' own mean interval between demands, at most a year."""
    coarsest = np.clip(np.round(usual_interval(values)), 1, COARSEST)
    total, used = np.zeros((2, len(values)))
    for size in range(1, int(min(coarsest.max(initial=1), values.shape[1])) + 1):
        whole = values.shape[1] // size * size
        buckets = values[:, values.shape[1] - whole :].reshape(len(values), -1, size).mean(2)
        usable = (coarsest >= size) & np.isfinite(buckets).any(1)
        total += np.where(usable, simple_smoothing(buckets, IMAPA_ALPHA), 0.0)
        used += usable
    return total / np.maximum(used, 1)


def launch_level(values: Floats, profile: Floats) -> Floats:
    """Level (N,) of series under a year old: mean of the last six months, freed of the season of their
    family.

    profile (N, 12): log seasonal indices by phase, zero where the family is unknown."""
    recent = values[:, -NEW_MONTHS:]
    months = (np.arange(-recent.shape[1], 0)) % SEASON
    return np.nan_to_num(mean(recent / np.exp(profile[:, months])))
