"""The base forecast: all smoothers weighted by their own past, averaged with a theta member, for all series
at once."""

from dataclasses import dataclass

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, SEASON, SHORTEST, Floats, Ints, anywhere, median, widen
from demand.forecasting.seasonality import Indices, Ratios, lend_family, ratios_to_trend, seasonal_indices
from demand.forecasting.smoothing import GRID, LOSS_HORIZONS, SIMPLE, smooth, soft_choice

DRIFT_MONTHS = 120
RECENT_DRIFT_MONTHS = 36
LEAST_ERROR = 1e-3  # logs: no series is certain to a tenth of a percent
LARGEST_LOG = 690.0  # just below what a float can hold
LONGEST_LAG = 12  # months a slow smoother may be thought to lag behind


@dataclass(frozen=True)
class Fit:
    """One pass over series that share a scale (logs, or the plain scale); all members in that scale, N rows.

    z: values; x: seasonally adjusted; members: name -> (N, H) without season; season: (N, H); error: expected
    absolute error (N, H) from the own past; best: lowest mean loss ratio of the simple smoothers (N,)."""

    logs: bool
    z: Floats
    x: Floats
    ratios: Ratios
    indices: Indices
    season: Floats
    profile: Floats
    members: dict[str, Floats]
    error: Floats
    losses: Floats
    relative: Floats
    weights: Floats
    level: Floats
    drift: Floats
    drift_recent: Floats
    drift_ols: Floats

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
    result: Floats = (away * np.where(known, values - middle[:, None], 0)).sum(1) / np.maximum(
        (away**2).sum(1), 1e-9
    )
    return result


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
    values = widen(values, SHORTEST)
    horizon = max(horizon, LOOKAHEAD)
    width = values.shape[1]
    ratios, indices = indices_of(values, logs)
    profile = indices.shrunk if family is None else lend_family(indices, family)
    z = np.log(values) if logs else values
    x = z - profile[:, (np.arange(width) - width) % SEASON]
    smoothed = smooth(x, horizon)
    relative = smoothed.losses / (smoothed.losses.min(1, keepdims=True) + 1e-12)
    weights = soft_choice(relative.mean(2))
    simple = soft_choice(relative[:, :SIMPLE].mean(2))
    level = (simple * smoothed.levels[:, :SIMPLE]).sum(1)
    lag = np.minimum((simple / GRID[0][None, :SIMPLE]).sum(1), LONGEST_LAG)
    yearly = (x[:, SEASON:] - x[:, :-SEASON]) / SEASON
    drift, recent = (
        np.nan_to_num(median(yearly[:, -months:])) for months in (DRIFT_MONTHS, RECENT_DRIFT_MONTHS)
    )
    drift_ols = slope(x[:, -DRIFT_MONTHS:])
    ahead = np.arange(horizon)[None, :]

    def weighted(by: Floats) -> Floats:
        result: Floats = np.einsum("np,nph->nh", by, smoothed.forecasts)
        return result

    def theta(drifting: Floats) -> Floats:
        result: Floats = level[:, None] + 0.5 * drifting[:, None] * (ahead + lag[:, None])
        return result

    members = {
        "damped": weighted(weights),
        "theta": theta(drift),
        "theta_ols": theta(drift_ols),
        "long": weighted(soft_choice(relative[:, :, -1])),
        "short": weighted(soft_choice(relative[:, :, 0])),
        "level": np.repeat(level[:, None], horizon, 1),
    }
    members["base"] = 0.5 * members["theta"] + 0.5 * members["damped"]  # averaging beats choosing
    return Fit(
        logs=logs,
        z=z,
        x=x,
        ratios=ratios,
        indices=indices,
        season=profile[:, np.arange(horizon) % SEASON],
        profile=profile,
        members=members,
        error=expected_error(np.einsum("np,npk->nk", weights, smoothed.losses), horizon) + LEAST_ERROR * logs,
        losses=smoothed.losses,
        relative=relative,
        weights=weights,
        level=level,
        drift=drift,
        drift_recent=recent,
        drift_ols=drift_ols,
    )


def expected_error(losses: Floats, horizon: int) -> Floats:
    """Mean absolute error by month ahead (N, H), between the scored horizons by line, beyond them with the
    root of time."""
    months = np.arange(1, horizon + 1)
    inside = np.array([np.interp(months, LOSS_HORIZONS, row) for row in losses]).reshape(len(losses), horizon)
    return inside * np.sqrt(np.maximum(months / LOOKAHEAD, 1.0))
