"""The key figures' formulas. Pure: no Django, no database.

Conventions: sums are divided, ratios never averaged; nothing is rounded on the way; an undefined figure is
None, never 0 or 1. Bias is forecast minus actual, so a positive one is over-forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


def ratio(numerator: float, denominator: float) -> float | None:
    """A quotient; None where the denominator is 0."""
    return numerator / denominator if denominator else None


def wape(forecast: Sequence[float], actual: Sequence[float]) -> float | None:
    """Weighted absolute percentage error, sum |A - F| / sum A, over paired items; None where sum A is 0.

    >>> round(wape([100, 50, 30, 0, 20], [80, 60, 30, 5, 0]), 4)
    0.3143
    """
    errors = sum(abs(a - f) for f, a in zip(forecast, actual, strict=True))
    return ratio(errors, sum(actual))


def accuracy(wape_value: float | None) -> float | None:
    """Forecast accuracy max(0, 1 - WAPE): the floor is for display, the stored WAPE is not floored."""
    return None if wape_value is None else max(0.0, 1.0 - wape_value)


def bias(forecast: Sequence[float], actual: Sequence[float]) -> float | None:
    """sum (F - A) / sum A; positive: over-forecast.

    >>> bias([110], [100])
    0.1
    """
    return ratio(sum(forecast) - sum(actual), sum(actual))


def tracking_signal(forecast: Sequence[float], actual: Sequence[float]) -> float:
    """sum (A - F) / mean |A - F| to date (Stevenson, Operations Management); 0 where there is no error.

    >>> tracking_signal([10, 10, 10, 10], [8, 11, 12, 14])  # doctest: +ELLIPSIS
    2.22...
    """
    errors = [a - f for f, a in zip(forecast, actual, strict=True)]
    deviation = sum(map(abs, errors)) / len(errors) if errors else 0.0
    return sum(errors) / deviation if deviation else 0.0


def inventory_turns(cost_of_sales: float, stock_values: Sequence[float]) -> float | None:
    """Yearly cost of goods sold over the mean stock value at standard cost; None without stock.

    ``stock_values`` are month ends, 13 of them for a year (two where there are no more).

    >>> round(inventory_turns(17_951, [2_100, 2_200]), 2)
    8.35
    """
    mean = sum(stock_values) / len(stock_values) if stock_values else 0.0
    return ratio(cost_of_sales, mean)


def forward_cover_days(stock: float, demand: Sequence[float], days: Sequence[float]) -> float | None:
    """Days until the stock is used up by the demand of the coming months; None where it outlasts them.

    ``demand`` and ``days`` run by month from the next one on, demand spread evenly over its days.

    >>> round(forward_cover_days(274, [7128], [22]), 2)
    0.85
    """
    covered = 0.0
    left = max(0.0, stock)
    for wanted, length in zip(demand, days, strict=True):
        if wanted > left:
            return covered + length * left / wanted
        left -= wanted
        covered += length
    return None


@dataclass(frozen=True)
class DeliveryRule:
    """When a line counts as delivered on time and in full: calendar days, shares of the ordered quantity."""

    early_days: int = 1
    late_days: int = 0
    under_tolerance: float = 0.0
    over_tolerance: float = 0.0


def on_time_quantity(
    requested: date, deliveries: Sequence[tuple[date | None, float]], rule: DeliveryRule
) -> float:
    """Units of a line delivered inside the customer's window; open deliveries (no date) count nothing."""
    first = requested - timedelta(days=rule.early_days)
    last = requested + timedelta(days=rule.late_days)
    return sum(quantity for day, quantity in deliveries if day is not None and first <= day <= last)


def is_otif(ordered: float, on_time: float, rule: DeliveryRule) -> bool:
    """On time, in full: the quantity inside the window lies within the tolerances of the ordered one."""
    return ordered * (1 - rule.under_tolerance) <= on_time <= ordered * (1 + rule.over_tolerance)


def filled(ordered: float, on_time: float) -> float:
    """Units of a line that count for the fill rate: over-delivery earns nothing."""
    return min(ordered, on_time)
