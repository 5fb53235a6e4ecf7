"""forecast: the same engine for a pandas frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from demand.forecasting.arrays import SEASON
from demand.forecasting.context import LEVELS, Context, Forecasts
from demand.forecasting.correction import Correction
from demand.forecasting.engine import forecast_matrix
from demand.forecasting.history import History, Problem, month_starts, to_matrix


class ForecastReport(NamedTuple):
    """forecast: series, month, mean, lo95 ... hi95, method. series: series, kind, method, history_months,
    explanation. repairs: series, month, recorded, used, cause. problems: rows of the input that were not as
    expected."""

    forecast: pd.DataFrame
    series: pd.DataFrame
    repairs: pd.DataFrame
    problems: list[Problem]


def forecast(
    history: pd.DataFrame,
    horizon: int,
    *,
    levels: Sequence[float] = LEVELS,
    families: dict[Any, Any] | None = None,
    outliers: bool = True,
    correction: Correction | None = None,
) -> pd.DataFrame:
    """Forecasts a frame series, month, quantity over the `horizon` months that follow each series' last
    month.

    Returns series, month, mean, lo95, lo80, lo50, hi50, hi80, hi95, method (columns by `levels`);
    attrs["explanations"] holds a sentence per series. families: series -> family. Raises InputError for a
    wrong frame or wrong arguments."""
    report = forecast_report(
        history, horizon, levels=levels, families=families, outliers=outliers, correction=correction
    )
    result = report.forecast
    result.attrs["explanations"] = dict(
        zip(report.series["series"], report.series["explanation"], strict=True)
    )
    return result


def forecast_report(
    history: pd.DataFrame,
    horizon: int,
    *,
    levels: Sequence[float] = LEVELS,
    families: dict[Any, Any] | None = None,
    outliers: bool = True,
    correction: Correction | None = None,
) -> ForecastReport:
    """As forecast, with what was repaired, what was said of each series and what was wrong with the input."""
    read = to_matrix(history)
    context = Context(
        last_month=read.last % SEASON + 1,
        families=None if families is None else [families.get(name) for name in read.names],
    )
    made = forecast_matrix(
        read.quantities, horizon, context=context, levels=levels, outliers=outliers, correction=correction
    )
    return ForecastReport(
        forecast_frame(read, made), series_frame(read, made), repairs_frame(read, made), read.problems
    )


def level_name(level: float) -> str:
    """0.95 -> '95', 0.975 -> '97.5'."""
    return f"{100 * level:.6g}"


def forecast_frame(read: History, made: Forecasts) -> pd.DataFrame:
    """One row per series and month ahead."""
    horizon = made.mean.shape[1]
    months = month_starts((read.last[:, None] + np.arange(1, horizon + 1)[None, :]).ravel())
    columns: dict[str, Any] = {
        "series": np.repeat(np.array(read.names, dtype=object), horizon),
        "month": months,
        "mean": made.mean.ravel(),
    }
    for level in sorted(made.low, reverse=True):
        columns[f"lo{level_name(level)}"] = made.low[level].ravel()
    for level in sorted(made.high):
        columns[f"hi{level_name(level)}"] = made.high[level].ravel()
    columns["method"] = np.repeat(np.array(made.methods, dtype=object), horizon)
    return pd.DataFrame(columns)


def series_frame(read: History, made: Forecasts) -> pd.DataFrame:
    """One row per series: what it is, what was done and why."""
    return pd.DataFrame(
        {
            "series": np.array(read.names, dtype=object),
            "kind": [kind.value for kind in made.kinds],
            "method": made.methods,
            "history_months": np.isfinite(read.quantities).sum(1),
            "explanation": made.explanations,
        }
    )


def repairs_frame(read: History, made: Forecasts) -> pd.DataFrame:
    """One row per month that was read differently from how it is recorded."""
    rows = np.array([one.series for one in made.repairs], np.int64)
    ago = np.array([one.months_ago for one in made.repairs], np.int64)
    return pd.DataFrame(
        {
            "series": np.array(read.names, dtype=object)[rows] if len(rows) else np.empty(0, object),
            "month": month_starts(read.last[rows] - ago if len(rows) else rows),
            "recorded": [one.recorded for one in made.repairs],
            "used": [one.used for one in made.repairs],
            "cause": [one.cause.value for one in made.repairs],
        }
    )
