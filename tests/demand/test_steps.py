"""The arithmetic of the plan without a database: spreading, replay, and their invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demand.steps import COLUMNS, EMPTY, Step, changed_cells, money, replay, units_for_money

CELLS = st.lists(
    st.tuples(st.integers(0, 10**9), st.booleans(), st.integers(0, 10**6)), min_size=1, max_size=30
)


def arrays(cells: list[tuple[int, bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    now, locked, history = zip(*cells, strict=True)
    return np.array(now, np.int64), np.array(locked, bool), np.array(history, float)


@given(cells=CELLS, total=st.integers(0, 10**10))
def test_a_total_is_met_to_the_quantum_and_locked_cells_stay(
    cells: list[tuple[int, bool, int]], total: int
) -> None:
    now, locked, history = arrays(cells)
    if locked.all() or now[locked].sum() > total:
        with pytest.raises(ValueError):
            changed_cells(now, operation="set", total=total, factor=1, locked=locked, history=history)
        return
    after = changed_cells(now, operation="set", total=total, factor=1, locked=locked, history=history)
    assert after.sum() == total
    assert (after[locked] == now[locked]).all()
    assert (after >= 0).all()


@given(cells=CELLS, factor=st.floats(0, 10))
def test_multiplying_scales_the_free_cells_and_keeps_their_order(
    cells: list[tuple[int, bool, int]], factor: float
) -> None:
    now, locked, history = arrays(cells)
    if locked.all():
        return
    after = changed_cells(now, operation="multiply", total=0, factor=factor, locked=locked, history=history)
    assert (after[locked] == now[locked]).all()
    assert after[~locked].sum() == np.floor(now[~locked].sum() * factor + 0.5)
    if now[~locked].any():
        assert np.abs(after[~locked] - now[~locked] * factor).max() <= 1 + 1e-6 * now.max()


def test_zero_cells_follow_history_else_share_equally() -> None:
    free = np.zeros(3, bool)
    zero = np.zeros(3, np.int64)
    after = changed_cells(
        zero, operation="set", total=100, factor=1, locked=free, history=np.array([3.0, 1.0, 0.0])
    )
    assert after.tolist() == [75, 25, 0]
    after = changed_cells(zero, operation="set", total=100, factor=1, locked=free, history=np.zeros(3))
    assert after.tolist() == [34, 33, 33]


def test_proportions_of_the_present_figures_by_largest_remainder() -> None:
    present = np.array([25, 45, 80], np.int64)  # averages 25, 45, 80 of 1,000: 166.7, 300, 533.3
    after = changed_cells(
        present,
        operation="set",
        total=1000,
        factor=1,
        locked=np.zeros(3, bool),
        history=present.astype(float),
    )
    assert after.tolist() == [167, 300, 533]


@given(cells=CELLS, value=st.integers(1, 10**8))
def test_money_entered_is_money_shown(cells: list[tuple[int, bool, int]], value: int) -> None:
    now, _, history = arrays(cells)
    prices = 100.0 + history % 900
    free = np.zeros(len(now), bool)
    total = units_for_money(now, value_minor=value, prices=prices, locked=free, history=history)
    weights = now.astype(float) if now.any() else history if history.any() else np.ones(len(now))
    worth = (weights / weights.sum() * total * prices / 1000).sum()
    assert worth == pytest.approx(value, abs=prices.max() / 1000 + 1e-6 * value)


def test_money_without_a_price_is_refused() -> None:
    one = np.ones(1, np.int64)
    with pytest.raises(ValueError, match="no planned price"):
        units_for_money(one, value_minor=5, prices=np.zeros(1), locked=np.zeros(1, bool), history=np.ones(1))


def test_value_is_rounded_per_cell_and_empty_counts_nothing() -> None:
    assert money(np.array([1500, EMPTY, 333]), np.array([100.0, 100.0, 1000.0])).tolist() == [150, 0, 333]


def plan_of(baseline: list[int]) -> np.ndarray:
    return np.repeat(np.array(baseline, np.int64)[None, :, None], 6, axis=0)


def step(column: str, operation: str, old: list[int], new: list[int], factor: float | None = None) -> Step:
    rows = np.arange(len(old))
    return Step(column, operation, rows, np.zeros(len(old), np.int64), np.array(old), np.array(new), factor)


def test_steps_are_replayed_in_order_on_a_new_baseline() -> None:
    steps = [
        step("marketing", "multiply", [100], [120], 1.2),
        step("sales", "add", [120], [150]),
        step("planner", "set", [150], [500]),
        step("planner", "add", [500], [490]),
    ]
    plan = plan_of([100])
    replay(plan, steps, 1)
    assert plan[:, 0, 0].tolist() == [100, 100, 120, 150, 490, 490]
    plan = plan_of([200])
    replay(plan, steps, 1)
    assert plan[:, 0, 0].tolist() == [200, 200, 240, 270, 490, 490]


def test_an_input_taken_back_gives_the_figure_before_it() -> None:
    plan = plan_of([100])
    replay(plan, [step("sales", "set", [100], [0]), step("sales", "set", [0], [EMPTY])], 1)
    assert plan[COLUMNS.index("sales"), 0, 0] == 100


@given(
    baseline=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    actions=st.lists(
        st.tuples(
            st.sampled_from(COLUMNS[1:]),
            st.sampled_from(["set", "add", "multiply"]),
            st.integers(0, 10**6),
            st.floats(0, 5),
        ),
        max_size=12,
    ),
)
def test_a_replay_over_an_unchanged_plan_changes_nothing(
    baseline: list[int], actions: list[tuple[str, str, int, float]]
) -> None:
    plan, steps = plan_of(baseline), []
    for column, operation, total, factor in actions:
        index = COLUMNS.index(column)
        old = plan[index, :, 0].copy()
        new = changed_cells(
            old, operation=operation, total=total, factor=factor, locked=np.zeros(3, bool), history=np.ones(3)
        )
        plan[index, :, 0] = new
        steps.append(
            step(column, operation, old.tolist(), new.tolist(), factor if operation == "multiply" else None)
        )
        replay(plan, steps, index + 1)
    again = plan.copy()
    replay(again, steps, 1)
    assert (again == plan).all()
