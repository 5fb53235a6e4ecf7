"""The formulas of the look back: worked cases, naive twins, invariants."""

from datetime import date

import numpy as np
import pytest

from cycles.spreading import spread
from demand.forecasting.accuracy import mape
from demand.learning.contributors import contributions
from demand.learning.groups import by_group, last_signal
from demand.learning.stairs import stairs, total_added
from demand.learning.sums import Errors, errors_of, points_added
from demand.learning.waterfall import waterfall
from sop.periods import add_months, month_range

RANDOM = np.random.default_rng(11)


def case(rows: int = 7, months: int = 5) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    actual = RANDOM.integers(0, 50, (rows, months)).astype(float)
    steps = {name: RANDOM.integers(0, 60, (rows, months)).astype(float) for name in "abcd"}
    steps["b"][2, 3] = np.nan
    actual[0, 0] = np.nan
    return actual, steps


def test_item_errors_are_not_netted() -> None:
    """F 100, 50, 30, 0, 20 and A 80, 60, 30, 5, 0: WAPE 55 / 175, bias 25 / 175 (the netted 14.29 %)."""
    found = errors_of(np.array([80.0, 60, 30, 5, 0]), np.array([100.0, 50, 30, 0, 20]))
    assert found.wape == pytest.approx(55 / 175)
    assert found.bias == pytest.approx(25 / 175)
    assert found.accuracy == pytest.approx(0.6857, abs=1e-4)


def test_stair_of_the_published_dashboard() -> None:
    """Errors of 14.6, 12.3, 13.6 and 15.3 % add +2.3, -1.3, -1.7 points, -0.7 in all (Inphronesys, FVA dashboard)."""
    actual = np.full((1, 1), 1000.0)
    steps = {
        name: np.full((1, 1), 1000.0 + error)
        for name, error in (("naive", 146), ("statistical", 123), ("analyst", 136), ("executive", 153))
    }
    found = stairs(actual, steps)
    assert [one.added for one in found[1:]] == pytest.approx([2.3, -1.3, -1.7])
    assert total_added(found) == pytest.approx(-0.7)


def test_forty_to_thirty_eight_percent_is_two_points() -> None:
    """Two points won (demand-planning.com, FVA series 2014)."""
    assert points_added(Errors(1, 40, 0, 100), Errors(1, 38, 0, 100)) == pytest.approx(2.0)


def test_shares_of_a_total_by_history() -> None:
    """Histories 10, 40; 30, 60; 60, 100: proportions of averages 1/6, .30, .5333; of 1000: 167, 300, 533
    (Hyndman & Athanasopoulos, Forecasting: principles and practice, top-down approaches)."""
    averages = np.array([[10, 40], [30, 60], [60, 100]]).mean(axis=1)
    assert (averages / averages.sum()).round(4).tolist() == [0.1667, 0.3, 0.5333]
    parts = spread(1000, averages.astype(np.int64), locked=np.zeros(3, bool), fallback=np.ones(3))
    assert parts.tolist() == [167, 300, 533]


def test_a_total_by_fixed_shares_always_adds_up() -> None:
    """70/30 of the production 5906 ... 6950 (Fitter Snacker, Concepts in ERP): 4134 and 1772, 4243 and 1818 ..."""
    totals = [5906, 5998, 6061, 6318, 6650, 6950]
    shares = [
        spread(total, np.array([70, 30]), locked=np.zeros(2, bool), fallback=np.ones(2)).tolist()
        for total in totals
    ]
    first, second = (list(column) for column in zip(*shares, strict=True))
    assert first == [4134, 4199, 4243, 4423, 4655, 4865]
    assert second == [1772, 1799, 1818, 1895, 1995, 2085]


def test_every_step_is_measured_on_the_same_cells() -> None:
    actual, steps = case()
    found = stairs(actual, steps)
    cells = [
        (row, month)
        for row in range(actual.shape[0])
        for month in range(actual.shape[1])
        if np.isfinite(actual[row, month]) and all(np.isfinite(table[row, month]) for table in steps.values())
    ]
    for one in found:
        by_hand = sum(abs(steps[one.name][cell] - actual[cell]) for cell in cells)
        assert one.errors.wape == pytest.approx(by_hand / sum(actual[cell] for cell in cells))
        assert one.errors.cells == len(cells) == 33
    assert total_added(found) == pytest.approx(sum(one.added for one in found[1:]))


def test_a_step_that_is_known_nowhere_is_left_out() -> None:
    actual, steps = case()
    steps["c"][...] = np.nan
    assert [one.name for one in stairs(actual, steps)] == ["a", "b", "d"]
    assert stairs(actual, {"a": np.full(actual.shape, np.nan)}) == []
    assert total_added([]) is None


def test_nothing_ordered_is_undefined() -> None:
    found = errors_of(np.zeros(3), np.ones(3))
    assert (found.wape, found.bias, found.accuracy) == (None, None, None)
    assert points_added(found, found) is None
    assert mape(np.zeros(3), np.ones(3)) == (None, 3)


def test_tracking_signals_of_the_textbook() -> None:
    """F 244 ... 443 and A 344 ... 568 end at 3.12; F 10 four times and A 8, 11, 12, 14 at 2.22."""
    forecast = np.array([244.0, 318, 393, 343, 368, 443])
    actual = np.array([344.0, 468, 493, 293, 268, 568])
    assert last_signal(actual, forecast) == pytest.approx(3.12)
    assert last_signal(np.array([8.0, 11, 12, 14]), np.full(4, 10.0)) == pytest.approx(2.2222, abs=1e-4)
    assert last_signal(np.array([]), np.array([])) is None


def test_groups_add_up_and_match_their_naive_twin() -> None:
    actual, steps = case()
    forecast, prices = steps["b"], np.arange(1.0, 8.0)
    groups = np.array([3, 3, 5, 5, 5, 9, 3])
    found = {one.group: one for one in by_group(actual, forecast, groups, prices)}
    assert set(found) == {3, 5, 9}
    for group, one in found.items():
        twin, worth = Errors(), 0.0
        for row in np.flatnonzero(groups == group):
            errors = errors_of(actual[row], forecast[row])
            twin, worth = twin + errors, worth + errors.absolute * prices[row]
        assert one.errors.absolute == pytest.approx(twin.absolute)
        assert one.errors.bias == pytest.approx(twin.bias)
        assert one.money == pytest.approx(worth)
    whole = errors_of(actual, forecast)
    assert sum(one.errors.absolute for one in found.values()) == pytest.approx(whole.absolute)


def test_the_signal_of_a_group_is_of_its_monthly_totals() -> None:
    actual = np.array([[10.0, 10, 10, 10, 10], [10, 10, 10, 10, 10]])
    forecast = actual + 2
    found = by_group(actual, forecast, np.array([1, 1]), np.ones(2))[0]
    assert (found.signal, found.months, found.is_biased) == (pytest.approx(-5.0), 5, True)


def test_contributions_tell_helpers_from_harm() -> None:
    actual = np.array([100.0, 100, 100, 100, np.nan])
    before = np.array([80.0, 120, 90, 110, 1])
    after = np.array([90.0, 110, 130, 130, 9])
    found = {
        one.key: one for one in contributions([*"aabba"], actual, before, after, np.array([1, 2, 1, 2, 2]))
    }
    assert found["a"].added == pytest.approx(10.0)
    assert found["a"].after.bias == pytest.approx(0.0)
    assert found["b"].added == pytest.approx(-20.0)
    assert found["b"].after.bias == pytest.approx(0.3)
    assert (found["b"].moved, found["b"].signal, found["b"].months) == (60.0, pytest.approx(-2.0), 2)
    assert found["a"].after.cells == 2


def test_waterfall_reads_down_the_diagonal() -> None:
    months = month_range(date(2026, 7, 1), 3)
    forecasts = {(add_months(month, -lag), month): 100.0 + lag for month in months for lag in (1, 2, 3)}
    actual = {months[0]: 100.0, months[1]: 0.0}
    rows = waterfall(months, (3, 2, 1), actual, forecasts)
    assert [cell.forecast for cell in rows[0].cells] == [103, 102, 101]
    assert [cell.share for cell in rows[0].cells] == pytest.approx([0.03, 0.02, 0.01])
    assert [cell.size for cell in rows[1].cells] == [None] * 3
    assert (rows[2].actual, rows[2].cells[0].share) == (None, None)
