"""The batched recursions against loops over single series and single months, written straight from the
equations."""

import numpy as np
import pytest

from demand.forecasting.arrays import SEASON
from demand.forecasting.ensemble import fit, slope
from demand.forecasting.naive import naive2, seasonal_naive
from demand.forecasting.seasonality import centred_average, ratios_to_trend, seasonal_indices
from demand.forecasting.smoothing import (
    EVOLVING,
    EVOLVING_DAMPING,
    GRID,
    LOSS_HORIZONS,
    smooth,
    smooth_evolving,
)
from tests.demand.forecasting.series import seasonal


def one_smoother(values, alpha, beta, phi, horizon):
    """Twin of smooth for one series and one smoother."""
    level, trend = np.mean(values[:6]), 0.0
    losses = {ahead: [] for ahead in LOSS_HORIZONS}
    for t, value in enumerate(values):
        expected = level + phi * trend
        error = value - expected
        level, trend = expected + alpha * error, phi * trend + alpha * beta * error
        for ahead in LOSS_HORIZONS:
            if t + ahead < len(values) and t >= min(12, len(values) // 3):
                path = level + trend * sum(phi**k for k in range(1, ahead + 1))
                losses[ahead].append(abs(values[t + ahead] - path))
    paths = [level + trend * sum(phi**k for k in range(1, h + 1)) for h in range(1, horizon + 1)]
    return paths, [np.mean(losses[ahead]) for ahead in LOSS_HORIZONS]


def test_batched_smoothers_equal_the_loop():
    values = seasonal(3, 40, seed=5)
    padded = np.concatenate([np.full((3, 7), np.nan), values], axis=1)
    done = smooth(padded, 24)
    for row in range(3):
        for place in (0, 4, 8, 20, 48):
            paths, losses = one_smoother(values[row], *GRID[:, place], 24)
            assert done.forecasts[row, place] == pytest.approx(paths)
            assert done.losses[row, place] == pytest.approx(losses)


def test_batched_evolving_season_equals_the_loop():
    values = seasonal(1, 50, seed=6)[0]
    place = 3
    alpha, beta, gamma = EVOLVING[:, place]
    level, trend, pattern = values[:6].mean(), 0.0, np.zeros(SEASON)
    for t, value in enumerate(values):
        phase = (t - len(values)) % SEASON
        expected = level + EVOLVING_DAMPING * trend
        error = value - expected - pattern[phase]
        level, trend = expected + alpha * error, EVOLVING_DAMPING * trend + alpha * beta * error
        pattern[phase] += gamma * (1 - alpha) * error
    steps = np.cumsum(EVOLVING_DAMPING ** np.arange(1, 25))
    wanted = level + trend * steps + pattern[np.arange(24) % SEASON]
    assert smooth_evolving(values[None], 24).forecasts[0, place] == pytest.approx(wanted)


def test_centred_average_equals_the_loop():
    values = seasonal(1, 30)[0]
    result = centred_average(values[None])[0]
    for t in range(30):
        if 6 <= t < 24:
            around = [0.5 * values[t - 6], *values[t - 5 : t + 6], 0.5 * values[t + 6]]
            assert result[t] == pytest.approx(sum(around) / 12)
        else:
            assert np.isnan(result[t])


def test_a_pure_season_is_found_and_believed():
    values = seasonal(1, 72, noise=0.0)
    indices = seasonal_indices(ratios_to_trend(values, logs=True), np.array([72]))
    assert indices.raw[0] == pytest.approx(0.3 * np.cos(2 * np.pi * (np.arange(12) - 3) / 12), abs=0.03)
    assert indices.reliability[0] > 0.95


def test_noise_alone_is_not_believed_to_be_a_season():
    noise = np.exp(0.1 * np.random.default_rng(3).standard_normal((200, 72)))
    indices = seasonal_indices(ratios_to_trend(noise, logs=True), np.full(200, 72))
    assert np.median(indices.reliability) < 0.3


def test_slope_equals_least_squares():
    values = np.array([[np.nan, np.nan, 3.0, 5.0, 4.0, 8.0]])
    assert slope(values)[0] == pytest.approx(np.polyfit([2, 3, 4, 5], [3, 5, 4, 8], 1)[0])


def test_the_fit_does_not_depend_on_how_far_ahead_is_asked():
    values = seasonal(4, 60)
    near, far = fit(values, logs=True, horizon=6), fit(values, logs=True, horizon=40)
    assert far.base[:, :24] == pytest.approx(near.base)


def one_naive2(values, horizon):
    """Twin of naive2, from the benchmark code of the M4 competition."""
    count = len(values)
    away = values - values.mean()
    r = [(away[k:] * away[:-k]).sum() / (away**2).sum() for k in range(1, 13)]
    limit = 1.645 * np.sqrt((1 + 2 * sum(one**2 for one in r[:-1])) / count)
    indices = np.ones(12)
    if count >= 36 and abs(r[-1]) > limit and values.min() > 0:
        trend = np.full(count, np.nan)
        trend[6:-6] = np.convolve(values, np.r_[0.5, np.ones(11), 0.5] / 12, "valid")
        indices = np.array([np.nanmean((values / trend)[phase::12]) for phase in range(12)])
        indices /= indices.mean()
    by_month = np.resize(indices, count + horizon)
    return values[-1] / by_month[count - 1] * by_month[count:]


@pytest.mark.parametrize(("months", "noise"), [(60, 0.05), (41, 0.3), (30, 0.05), (83, 0.9)])
def test_naive2_equals_its_twin(months, noise):
    values = seasonal(5, months, seed=8, noise=noise)
    padded = np.concatenate([np.full((5, 3), np.nan), values], axis=1)
    assert naive2(padded, 18) == pytest.approx(np.array([one_naive2(row, 18) for row in values]))


def test_seasonal_naive_repeats_the_last_year():
    values = np.arange(1.0, 31.0)[None]
    assert seasonal_naive(values, 14)[0].tolist() == [*range(19, 31), 19, 20]
    assert seasonal_naive(values[:, :5], 3)[0].tolist() == [5, 5, 5]
