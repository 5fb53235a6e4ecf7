"""Every exponential smoother over every series in one loop over time.

Simple smoothing and damped trends in error-correction form (Hyndman & Athanasopoulos, Forecasting: principles
and practice, 2nd ed., chapter 7): prediction p = level + phi * slope, error e, level = p + alpha e, slope =
phi * slope + alpha beta e.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import SEASON, Bools, Floats, first_known, mean

LOSS_HORIZONS = (1, 3, 6, 12, 18)  # judging one step ahead alone is much worse (OWA .884 against .854)
ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9)
BETAS = (0.04, 0.12, 0.3)
DAMPINGS = (0.85, 0.95)
SIMPLE = len(ALPHAS)
GRID = np.array(
    [(alpha, 0.0, 1.0) for alpha in ALPHAS] + [(a, b, phi) for a, b, phi in product(ALPHAS, BETAS, DAMPINGS)]
).T
WARM_UP = 12
EVOLVING = np.array(list(product((0.1, 0.3, 0.6), (0.0, 0.1), (0.1, 0.3)))).T
EVOLVING_DAMPING = 0.9
EVOLVING_HORIZONS = (1, 6, 12)


class Smoothed(NamedTuple):
    """Forecasts (N, P, H), mean absolute errors on the own past (N, P, K) by loss horizon, final levels (N,
    P)."""

    forecasts: Floats
    losses: Floats
    levels: Floats


class _Start(NamedTuple):
    known: Bools
    values: Floats
    first: Bools
    level: Floats
    scored: Bools


def _start(values: Floats) -> _Start:
    """What the recursions need: known months, values, first month, initial level (mean of six), months to
    score."""
    known = np.isfinite(values)
    width = values.shape[1]
    begin = first_known(values)
    age = np.arange(width)[None, :] - begin[:, None]
    level = np.nan_to_num(mean(np.where((age >= 0) & (age < 6), values, np.nan)))
    scored = age >= np.minimum(WARM_UP, (width - begin) // 3)[:, None]
    return _Start(known, np.where(known, values, 0.0), age == 0, level, scored)


def damped_steps(damping: Floats, horizon: int) -> Floats:
    """phi + phi^2 + ... + phi^h for h = 1..horizon as (horizon, P)."""
    return np.cumsum(damping[None, :] ** np.arange(1, horizon + 1)[:, None], axis=0)


def _mean_losses(total: Floats, count: Floats, horizons: tuple[int, ...]) -> Floats:
    """Mean losses; a horizon that a short history cannot score takes the one before, grown with the square
    root."""
    losses = total / np.maximum(count, 1)
    for k in range(1, len(horizons)):
        unseen = count[:, :, k] == 0
        grown = losses[:, :, k - 1] * np.sqrt(horizons[k] / horizons[k - 1])
        losses[:, :, k] = np.where(unseen, grown, losses[:, :, k])
    return losses


def smooth(values: Floats, horizon: int, grid: Floats = GRID) -> Smoothed:
    """Runs all P smoothers of `grid` (alpha, beta, phi) over values (N, T), seasonally adjusted, NaN where
    unknown."""
    start = _start(values)
    count, width = values.shape
    alpha, beta, phi = grid
    level, slope = np.zeros((2, count, len(alpha)))
    steps = damped_steps(phi, max(horizon, LOSS_HORIZONS[-1]))
    total = np.zeros((count, len(alpha), len(LOSS_HORIZONS)))
    scored = np.zeros((count, 1, len(LOSS_HORIZONS)))
    for t in range(width):
        new = start.first[:, t]
        if new.any():
            level[new] = start.level[new, None]
        predicted = level + phi * slope
        error = np.where(start.known[:, t, None], start.values[:, t, None] - predicted, 0.0)
        level = predicted + alpha * error
        slope = phi * slope + alpha * beta * error
        for k, ahead in enumerate(LOSS_HORIZONS):
            if t + ahead < width:
                counts = (start.scored[:, t] & start.known[:, t + ahead])[:, None]
                miss = np.abs(start.values[:, t + ahead, None] - level - steps[ahead - 1] * slope)
                total[:, :, k] += miss * counts
                scored[:, :, k] += counts
    forecasts = level[:, :, None] + slope[:, :, None] * steps[:horizon].T[None, :, :]
    return Smoothed(forecasts, _mean_losses(total, scored, LOSS_HORIZONS), level)


def smooth_evolving(values: Floats, horizon: int) -> Smoothed:
    """Damped Holt-Winters whose seasonal pattern grows from nothing; values (N, T) not seasonally adjusted.

    Too weak to be averaged in with a fixed weight, useful as a feature: the correction learns where patterns
    move."""
    start = _start(values)
    count, width = values.shape
    alpha, beta, gamma = EVOLVING
    phi = np.full(len(alpha), EVOLVING_DAMPING)
    pattern = np.zeros((SEASON, count, len(alpha)))
    level, slope = np.zeros((2, count, len(alpha)))
    steps = damped_steps(phi, max(horizon, SEASON))
    total = np.zeros((count, len(alpha), len(EVOLVING_HORIZONS)))
    scored = np.zeros((count, 1, len(EVOLVING_HORIZONS)))
    for t in range(width):
        phase, new = (t - width) % SEASON, start.first[:, t]
        if new.any():
            level[new] = start.level[new, None]
        predicted = level + phi * slope
        error = np.where(start.known[:, t, None], start.values[:, t, None] - predicted - pattern[phase], 0.0)
        level = predicted + alpha * error
        slope = phi * slope + alpha * beta * error
        pattern[phase] += gamma * (1 - alpha) * error
        for k, ahead in enumerate(EVOLVING_HORIZONS):
            if t + ahead < width:
                counts = (start.scored[:, t] & start.known[:, t + ahead])[:, None]
                expected = level + steps[ahead - 1] * slope + pattern[(t + ahead - width) % SEASON]
                total[:, :, k] += np.abs(start.values[:, t + ahead, None] - expected) * counts
                scored[:, :, k] += counts
    seasonal = pattern[np.arange(horizon) % SEASON].transpose(1, 2, 0)
    forecasts = level[:, :, None] + slope[:, :, None] * steps[:horizon].T[None] + seasonal
    return Smoothed(forecasts, _mean_losses(total, scored, EVOLVING_HORIZONS), level)


def soft_choice(losses: Floats, power: float = 25.0) -> Floats:
    """Losses (N, P) -> weights (N, P) that sum to one: (loss / best) ** -power, the best few and never only
    one."""
    ratio = losses / (losses.min(1, keepdims=True) + 1e-300)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        weights = ratio**-power
    weights = np.where(np.isfinite(weights), weights, 0.0)
    total = weights.sum(1, keepdims=True)
    result: Floats = np.where(total > 0, weights / np.maximum(total, 1e-300), 1 / weights.shape[1])
    return result
