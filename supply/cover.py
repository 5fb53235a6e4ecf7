"""Days of supply by forward cover: how long projected stock lasts against the demand that follows."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date


def days_of_cover(stock: float, demand: Sequence[float], months: Sequence[date]) -> float | None:
    """Calendar days until ``demand`` of the coming ``months`` consumes ``stock`` (same unit).

    Demand is even within a month. Stock that outlasts the horizon goes on at the mean of its last three
    months. None where nothing is wanted any more. Example: 150 against 100 in 30 days and 100 in 31 days
    lasts 30 + 31 x 50 / 100 = 45.5 days.
    """
    days, left = 0.0, max(0.0, stock)
    for wanted, month in zip(demand, months, strict=True):
        length = monthrange(month.year, month.month)[1]
        if wanted > left:
            return days + length * left / wanted
        days, left = days + length, left - wanted
    last = demand[-3:]
    return days + left / (sum(last) / len(last)) * 30.4375 if sum(last) > 0 else None


def cover_by_month(
    closing: Sequence[float], demand: Sequence[float], months: Sequence[date]
) -> list[float | None]:
    """Days of supply at the end of each month, against the demand of the months after it.

    The last month, with nothing after it, is measured against the mean of the last three.
    """
    covers: list[float | None] = []
    for place, stock in enumerate(closing):
        after = demand[place + 1 :]
        if after:
            covers.append(days_of_cover(stock, after, months[place + 1 :]))
        else:
            mean = sum(demand[-3:]) / max(1, len(demand[-3:]))
            covers.append(stock / mean * 30.4375 if mean > 0 else None)
    return covers
