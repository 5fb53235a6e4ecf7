"""How much wider or narrower than on simulated series the intervals of this very batch must be, by its own
past errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from demand.forecasting.arrays import Floats
from demand.forecasting.correction import Correction
from demand.forecasting.ensemble import fit
from demand.forecasting.preparation import Prepared, all_positive

ORIGINS = (12, 24)  # months before the end
AHEAD = 12
LEAST_PAST = 24  # months; what is shorter errs in its own way and has factors of its own
SAMPLE = 300  # series; more would only cost
PRIOR = 200  # past cases at which own errors and simulated ones count the same
NARROWEST, WIDEST = 0.5, 2.0


def interval_widths(
    recorded: Floats, prepared: Prepared, correction: Correction, levels: Sequence[float]
) -> dict[float, float]:
    """Level -> multiplier of the conformal factors, 1 where the batch is too small to tell.

    Forecasts a sample of the regular series from a year and two years ago and compares with what was recorded
    since."""
    parts = [_ratios(recorded, prepared, correction, levels, cut) for cut in ORIGINS] if levels else []
    cases = sum(len(part) for part in parts)
    if not cases:
        return dict.fromkeys(levels, 1.0)
    ratios = np.concatenate(parts)  # (cases, AHEAD, levels)
    trust = cases / (cases + PRIOR)
    wanted = [np.nanquantile(ratios[:, :, place], level) for place, level in enumerate(levels)]
    return {
        level: float(np.clip(max(quantile, 1e-6) ** trust, NARROWEST, WIDEST))
        for level, quantile in zip(levels, wanted, strict=True)
    }


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
