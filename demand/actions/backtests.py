"""The backtest of the engine on the company's own history: asked for, computed in chunks, stored as sums."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cycles.actions.runs import request_run
from cycles.models import Cycle, Run, User
from cycles.permissions import require
from cycles.work import Work
from demand.actions.engine_context import engine_context
from demand.models import BacktestReport, BacktestRow
from demand.permissions import can_test_engine
from demand.queries.inputs import ENGINE_VERSION
from demand.queries.own_series import (
    LEAST_MONTHS,
    Trial,
    data_key,
    history_months,
    own_series,
    tested_streams,
    trial_for,
)
from demand.queries.streams import stream_table
from sop.errors import InvalidInput

if TYPE_CHECKING:
    from demand.forecasting.tally import Key, Tally

KIND = "demand.backtest"
CHUNK = 2_500  # streams per part: some seconds of work, small enough to lose
LEVELS = (0.8, 0.95)


def start_backtest(*, cycle: Cycle, by: User) -> Run:
    """The button of the demand planner and the process owner. NotAllowed for others."""
    require(can_test_engine(by), "The backtest is run by the demand planner or the process owner.")
    return request_backtest(cycle=cycle, by=by)


def request_backtest(*, cycle: Cycle, by: User | None) -> Run:
    """The test on the data as they are now; the same data give the same run. InvalidInput under 18 months."""
    _trial(cycle)
    return request_run(kind=KIND, key=data_key(cycle, "backtest"), by=by, cycle=cycle)


def _trial(cycle: Cycle) -> Trial:
    months = len(history_months(cycle))
    trial = trial_for(months)
    if trial is None:
        raise InvalidInput(
            f"There are {months} closed months of demand history; a backtest needs {LEAST_MONTHS} at least."
        )
    return trial


def split_backtest(run: Run) -> list[dict[str, Any]]:
    """Every stream that ever sold, in chunks along the families."""
    keys = tested_streams(Cycle.objects.get(runs=run))
    if not keys:
        raise InvalidInput("No stream of a finished product has sold yet.")
    return [{"streams": keys[start : start + CHUNK]} for start in range(0, len(keys), CHUNK)]


def backtest_part(work: Work) -> Callable[[], dict[str, Any]]:
    """One chunk: forecast from each origin with what was known there, and its errors as sums."""
    import numpy as np

    from demand.forecasting import InputError
    from demand.forecasting.backtest import backtest_matrix
    from demand.forecasting.tally import tallies

    cycle = work.cycle
    trial, months, table = _trial(cycle), history_months(cycle), stream_table()
    streams = np.array(sorted(work.params["streams"]), dtype=np.int64)
    rows = table.rows_of(streams)
    work.progress(1, 3, f"Forecasting {len(streams):,} series from {trial.origins} past months")
    try:
        result = backtest_matrix(
            own_series(streams, months),
            trial.horizon,
            trial.origins,
            context=engine_context(cycle, table, rows, months, 0),
            levels=LEVELS,
            least_history=1,
        )
    except InputError:  # nothing in this chunk sold before an origin: it counts as untested
        return lambda: {"tested": 0, "sums": []}
    work.progress(2, 3, "Adding up")
    sums = _as_rows(tallies(result, table.families[rows].tolist()))
    tested = len(np.unique(result.series))
    return lambda: {"tested": tested, "sums": sums}


def _as_rows(found: "dict[Key, Tally]") -> list[list[Any]]:
    from dataclasses import astuple

    return [[*key, *astuple(tally)] for key, tally in found.items()]


def join_backtest(work: Work, results: list[dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The chunks' sums added up; a family may lie in two of them."""
    from demand.forecasting.tally import Tally

    cycle, trial = work.cycle, _trial(work.cycle)
    totals: dict[tuple[Any, ...], Tally] = {}
    for result in results:
        for family, name, method, *figures in result["sums"]:
            key = (family, name, method)
            totals[key] = totals.get(key, Tally()) + Tally(*figures)
    tested = sum(result["tested"] for result in results)
    if not tested:
        raise InvalidInput("No stream has sold before the months that would be tested.")
    offered = sum(len(params["streams"]) for params in work.run.parts.values_list("params", flat=True))

    def store() -> dict[str, Any]:
        report, _ = BacktestReport.objects.update_or_create(
            run=work.run,
            defaults={
                "cycle": cycle,
                "last_month": cycle.last_closed_month,
                "horizon": trial.horizon,
                "origins": trial.origins,
                "streams": offered,
                "tested": tested,
                "engine_version": ENGINE_VERSION,
            },
        )
        report.rows.all().delete()
        BacktestRow.objects.bulk_create(
            BacktestRow(report=report, family_id=family, series_class=name, method=method, **vars(tally))
            for (family, name, method), tally in totals.items()
        )
        return {"report": report.pk, "tested": tested}

    return store
