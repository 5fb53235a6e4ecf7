"""Reconciliation, against the textbook formula and by what must hold whatever the numbers."""

import numpy as np
import pytest

from demand.forecasting import InputError
from demand.forecasting.hierarchy import (
    forecast_hierarchy,
    hierarchy,
    reconcile,
    rolling_residuals,
    shrinkage,
    with_aggregates,
)
from tests.demand.forecasting.series import seasonal

TREE = hierarchy({"total": ["all"] * 4, "family": ["juice", "juice", "tea", "tea"]})
RANDOM = np.random.default_rng(1)


def textbook(forecasts, summing, covariance):
    """S (S' W^-1 S)^-1 S' W^-1 y (Wickramasuriya et al. 2019, equation 7)."""
    whole = np.concatenate([summing, np.eye(summing.shape[1])])
    inverse = np.linalg.inv(covariance)
    return whole @ np.linalg.solve(whole.T @ inverse @ whole, whole.T @ inverse @ forecasts)


def test_labels_become_sums():
    assert TREE.nodes == [("total", "all"), ("family", "juice"), ("family", "tea")]
    assert TREE.summing.tolist() == [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]]
    assert with_aggregates(np.array([[1.0], [2], [3], [4]]), TREE.summing)[:, 0].tolist() == [
        10,
        3,
        7,
        1,
        2,
        3,
        4,
    ]


def test_it_equals_the_textbook_formula():
    forecasts = RANDOM.uniform(50, 100, (7, 3))
    residuals = RANDOM.standard_normal((7, 40)) * np.arange(1, 8)[:, None]
    covariance = residuals @ residuals.T / 40
    variance = np.diag(covariance)
    mixed = shrinkage(residuals / np.sqrt(variance)[:, None])
    shrunk = (1 - mixed) * covariance + mixed * np.diag(variance)
    wanted = textbook(forecasts, TREE.summing, shrunk)
    assert reconcile(forecasts, TREE.summing, residuals, non_negative=False) == pytest.approx(wanted)


def test_the_parts_add_up_to_the_whole_and_nothing_is_negative():
    forecasts = RANDOM.uniform(-5, 20, (7, 6)).clip(min=0)
    done = reconcile(forecasts, TREE.summing, RANDOM.standard_normal((7, 12)))
    assert done[:3] == pytest.approx(TREE.summing @ done[3:])
    assert done.min() >= 0


def test_forecasts_that_already_add_up_are_left_alone():
    coherent = with_aggregates(RANDOM.uniform(10, 20, (4, 6)), TREE.summing)
    assert reconcile(coherent, TREE.summing, RANDOM.standard_normal((7, 12))) == pytest.approx(coherent)


def test_the_node_that_errs_most_gives_way_most():
    forecasts = with_aggregates(np.full((4, 1), 10.0), TREE.summing)
    forecasts[0] += 8
    residuals = RANDOM.standard_normal((7, 2000))
    residuals[6] *= 10
    moved = reconcile(forecasts, TREE.summing, residuals) - forecasts
    assert moved[6, 0] > 2 * moved[3:6, 0].max()


def test_without_any_residual_it_still_adds_up():
    done = reconcile(np.arange(7.0)[:, None], TREE.summing, np.zeros((7, 0)))
    assert done[:3] == pytest.approx(TREE.summing @ done[3:])


def test_a_wrong_number_of_nodes_is_refused():
    with pytest.raises(InputError, match="3 aggregates and 4 bottom"):
        reconcile(np.zeros((6, 2)), TREE.summing, np.zeros((7, 2)))


def test_a_whole_tree_is_forecast_coherently():
    bottom = seasonal(4, 48) * np.array([[1], [2], [3], [4]])
    done = forecast_hierarchy(bottom, 6, TREE.summing)
    assert done.shape == (7, 6)
    assert done[0] == pytest.approx(done[3:].sum(0))
    assert rolling_residuals(bottom, 6).shape[0] == 4
