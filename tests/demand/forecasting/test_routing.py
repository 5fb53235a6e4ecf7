import numpy as np
import pytest

from demand.forecasting import forecast_matrix
from demand.forecasting.arrays import align
from demand.forecasting.context import Context
from demand.forecasting.routing import Kind, has_ended
from demand.forecasting.sparse import imapa_level, simple_smoothing
from tests.demand.forecasting.series import seasonal, spare_parts

DEAD = [20.0, 22, 19, 21, 20, 23, 18, 20, 21, 22, 20, 19] + [0.0] * 8

ROUTES = [
    (Kind.NO_HISTORY, [np.nan] * 20),
    (Kind.NO_DEMAND, [0.0] * 20),
    (Kind.ENDED, DEAD),
    (Kind.NEW, [5.0, 7, 9, 8]),
    (Kind.INTERMITTENT, spare_parts()[0]),
    (Kind.CONSTANT, [7.0] * 40),
    (Kind.SHORT, seasonal(1, 26)[0]),
    (Kind.REGULAR, seasonal(1, 60)[0]),
]


@pytest.mark.parametrize(("kind", "history"), ROUTES, ids=[kind.value for kind, _ in ROUTES])
def test_each_kind_of_history_gets_its_own_treatment(kind, history):
    made = forecast_matrix(align([history]), 6)
    assert made.kinds[0] == kind
    assert made.explanations[0].endswith(".")


def test_a_series_that_has_ended_is_not_revived():
    made = forecast_matrix([DEAD], 12)
    assert made.mean.max() == 0
    assert made.high[0.95].max() == 0
    assert "not revived" in made.explanations[0]


def test_a_product_withdrawn_from_the_market_has_ended_whatever_it_sold():
    made = forecast_matrix(seasonal(2), 6, context=Context(ended=np.array([True, False])))
    assert made.mean[0].max() == 0
    assert made.explanations[0].startswith("Withdrawn")
    assert made.mean[1].min() > 0


def test_a_slow_mover_is_given_more_patience_than_a_fast_one():
    slow = np.zeros(60)
    slow[[5, 15, 26, 36, 44]] = 3
    once = np.r_[[0.0] * 40, 3, [0.0] * 19]
    assert has_ended(np.array([slow, [*DEAD, *[0.0] * 40], once])).tolist() == [False, True, False]


def test_a_seasonal_product_sold_half_the_year_is_not_intermittent():
    ice_cream = np.tile([0, 0, 0, 20.0, 60, 90, 100, 80, 30, 0, 0, 0], 5)[None]
    made = forecast_matrix(ice_cream, 12)
    assert made.kinds[0] == Kind.REGULAR
    assert made.mean[0, 6] > 60
    assert made.mean[0, 0] < 15


def test_a_launch_starts_where_portfolio_says_not_at_the_first_order():
    history = np.r_[[3.0] * 14, seasonal(1, 20)[0]]
    launched = forecast_matrix([history], 3, context=Context(launches=np.array([26])))
    assert launched.kinds[0] == Kind.NEW
    assert forecast_matrix([history], 3).kinds[0] == Kind.SHORT


def test_a_launch_borrows_the_season_of_its_family():
    family = seasonal(8, 60)
    young = np.full((1, 60), np.nan)
    young[0, -6:] = seasonal(1, 60, noise=0.0)[0, -6:]
    made = forecast_matrix(np.concatenate([family, young]), 12, context=Context(families=["juice"] * 9))
    truth = seasonal(1, 72, noise=0.0)[0, -12:]
    alone = forecast_matrix(young, 12)
    assert np.abs(made.mean[-1] - truth).mean() < 0.5 * np.abs(alone.mean[0] - truth).mean()


def test_families_that_end_in_different_months_lend_by_the_calendar():
    family = seasonal(8, 64)
    shifted = np.concatenate([family[:, :60], np.full((1, 60), np.nan)])
    shifted[-1, -6:] = seasonal(1, 64, noise=0.0)[0, -6:]
    last = np.array([8] * 8 + [12])
    made = forecast_matrix(shifted, 12, context=Context(last_month=last, families=["juice"] * 9))
    truth = seasonal(1, 76, noise=0.0)[0, -12:]
    assert np.abs(made.mean[-1] / truth - 1).mean() < 0.1


class TestImapa:
    def test_simple_smoothing_equals_the_loop(self):
        values = spare_parts(1, 30)[0]
        level = 0.0
        for seen, value in enumerate(values, start=1):
            level += max(0.2, 1 / seen) * (value - level)
        assert simple_smoothing(values[None], 0.2)[0] == pytest.approx(level)

    def test_one_demand_every_fourth_month_is_a_quarter_of_it_a_month(self):
        values = np.tile([0, 0, 0, 8.0], 15)[None]
        assert imapa_level(values)[0] == pytest.approx(2.0, rel=0.3)

    def test_it_lies_between_nothing_and_the_largest_demand(self):
        values = spare_parts(50)
        level = imapa_level(values)
        assert (level >= 0).all()
        assert (level <= values.max(1)).all()
