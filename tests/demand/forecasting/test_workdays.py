import numpy as np
import pytest

from demand.forecasting import Context, forecast_matrix
from demand.forecasting.workdays import unusual_days, workday_effect
from tests.demand.forecasting.series import seasonal

DAYS = np.random.default_rng(2).integers(18, 24, 84).astype(float)  # 72 months past, 12 future


def selling_by_the_day(elasticity, count=20):
    return seasonal(count, 84, noise=0.03) * np.exp(elasticity * unusual_days(DAYS[None], 72))


@pytest.mark.parametrize("elasticity", [0.6, 1.0])
def test_the_elasticity_is_found(elasticity):
    found = workday_effect(selling_by_the_day(elasticity)[:, :72], DAYS).elasticity
    assert np.median(found) == pytest.approx(elasticity, abs=0.15)


def test_where_days_do_not_count_none_is_believed():
    found = workday_effect(selling_by_the_day(0.0)[:, :72], DAYS).elasticity
    assert np.mean(found == 0) > 0.9


def test_a_calendar_makes_the_forecast_better_where_days_count():
    whole = selling_by_the_day(1.0)
    blind = forecast_matrix(whole[:, :72], 12)
    told = forecast_matrix(whole[:, :72], 12, context=Context(working_days=DAYS))
    error = [np.abs(one.mean - whole[:, 72:]).sum() for one in (blind, told)]
    assert error[1] < 0.8 * error[0]
    assert "working days count" in told.explanations[0]


def test_a_calendar_of_equal_months_changes_nothing():
    values = seasonal(3, 60)
    told = forecast_matrix(values, 6, context=Context(working_days=np.full(66, 21.0)))
    assert told.mean == pytest.approx(forecast_matrix(values, 6).mean)
