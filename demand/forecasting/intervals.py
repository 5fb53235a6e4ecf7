"""Prediction intervals: how far actuals fell from forecasts, in units of each series' own past error (split
conformal).

The factors are quantiles of |log(actual / forecast)| / expected error on simulated series that took no part
in training (Vovk, Gammerman & Shafer, Algorithmic learning in a random world, 2005; split form: Lei et al.
2018)."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, Floats, Ints

STORED_LEVELS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
LENGTHS = (18, 24, 36, 60)  # months of history at which a new row of factors begins
# Short real histories hide more than simulated ones: measured on public series cut short.
SHORT_MARGINS = (1.3, 1.3, 1.3, 1.2, 1.0)
FEWEST = 200  # cases of a length from which it has factors of its own
RECENT = 36


def margins(months: Ints) -> Floats:
    """How much wider than on simulated series intervals must be for histories of `months` (N,), if nothing
    else is known."""
    result: Floats = np.array(SHORT_MARGINS)[np.searchsorted(LENGTHS, months, side="right")]
    return result


@dataclass(frozen=True)
class Factors:
    """Conformal factors (length class, month ahead, level of STORED_LEVELS)."""

    table: Floats

    def at(self, level: float, months: Ints, horizon: int) -> Floats:
        """Factors (N, horizon) for histories of `months` (N,); between stored levels by the normal
        quantile."""
        stored = [_normal(one) for one in STORED_LEVELS]
        wanted = _normal(level)
        by_level = np.apply_along_axis(lambda row: np.interp(wanted, stored, row), 2, self.table)
        ahead = np.minimum(np.arange(horizon), LOOKAHEAD - 1)
        length = np.searchsorted(LENGTHS, months, side="right")
        factors: Floats = by_level[length][:, ahead]
        return factors

    @classmethod
    def measured(cls, ratios: Floats, months: Ints) -> "Factors":
        """From |error| / expected error (C, 24), NaN where unknown, of cases with `months` (C,) of
        history."""
        table = np.zeros((len(LENGTHS) + 1, LOOKAHEAD, len(STORED_LEVELS)))
        classes = np.searchsorted(LENGTHS, months, side="right")
        for length in range(len(LENGTHS) + 1):
            chosen = ratios[classes == length]
            chosen = chosen if len(chosen) >= FEWEST else ratios
            table[length] = np.nanquantile(chosen, STORED_LEVELS, axis=0).T
        return cls(np.maximum.accumulate(table, axis=2))


def _normal(level: float) -> float:
    """Half-width, in standard deviations, of a central normal interval."""
    return NormalDist().inv_cdf((1 + level) / 2)


def standard_factors() -> Factors:
    """Factors of a normal error whose mean absolute size is known: used until a correction brings measured
    ones."""
    row = np.array([_normal(level) for level in STORED_LEVELS]) * np.sqrt(np.pi / 2)
    return Factors(np.tile(row, (len(LENGTHS) + 1, LOOKAHEAD, 1)))


def sparse_interval(values: Floats, level_of_demand: Floats, level: float) -> tuple[Floats, Floats]:
    """Interval (N,), (N,) of a month of intermittent demand: quantiles of its last three years, moved with
    the rate."""
    recent = values[:, -RECENT:]
    low, high = (np.nanquantile(recent, q, axis=1) for q in ((1 - level) / 2, (1 + level) / 2))
    usual = np.nanmean(recent, axis=1)
    moved = np.divide(level_of_demand, usual, out=np.ones_like(usual), where=usual > 0)
    return np.minimum(low * moved, level_of_demand), np.maximum(high * np.maximum(moved, 1), level_of_demand)
