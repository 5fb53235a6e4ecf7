"""Months and whole quantities: what everything else counts on."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.periods import (
    add_months,
    days_to_months,
    last_of_month,
    month_from_index,
    month_index,
    month_key,
    month_range,
    months_between,
    nth_working_day,
    parse_month,
)
from sop.quantities import from_quanta, quanta_array, to_minor, to_quanta, value_of


def test_months_run_over_the_year() -> None:
    assert add_months(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert [month_key(month) for month in month_range(date(2026, 11, 1), 3)] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
    assert last_of_month(date(2028, 2, 1)) == date(2028, 2, 29)


@given(st.integers(1, 9998 * 12), st.integers(-500, 500))
def test_adding_and_counting_months_are_inverse(index: int, count: int) -> None:
    month = month_from_index(max(12, index))
    later = min(9999 * 12, max(12, month_index(month) + count))
    assert months_between(month, month_from_index(later)) == later - month_index(month)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026", "26-01", "2026-1", "November"])
def test_what_is_no_month_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        parse_month(text)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    # 1 November 2026 is a Sunday.
    assert nth_working_day(date(2026, 11, 1), 1) == date(2026, 11, 2)
    assert nth_working_day(date(2026, 11, 1), 5, {date(2026, 11, 3)}) == date(2026, 11, 9)


def test_lead_times_become_whole_months() -> None:
    assert [days_to_months(days) for days in (14, 16, 30, 150)] == [0, 1, 1, 5]


def test_quantities_and_money_are_whole_and_round_half_away_from_zero() -> None:
    assert to_quanta("1.0005") == 1001
    assert to_quanta(-1.0005) == -1001
    assert to_minor(Decimal("2.345")) == 235
    assert from_quanta(1500) == 1.5
    assert value_of(1_500, 250) == 375


@given(st.lists(st.floats(-1e9, 1e9), max_size=20))
def test_arrays_are_converted_like_single_values_to_half_a_quantum(values: list[float]) -> None:
    quanta = quanta_array(np.array(values))
    assert all(abs(q - v * 1000) <= 0.5 + 1e-3 for q, v in zip(quanta.tolist(), values, strict=True))
