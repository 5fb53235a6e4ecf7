"""Classes and proposals, with the worked case of the field's reference."""

import pytest

from portfolio.rationalisation import abc_classes, advise, variability, xyz_class

# Units x cost of ten items; by "cumulated share before the item" they are 3 A, 2 B and 5 C.
ITEMS = {
    1: 1000 * 90,
    2: 500 * 154,
    3: 1550 * 17,
    4: 350 * 42.86,
    5: 1000 * 12.5,
    6: 600 * 14.17,
    7: 2000 * 0.6,
    8: 100 * 8.5,
    9: 1200 * 0.42,
    10: 250 * 0.6,
}


def test_abc_by_the_share_before_the_item() -> None:
    classes = abc_classes(ITEMS)
    assert "".join(classes[item] for item in sorted(ITEMS)) == "AAABBCCCCC"


def test_losses_are_c_and_take_no_share() -> None:
    assert abc_classes({1: 100.0, 2: -50.0}) == {1: "A", 2: "C"}
    assert abc_classes({1: -1.0, 2: 0.0}) == {1: "C", 2: "C"}


@pytest.mark.parametrize(
    ("units", "cv", "letter"),
    [
        ([10.0] * 12, 0.0, "X"),
        ([0.0, 20.0], 1.0, "Y"),
        ([0.0, 0.0, 30.0], 2**0.5, "Z"),
        ([], None, "Z"),
        ([0.0], None, "Z"),
    ],
)
def test_xyz_by_the_coefficient_of_variation(units: list[float], cv: float | None, letter: str) -> None:
    assert variability(units) == (None if cv is None else pytest.approx(cv))
    assert xyz_class(variability(units)) == letter


def test_proposals() -> None:
    margins = {1: 900.0, 2: 60.0, 3: 30.0, 4: 10.0, 5: -5.0, 6: 0.0}
    steady, erratic, nothing = [10.0] * 12, [0.0] * 11 + [50.0], [0.0] * 12
    advice = advise(margins, {1: steady, 2: steady, 3: steady, 4: erratic, 5: steady, 6: nothing})
    assert {product: one.proposal for product, one in advice.items()} == {
        1: "push",
        2: "maintain",
        3: "maintain",
        4: "cut",
        5: "cut",
        6: "cut",
    }
    assert advice[1].share == pytest.approx(0.9)
