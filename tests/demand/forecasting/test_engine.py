from itertools import pairwise

import numpy as np
import pytest

from demand.forecasting import Context, InputError, forecast_matrix
from demand.forecasting.arrays import align
from demand.forecasting.context import LEVELS
from tests.demand.forecasting.series import seasonal, spare_parts

MIXED = np.concatenate([seasonal(6, 60), spare_parts(4, 60), np.full((1, 60), 7.0), seasonal(2, 60) - 220])


def test_the_season_is_found_and_carried_on():
    truth = seasonal(1, 72, noise=0.0)[:, 60:]
    made = forecast_matrix(seasonal(1, 60), 12)
    assert np.abs(made.mean / truth - 1).mean() < 0.05
    assert int(np.argmax(made.mean[0])) == 3


def test_a_lasting_growth_is_carried_on_but_not_for_ever():
    growing = seasonal(1, 72, noise=0.01) * 1.008 ** np.arange(72)
    made = forecast_matrix(growing, 24)
    first, second = made.mean[0, :12].mean(), made.mean[0, 12:].mean()
    assert growing[0, -12:].mean() < first < second < first * 1.12


def test_intervals_contain_each_other_and_the_mean():
    made = forecast_matrix(MIXED, 18)
    ordered = [made.low[0.95], made.low[0.8], made.low[0.5], made.mean]
    ordered += [made.high[0.5], made.high[0.8], made.high[0.95]]
    for lower, higher in pairwise(ordered):
        assert (lower <= higher + 1e-9).all()


def test_any_level_may_be_asked_for_and_lies_between_its_neighbours():
    made = forecast_matrix(MIXED, 6, levels=(0.8, 0.85, 0.9))
    assert (made.high[0.8] <= made.high[0.85]).all()
    assert (made.high[0.85] <= made.high[0.9]).all()


def test_the_interval_covers_what_it_promises_on_series_of_known_noise():
    whole = seasonal(300, 72, seed=9, noise=0.15)
    made = forecast_matrix(whole[:, :60], 12)
    inside = (whole[:, 60:] >= made.low[0.95]) & (whole[:, 60:] <= made.high[0.95])
    assert 0.91 < inside.mean() < 0.985


@pytest.mark.parametrize("factor", [1e-3, 1e6])
def test_the_unit_of_measure_does_not_matter(factor):
    one, other = forecast_matrix(seasonal(3), 12), forecast_matrix(seasonal(3) * factor, 12)
    assert other.mean == pytest.approx(one.mean * factor, rel=1e-6)


def test_a_series_is_forecast_the_same_alone_and_in_company():
    together = forecast_matrix(MIXED, 12)
    for row in range(len(MIXED)):
        assert forecast_matrix(MIXED[[row]], 12).mean[0] == pytest.approx(together.mean[row], rel=1e-5)


def test_the_order_of_series_does_not_matter():
    order = np.random.default_rng(0).permutation(len(MIXED))
    assert forecast_matrix(MIXED[order], 12).mean == pytest.approx(
        forecast_matrix(MIXED, 12).mean[order], rel=1e-5
    )


def test_the_same_input_gives_the_same_forecast():
    assert (forecast_matrix(MIXED, 12).mean == forecast_matrix(MIXED, 12).mean).all()


def test_months_before_the_window_do_not_matter():
    long = seasonal(2, 200)
    assert forecast_matrix(long, 6).mean == pytest.approx(forecast_matrix(long[:, -144:], 6).mean)


def test_a_shorter_horizon_is_the_head_of_a_longer_one():
    assert forecast_matrix(MIXED, 60).mean[:, :6] == pytest.approx(forecast_matrix(MIXED, 6).mean)


def test_one_broken_series_among_many_leaves_the_others_alone():
    many = np.concatenate([seasonal(1100, 30), np.full((1, 30), np.nan), seasonal(1, 30) * np.inf])
    many[-1, ::2] = -np.inf
    made = forecast_matrix(many, 6)
    assert np.isfinite(made.mean).all()
    assert made.mean[:1100] == pytest.approx(forecast_matrix(seasonal(1100, 30), 6).mean)
    assert made.mean[1100:].max() == 0


class TestSentences:
    def told(self, values, **context):
        return forecast_matrix(values, 12, context=Context(**context)).explanations[0]

    def test_the_strong_month_is_named_where_the_calendar_is_known(self):
        assert "strong April season" in self.told(seasonal(1), last_month=12)
        assert "strong season (peak" in self.told(seasonal(1))

    def test_a_short_history_is_said_to_be_short(self):
        assert "only 26 months of history" in self.told(seasonal(1, 26))

    def test_a_jump_in_the_last_month_is_told_and_hardly_followed(self):
        values = seasonal(1, 60, noise=0.02)
        shifted = values.copy()
        shifted[0, -1] *= 3
        assert "last month is" in self.told(shifted)
        calm, moved = (forecast_matrix(one, 1).mean[0, 0] for one in (values, shifted))
        assert 0.9 * calm < moved < 2 * calm

    def test_a_trend_is_told_with_its_size(self):
        growing = seasonal(1, 72, noise=0.01) * 1.01 ** np.arange(72)
        assert "Grows (+" in self.told(growing)


@pytest.mark.parametrize(
    ("values", "horizon", "options", "said"),
    [
        (seasonal(1), 0, {}, "Horizon is 0"),
        (seasonal(1), 61, {}, "1 to 60"),
        (seasonal(1)[0], 6, {}, "must be a table"),
        (seasonal(1), 6, {"levels": (95,)}, "0.95"),
        (seasonal(2), 6, {"context": Context(families=["one"])}, "1 labels for 2 series"),
        (seasonal(1), 6, {"context": Context(promotions=np.zeros((1, 3), bool))}, "promotions has shape"),
        (seasonal(1), 6, {"context": Context(working_days=np.full(60, 20.0))}, "60 past and 6 future"),
    ],
)
def test_wrong_requests_are_refused_in_words(values, horizon, options, said):
    with pytest.raises(InputError, match=said):
        forecast_matrix(values, horizon, **options)


def test_no_series_at_all_is_an_empty_answer():
    assert forecast_matrix(np.empty((0, 24)), 6).mean.shape == (0, 6)
    assert forecast_matrix(np.empty((2, 0)), 6).mean.tolist() == [[0.0] * 6] * 2


@pytest.mark.parametrize("months", [12, 13, 18, 24, 25, 36])
def test_batches_of_any_length_have_intervals(months):
    made = forecast_matrix(seasonal(30, months), 6)
    assert (made.low[0.95] < made.mean).all()
    assert (made.mean < made.high[0.95]).all()


def test_align_puts_the_last_months_under_each_other():
    assert align([[1, 2, 3], [9]]).tolist()[0] == [1, 2, 3]
    assert np.isnan(align([[1, 2, 3], [9]])[1, :2]).all()
    assert align([[1, 2, 3]], window=2).tolist() == [[2, 3]]
    assert sorted(LEVELS) == list(LEVELS)
