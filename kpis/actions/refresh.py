"""Measuring the key figures of closed months, by a worker."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from cycles.actions.runs import request_run
from cycles.models import Cycle, Run, User
from cycles.queries import latest_cycle
from cycles.work import Work
from datahub.models import DatasetLoad
from demand.models import DemandHistory
from kpis.models import KpiValue
from kpis.queries import measured
from kpis.queries.measured import ByMember
from kpis.registry import BIAS, FILL, LAGS, OTIF, REVENUE, TURNS, WAPE
from sop.bulk import bulk_insert
from sop.errors import InvalidInput
from sop.periods import month_key, parse_month

KIND = "kpis.refresh"
COLUMNS = (
    "kpi",
    "month",
    "lag",
    "level",
    "member",
    "numerator",
    "denominator",
    "excluded_rows",
    "cycle",
    "at",
)
MONTHS_MEASURED = 13

Row = tuple[Any, ...]


def request_refresh(*, by: User | None, cycle: Cycle | None = None) -> Run:
    """Measures the last closed months again; once for each state of the data and of the signed plans."""
    chosen = cycle or latest_cycle()
    if chosen is None:
        raise InvalidInput("There is no cycle yet, so no month is closed. Open the first cycle.")
    months = closed_months(chosen)
    if not months:
        raise InvalidInput("There is no closed month with demand yet. Load sales orders first.")
    key = f"{month_key(chosen.month)}:{_identity(chosen)}"
    return request_run(
        kind=KIND, key=key, by=by, cycle=chosen, params={"months": [month_key(month) for month in months]}
    )


def closed_months(cycle: Cycle) -> list[date]:
    """The last months before the cycle that have demand, oldest first."""
    months = (
        DemandHistory.objects.filter(month__lt=cycle.month)
        .values_list("month", flat=True)
        .distinct()
        .order_by("-month")
    )
    return sorted(months[:MONTHS_MEASURED])


def _identity(cycle: Cycle) -> str:
    """Loads and sign-offs so far: what is measured cannot change without one of them."""
    load = DatasetLoad.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    signed = cycle.versions.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"{load}:{signed}"


def refresh_kpis(work: Work) -> Callable[[], dict[str, Any]]:
    """Handler of the run: measures month by month, then replaces the stored values of these months."""
    months = [parse_month(text) for text in work.params["months"]]
    members = measured.stream_members()
    rows: list[Row] = []
    for number, month in enumerate(months):
        work.progress(number, len(months), f"Measuring {month:%B %Y}")
        rows.extend(_rows_of(month, members, work.run.created_at, work.run.cycle_id))

    def store() -> dict[str, Any]:
        KpiValue.objects.filter(month__in=months).delete()
        return {"values": bulk_insert(KpiValue, COLUMNS, rows)}

    return store


def _rows_of(
    month: date, members: dict[int, list[measured.Member]], at: Any, cycle_id: int | None
) -> Iterator[Row]:
    for key, lag, sums in _measures(month, members):
        for (level, member), found in sums.items():
            if found.denominator:
                yield (
                    key,
                    month,
                    lag,
                    level,
                    member,
                    found.numerator,
                    found.denominator,
                    found.excluded,
                    cycle_id,
                    at,
                )


def _measures(month: date, members: dict[int, list[measured.Member]]) -> Iterator[tuple[str, int, ByMember]]:
    for lag in LAGS:
        absolute, signed = measured.forecast_errors(month, lag, members)
        yield WAPE, lag, absolute
        yield BIAS, lag, signed
    otif, fill = measured.deliveries(month, members)
    yield OTIF, 0, otif
    yield FILL, 0, fill
    yield TURNS, 0, measured.turns(month)
    yield REVENUE, 0, measured.revenue_to_budget(month)
