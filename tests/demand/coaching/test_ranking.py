"""Ranking by money and chance, and the policy that accepts the rest."""

import numpy as np
import pytest

from demand.coaching.ranking import RAISES, asked, chances, money_at_risk, tracking_signal


def test_a_worked_item() -> None:
    """Half width 40, change -20, margin 3: 180 at risk. Half of like entries helped, an event is near: 65 %."""
    risk = money_at_risk(np.array([40.0]), np.array([-20.0]), np.array([3.0]))
    assert risk.tolist() == [180.0]
    chance = chances(np.array([0.5]), {"event": np.array([True]), "bias": np.array([False])})
    assert chance[0] == pytest.approx(1 - 0.5 * (1 - RAISES["event"]))


def test_signals_never_lower_and_never_exceed_one() -> None:
    helps = np.linspace(0, 1, 11)
    none = chances(helps, {})
    every = chances(helps, {name: np.ones(11, dtype=bool) for name in RAISES})
    assert (every >= none).all()
    assert every.max() <= 1


def test_a_share_of_the_value_is_asked_and_every_item_is_in_one_list() -> None:
    risk, chance = np.array([10.0, 50.0, 30.0, 10.0]), np.full(4, 0.5)
    ask, rest = asked(risk, chance, least=0.0, covered=0.8)
    assert ask.tolist() == [1, 2]
    assert sorted([*ask.tolist(), *rest.tolist()]) == [0, 1, 2, 3]


def test_small_money_is_accepted_whatever_the_share() -> None:
    ask, _ = asked(np.array([10.0, 50.0, 30.0]), np.ones(3), least=20.0, covered=1.0)
    assert ask.tolist() == [1, 2]


def test_nothing_to_rank() -> None:
    ask, rest = asked(np.zeros(0), np.zeros(0), least=0.0, covered=0.8)
    assert len(ask) == len(rest) == 0


def test_tracking_signal() -> None:
    assert tracking_signal([10, 10, 10, 10]) == 4
    assert tracking_signal([10, -10]) == 0
    assert tracking_signal([]) == 0
