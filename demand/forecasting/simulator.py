"""Seeded simulator of monthly demand, to train the correction on: nothing in it comes from anybody's figures.

Every quantity is drawn per series from a wide prior. Widths were set so that the relative errors of the
engine's members on simulated series resemble those on public series; training.member_profile prints them for
any set.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, Bools, Floats

MONTHS = 170
HARMONICS = range(1, 6)


@dataclass(frozen=True)
class _Draw:
    """Random draws for `count` series of `months`; vectors are (count,), tables (count, months)."""

    count: int
    months: int
    random: np.random.Generator

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Floats:
        return self.random.uniform(low, high, self.count)

    def log_uniform(self, low: float, high: float) -> Floats:
        return np.exp(self.uniform(float(np.log(low)), float(np.log(high))))

    def some(self, share: float) -> Bools:
        return self.uniform() < share

    def table(self) -> Floats:
        return self.random.standard_normal((self.count, self.months))

    def happens(self, chance: Floats) -> Bools:
        drawn: Bools = self.random.uniform(size=(self.count, self.months)) < chance[:, None]
        return drawn

    def month(self, earliest: int) -> npt.NDArray[np.int64]:
        return self.random.integers(earliest, self.months, self.count)

    @property
    def time(self) -> Floats:
        return np.arange(self.months, dtype=float)[None, :]


def simulate(count: int, seed: int, *, months: int = MONTHS, shortest: int = 60) -> Floats:
    """(count, months) positive monthly series of random length shortest..months, right-aligned, NaN before
    they begin."""
    draw = _Draw(count, months, np.random.default_rng(seed))
    irregular = draw.log_uniform(0.004, 0.25)
    heavy = draw.some(0.4)
    logs = _level(draw, irregular, heavy) + _drift(draw) + _cycle(draw, irregular) + _shifts(draw, irregular)
    logs += _season(draw, irregular) + _noise(draw, irregular, heavy) + _promotions(draw)
    quantities = np.exp(np.clip(logs, -6, 6)) * (10 ** draw.uniform(1, 4.5))[:, None]
    quantities = np.maximum(np.where(draw.some(0.5)[:, None], np.round(quantities), quantities), 0.5)
    length = draw.random.integers(shortest, months + 1, count)
    return np.where(draw.time >= (months - length)[:, None], quantities, np.nan)


def _shocks(draw: _Draw, size: Floats, heavy: Bools) -> Floats:
    """Normal or heavy-tailed shocks of a size per series."""
    tails = draw.random.standard_t(3, (draw.count, draw.months)) / 1.5
    return np.where(heavy[:, None], tails, draw.table()) * size[:, None]


def _level(draw: _Draw, irregular: Floats, heavy: Bools) -> Floats:
    """Wandering level with a damped slope; some levels return to where they came from."""
    relative = np.where(draw.some(0.15), 0.0, draw.log_uniform(0.02, 2.5))
    steps = _shocks(draw, irregular * relative, heavy)
    bends = draw.table() * (irregular * relative * draw.log_uniform(0.01, 0.4) * ~draw.some(0.3))[:, None]
    damping, pull = draw.uniform(0.8, 0.995), np.where(draw.some(0.25), draw.uniform(0.01, 0.15), 0.0)
    path = np.zeros_like(steps)
    level, slope = np.zeros((2, draw.count))
    for t in range(draw.months):
        slope = damping * slope + bends[:, t]
        level = level * (1 - pull) + slope + steps[:, t]
        path[:, t] = level
    return path


def _drift(draw: _Draw) -> Floats:
    """Long drift, with one change of regime for some."""
    drift = (0.02 + draw.random.standard_t(4, draw.count) * 0.025 * draw.log_uniform(0.4, 4)) / SEASON
    later = drift * draw.uniform(-0.7, 1.2)
    changed = (draw.time >= draw.month(SEASON)[:, None]) & draw.some(0.3)[:, None]
    path = np.cumsum(np.where(changed, later[:, None], drift[:, None]), 1)
    return path * draw.some(0.85)[:, None]


def _cycle(draw: _Draw, irregular: Floats) -> Floats:
    """Business cycle of 30 to 90 months with a wandering phase."""
    turns = draw.time / draw.uniform(30, 90)[:, None] + draw.uniform()[:, None]
    wander = 0.5 * np.cumsum(draw.table() * 0.12, 1)
    size = irregular * draw.log_uniform(0.3, 6) * draw.some(0.35)
    return size[:, None] * np.sin(2 * np.pi * turns + wander)


def _shifts(draw: _Draw, irregular: Floats) -> Floats:
    """Up to two level shifts, lasting or fading."""
    path = np.zeros((draw.count, draw.months))
    for _ in range(2):
        since = draw.time - draw.month(6)[:, None]
        size = irregular * draw.random.standard_t(3, draw.count) * draw.uniform(1, 5) * draw.some(0.2)
        fading = np.where(draw.some(0.4), draw.uniform(0.7, 0.97), 1.0)
        path += np.where(since >= 0, size[:, None] * fading[:, None] ** np.maximum(since, 0), 0.0)
    return path


def _pattern(draw: _Draw) -> Floats:
    """Seasonal pattern (count, 12) of unit size: harmonics and some spiky months."""
    pattern = np.zeros((draw.count, SEASON))
    year = np.arange(SEASON)[None, :] / SEASON
    for harmonic in HARMONICS:
        size = draw.random.standard_normal(draw.count) * harmonic ** -draw.uniform(0.3, 1.5)
        pattern += size[:, None] * np.cos(2 * np.pi * harmonic * (year + draw.uniform()[:, None]))
    spikes = draw.random.uniform(size=pattern.shape) < 0.2
    pattern += (
        draw.random.standard_t(2.5, pattern.shape) * spikes * (draw.uniform(0, 1.5) * draw.some(0.5))[:, None]
    )
    pattern -= pattern.mean(1, keepdims=True)
    result: Floats = pattern / (pattern.std(1, keepdims=True) + 1e-9)
    return result


def _season(draw: _Draw, irregular: Floats) -> Floats:
    """Seasonality of very different size; its shape moves for some, its amplitude for others, and some of it
    wanders."""
    kind = draw.uniform()
    strong = np.where(kind < 0.5, irregular * draw.log_uniform(0.3, 4), draw.log_uniform(0.02, 0.6))
    size = np.where(kind < 0.2, 0.0, strong)
    month = np.arange(draw.months) % SEASON
    before, after = _pattern(draw)[:, month], _pattern(draw)[:, month]
    ramp = draw.time / draw.months
    blend = np.where(draw.some(0.45), draw.uniform(0, 0.6), 0.0)[:, None] * ramp
    swelling = 1 + np.where(draw.some(0.3), draw.uniform(-0.6, 0.6), 0.0)[:, None] * ramp
    wander = draw.table() * (irregular * draw.log_uniform(0.02, 0.3) * draw.some(0.4))[:, None]
    for t in range(SEASON, draw.months):
        wander[:, t] += wander[:, t - SEASON]
    return size[:, None] * ((1 - blend) * before + blend * after) * swelling + wander


def _noise(draw: _Draw, irregular: Floats, heavy: Bools) -> Floats:
    """Irregular part, autocorrelated for some, with outliers for some."""
    memory = np.where(draw.some(0.3), draw.uniform(-0.4, 0.8), 0.0)
    noise = _shocks(draw, irregular, heavy)
    for t in range(1, draw.months):
        noise[:, t] = memory * noise[:, t - 1] + noise[:, t] * np.sqrt(1 - memory**2)
    hit = draw.happens(np.where(draw.some(0.4), 0.02, 0.0))
    return noise + hit * draw.random.standard_t(3, noise.shape) * irregular[:, None] * 4


def _promotions(draw: _Draw) -> Floats:
    """Promotions, each followed by a dip: the pantry is full."""
    lift = (
        draw.happens(np.where(draw.some(0.2), draw.uniform(0.03, 0.15), 0.0))
        * draw.uniform(0.1, 0.8)[:, None]
    )
    lift[:, 1:] -= 0.3 * lift[:, :-1].clip(min=0)
    return lift
