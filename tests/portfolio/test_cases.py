"""The worked cases of launches, phase-outs and classes: inputs and answers as published or constructed."""

import numpy as np
import pytest

from demand.lifecycle import (
    LaunchRule,
    PhaseOutRule,
    PushRule,
    diffusion,
    fade,
    moved,
    product_step,
)
from portfolio.queries.review import run_out
from portfolio.rationalisation import Limits, abc_classes, tail_products

NONE = np.zeros(0, dtype=np.int64)
OLD, NEW, OTHER = 1, 2, 3


def step(baseline: list[list[int]], products: list[int], **rules: object) -> np.ndarray:
    """The product column in quanta; every row in the same market."""
    rows = np.array(baseline, dtype=np.int64)
    given = {"launches": [], "phase_outs": [], "settled": NONE} | rules
    plan, _ = product_step(
        rows, products=np.array(products), markets=np.zeros(len(products), dtype=np.int64), **given
    )
    return plan


def launch(**changes: object) -> LaunchRule:
    plan = {
        "code": "N",
        "product": NEW,
        "start": 2,
        "ramp_months": 1,
        "references": [(OLD, 80.0)],
        "takes_from_like": False,
    }
    return LaunchRule(**(plan | changes))


def test_case_15_a_launch_sells_as_its_like_product_began() -> None:
    """Reference 100, 180, 240, 260, 250, 240 x 80 %, moved to the launch: 80, 144, 192, 208, 200, 192 = 1,016."""
    began = np.array([100, 180, 240, 260, 250, 240], dtype=float)
    plan = step([[500] * 9, [0] * 9], [OLD, NEW], launches=[launch(beginnings={(OLD, 0): began})])
    assert plan[1].tolist()[:8] == [0, 0, 80, 144, 192, 208, 200, 192]
    assert plan[1][:8].sum() == 1_016
    assert plan[1][8] == 400  # then it goes on like the plan of its like product: 80 % of 500
    assert plan[0].tolist() == [500] * 9


def test_case_15_two_references_are_their_weighted_sum() -> None:
    first, second = np.array([100.0, 180.0]), np.array([50.0, 60.0])
    rule = launch(
        start=0,
        references=[(OLD, 60.0), (OTHER, 40.0)],
        beginnings={(OLD, 0): first, (OTHER, 0): second},
    )
    plan = step([[0, 0], [0, 0], [0, 0]], [OLD, NEW, OTHER], launches=[rule])
    assert plan[1].tolist() == [80, 132]


def test_case_15_diffusion_by_bass() -> None:
    """p .016, q .304, m 100,000 (parameters of the Bass vignette, R package TF): the discrete recursion."""
    sold = diffusion(0.016, 0.304, 100_000, 5)
    assert sold == pytest.approx([1600, 2053.0, 2611.5, 3284.9, 4073.0], abs=0.06)
    assert diffusion(0.016, 0.304, 100_000, 500).sum() == pytest.approx(100_000)
    assert diffusion(0.0, 0.0, 0.0, 3).tolist() == [0, 0, 0]


def test_case_16_what_a_launch_takes() -> None:
    """80 sold at 10, the new one sells 70 at 15 and takes 60 % of them: 42 lost, 38 left, 1,430 against 800."""
    rule = launch(
        start=0, references=[], volume=np.array([70.0]), market_shares={0: 1.0}, influences=[(OLD, -60.0)]
    )
    old, new = step([[80], [0]], [OLD, NEW], launches=[rule])[:, 0].tolist()
    assert (old, new) == (38, 70)
    assert old * 10 + new * 15 == 1_430
    assert old * 10 + new * 15 - 80 * 10 == 630


def test_case_16_profit_of_both_products() -> None:
    """7,200 of the new one at 42 - 18.75 and a quarter of them lost at 14; 5,200 of another at 18.50 - 8.10."""
    rule = launch(
        start=0, references=[], volume=np.array([7_200.0]), market_shares={0: 1.0}, influences=[(OLD, -25.0)]
    )
    old, new = step([[9_000], [0]], [OLD, NEW], launches=[rule])[:, 0].tolist()
    assert new * (42 - 18.75) - (9_000 - old) * 14 == pytest.approx(142_200)
    assert pytest.approx(54_080) == (18.5 - 8.1) * 5_200


def test_a_launch_never_takes_more_than_there_is_and_may_help_others() -> None:
    rule = launch(
        start=0,
        references=[],
        volume=np.array([100.0, 100.0]),
        market_shares={0: 1.0},
        influences=[(OLD, -60.0), (OTHER, 10.0)],
    )
    plan = step([[20, 80], [0, 0], [5, 5]], [OLD, NEW, OTHER], launches=[rule])
    assert plan.tolist() == [[0, 20], [100, 100], [15, 15]]


def test_launches_do_not_depend_on_their_order() -> None:
    first = launch(code="A", start=0, influences=[(OTHER, 50.0)])
    second = launch(code="B", product=OTHER, start=0, references=[(OLD, 10.0)])
    one = step([[100], [0], [0]], [OLD, NEW, OTHER], launches=[first, second])
    two = step([[100], [0], [0]], [OLD, NEW, OTHER], launches=[second, first])
    assert one.tolist() == two.tolist() == [[100], [80], [50]]


def test_a_push_adds_its_percent_for_twelve_months() -> None:
    plan = step([[100] * 16], [OLD], pushes=[PushRule("P", OLD, 2, 10.0)])
    assert plan[0].tolist() == [100, 100, *[110] * 12, 100, 100]


def test_a_curve_ends_where_nothing_is_known() -> None:
    assert moved(np.array([1.0, 2.0]), -1, 3).tolist() == [2, 0, 0]
    assert moved(np.zeros(0), 0, 2).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("curve", "left"),
    [
        ("steady", [1, 0.75, 0.5, 0.25, 0]),
        ("early", [1, 0.5625, 0.25, 0.0625, 0]),
        ("late", [1, 0.9375, 0.75, 0.4375, 0]),
        ("wave", [1, 0.84375, 0.5, 0.15625, 0]),
    ],
)
def test_transition_curves(curve: str, left: list[float]) -> None:
    assert fade(3, 3, 5, curve).tolist() == left


@pytest.mark.parametrize("curve", ["steady", "early", "late", "wave"])
def test_no_forecast_after_the_end_and_the_successor_takes_what_is_lost(curve: str) -> None:
    rule = PhaseOutRule("P", OLD, end=3, run_out_months=3, successor=NEW, curve=curve)
    plan = step([[100_000] * 8, [40_000] * 8], [OLD, NEW], phase_outs=[rule])
    assert plan[0][4:].tolist() == [0] * 4
    assert (plan.sum(axis=0) == 140_000).all()
    assert (np.diff(plan[0]) <= 0).all()


def test_case_25_write_off() -> None:
    """On hand 1,200 and 300 that cannot be cancelled, 900 still sold, cost 30, salvage 20 %: 600, 18,000, 14,400."""
    assert run_out(1_200, 300, 900, 30, 20) == (600, 18_000, pytest.approx(14_400))
    assert run_out(100, 0, 900, 30, 0) == (0, 0, 0)


# Heizer's ten items (case 13): units x cost a year, 232,057 in all.
ITEMS = {
    1: 1000 * 90, 2: 500 * 154, 3: 1550 * 17, 4: 350 * 42.86, 5: 1000 * 12.5, 6: 600 * 14.17, 7: 2000 * 0.6,
    8: 100 * 8.5, 9: 1200 * 0.42, 10: 250 * 0.6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "letters"),
    [
        (Limits(), "AAABBCCCCC"),
        (Limits(inclusive=True), "AABBCCCCCC"),
        (Limits(0.75, 0.96, inclusive=True), "AABBBCCCCC"),
    ],
)
def test_case_13_classes_by_an_explicit_rule(limits: Limits, letters: str) -> None:
    """By the share before an item 3 A, 2 B, 5 C; by the share with it 2, 2, 6; at 75 and 96 % the book's 2, 3, 5."""
    assert round(sum(ITEMS.values())) == 232_057
    classes = abc_classes(ITEMS, limits)
    assert "".join(classes[item] for item in sorted(ITEMS)) == letters


def test_case_13_a_dearer_first_item() -> None:
    dearer = ITEMS | {1: 1000 * 120}
    total = sum(dearer.values())
    assert round(total) == 262_057
    assert (dearer[1] + dearer[2]) / total == pytest.approx(0.75, abs=0.005)


def test_the_tail_brings_the_last_part_of_revenue() -> None:
    assert tail_products({1: 90.0, 2: 5.0, 3: 3.0, 4: 2.0}) == {3, 4}
    assert tail_products({1: 0.0}) == {1}
    assert tail_products({}) == set()
