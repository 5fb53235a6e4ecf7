"""Spreading: the parts always add up to the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycles.spreading import largest_remainder, spread


def test_fixed_shares_of_the_fitter_snacker_case() -> None:
    # Monk & Wagner, Concepts in ERP, fig. 4-5: 70/30 shares of 6,061 must add up again.
    assert largest_remainder(6061, [70, 30]).tolist() == [4243, 1818]


def test_proportions_of_historical_averages() -> None:
    # Hyndman & Athanasopoulos, top-down approaches: 10, 40 / 30, 60 / 60, 100 as means 25, 45, 80.
    assert largest_remainder(1000, [25, 45, 80]).tolist() == [167, 300, 533]


def test_zero_weights_are_shared_equally() -> None:
    assert largest_remainder(10, [0, 0, 0]).tolist() == [4, 3, 3]


def test_locked_parts_stay_and_history_guides_empty_ones() -> None:
    result = spread(100, [0, 0, 40], locked=[False, False, True], fallback=[3, 1, 9])
    assert result.tolist() == [45, 15, 40]


def test_all_locked_is_refused() -> None:
    with pytest.raises(ValueError, match="locked"):
        spread(100, [1, 2], locked=[True, True])


def test_locked_parts_above_the_total_are_refused() -> None:
    with pytest.raises(ValueError, match="more than the total"):
        spread(10, [1, 20], locked=[False, True])


@given(
    total=st.integers(-(10**15), 10**15),
    weights=st.lists(st.integers(0, 10**12), min_size=1, max_size=40),
)
def test_sum_is_exact_and_no_part_is_off_by_more_than_one(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert int(parts.sum()) == total
    if sum(weights) and abs(total) < 10**9:
        exact = [total * weight / sum(weights) for weight in weights]
        assert all(abs(part - share) <= 1 + 1e-6 for part, share in zip(parts.tolist(), exact, strict=True))
        assert all(part == 0 for part, weight in zip(parts.tolist(), weights, strict=True) if weight == 0)
