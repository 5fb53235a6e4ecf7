"""Backtest and refit: that past origins see only the past, and that a refit is kept only where it helps."""

import numpy as np
import pytest

from demand.forecasting import Context, InputError, accuracy, forecast_matrix, network, trees
from demand.forecasting import refit as refits
from demand.forecasting.backtest import ENGINE, NAIVE2, SEASONAL, backtest_matrix, context_at, printed
from demand.forecasting.correction import Correction, shipped_correction
from demand.forecasting.network import Network
from demand.forecasting.refit import own_cases, refit_correction, together
from demand.forecasting.simulator import simulate
from demand.forecasting.training import Recipe
from tests.demand.forecasting.series import seasonal, spare_parts

MIXED = np.concatenate([seasonal(8, 60), spare_parts(4, 60)])
QUICK = Recipe(
    series=200, networks=1, net=network.Recipe(hidden=(8,), epochs=1), tree=trees.Recipe(rounds=2, leaves=4)
)


def too_high():
    """A network that raises every forecast by several of the series' own errors."""
    nothing = np.zeros((109, 1), np.float32), np.zeros((1, 24), np.float32)
    return Network(nothing, (np.zeros(1, np.float32), np.full(24, 2.0, np.float32)))


class TestBacktest:
    def test_it_forecasts_as_it_would_have_been_done_then(self):
        result = backtest_matrix(MIXED, 12, 3)
        assert sorted(set(result.origin.tolist())) == [12, 16, 20]
        then = forecast_matrix(MIXED[:, :40], 12)
        assert result.forecasts[ENGINE][result.origin == 20] == pytest.approx(then.mean)
        assert result.actual[result.origin == 20] == pytest.approx(MIXED[:, 40:52])

    def test_what_came_later_changes_nothing(self):
        changed = MIXED.copy()
        changed[:, -12:] *= 5
        one, other = (backtest_matrix(values, 12, 1) for values in (MIXED, changed))
        assert (one.forecasts[ENGINE] == other.forecasts[ENGINE]).all()

    def test_measures_are_those_of_the_accuracy_module(self):
        result = backtest_matrix(MIXED, 12, 2)
        measured = result.accuracy(SEASONAL)
        assert measured.wape == accuracy.wape(result.actual, result.forecasts[SEASONAL])
        assert measured.bias == accuracy.bias(result.actual, result.forecasts[SEASONAL])
        assert result.accuracy(NAIVE2).owa == pytest.approx(1)

    def test_the_engine_beats_the_naive_ones_where_there_is_something_to_find(self):
        result = backtest_matrix(seasonal(20, 72, noise=0.1), 12, 3)
        assert result.accuracy(ENGINE).owa < 0.85
        assert result.accuracy(ENGINE).wape < result.accuracy(SEASONAL).wape

    def test_classes_are_told_apart(self):
        names = [name for name, _ in backtest_matrix(MIXED, 12, 1).by_kind()]
        assert names == ["all", "intermittent", "regular"]

    def test_the_table_has_a_line_per_class_and_method(self):
        assert len(printed(backtest_matrix(MIXED, 12, 1)).splitlines()) == 1 + 3 * 3

    def test_series_too_short_then_are_left_out_and_nothing_at_all_is_said(self):
        short = np.full((1, 60), np.nan)
        short[0, -20:] = 5
        assert 12 not in backtest_matrix(np.concatenate([MIXED, short]), 12, 1).series
        with pytest.raises(InputError, match="No series has 12 months"):
            backtest_matrix(short, 12, 1)

    def test_the_context_of_then_knows_nothing_of_later(self):
        marks = np.zeros(MIXED.shape, bool)
        now = Context(
            last_month=3,
            ended=np.ones(12, bool),
            stock_outs=marks,
            working_days=np.arange(66.0),
            families=list("ab" * 6),
        )
        then = context_at(now, np.array([1, 2]), 60, 12, 6)
        assert then.last_month.tolist() == [3, 3]
        assert then.ended is None
        assert then.stock_outs.shape == (2, 48)
        assert then.working_days.tolist() == list(range(54))
        assert then.families == ["b", "a"]
        assert context_at(now, np.array([0]), 60, 4, 6).last_month.tolist() == [11]


class TestRefit:
    @pytest.fixture(autouse=True)
    def little_is_enough(self, monkeypatch):
        monkeypatch.setattr(refits, "ENOUGH_CASES", 50)

    def test_too_little_history_refits_nothing(self):
        outcome = refit_correction(seasonal(3, 40), recipe=QUICK)
        assert not outcome.kept
        assert outcome.correction is shipped_correction()
        assert "needed" in outcome.reason

    def test_a_refit_that_does_not_help_is_not_kept(self, monkeypatch):
        monkeypatch.setattr(refits, "_fall", lambda before, after: 0.0)
        outcome = refit_correction(simulate(30, seed=1), recipe=QUICK)
        assert not outcome.kept
        assert outcome.correction is shipped_correction()
        assert "not used" in outcome.reason

    def test_a_refit_that_helps_is_kept_and_joins_the_one_in_use(self):
        outcome = refit_correction(simulate(30, seed=2), base=Correction((too_high(),)), recipe=QUICK)
        assert outcome.kept
        assert outcome.after.owa < outcome.before.owa
        assert len(outcome.correction.networks) == 2
        assert "lowers OWA" in outcome.reason

    def test_own_cases_come_from_past_origins_only(self):
        values = simulate(10, seed=3)
        assert len(own_cases(values).targets) <= 10 * len(refits.ORIGINS)
        assert own_cases(values[:, -20:]) is None

    def test_two_corrections_are_averaged(self):
        both = together(shipped_correction(), shipped_correction())
        values = seasonal(2, 60)
        alone = forecast_matrix(values, 6, levels=())
        assert forecast_matrix(values, 6, levels=(), correction=both).mean == pytest.approx(alone.mean)
