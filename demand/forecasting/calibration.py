"""How much wider or narrower than on simulated series the intervals of this very batch must be, by its own
past errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from demand.forecasting.arrays import TINY, Floats, Ints
from demand.forecasting.correction import Correction
from demand.forecasting.ensemble import fit
from demand.forecasting.intervals import Factors, margins
from demand.forecasting.preparation import Prepared, all_positive

ORIGINS = (12, 24)  # months before the end
AHEAD = 12
LEAST_PAST = 24  # months; what is shorter errs in its own way and has factors of its own
SAMPLE = 300  # series; more would only cost
PRIOR = 200  # past cases at which own errors and simulated ones count the same
NARROWEST, WIDEST = 0.5, 2.0


@dataclass(frozen=True)
class Widths:
    """Level -> multiplier of the conformal factors, and how far (0-1) it rests on the batch's own errors."""

    multipliers: dict[float, float]
    trust: float

    def half(self, factors: Factors, level: float, months: Ints, horizon: int) -> Floats:
        """Half-widths (N, horizon) in units of the expected error, for histories of `months` (N,)."""
        prior = margins(months) ** (1 - self.trust)
        return self.multipliers[level] * prior[:, None] * factors.at(level, months, horizon)


def interval_widths(
    recorded: Floats, prepared: Prepared, correction: Correction, levels: Sequence[float]
) -> Widths:
    """Widths of the intervals of this batch.

    Forecasts a sample of the regular series from a year and two years ago and compares with what was recorded
    since."""
    parts = [_ratios(recorded, prepared, correction, levels, cut) for cut in ORIGINS] if levels else []
    cases = sum(len(part) for part in parts)
    if not cases:
        return Widths(dict.fromkeys(levels, 1.0), 0.0)
    ratios, trust = np.concatenate(parts), cases / (cases + PRIOR)  # ratios are (cases, AHEAD, levels)
    multipliers = {}
    for place, level in enumerate(levels):
        quantile = max(float(np.nanquantile(ratios[:, :, place], level)), TINY)
        multipliers[level] = float(np.clip(quantile**trust, NARROWEST, WIDEST))
    return Widths(multipliers, trust)


def _ratios(
    recorded: Floats, prepared: Prepared, correction: Correction, levels: Sequence[float], cut: int
) -> Floats:
    """Past errors in units of the interval's half-width (cases, AHEAD, levels), NaN where nothing was
    recorded."""
    width = recorded.shape[1]
    if width <= cut:
        return np.empty((0, AHEAD, len(levels)))
    past, actual = prepared.values[:, : width - cut], recorded[:, width - cut : width - cut + AHEAD]
    usable = np.isfinite(past).sum(1) >= LEAST_PAST
    usable &= all_positive(prepared.values) & np.array([kind.is_fitted for kind in prepared.kinds], bool)
    rows = np.flatnonzero(usable)
    if not len(rows):
        return np.empty((0, AHEAD, len(levels)))
    rows = rows[:: -(-len(rows) // SAMPLE)]
    done = fit(past[rows], logs=True)
    quick = replace(correction, trees=()) if correction.networks else correction
    centre = (done.members["base"] + done.season)[:, :AHEAD] + quick.logs(done, AHEAD)
    with np.errstate(all="ignore"):
        error = np.abs(np.log(actual[rows]) - centre) / done.error[:, :AHEAD]
    error[~np.isfinite(error)] = np.nan
    months = done.indices.months
    return np.stack([error / correction.factors.at(level, months, AHEAD) for level in levels], axis=2)
