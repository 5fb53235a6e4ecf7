import numpy as np
import pytest

from demand.forecasting import Context, forecast_matrix
from demand.forecasting.cleansing import Cause, carry, cleanse
from tests.demand.forecasting.series import seasonal, spare_parts

TRUE = seasonal(1, 60, noise=0.02)


def marked(*columns):
    marks = np.zeros(TRUE.shape, bool)
    marks[0, list(columns)] = True
    return marks


def with_months(**changes):
    values = TRUE.copy()
    for column, value in changes.items():
        values[0, int(column[1:])] = value
    return values


def repairs_of(values, **marks):
    return cleanse(values, **marks).repairs(values)


def test_a_quiet_history_is_left_alone():
    assert repairs_of(TRUE) == []
    assert (cleanse(TRUE).values == TRUE).all()


def test_an_outlier_becomes_what_its_neighbours_and_the_season_make_likely():
    values = with_months(m30=5 * TRUE[0, 30])
    [repair] = repairs_of(values)
    assert repair.cause is Cause.OUTLIER
    assert repair.months_ago == 29
    assert repair.recorded == values[0, 30]
    assert repair.used == pytest.approx(TRUE[0, 30], rel=0.1)


def test_outliers_are_kept_where_the_caller_wants_them():
    assert repairs_of(with_months(m30=5 * TRUE[0, 30]), outliers=False) == []


def test_the_latest_months_are_never_outliers_they_may_be_news():
    assert repairs_of(with_months(m59=5 * TRUE[0, 59], m58=5 * TRUE[0, 58])) == []


def test_a_peak_that_comes_every_year_is_no_outlier():
    values = TRUE.copy()
    values[0, [11, 23, 35, 47]] *= 3
    assert repairs_of(values) == []


def test_a_stock_out_is_raised_and_never_lowered():
    values = with_months(m20=10.0, m40=2 * TRUE[0, 40])
    repairs = repairs_of(values, stock_outs=marked(20, 40), outliers=False)
    assert [(one.months_ago, one.cause) for one in repairs] == [(39, Cause.STOCK_OUT)]
    assert repairs[0].used == pytest.approx(TRUE[0, 20], rel=0.1)


def test_a_past_promotion_is_lowered_and_never_raised():
    values = with_months(m20=10.0, m40=2 * TRUE[0, 40])
    repairs = repairs_of(values, promotions=marked(20, 40), outliers=False)
    assert [(one.months_ago, one.cause) for one in repairs] == [(19, Cause.PROMOTION)]
    assert repairs[0].used == pytest.approx(TRUE[0, 40], rel=0.1)


def test_a_single_empty_month_of_a_steady_seller_is_a_suspected_stock_out():
    [repair] = repairs_of(with_months(m33=0.0))
    assert repair.cause is Cause.EMPTY


def test_missing_months_inside_are_filled_and_before_the_launch_are_not():
    values = with_months(m0=np.nan, m1=np.nan, m30=np.nan)
    cleansed = cleanse(values)
    assert np.isnan(cleansed.values[0, :2]).all()
    [repair] = cleansed.repairs(values)
    assert repair.cause is Cause.MISSING
    assert repair.used == pytest.approx(TRUE[0, 30], rel=0.1)


def test_a_net_return_counts_as_no_demand_but_net_series_stay_as_they_are():
    few, many = with_months(m30=-5.0), TRUE - 220
    assert repairs_of(few)[0].cause is Cause.NEGATIVE
    assert not [one for one in repairs_of(many) if one.cause is Cause.NEGATIVE]
    assert forecast_matrix(many, 12).mean.min() < 0
    assert forecast_matrix(few, 12).mean.min() > 0


def test_marks_on_intermittent_series_take_the_usual_rate():
    values = spare_parts(1, 60)
    values[0, 50] = 100
    promotions = np.zeros(values.shape, bool)
    promotions[0, 50] = True
    [repair] = repairs_of(values, promotions=promotions)
    assert repair.cause is Cause.PROMOTION
    assert repair.used < 5


def test_the_stored_history_is_not_changed_and_every_repair_is_told():
    values = with_months(m20=10.0, m30=np.nan)
    before = values.copy()
    made = forecast_matrix(values, 6, context=Context(stock_outs=marked(20)))
    assert np.array_equal(values, before, equal_nan=True)
    assert "one stock-out month repaired" in made.explanations[0]
    assert "one missing month filled" in made.explanations[0]
    assert {one.cause for one in made.repairs} == {Cause.STOCK_OUT, Cause.MISSING}


def test_a_repair_can_be_undone_month_by_month():
    values = with_months(m20=5 * TRUE[0, 20], m40=5 * TRUE[0, 40])
    repairs = repairs_of(values, as_recorded=marked(40))
    assert [one.months_ago for one in repairs] == [39]
    assert forecast_matrix(values, 3, context=Context(as_recorded=marked(20, 40))).repairs == []


def test_cleansing_brings_the_forecast_nearer_to_true_demand():
    series = seasonal(40, 60, seed=4)
    short, marks = series.copy(), np.zeros(series.shape, bool)
    marks[:, -8:-5] = True
    short[marks] *= 0.2
    truth = forecast_matrix(series, 12).mean
    told = forecast_matrix(short, 12, context=Context(stock_outs=marks)).mean
    untold = forecast_matrix(short, 12, outliers=False).mean
    assert np.abs(told - truth).sum() < 0.5 * np.abs(untold - truth).sum()


def test_carry_fills_forwards_then_backwards():
    values = np.array([[np.nan, 1, np.nan, 3, np.nan]])
    assert carry(values)[0].tolist() == [1, 1, 1, 3, 3]
