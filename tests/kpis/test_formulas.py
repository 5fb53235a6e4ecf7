"""The key figures against worked examples of the field."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import formulas
from kpis.formulas import (
    DeliveryRule,
    accuracy,
    bias,
    filled,
    forward_cover_days,
    inventory_turns,
    is_otif,
    on_time_quantity,
    tracking_signal,
    wape,
)

FORECAST, ACTUAL = [100, 50, 30, 0, 20], [80, 60, 30, 5, 0]


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(formulas).failed == 0


def test_wape_accuracy_and_bias_of_the_same_items() -> None:
    assert wape(FORECAST, ACTUAL) == pytest.approx(55 / 175)
    assert accuracy(wape(FORECAST, ACTUAL)) == pytest.approx(0.6857, abs=5e-5)
    assert bias(FORECAST, ACTUAL) == pytest.approx(0.1429, abs=5e-5)


def test_without_demand_nothing_is_claimed() -> None:
    assert wape([5], [0]) is None
    assert bias([5], [0]) is None
    assert accuracy(None) is None
    assert inventory_turns(100, []) is None
    assert inventory_turns(100, [0, 0]) is None


def test_accuracy_is_floored_only_for_display() -> None:
    assert wape([300], [100]) == 2
    assert accuracy(2.0) == 0


@pytest.mark.parametrize(
    ("forecast", "actual", "signals"),
    [
        ([244, 318, 393, 343, 368, 443], [344, 468, 493, 293, 268, 568], [1, 2, 3, 3, 2, 3.12]),
        ([10, 10, 10, 10], [8, 11, 12, 14], [-1, -0.67, 0.6, 2.22]),
    ],
)
def test_tracking_signal(forecast: list[float], actual: list[float], signals: list[float]) -> None:
    found = [tracking_signal(forecast[:n], actual[:n]) for n in range(1, len(actual) + 1)]
    assert found == pytest.approx(signals, abs=5e-3)


def test_turns_use_all_month_ends() -> None:
    assert inventory_turns(1_200, [100] * 13) == 12


def test_forward_cover_runs_over_months_and_may_outlast_them() -> None:
    assert forward_cover_days(150, [100, 100], [30, 30]) == pytest.approx(45)
    assert forward_cover_days(200, [100, 100], [30, 30]) is None
    assert forward_cover_days(0, [100], [30]) == 0


# Orders of (ordered, delivered on time, delivered late), by order.
ORDERS = {
    "O1": [(10, 10, 0), (20, 20, 0), (5, 5, 0)],
    "O2": [(40, 40, 0), (30, 24, 6)],
    "O3": [(15, 0, 15)],
    "O4": [(25, 25, 0), (10, 10, 0), (8, 7, 0), (12, 12, 0)],
}
LINES = [line for lines in ORDERS.values() for line in lines]


def test_fill_and_otif_by_line_and_order() -> None:
    rule = DeliveryRule()
    assert sum(filled(o, on_time) for o, on_time, _ in LINES) / sum(o for o, _, _ in LINES) == pytest.approx(
        153 / 175
    )
    passed = [is_otif(ordered, on_time, rule) for ordered, on_time, _ in LINES]
    assert sum(passed) == 7
    whole = [all(is_otif(o, on_time, rule) for o, on_time, _ in lines) for lines in ORDERS.values()]
    assert sum(whole) == 1
    lenient = DeliveryRule(under_tolerance=0.15)
    assert sum(is_otif(ordered, on_time, lenient) for ordered, on_time, _ in LINES) == 8


def test_the_window_is_in_calendar_days_and_deliveries_add_up() -> None:
    rule = DeliveryRule(early_days=1, late_days=2)
    requested = date(2026, 3, 10)
    deliveries = [(date(2026, 3, 8), 1.0), (date(2026, 3, 9), 2.0), (date(2026, 3, 12), 4.0), (None, 8.0)]
    assert on_time_quantity(requested, deliveries, rule) == 6


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_netting_never_makes_wape_larger(pairs: list[tuple[float, float]]) -> None:
    forecast, actual = [f for f, _ in pairs], [a for _, a in pairs]
    item_level, volume = wape(forecast, actual), bias(forecast, actual)
    if item_level is not None and volume is not None:
        assert abs(volume) <= item_level * (1 + 1e-9) + 1e-9
