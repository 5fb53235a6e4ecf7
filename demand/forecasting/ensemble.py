"""The base forecast: all smoothers weighted by their own past, averaged with a theta member, for all series
at once."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, SEASON, SHORTEST, TINY, Floats, Ints, anywhere, median, widen
from demand.forecasting.seasonality import Indices, Ratios, lend_family, ratios_to_trend, seasonal_indices
from demand.forecasting.smoothing import GRID, LOSS_HORIZONS, SIMPLE, Smoothed, smooth, soft_choice

DRIFT_MONTHS = 120
RECENT_DRIFT_MONTHS = 36
LEAST_ERROR = 1e-3  # logs: no series is certain to a tenth of a percent
LARGEST_LOG = 690.0  # just below what a float can hold
LONGEST_LAG = 12  # months a slow smoother may be thought to lag behind


class Drifts(NamedTuple):
    """Change of the level per month (N,): median of ten years, of three years, and by least squares."""

    long: Floats
    recent: Floats
    ols: Floats


@dataclass(frozen=True)
class Fit:
    """One pass over N series that share a scale: logs, or plain quantities. Everything is in that scale.

    z: values, x: seasonally adjusted (N, T). profile: seasonal indices by phase (N, 12), season: those of the
    months ahead (N, H). members: name -> forecasts without season (N, H). error: expected absolute error (N,
    H), losses and relative: of each smoother by loss horizon (N, P, K), weights (N, P): all from the own
    past. level (N,)."""

    logs: bool
    z: Floats
    x: Floats
    ratios: Ratios
    indices: Indices
    profile: Floats
    season: Floats
    members: dict[str, Floats]
    error: Floats
    losses: Floats
    relative: Floats
    weights: Floats
    level: Floats
    drifts: Drifts

    @property
    def base(self) -> Floats:
        """Base forecast on the original scale (N, H); negative only where the history is."""
        return self.restore(self.members["base"] + self.season)

    def restore(self, scaled: Floats) -> Floats:
        """Back from the scale of the fit to quantities."""
        if self.logs:
            return np.exp(np.minimum(scaled, LARGEST_LOG))
        goes_below = anywhere(np.nan_to_num(self.z) < 0)
        return np.where(goes_below[:, None], scaled, np.maximum(scaled, 0.0))


def slope(values: Floats) -> Floats:
    """Least-squares slope per month of each row of (N, T), NaN ignored."""
    known = np.isfinite(values)
    months = np.arange(values.shape[1], dtype=float)
    count = np.maximum(known.sum(1), 1)
    centre = (known * months).sum(1) / count
    middle = np.where(known, values, 0).sum(1) / count
    away = np.where(known, months - centre[:, None], 0)
    together: Floats = (away * np.where(known, values - middle[:, None], 0)).sum(1)
    spread: Floats = (away**2).sum(1)
    return together / np.maximum(spread, 1e-9)


def indices_of(values: Floats, logs: bool, half_life: float = 2.0) -> tuple[Ratios, Indices]:
    """Seasonal ratios and indices of (N, T) quantities."""
    with np.errstate(all="ignore"):
        ratios = ratios_to_trend(values, logs)
    months: Ints = np.isfinite(values).sum(1)
    return ratios, seasonal_indices(ratios, months, half_life)


def fit(values: Floats, *, logs: bool, horizon: int = LOOKAHEAD, family: Floats | None = None) -> Fit:
    """Fits every row of values (N, T): gapless from its first month on, positive where logs.

    horizon: months ahead, at least 24 so that members and features do not depend on what is asked for.
    family: seasonal profiles (N, 12) to lend to short histories, NaN for none."""
    values, horizon = widen(values, SHORTEST), max(horizon, LOOKAHEAD)
    width = values.shape[1]
    ratios, indices = indices_of(values, logs)
    profile = indices.shrunk if family is None else lend_family(indices, family)
    z = np.log(values) if logs else values
    x = z - profile[:, (np.arange(width) - width) % SEASON]
    smoothed = smooth(x, horizon)
    relative = smoothed.losses / (smoothed.losses.min(1, keepdims=True) + TINY)
    weights = soft_choice(relative.mean(2))
    level, lag = _level(smoothed, relative)
    drifts = Drifts(_drift(x, DRIFT_MONTHS), _drift(x, RECENT_DRIFT_MONTHS), slope(x[:, -DRIFT_MONTHS:]))
    own_losses = np.einsum("np,npk->nk", weights, smoothed.losses)
    return Fit(
        logs=logs,
        z=z,
        x=x,
        ratios=ratios,
        indices=indices,
        profile=profile,
        season=profile[:, np.arange(horizon) % SEASON],
        members=_members(smoothed, relative, level, lag, drifts),
        error=expected_error(own_losses, horizon) + LEAST_ERROR * logs,
        losses=smoothed.losses,
        relative=relative,
        weights=weights,
        level=level,
        drifts=drifts,
    )


def _level(smoothed: Smoothed, relative: Floats) -> tuple[Floats, Floats]:
    """Level (N,) by the simple smoothers alone, and the months (N,) it lags behind a trend."""
    simple = soft_choice(relative[:, :SIMPLE].mean(2))
    level = (simple * smoothed.levels[:, :SIMPLE]).sum(1)
    return level, np.minimum((simple / GRID[0][None, :SIMPLE]).sum(1), LONGEST_LAG)


def _drift(x: Floats, months: int) -> Floats:
    """Median year-on-year change of the last months, per month (N,)."""
    yearly = (x[:, SEASON:] - x[:, :-SEASON]) / SEASON
    return np.nan_to_num(median(yearly[:, -months:]))


def _members(
    smoothed: Smoothed, relative: Floats, level: Floats, lag: Floats, drifts: Drifts
) -> dict[str, Floats]:
    """Forecasts (N, H) without season. The base is the mean of two: averaging beats choosing."""
    horizon = smoothed.forecasts.shape[2]
    since = np.arange(horizon)[None, :] + lag[:, None]

    def weighted(losses: Floats) -> Floats:
        result: Floats = np.einsum("np,nph->nh", soft_choice(losses), smoothed.forecasts)
        return result

    members = {
        "damped": weighted(relative.mean(2)),
        "theta": level[:, None] + 0.5 * drifts.long[:, None] * since,
        "theta_ols": level[:, None] + 0.5 * drifts.ols[:, None] * since,
        "long": weighted(relative[:, :, -1]),
        "short": weighted(relative[:, :, 0]),
        "level": np.repeat(level[:, None], horizon, 1),
    }
    return {**members, "base": 0.5 * members["theta"] + 0.5 * members["damped"]}


def expected_error(losses: Floats, horizon: int) -> Floats:
    """Mean absolute error by month ahead (N, H), between the scored horizons by line, beyond them with the
    root of time."""
    months = np.arange(1, horizon + 1)
    inside = np.array([np.interp(months, LOSS_HORIZONS, row) for row in losses]).reshape(len(losses), horizon)
    return inside * np.sqrt(np.maximum(months / LOOKAHEAD, 1.0))
