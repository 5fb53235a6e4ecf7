"""Refits of the learned correction on the company's own series: computed, kept only where better, droppable."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cycles.actions.audit import record_act
from cycles.actions.runs import request_run
from cycles.choices import RunState
from cycles.models import Cycle, Run, User
from cycles.permissions import require
from cycles.work import Work
from demand.actions.engine_context import engine_context
from demand.models import Refit
from demand.permissions import can_choose_correction, can_test_engine
from demand.queries.inputs import ENGINE_VERSION
from demand.queries.own_series import data_key, history_months, own_series, tested_streams
from demand.queries.progress import KIND as BASELINE
from demand.queries.streams import stream_table
from sop.errors import InvalidInput, NotFound, WrongState
from sop.periods import add_months

if TYPE_CHECKING:
    from demand.forecasting.backtest import Accuracy
    from demand.forecasting.refit import Refit as Outcome

KIND = "demand.refit"


def start_refit(*, cycle: Cycle, by: User) -> Run:
    """The button of the demand planner and the process owner. NotAllowed for others."""
    require(can_test_engine(by), "A refit is started by the demand planner or the process owner.")
    return request_refit(cycle=cycle, by=by)


def request_refit(*, cycle: Cycle, by: User | None) -> Run:
    """A refit on the data as they are now; the same data give the same run."""
    if not tested_streams(cycle):
        raise InvalidInput("There is no demand history yet. Import the sales orders first.")
    return request_run(kind=KIND, key=data_key(cycle, "refit"), by=by, cycle=cycle)


def refit(work: Work) -> Callable[[], dict[str, Any]]:
    """Trains beside the shipped correction and keeps the result only where the last year says it is better."""
    import numpy as np

    from demand.forecasting.refit import refit_correction

    cycle = work.cycle
    months, table = history_months(cycle), stream_table()
    streams = np.array(sorted(tested_streams(cycle)), dtype=np.int64)
    context = engine_context(cycle, table, table.rows_of(streams), months, 0)
    outcome = refit_correction(own_series(streams, months), context=context, tell=work.progress)
    return lambda: store_refit(outcome, run=work.run, cycle=cycle, streams=len(streams), by=work.by)


def store_refit(
    outcome: "Outcome", *, run: Run, cycle: Cycle, streams: int, by: User | None
) -> dict[str, Any]:
    """One row whatever came of it; the artefact only of a refit that is kept, with its hash."""
    artefact = outcome.correction.packed() if outcome.kept else None
    row, _ = Refit.objects.update_or_create(
        run=run,
        defaults={
            "cycle": cycle,
            "first_cycle": _first_cycle(cycle),
            "kept": outcome.kept,
            "reason": outcome.reason,
            "streams": streams,
            "figures": {"before": _figures(outcome.before), "after": _figures(outcome.after)},
            "artefact": artefact,
            "sha256": hashlib.sha256(artefact).hexdigest() if artefact else "",
            "learners": outcome.correction.name if outcome.kept else "",
            "engine_version": ENGINE_VERSION,
        },
    )
    detail = {"kept": row.kept, "reason": row.reason, "sha256": row.sha256, "from": str(row.first_cycle)}
    record_act(by=by, act="forecast.refit", subject=str(cycle), detail=detail)
    return {"refit": row.pk, "kept": row.kept}


def _first_cycle(cycle: Cycle) -> Any:
    """This cycle while it has no baseline; else the next, so that nobody's plan moves in the middle of a review."""
    begun = Run.objects.filter(kind=BASELINE, cycle=cycle, parent=None).exclude(
        state__in=[RunState.DEAD, RunState.CANCELLED]
    )
    return add_months(cycle.month, 1) if begun.exists() else cycle.month


def _figures(one: "Accuracy | None") -> dict[str, float | None]:
    if one is None:
        return {}
    return {
        "wape": one.wape,
        "bias": one.bias,
        "mase": one.mase,
        "owa": one.owa,
        "coverage_95": one.coverage.get(0.95),
    }


@transaction.atomic
def drop_refit(*, pk: int, by: User, reason: str) -> Refit:
    """Back to the correction that ships with the engine, from the next baseline on.

    NotAllowed for anybody but the process owner, InvalidInput without a reason, WrongState where it is not in use.
    """
    require(can_choose_correction(by), "Only the process owner changes the correction that is used.")
    if not reason.strip():
        raise InvalidInput("Say why the refit is not to be used.")
    found = _locked(pk)
    if not found.is_used:
        raise WrongState("This refit is not used.")
    found.dropped_at, found.dropped_by, found.dropped_reason = timezone.now(), by, reason.strip()
    found.save(update_fields=["dropped_at", "dropped_by", "dropped_reason"])
    detail = {"reason": found.dropped_reason, "sha256": found.sha256}
    record_act(by=by, act="forecast.refit.drop", subject=str(found), detail=detail)
    return found


@transaction.atomic
def use_refit_again(*, pk: int, by: User) -> Refit:
    """Takes back that a kept refit was dropped."""
    require(can_choose_correction(by), "Only the process owner changes the correction that is used.")
    found = _locked(pk)
    if not found.kept or found.dropped_at is None:
        raise WrongState("This refit was not dropped.")
    found.dropped_at, found.dropped_by, found.dropped_reason = None, None, ""
    found.save(update_fields=["dropped_at", "dropped_by", "dropped_reason"])
    record_act(by=by, act="forecast.refit.use", subject=str(found), detail={"sha256": found.sha256})
    return found


def _locked(pk: int) -> Refit:
    found = Refit.objects.select_for_update().defer("artefact").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such refit.")
    return found
