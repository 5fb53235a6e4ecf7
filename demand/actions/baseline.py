"""The statistical baseline: asked for, computed by workers in chunks, and taken into the draft at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cycles.actions.ledger import record_change
from cycles.actions.runs import request_run
from cycles.choices import Act, Measure, Operation, StageKind, StageState, VersionKind
from cycles.models import Cycle, Run, User, Version
from cycles.permissions import require
from cycles.queries import draft_of, stage_of
from cycles.work import Work
from demand.actions.baseline_draft import NewDraft
from demand.actions.engine_context import engine_context
from demand.actions.streams import ensure_streams
from demand.models import BaselinePart, DemandHistory
from demand.permissions import can_run_baseline
from demand.queries.blocks import history_table
from demand.queries.corrections import correction_in_use, load_correction
from demand.queries.inputs import ENGINE_VERSION, inputs_key
from demand.queries.own_series import history_months
from demand.queries.streams import history_start, planned_streams, stream_table
from sop.errors import InvalidInput, Locked

if TYPE_CHECKING:
    from datetime import date

    from demand.forecasting import Forecasts
    from demand.steps import Whole

KIND = "demand.baseline"
CHUNK = 2_500  # streams per part: a few seconds of work, small enough to lose
LEVELS = (0.8, 0.95)
QUANTA = 1000.0


def start_baseline(*, cycle: Cycle, by: User) -> Run:
    """The demand planner's button. Raises NotAllowed for others, Locked once the plan is submitted or signed."""
    require(can_run_baseline(by), "The baseline is run by the demand planner.")
    return request_baseline(cycle=cycle, by=by)


def request_baseline(*, cycle: Cycle, by: User | None) -> Run:
    """The forecast run on the data as they are now; the same data give the same run.

    Raises Locked where the demand review is submitted or signed, InvalidInput where there is no history.
    """
    _require_open(cycle)
    draft_of(cycle, VersionKind.DEMAND)
    if not DemandHistory.objects.filter(month__lte=cycle.last_closed_month).exists():
        raise InvalidInput("There is no demand history yet. Import the sales orders first.")
    ensure_streams()
    return request_run(kind=KIND, key=inputs_key(cycle), by=by, cycle=cycle)


def _require_open(cycle: Cycle) -> None:
    stage = stage_of(cycle, StageKind.DEMAND)
    if stage.state in (StageState.SUBMITTED, StageState.SIGNED):
        raise Locked(
            f"The demand review is {stage.get_state_display().lower()}; a new baseline would change its figures. "
            "Re-open it first."
        )


def on_stage_closed(*, cycle: Cycle, kind: StageKind, act: Act, by: User | None, **_: Any) -> None:
    """Data signed: the baseline starts by itself."""
    if kind == StageKind.DATA and act == Act.SIGN and DemandHistory.objects.exists():
        state = stage_of(cycle, StageKind.DEMAND).state
        if state not in (StageState.SUBMITTED, StageState.SIGNED):
            request_baseline(cycle=cycle, by=by)


def split_baseline(run: Run) -> list[dict[str, Any]]:
    """Streams by family in chunks, so that short histories find the season of their family beside them."""
    cycle = Cycle.objects.get(runs=run)
    keys = list(
        planned_streams(history_start(cycle.last_closed_month))
        .order_by("product__family_id", "pk")
        .values_list("pk", flat=True)
    )
    return [{"streams": keys[start : start + CHUNK]} for start in range(0, len(keys), CHUNK)]


def forecast_part(work: Work) -> Callable[[], dict[str, Any]]:
    """One chunk: history from the database, the engine, the figures packed in one row."""
    import numpy as np

    cycle = work.cycle
    streams = np.array(sorted(work.params["streams"]), dtype=np.int64)
    months = history_months(cycle)
    values = history_table(streams, months) / QUANTA
    work.progress(1, 3, f"Forecasting {len(streams):,} series")
    made = _forecast(cycle, streams, months, values)
    figures = _figures(made)
    notes = _notes(made)
    work.progress(2, 3, "Storing")

    def store() -> dict[str, Any]:
        BaselinePart.objects.update_or_create(
            run=work.run,
            defaults={"streams": streams.tobytes(), "figures": figures.tobytes(), "notes": notes},
        )
        return {"streams": len(streams)}

    return store


def _forecast(cycle: Cycle, streams: "Whole", months: "list[date]", values: Any) -> "Forecasts":
    from demand.forecasting import forecast_matrix

    table = stream_table()
    horizon = cycle.horizon_months
    context = engine_context(cycle, table, table.rows_of(streams), months, horizon)
    correction = load_correction(correction_in_use(cycle))
    return forecast_matrix(values, horizon, context=context, levels=LEVELS, correction=correction)


def _figures(made: "Forecasts") -> "Whole":
    """Mean, low 80, high 80, low 95, high 95 in quanta (5, n, months), none negative."""
    import numpy as np

    from sop.quantities import quanta_array

    tables = [made.mean, made.low[0.8], made.high[0.8], made.low[0.95], made.high[0.95]]
    return np.stack([quanta_array(np.maximum(table, 0.0)) for table in tables])


def _notes(made: "Forecasts") -> list[list[Any]]:
    """Per stream: method, class, sentence, and the months that were read differently."""
    repairs: dict[int, list[list[Any]]] = {}
    for repair in made.repairs:
        repairs.setdefault(repair.series, []).append(
            [repair.months_ago, float(repair.recorded), float(repair.used), repair.cause.value]
        )
    return [
        [method, kind.value, sentence, repairs.get(place, [])]
        for place, (method, kind, sentence) in enumerate(
            zip(made.methods, made.kinds, made.explanations, strict=True)
        )
    ]


def join_baseline(work: Work, results: list[dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """All chunks are in: the new draft is computed from them and the ledger, then stored in one piece."""
    cycle = work.cycle
    _require_open(cycle)
    draft = draft_of(cycle, VersionKind.DEMAND)
    parts = list(BaselinePart.objects.filter(run__parent=work.run).order_by("run_id"))
    new = NewDraft(draft, parts)
    new.compute()

    def store() -> dict[str, Any]:
        version = Version.objects.select_for_update().get(pk=draft.pk)
        _require_open(cycle)
        if version.rev != new.rev:
            new.compute()  # somebody changed the plan meanwhile: their change is in the ledger, so replay it too
        new.store(by=work.by)
        Version.objects.filter(pk=draft.pk).update(
            inputs_hash=work.run.key[-64:], engine_version=ENGINE_VERSION
        )
        _tell_ledger(version, by=work.by, run=work.run)
        BaselinePart.objects.filter(run__parent=work.run).delete()
        return {"streams": len(new.block.streams), "version": version.pk}

    return store


def _tell_ledger(version: Version, *, by: User | None, run: Run) -> None:
    """A new baseline is itself a cause in bridges: one entry, without a line per figure."""
    months = version.cycle.months
    record_change(
        version=version,
        by=by,
        function="statistics",
        measure=Measure.BASELINE,
        operation=Operation.SET,
        level="all",
        scope={"node": "all", "name": "All products", "code": "", "market": ""},
        first_month=months[0],
        last_month=months[-1],
        lines=[],
        source="baseline",
        source_key=f"run:{run.pk}",
        comment="New statistical baseline",
    )
