"""Worked examples: Hyndman & Athanasopoulos, Forecasting: principles and practice, 5.8 (MASE); textbook
tables of the tracking signal; the rest by hand."""

import numpy as np
import pytest

from demand.forecasting import accuracy


class TestSums:
    actual = [80, 60, 30, 5, 0]
    forecast = [100, 50, 30, 0, 20]

    def test_wape_is_the_sum_of_errors_over_the_sum_of_demand(self):
        assert accuracy.wape(self.actual, self.forecast) == pytest.approx(55 / 175)

    def test_forecast_accuracy_is_never_below_zero(self):
        assert accuracy.accuracy(self.actual, self.forecast) == pytest.approx(0.6857, abs=1e-4)
        assert accuracy.accuracy([1], [10]) == 0

    def test_positive_bias_is_over_forecast(self):
        assert accuracy.bias(self.actual, self.forecast) == pytest.approx(25 / 175)
        assert accuracy.bias([100], [110]) == pytest.approx(0.10)

    def test_mape_leaves_out_months_without_demand_and_says_how_many(self):
        error, left_out = accuracy.mape(self.actual, self.forecast)
        assert error == pytest.approx(0.3542, abs=1e-4)
        assert left_out == 1

    @pytest.mark.parametrize("measure", [accuracy.wape, accuracy.bias, accuracy.accuracy])
    def test_no_demand_at_all_is_undefined_not_zero(self, measure):
        assert measure([0, 0], [5, 5]) is None

    def test_months_not_recorded_do_not_count(self):
        assert accuracy.wape([100, np.nan], [90, 50]) == pytest.approx(0.1)


class TestScaled:
    def test_mase_against_the_naive_in_sample(self):
        assert accuracy.mase([14, 12], [13, 13], [10, 12, 11, 13], season=1) == pytest.approx(0.6)

    @pytest.mark.parametrize("history", [[5, 5, 5, 5], [7]])
    def test_mase_is_undefined_without_a_scale(self, history):
        assert accuracy.mase([5], [6], history, season=1) is None

    def test_rmsse_by_hand(self):
        # in-sample squares 4, 1, 4 of mean 3; errors 1 and 1
        assert accuracy.rmsse([14, 12], [13, 13], [10, 12, 11, 13]) == pytest.approx(np.sqrt(1 / 3))

    def test_smape_by_hand(self):
        assert accuracy.smape([100, 0], [50, 0]) == pytest.approx((2 * 50 / 150 + 0) / 2)

    def test_owa_of_naive2_itself_is_one(self):
        assert accuracy.owa(0.2, 1.5, 0.2, 1.5) == 1
        assert accuracy.owa(0.1, 1.5, 0.2, 1.5) == pytest.approx(0.75)
        assert accuracy.owa(None, 1.5, 0.2, 1.5) is None


class TestTrackingSignal:
    def test_first_textbook_table(self):
        forecast = [244, 318, 393, 343, 368, 443]
        actual = [344, 468, 493, 293, 268, 568]
        assert np.round(accuracy.tracking_signal(actual, forecast), 2).tolist() == [1, 2, 3, 3, 2, 3.12]

    def test_second_textbook_table(self):
        signal = accuracy.tracking_signal([8, 11, 12, 14], [10] * 4)
        assert np.round(signal, 2).tolist() == [-1, -0.67, 0.6, 2.22]

    def test_no_error_yet_is_zero(self):
        assert accuracy.tracking_signal([10, 12], [10, 10]).tolist() == [0, 2]


def test_coverage_counts_both_ends_as_inside():
    assert accuracy.coverage([1, 2, 3, 4], [1, 0, 4, 0], [2, 2, 5, 3]) == 0.5
