"""Working-day effects: a month with two days more than usual sells more, and no seasonal index knows which
one it is."""

from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import SEASON, TINY, Bools, Floats, median
from demand.forecasting.ensemble import indices_of

MOST = 1.3  # elasticity of quantity to working days, at most
SIGNIFICANT = 3.0  # t value below which no effect is believed
SHORTEST = 36  # months of history from which it is measured


class WorkdayEffect(NamedTuple):
    """Elasticity (N,), 0 where none is believed; factors on past (N, T) and future (N, H) quantities."""

    elasticity: Floats
    past: Floats
    future: Floats


def no_effect(count: int) -> WorkdayEffect:
    """Where no working-day calendar is known."""
    return WorkdayEffect(np.zeros(count), np.ones((1, 1)), np.ones((1, 1)))


def unusual_days(working_days: Floats, width: int) -> Floats:
    """Log of the working days of each month of (N, T + H) against the mean of its calendar month in the past
    `width`."""
    logs = np.log(np.maximum(working_days, 1.0))
    phases = (np.arange(logs.shape[1]) - width) % SEASON
    unusual = np.zeros_like(logs)
    for phase in range(SEASON):
        past = logs[:, :width][:, phases[:width] == phase]
        usual = (
            past.mean(1, keepdims=True) if past.shape[1] else logs[:, phases == phase].mean(1, keepdims=True)
        )
        unusual[:, phases == phase] = logs[:, phases == phase] - usual
    return unusual


def workday_effect(values: Floats, working_days: Floats) -> WorkdayEffect:
    """Elasticity of each positive series of (N, T) to working_days (N or 1, T + H), and the factors it
    implies.

    Least squares on month-to-month changes of the seasonally adjusted logs, large changes pulled in; shrunk
    by 1 - 1/t^2."""
    count, width = values.shape
    days = np.broadcast_to(unusual_days(np.atleast_2d(working_days), width), (count, working_days.shape[-1]))
    elasticity = np.zeros(count)
    positive = (np.where(np.isfinite(values), values, 1) > 0).all(1) & (
        np.isfinite(values).sum(1) >= SHORTEST
    )
    rows = np.flatnonzero(positive)
    if len(rows):
        elasticity[rows] = _elasticity(values[rows], days[rows, :width])
    factors = np.exp(elasticity[:, None] * days)
    return WorkdayEffect(elasticity, factors[:, :width], factors[:, width:])


def _elasticity(values: Floats, days: Floats) -> Floats:
    _, indices = indices_of(values, logs=True)
    season = indices.shrunk[:, (np.arange(values.shape[1]) - values.shape[1]) % SEASON]
    changes, moved = np.diff(np.log(values) - season, axis=1), np.diff(days, axis=1)
    known: Bools = np.isfinite(changes)
    spread = (median(np.abs(changes)) * 1.4826 + TINY)[:, None]
    changes = np.where(known, np.clip(changes, -3 * spread, 3 * spread), 0)
    moved = np.where(known, moved, 0)
    power = (moved**2).sum(1) + TINY
    slope = (moved * changes).sum(1) / power
    residual = np.where(known, changes - slope[:, None] * moved, 0)
    error = np.sqrt((residual**2).sum(1) / np.maximum(known.sum(1) - 1, 1) / power) + TINY
    t = slope / error
    believed = np.clip(slope * (1 - 1 / np.maximum(t**2, 1)), 0, MOST)
    return np.where(t >= SIGNIFICANT, believed, 0.0)
