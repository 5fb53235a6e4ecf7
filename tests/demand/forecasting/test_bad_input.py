"""Whatever a row holds: a number for every month, never negative for positive demand, never a crash of the
batch."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demand.forecasting import Context, forecast, forecast_matrix
from demand.forecasting.correction import Correction
from tests.demand.forecasting.series import seasonal

QUANTITIES = st.one_of(
    st.sampled_from([0.0, np.nan, np.inf, -np.inf, 1.0, 1e-300, 1e14, 1e300, -7.0]),
    st.floats(0, 1e6),
)
ROWS = st.lists(QUANTITIES, min_size=1, max_size=70)
CELLS = st.one_of(st.text(max_size=6), st.integers(), st.floats(), st.none())
HARD = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def table(rows):
    width = max(map(len, rows))
    return np.array([[np.nan] * (width - len(row)) + row for row in rows])


@HARD
@given(rows=st.lists(ROWS, min_size=1, max_size=6), horizon=st.integers(1, 30))
def test_any_rows_get_finite_forecasts_without_a_warning(rows, horizon):
    values = table(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        made = forecast_matrix(values, horizon)
    for figures in (made.mean, *made.low.values(), *made.high.values()):
        assert figures.shape == (len(rows), horizon)
        assert np.isfinite(figures).all()
    positive = ~(values < 0).any(1)
    assert (made.low[0.95][positive] >= 0).all()
    assert (made.low[0.95] <= made.mean + 1e-6 * np.abs(made.mean)).all()
    assert all(made.explanations)
    assert all(made.methods)


@HARD
@given(
    rows=st.lists(ROWS, min_size=2, max_size=4),
    share=st.floats(0, 1),
    launch=st.integers(-1, 80),
    seed=st.integers(0, 9),
)
def test_any_marks_and_launches_are_borne(rows, share, launch, seed):
    values = table(rows)
    random = np.random.default_rng(seed)
    marks = [random.uniform(size=values.shape) < share for _ in range(2)]
    context = Context(
        last_month=random.integers(1, 13, len(rows)),
        launches=np.full(len(rows), launch),
        stock_outs=marks[0],
        promotions=marks[1],
        families=[None, *["one"] * (len(rows) - 1)],
        working_days=random.integers(0, 24, values.shape[1] + 5).astype(float),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        made = forecast_matrix(values, 5, context=context)
    assert np.isfinite(made.mean).all()


@HARD
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_any_cells_in_a_frame_are_borne(rows):
    history = pd.DataFrame(rows, columns=["series", "month", "quantity"], dtype=object)
    good = pd.DataFrame({"series": "good", "month": ["2024-01", "2024-02"], "quantity": [3, 4]})
    made = forecast(pd.concat([history, good]), 3)
    assert np.isfinite(made["mean"]).all()
    assert "good" in set(made["series"])


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([5.0], 5.0),
        ([0.0] * 24, 0.0),
        ([7.0] * 24, 7.0),
        ([np.nan] * 24, 0.0),
        ([1e-9] * 30, 1e-9),
    ],
    ids=["one observation", "all zeros", "constant", "nothing", "tiny"],
)
def test_degenerate_histories_have_a_stated_result(history, expected):
    made = forecast_matrix([history], 6)
    assert made.mean[0] == pytest.approx([expected] * 6)


def test_ten_thousand_series_of_which_one_is_broken():
    values = np.tile(seasonal(10, 24), (1000, 1))
    values[5000] = np.nan
    made = forecast_matrix(values, 3, levels=(0.95,), correction=Correction())
    assert np.isfinite(made.mean).all()
    assert np.flatnonzero(made.kinds == "no history").tolist() == [5000]
