"""Planned prices: what a unit of a plan is worth, by product and market."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast

from demand.actions.history import last_closed_month
from demand.actions.summary import revalue_drafts
from demand.models import DemandStream, OrderLine
from demand.queries.rates import RateTable
from portfolio.models import PlannedPrice
from sop.bulk import bulk_insert
from sop.periods import add_months

MONTHS = 12
PLACES = Decimal("0.0001")

Prices = dict[int, float]  # stream id -> net price per unit, company currency


@transaction.atomic
def refresh_planned_prices(*, as_of_month: date | None = None) -> int:
    """Write the planned price of every stream; returns how many there are.

    The mean net price of the lines requested in the 12 months up to ``as_of_month`` (the last closed month),
    weighted by quantity, at planning rates (those of the month after it); the list price where there are no
    such lines. A stream with neither has no planned price.
    """
    closed = as_of_month or last_closed_month()
    prices = net_prices(closed) if closed else {}
    rows = []
    for pk, product, market, list_price in DemandStream.objects.values_list(
        "pk", "product_id", "market_id", "product__list_price"
    ):
        if pk in prices:
            rows.append((product, market, str(Decimal(prices[pk]).quantize(PLACES)), "orders"))
        elif list_price is not None:
            rows.append((product, market, str(list_price), "list"))
    PlannedPrice.objects.all().delete()
    count = bulk_insert(PlannedPrice, ("product_id", "market_id", "price", "basis"), rows)
    revalue_drafts()
    return count


def net_prices(closed: date) -> Prices:
    """Mean net price of each stream over the year up to a closed month, at planning rates."""
    rates, planning_month = RateTable.stored(), add_months(closed, 1)
    sums = (
        OrderLine.objects.filter(
            requested_date__gte=add_months(closed, 1 - MONTHS),
            requested_date__lt=planning_month,
            net_price__gt=0,
        )
        .order_by()
        .values_list("stream_id", "currency")
        .annotate(quanta=Sum("quantity"), amount=Sum(Cast(F("quantity"), FloatField()) * F("net_price")))
    )
    quanta: dict[int, int] = defaultdict(int)
    amounts: dict[int, float] = defaultdict(float)
    for stream, currency, quantity, amount in sums:
        quanta[stream] += quantity
        amounts[stream] += amount * rates.at(currency, planning_month)
    return {stream: amounts[stream] / quantity for stream, quantity in quanta.items() if quantity > 0}
