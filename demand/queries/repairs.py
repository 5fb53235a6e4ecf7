"""Months of history that the engine reads differently from how they are recorded, or leaves alone on request."""

from dataclasses import dataclass
from datetime import date

from cycles.models import Cycle
from demand.models import DemandStream, KeptMonth, SeriesNote
from demand.queries.known import ended_products, engine_months, stock_outs, working_days
from demand.queries.own_series import history_months
from demand.queries.views import PlanView
from sop.periods import add_months

KEPT = "left as recorded"


@dataclass(frozen=True)
class RepairedMonth:
    """One month of a stream: units as recorded and as read (None: read as recorded, by someone's wish)."""

    stream: int
    month: date
    recorded: float | None
    used: float | None
    cause: str
    kept_by: str = ""


@dataclass(frozen=True)
class Knowledge:
    """What the next baseline knows beside the quantities, in numbers for people."""

    days_source: str
    stock_outs: int
    ended: int
    kept: int


def knowledge(cycle: Cycle) -> Knowledge:
    """Where working days come from, and how many stock-outs, ended products and kept months are known."""
    months = history_months(cycle)
    days = working_days(engine_months(months, cycle.horizon_months), months[-1])
    return Knowledge(
        days.source if days else "",
        len(stock_outs(months)),
        len(ended_products(cycle)),
        KeptMonth.objects.count(),
    )


def repaired_months(view: PlanView, *, cause: str = "", words: str = "") -> list[RepairedMonth]:
    """Every repair of the view's baseline, the latest month first, and the months left as recorded.

    ``cause`` chooses one cause, ``words`` a part of the product's code.
    """
    last = view.version.cycle.last_closed_month
    seen = set(view.table.streams.tolist())
    if words:
        wanted = DemandStream.objects.filter(product__code__icontains=words)
        seen &= set(wanted.values_list("pk", flat=True))
    kept = {
        (row.stream_id, row.month): str(row.by)
        for row in KeptMonth.objects.select_related("by")
        if row.stream_id in seen
    }
    notes = SeriesNote.objects.filter(version=view.version).exclude(repairs=[])
    found = [
        RepairedMonth(stream, add_months(last, -ago), recorded, used, why)
        for stream, repairs in notes.values_list("stream_id", "repairs")
        if stream in seen
        for ago, recorded, used, why in repairs
        if cause in ("", why)
    ]
    rows = [row for row in found if (row.stream, row.month) not in kept]
    if cause in ("", KEPT):
        rows += [RepairedMonth(stream, month, None, None, KEPT, by) for (stream, month), by in kept.items()]
    return sorted(rows, key=lambda row: (-row.month.toordinal(), row.stream))


def with_streams(rows: list[RepairedMonth]) -> list[tuple[DemandStream, RepairedMonth]]:
    """The rows of a page with the streams that they speak of."""
    streams = DemandStream.objects.select_related("product", "market").in_bulk({row.stream for row in rows})
    return [(streams[row.stream], row) for row in rows]


def causes_of(view: PlanView) -> list[str]:
    """The causes that occur in a baseline, in the order of the alphabet."""
    notes = SeriesNote.objects.filter(version=view.version).exclude(repairs=[])
    found = {repair[3] for repairs in notes.values_list("repairs", flat=True) for repair in repairs}
    return sorted({*found, KEPT})
