"""Bridges: worked examples from the literature, naive twins, and steps that add up exactly."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciliation.finance.bridges import (
    Sold,
    ebit_bridge,
    largest_remainder,
    margin_bridge,
    revenue_bridge,
    stacked_bridge,
)

UNIT = 1000
CENTS = 100


def sold(units: int, price: float, cost: float = 0.0) -> Sold:
    return Sold(units * UNIT, round(units * price * CENTS), round(units * cost * CENTS))


def in_money(bridge, key):
    return bridge.of(key) / CENTS


def test_price_volume_mix_of_two_products():
    # A 100 at 50 and B 200 at 30 become 120 at 55 and 180 at 28: 11,000 to 11,640.
    bridge = revenue_bridge(
        {"A": sold(100, 50), "B": sold(200, 30)}, {"A": sold(120, 55), "B": sold(180, 28)}
    )
    assert (bridge.start, bridge.end) == (11_000 * CENTS, 11_640 * CENTS)
    assert [in_money(bridge, key) for key in ("price", "volume", "mix")] == [240, 0, 400]
    assert bridge.residual == 0


def test_price_and_volume_of_one_product():
    # 100 at 10 become 105 for 1,200: price +150, volume +50.
    bridge = revenue_bridge({"A": sold(100, 10)}, {"A": Sold(105 * UNIT, 1_200 * CENTS)})
    assert [in_money(bridge, key) for key in ("price", "volume", "mix")] == [150, 50, 0]


def test_what_is_new_and_what_is_lost_stand_apart():
    bridge = revenue_bridge({"A": sold(10, 5), "B": sold(4, 5)}, {"A": sold(10, 5), "C": sold(3, 7)})
    assert in_money(bridge, "new") == 21
    assert in_money(bridge, "lost") == -20
    assert in_money(bridge, "volume") == in_money(bridge, "price") == in_money(bridge, "mix") == 0


def test_margin_bridge_splits_price_from_unit_cost():
    bridge = margin_bridge({"A": sold(100, 10, 6)}, {"A": sold(110, 11, 7)})
    assert in_money(bridge, "volume") == 40  # 10 more at a margin of 4
    assert in_money(bridge, "price") == 110
    assert in_money(bridge, "unit_cost") == -110
    assert bridge.residual == 0


def test_ebit_bridge_charges_each_cost_line():
    bridge = ebit_bridge(
        {"A": sold(100, 10, 6)}, {"A": sold(100, 10, 6)}, {"opex": 9_000}, {"opex": 9_500, "overtime": 1_200}
    )
    assert (bridge.of("opex"), bridge.of("overtime"), bridge.of("volume")) == (-500, -1_200, 0)
    assert (bridge.start, bridge.end) == (31_000, 29_300)
    assert bridge.residual == 0


def test_a_stack_of_differences_adds_up_step_by_step():
    bridge = stacked_bridge(100, [("shift", 140), ("listing", 130), ("oat", 155)])
    assert [step.amount for step in bridge.steps] == [40, -10, 25]
    assert (bridge.end, bridge.residual) == (155, 0)


def test_empty_baskets_have_an_empty_bridge():
    bridge = revenue_bridge({}, {})
    assert (bridge.start, bridge.end, bridge.residual) == (0, 0, 0)


things = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.builds(Sold, st.integers(0, 10**7), st.integers(-(10**6), 10**11), st.integers(0, 10**11)),
    max_size=6,
)
lines = st.dictionaries(st.sampled_from(["freight", "overtime", "holding", "opex"]), st.integers(0, 10**10))


# A busy machine is no reason to fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(things, things, lines, lines)
def test_no_bridge_ever_leaves_a_residual(base, new, base_lines, new_lines):
    for bridge in (
        revenue_bridge(base, new),
        margin_bridge(base, new),
        ebit_bridge(base, new, base_lines, new_lines),
    ):
        assert bridge.residual == 0


@patient
@given(things, things)
def test_steps_are_within_a_cent_of_the_textbook_formulas(base, new):
    bridge = revenue_bridge(base, new)
    for key, exact in naive_effects(base, new).items():
        assert abs(bridge.of(key) - exact) <= 1


def naive_effects(base, new):
    both = [k for k in base if k in new and base[k].quantity and new[k].quantity]
    q0, q1 = sum(base[k].quantity for k in both), sum(new[k].quantity for k in both)
    old_price = {k: Fraction(base[k].revenue, base[k].quantity) for k in both}
    new_price = {k: Fraction(new[k].revenue, new[k].quantity) for k in both}
    average = sum(base[k].revenue for k in both) / Fraction(q0) if q0 else 0
    return {
        "volume": (q1 - q0) * average,
        "mix": sum((new[k].quantity - q1 * Fraction(base[k].quantity, q0)) * old_price[k] for k in both),
        "price": sum((new_price[k] - old_price[k]) * new[k].quantity for k in both),
    }


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        ([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)], [1, 0, 0]),
        ([Fraction(-1, 2), Fraction(1, 2)], [0, 0]),
        ([Fraction(7, 4), Fraction(5, 4)], [2, 1]),
        ([], []),
    ],
)
def test_largest_remainder(exact, whole):
    assert largest_remainder(exact) == whole
