"""Histories the tests of the engine share."""

import numpy as np

from demand.forecasting.arrays import Floats

PEAK_MONTHS_AHEAD = 3  # the season of `seasonal` peaks in the fourth month forecast


def seasonal(count: int = 1, months: int = 60, *, seed: int = 1, noise: float = 0.05) -> Floats:
    """(count, months) positive series of level 200 with a season of +-30 %, right-aligned."""
    random = np.random.default_rng(seed)
    phase = (np.arange(months) - months - PEAK_MONTHS_AHEAD) % 12
    logs = (
        np.log(200) + 0.3 * np.cos(2 * np.pi * phase / 12) + noise * random.standard_normal((count, months))
    )
    return np.exp(logs)


def spare_parts(count: int = 1, months: int = 60, *, seed: int = 1, chance: float = 0.2) -> Floats:
    """(count, months) intermittent series: a handful, once in five months."""
    random = np.random.default_rng(seed)
    sold = random.uniform(size=(count, months)) < chance
    sold[:, -3] = True  # still alive
    return np.where(sold, random.integers(1, 9, (count, months)), 0).astype(float)
