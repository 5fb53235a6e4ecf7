"""forecast_matrix: every series of a matrix at once, each by the treatment its history calls for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import WINDOW, chunks
from demand.forecasting.calibration import interval_widths
from demand.forecasting.context import LEVELS, Context, Forecasts, check_context, check_request, recent
from demand.forecasting.correction import Correction, shipped_correction
from demand.forecasting.preparation import Prepared, prepare
from demand.forecasting.treatments import Task, estimates


def forecast_matrix(
    values: npt.ArrayLike,
    horizon: int,
    *,
    context: Context | None = None,
    levels: Sequence[float] = LEVELS,
    outliers: bool = True,
    correction: Correction | None = None,
) -> Forecasts:
    """Forecasts every row of values (N, T): monthly quantities, right-aligned, NaN where not recorded.

    horizon: 1 to 60 months. levels: coverages of the intervals, each between 0 and 1. outliers: repair them
    before fitting. correction: the shipped one if None; Correction() for none. Never NaN, whatever the rows
    hold; negative only for series of net quantities (negative in more than 3 % of their months). The values
    are not changed. Raises InputError for wrong arguments."""
    table = np.asarray(values, float)
    check_request(table, horizon, levels)
    known = context or Context()
    check_context(known, len(table), table.shape[1], horizon)
    if table.shape[1] == 0:  # series without a single month
        table, known = np.full((len(table), 1), np.nan), Context()
    recorded, known = table[:, -WINDOW:], recent(known, table.shape[1])
    prepared = prepare(recorded, known, outliers)
    chosen = correction or shipped_correction()
    widths = interval_widths(recorded, prepared, chosen, levels)
    task = Task(prepared, known, horizon, chosen, widths, prepared.repairs_by_series())
    return _gathered(task, _empty(prepared, horizon, levels))


def _empty(prepared: Prepared, horizon: int, levels: Sequence[float]) -> Forecasts:
    shape = (len(prepared.values), horizon)
    return Forecasts(
        mean=np.zeros(shape),
        low={level: np.zeros(shape) for level in levels},
        high={level: np.zeros(shape) for level in levels},
        kinds=prepared.kinds,
        methods=[""] * shape[0],
        explanations=[""] * shape[0],
        repairs=prepared.repairs,
    )


def _gathered(task: Task, result: Forecasts) -> Forecasts:
    """Fills the result, chunk by chunk."""
    for part in chunks(len(result.mean)):
        for estimate in estimates(task, np.arange(part.start, part.stop)):
            result.mean[estimate.rows] = estimate.mean
            for level in task.levels:
                result.low[level][estimate.rows] = estimate.low[level]
                result.high[level][estimate.rows] = estimate.high[level]
            for row, method, sentence in zip(
                estimate.rows, estimate.methods, estimate.sentences, strict=True
            ):
                result.methods[row], result.explanations[row] = method, sentence
    return result
