"""Frozen forecasts against what was ordered: every step of the plans made some cycles ago, beside the actuals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from cycles.choices import Measure, StageKind
from cycles.models import Cycle, Stage, Version
from demand.models import DemandHistory, ForecastLine
from demand.queries.blocks import history_table, load_block
from demand.queries.views import PlanView
from sop.periods import add_months, month_range, months_between
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.steps import Floats, Whole

LAGS = (1, 2, 3, 6)
SPANS = (3, 6, 12, 24)
IMPORTED = "consensus"  # the label under which earlier plans are imported
NAIVE = "naive"
SEASONS = 3  # years of history that the naive forecast looks back on, for streams that do not sell every year
STEP_LABELS = {NAIVE: "Seasonal naive", **{str(step): str(step.value).capitalize() for step in Measure}}
OWN, TAKEN_OVER = "own plan", "imported"


@dataclass(frozen=True)
class Past:
    """Units of streams (n) in closed months (m): actual, and each step as it was frozen, NaN where unknown.

    ``prices`` (n) are minor units per unit. ``sources`` says per month whether it was an own plan, an imported
    forecast, or nothing.
    """

    view: PlanView
    lag: int
    months: list[date]
    actual: "Floats"
    steps: "dict[str, Floats]"
    sources: list[str]

    @property
    def prices(self) -> "Floats":
        return self.view.table.prices

    @property
    def has_forecast(self) -> bool:
        return any(self.sources)

    @property
    def missing(self) -> int:
        """Streams that were ordered in a month with a plan, but had no forecast in it."""
        import numpy as np

        planned = np.array([bool(source) for source in self.sources])
        unknown = ~np.isfinite(self.steps["consensus"]) & (self.actual > 0) & planned
        return int(unknown.any(axis=1).sum())


def closed_months(cycle: Cycle, span: int) -> list[date]:
    """The last ``span`` closed months for which there is history, the newest last."""
    first = DemandHistory.objects.order_by("month").values_list("month", flat=True).first()
    known = months_between(first, cycle.last_closed_month) + 1 if first else 0
    count = max(min(span, known), 1)
    return month_range(add_months(cycle.last_closed_month, 1 - count), count)


def signed_plans(cycle_months: Iterable[date]) -> dict[date, Version]:
    """What the demand reviews of some cycles signed, by the cycle's first plan month."""
    stages = Stage.objects.filter(
        kind=StageKind.DEMAND, cycle__month__in=list(cycle_months), signed_version__isnull=False
    ).select_related("signed_version", "cycle")
    return {stage.cycle.month: stage.signed_version for stage in stages if stage.signed_version}


def load_past(view: PlanView, lag: int, months: list[date]) -> Past:
    """The view's streams in closed ``months``, as they were forecast ``lag`` cycles before each.

    The own signed plan of that cycle; where there is none, the imported forecast, which knows the final figure only.
    """
    import numpy as np

    from demand.steps import COLUMNS, EMPTY

    streams = view.table.streams
    shape = (len(streams), len(months))
    steps = {name: np.full(shape, np.nan) for name in COLUMNS}
    plans = signed_plans(add_months(month, -lag) for month in months)
    sources = [""] * len(months)
    for place, month in enumerate(months):
        version = plans.get(add_months(month, -lag))
        if version is None:
            continue
        block = load_block(version, streams, [month])
        figures = np.where(block.plan[:, :, 0] == EMPTY, np.nan, block.plan[:, :, 0] / QUANTA_PER_UNIT)
        for name, column in zip(COLUMNS, figures, strict=True):
            steps[name][:, place] = column
        sources[place] = OWN
    without = {month: place for place, month in enumerate(months) if not sources[place]}
    for place in _take_imported(steps["consensus"], streams, lag, without):
        sources[place] = TAKEN_OVER
    actual = history_table(streams, months) / QUANTA_PER_UNIT
    named = {NAIVE: naive_steps(streams, lag, months), **steps}
    return Past(view, lag, months, actual, named, sources)


def _take_imported(consensus: "Floats", streams: "Whole", lag: int, places: dict[date, int]) -> set[int]:
    """Fills the columns (month -> place) that were imported for these cycles; returns those that were."""
    import numpy as np

    pairs = Q(pk__in=[])
    for month in places:
        pairs |= Q(cycle_month=add_months(month, -lag), month=month)
    lines = ForecastLine.objects.filter(pairs, label=IMPORTED) if places else ForecastLine.objects.none()
    rows = list(lines.values_list("stream_id", "month", "quantity"))
    if not rows or not len(streams):
        return set()
    keys, in_months, quantities = (np.array(column) for column in zip(*rows, strict=True))
    at = np.minimum(streams.searchsorted(keys), len(streams) - 1)
    wanted = streams[at] == keys
    columns = np.array([places[month] for month in in_months.tolist()])
    consensus[at[wanted], columns[wanted]] = quantities[wanted] / QUANTA_PER_UNIT
    return set(columns.tolist())


def naive_steps(streams: "Whole", lag: int, months: list[date]) -> "Floats":
    """Seasonal naive (n, m) from the history known when each plan was made; NaN where nothing had sold yet."""
    import numpy as np

    from demand.forecasting.naive import seasonal_naive

    made = np.full((len(streams), len(months)), np.nan)
    if not made.size:
        return made
    back = 12 * SEASONS + lag
    first = add_months(months[0], -back)
    history = history_table(streams, month_range(first, back + len(months))) / QUANTA_PER_UNIT
    started = np.cumsum(history != 0, axis=1) > 0
    values = np.where(started, history, np.nan)
    for place in range(len(months)):
        known = values[:, : back + place - lag]  # up to the month before the cycle's first plan month
        forecast = seasonal_naive(known, lag + 1)[:, lag]
        made[:, place] = np.where(np.isfinite(known[:, -1]), forecast, np.nan)
    return made
