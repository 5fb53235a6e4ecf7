"""Monthly indices: ratios to a moving average, weighted to the recent years, shrunk by what is noise in
them."""

from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import SEASON, TINY, Bools, Floats, Ints, median

SHORT_TRUST = 0.6  # reliability of indices from a single year of ratios (24 to 35 months), measured
HALF_LIFE_YEARS = 2.0
OUTLYING = 2.5  # ratios further from their month's median (in robust deviations) are pulled in
FAMILY_MINIMUM = 5
FAMILY_TRUST_BELOW = 36  # months from which own indices are better alone


class Ratios(NamedTuple):
    """Ratios to trend (logs, or differences) as (N, years, 12), 0 where unknown, and the mask of the
    known."""

    values: Floats
    known: Bools


class Indices(NamedTuple):
    """Raw indices (N, 12) by phase, their reliability (N,) in 0..1 and months of history (N,)."""

    raw: Floats
    reliability: Floats
    months: Ints

    @property
    def shrunk(self) -> Floats:
        """Indices pulled towards none by the share of them that is noise."""
        return self.raw * self.reliability[:, None]


def centred_average(values: Floats) -> Floats:
    """2x12 centred moving average of (N, T); NaN where it is undefined."""
    weights = np.r_[0.5, np.ones(SEASON - 1), 0.5] / SEASON
    result = np.full_like(values, np.nan)
    if values.shape[1] > SEASON:
        windows = np.lib.stride_tricks.sliding_window_view(values, SEASON + 1, axis=1)
        result[:, SEASON // 2 : values.shape[1] - SEASON // 2] = windows @ weights
    return result


def ratios_to_trend(values: Floats, logs: bool) -> Ratios:
    """(N, T) -> Ratios. Pulling in what lies far from its month's median keeps one strike from becoming a
    season."""
    trend = centred_average(values)
    ratios = np.log(values / trend) if logs else values - trend
    ratios[~np.isfinite(ratios)] = np.nan
    count, width = values.shape
    years = -(-width // SEASON)
    table = np.full((count, years * SEASON), np.nan)
    table[:, years * SEASON - width :] = ratios
    table = table.reshape(count, years, SEASON)
    known = np.isfinite(table)
    middle = median(table.transpose(0, 2, 1))[:, None, :]
    spread = median(np.abs(table - middle).reshape(count, -1))[:, None, None] * 1.4826 + TINY
    table = np.clip(table, middle - OUTLYING * spread, middle + OUTLYING * spread)
    return Ratios(np.where(known, table, 0.0), known)


def seasonal_indices(ratios: Ratios, months: Ints, half_life: float = HALF_LIFE_YEARS) -> Indices:
    """Recency-weighted mean ratio per phase. Reliability is 1 - noise / signal, the share that is no sampling
    noise.

    With one ratio a month (24 to 35 months of history) noise cannot be measured: a flat 0.6 is far better
    there than no seasonality (OWA 1.11 -> 0.95 on histories cut to 24 months)."""
    values, known = ratios
    years = values.shape[1]
    weights = (0.5 ** (np.arange(years)[::-1] / half_life))[None, :, None] * known
    total = weights.sum(1)
    raw = np.divide((weights * values).sum(1), total, out=np.zeros_like(total), where=total > 0)
    effective = np.divide(total**2, (weights**2).sum(1), out=np.zeros_like(total), where=total > 0)
    raw -= raw.mean(1, keepdims=True)
    seen = known.sum((1, 2))
    residual = np.where(known, values - raw[:, None, :], 0)
    noise = (residual**2).sum((1, 2)) / np.maximum(seen - SEASON, 1) / np.maximum(effective.mean(1), 1e-9)
    signal = (raw**2).mean(1) * SEASON / (SEASON - 1)
    measured = np.clip(1 - noise / np.maximum(signal, TINY), 0, 1)
    trust = np.where(seen >= 2 * SEASON, measured, np.where(seen >= SEASON, SHORT_TRUST, 0.0))
    return Indices(raw, trust, months)


def by_calendar(indices: Floats, first_month: Ints) -> Floats:
    """Indices by phase -> by calendar month (0 = January); first_month (N,) is the calendar month of phase
    0."""
    return np.take_along_axis(indices, (np.arange(SEASON)[None, :] - first_month[:, None]) % SEASON, 1)


def by_phase(indices: Floats, first_month: Ints) -> Floats:
    """The inverse of by_calendar."""
    return np.take_along_axis(indices, (np.arange(SEASON)[None, :] + first_month[:, None]) % SEASON, 1)


def family_indices(indices: Indices, families: Ints, first_month: Ints) -> Floats:
    """Mean seasonal profile (N, 12) of each series' family without the series itself; NaN where the family is
    small.

    families (N,) are codes, negative for none. Long histories count for more, wild ones for less."""
    result = np.full_like(indices.raw, np.nan)
    calendar = by_calendar(indices.raw, first_month)
    for family in np.unique(families[families >= 0]):
        rows = np.flatnonzero((families == family) & (indices.months >= 2 * SEASON))
        if len(rows) < FAMILY_MINIMUM:
            continue
        size = (calendar[rows] ** 2).mean(1)
        weights = np.zeros(len(calendar))
        weights[rows] = np.clip(indices.months[rows], 0, 72) / (size + np.median(size) + 1e-9)
        members = np.flatnonzero(families == family)
        own = weights[members, None]
        total = (weights[rows, None] * calendar[rows]).sum(0)
        result[members] = (total - own * calendar[members]) / np.maximum(weights.sum() - own, TINY)
    return by_phase(result, first_month)


def lend_family(indices: Indices, family: Floats) -> Floats:
    """Shrunk indices (N, 12) in which short series mix their own with their family's, as from family_indices.

    A quarter of the family below three years, half below two, all of it below one; nothing from three years
    on, where own indices proved better alone."""
    months = indices.months[:, None]
    own = np.where(months >= 2 * SEASON, 0.75, np.where(months > SEASON, 0.5, 0.0))
    mixed = own * indices.raw + (1 - own) * family
    borrows = (months < FAMILY_TRUST_BELOW) & np.isfinite(family)
    return np.where(borrows, mixed, indices.shrunk)
