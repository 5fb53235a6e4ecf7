"""forecast: the same engine for a pandas frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from demand.forecasting.arrays import SEASON, Floats
from demand.forecasting.context import LEVELS, Context, Forecasts
from demand.forecasting.correction import Correction
from demand.forecasting.engine import forecast_matrix
from demand.forecasting.history import History, Problem, month_number, month_starts, to_matrix

USUAL_DAYS = 21.0


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
    working_days: Mapping[Any, float] | None = None,
    outliers: bool = True,
    correction: Correction | None = None,
) -> pd.DataFrame:
    """Forecasts a frame series, month, quantity over the `horizon` months that follow each series' last
    month.

    The frame may have columns family (lends its season to short histories), stock_out and promotion (marks of
    months to repair). working_days: month -> days, past and future. Returns series, month, mean, lo95, lo80,
    lo50, hi50, hi80, hi95, method (columns by `levels`); attrs["explanations"] holds a sentence per series.
    Raises InputError for a wrong frame or wrong arguments."""
    report = forecast_report(
        history, horizon, levels=levels, working_days=working_days, outliers=outliers, correction=correction
    )
    told = zip(report.series["series"], report.series["explanation"], strict=True)
    report.forecast.attrs["explanations"] = dict(told)
    return report.forecast


def forecast_report(
    history: pd.DataFrame,
    horizon: int,
    *,
    levels: Sequence[float] = LEVELS,
    working_days: Mapping[Any, float] | None = None,
    outliers: bool = True,
    correction: Correction | None = None,
) -> ForecastReport:
    """As forecast, with what was repaired, what was said of each series and what was wrong with the input."""
    read = to_matrix(history)
    context = context_of(read, horizon, working_days)
    made = forecast_matrix(
        read.quantities, horizon, context=context, levels=levels, outliers=outliers, correction=correction
    )
    frames = forecast_frame(read, made), series_frame(read, made), repairs_frame(read, made)
    return ForecastReport(*frames, read.problems)


def context_of(read: History, horizon: int, working_days: Mapping[Any, float] | None = None) -> Context:
    """What a history says beside its quantities."""
    days = None if working_days is None else _days(read, horizon, working_days)
    return Context(
        last_month=read.last % SEASON + 1,
        stock_outs=read.stock_outs,
        promotions=read.promotions,
        families=read.families,
        working_days=days,
    )


def _days(read: History, horizon: int, working_days: Mapping[Any, float]) -> Floats:
    """Working days (N, T + horizon); a month the calendar does not name counts as a usual one of its kind."""
    by_number = {month_number(month): float(days) for month, days in working_days.items()}
    usual = [[d for n, d in by_number.items() if n % SEASON == month] for month in range(SEASON)]
    typical = [float(np.mean(days)) if days else USUAL_DAYS for days in usual]
    width = read.quantities.shape[1]
    numbers = read.last[:, None] + np.arange(1 - width, horizon + 1)[None, :]
    known, codes = np.unique(numbers, return_inverse=True)
    days = np.array([by_number.get(int(number), typical[int(number) % SEASON]) for number in known])
    return days[codes].reshape(numbers.shape)


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
