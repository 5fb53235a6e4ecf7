"""Demand history: ordered quantity by requested month, rebuilt from order lines."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth

from demand.models import DemandHistory, OrderLine
from demand.queries.closing import last_order_day
from demand.queries.rates import RateTable
from sop.bulk import bulk_insert
from sop.periods import add_months, first_of_month
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

READ_ROWS = 20_000
COLUMNS = ("stream_id", "month", "quantity", "value")

HistoryCell = tuple[int, str, int, int]  # stream, month as text, quanta, minor units


def last_closed_month() -> date | None:
    """The month of the last order day: later requests are orders, not yet history."""
    last = last_order_day()
    return first_of_month(last) if last else None


def rebuild_history(*, months: Collection[date] | None = None) -> int:
    """Write the history of ``months`` (all closed months by default) anew; returns the number of cells.

    Demand of a month is the ordered quantity of the lines requested in it; its value is quantity x net price
    x rate of the requested month, in minor units. A stream has no row for a month without an order.
    """
    closed = last_closed_month()
    lines: QuerySet[Any] = OrderLine.objects.annotate(month=TruncMonth("requested_date"))
    lines = lines.filter(requested_date__lt=add_months(closed, 1)) if closed else lines.none()
    stored = DemandHistory.objects.all()
    if months is not None:
        asked: dict[str, Any] = {"month__in": list(months)}
        lines, stored = lines.filter(**asked), stored.filter(**asked)
    with transaction.atomic():
        stored.delete()
        return bulk_insert(DemandHistory, COLUMNS, _cells(lines, RateTable.stored()))


def _cells(lines: "QuerySet[Any]", rates: RateTable) -> Iterator[HistoryCell]:
    """One cell per stream and month: the database adds up by currency, the rates are applied here."""
    amount = Sum(Cast(F("quantity"), FloatField()) * Coalesce(F("net_price"), 0.0))
    sums = (
        lines.order_by("stream_id", "month")
        .values_list("stream_id", "month", "currency")
        .annotate(quanta=Sum("quantity"), amount=amount)
        .iterator(READ_ROWS)
    )
    for (stream, month), rows in groupby(sums, key=lambda row: (row[0], row[1])):
        parts = [(quanta, amount * rates.at(currency, month)) for _, _, currency, quanta, amount in rows]
        value = sum(part for _, part in parts) * MINOR_PER_MAJOR / QUANTA_PER_UNIT
        yield stream, month.isoformat(), sum(quanta for quanta, _ in parts), round(value)
