"""Sums of a backtest: added up from chunks they give what the whole gives."""

import numpy as np
import pytest

from demand.forecasting.backtest import ENGINE, backtest_matrix
from demand.forecasting.context import Context
from demand.forecasting.routing import Kind, demand_classes
from demand.forecasting.tally import Tally, tallies

LEVELS = (0.8, 0.95)


def some_series(count: int = 12, months: int = 60) -> np.ndarray:
    random = np.random.default_rng(3)
    season = 1 + 0.3 * np.cos(2 * np.pi * np.arange(months) / 12)
    values = (
        random.uniform(50, 500, (count, 1)) * season * np.exp(0.1 * random.standard_normal((count, months)))
    )
    values[-3:] = np.where(random.random((3, months)) < 0.3, 5.0, 0.0)
    return values


def test_the_sums_give_the_accuracy_of_the_whole() -> None:
    result = backtest_matrix(some_series(), 6, 3, levels=LEVELS)
    found = tallies(result, [0] * 12)
    whole = sum((one for key, one in found.items() if key[2] == ENGINE), Tally())
    expected = result.accuracy(ENGINE)
    assert whole.wape == pytest.approx(expected.wape)
    assert whole.bias == pytest.approx(expected.bias)
    assert whole.mase == pytest.approx(expected.mase)
    assert whole.coverage_80 == pytest.approx(expected.coverage[0.8])
    assert whole.coverage_95 == pytest.approx(expected.coverage[0.95])


def test_groups_and_classes_are_told_apart_and_leave_nothing_out() -> None:
    result = backtest_matrix(some_series(), 6, 3, levels=LEVELS)
    found = tallies(result, [number % 2 for number in range(12)])
    for method in result.forecasts:
        assert sum(one.cases for key, one in found.items() if key[2] == method) == len(result.series)
    by_hand = 0.0
    rows = [
        place
        for place, series in enumerate(result.series)
        if series % 2 == 1 and result.classes[place] == "smooth"
    ]
    for place in rows:
        for made, actual in zip(result.forecasts[ENGINE][place], result.actual[place], strict=True):
            by_hand += abs(made - actual)
    assert found[1, "smooth", ENGINE].absolute == pytest.approx(by_hand)


def test_nothing_sold_is_undefined_and_not_perfect() -> None:
    assert (Tally().wape, Tally().bias, Tally().mase, Tally().coverage_95) == (None, None, None, None)


def test_classes_follow_interval_and_variation() -> None:
    smooth = [10.0, 11.0, 9.0] * 12
    erratic = [1.0, 1.0, 30.0] * 12
    intermittent = [0.0, 5.0, 0.0] * 12
    lumpy = [0.0, 1.0, 0.0, 0.0, 40.0, 0.0] * 6
    kinds = np.array([Kind.REGULAR] * 4 + [Kind.NEW, Kind.ENDED], dtype=object)
    values = np.array([smooth, erratic, intermittent, lumpy, smooth, smooth])
    assert demand_classes(values, kinds).tolist() == [
        "smooth",
        "erratic",
        "intermittent",
        "lumpy",
        "new",
        "ended",
    ]


def test_a_last_series_too_short_to_test_leaves_months_by_series_in_place() -> None:
    """The calendar month is known by series, and the last one has no history at any origin."""
    values = some_series()
    values[-1, :-3] = np.nan
    result = backtest_matrix(values, 6, 2, context=Context(last_month=np.full(12, 6)), levels=LEVELS)
    assert result.series.max() == 10


def test_new_series_take_part_where_asked_for() -> None:
    values = some_series()
    values[0, :-15] = np.nan
    assert "new" not in backtest_matrix(values, 6, 1, levels=LEVELS).classes
    assert "new" in backtest_matrix(values, 6, 1, levels=LEVELS, least_history=1).classes
