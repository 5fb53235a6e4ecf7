"""What calendars and stock counts tell the demand forecast: working days, and months without stock."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import TruncMonth

from portfolio.choices import ProductKind
from sop.periods import add_months, last_of_month, month_range, months_between
from supply.models import CalendarDay, StockRecord

MOSTLY = 0.5
"""Share of its counts at which a product without stock is one that is never stocked."""


def working_days(first: date, last: date) -> dict[date, float]:
    """Mean working days of the sites by month, for the months from ``first`` to ``last`` with a calendar."""
    rows = (
        CalendarDay.objects.filter(day__gte=first, day__lte=last_of_month(last), working=True)
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(days=Count("pk"), sites=Count("site", distinct=True))
        .order_by("month")
    )
    return {month: days / sites for month, days, sites in rows}


def stock_outs(first: date, last: date, products: Collection[int] | None = None) -> list[tuple[int, date]]:
    """Finished products and months with nothing usable on hand at any site in any of the month's counts.

    Of the products named, or of all. A month's counts are the last one before it and those in it, two at
    least. A product that mostly counts nothing is made to order: its empty shelf is no stock-out.
    """
    counts = StockRecord.objects.filter(
        product__kind=ProductKind.FINISHED,
        day__gte=add_months(first, -1),
        day__lte=last_of_month(last),
    )
    days = sorted(counts.order_by().values_list("day", flat=True).distinct())
    if products is not None:
        counts = counts.filter(product__in=products)
    totals = dict(counts.order_by().values_list("product").annotate(Count("day", distinct=True)))
    empty = (
        counts.order_by()
        .values_list("product", "day")
        .annotate(usable=Sum(F("on_hand") - F("blocked")))
        .filter(usable__lte=0)
    )
    empty_days: dict[int, set[date]] = defaultdict(set)
    for product, day, _ in empty:
        empty_days[product].add(day)
    windows = {
        month: _counts_of(month, days) for month in month_range(first, months_between(first, last) + 1)
    }
    return [
        (product, month)
        for product, without in sorted(empty_days.items())
        if len(without) <= MOSTLY * totals[product]
        for month, counted in windows.items()
        if len(counted) > 1 and without.issuperset(counted)
    ]


def _counts_of(month: date, days: list[date]) -> list[date]:
    """The last count before a month, and those in it."""
    start = bisect_right(days, month - timedelta(days=1))
    end = bisect_right(days, last_of_month(month))
    return days[max(0, start - 1) : end]


def stamp(first: date, closed: date, last: date) -> str:
    """Changes with the calendars from ``first`` to ``last`` and with the stock counts up to ``closed``."""
    calendar = CalendarDay.objects.filter(day__gte=first, day__lte=last_of_month(last), working=True)
    counted = StockRecord.objects.filter(day__gte=add_months(first, -1), day__lte=last_of_month(closed))
    parts = (
        calendar.aggregate(Count("pk"), Max("pk")),
        counted.aggregate(Count("pk"), Max("pk"), total=Sum("on_hand")),
    )
    return repr([tuple(part.values()) for part in parts])
