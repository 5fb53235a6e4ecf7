"""Safety stock from what suppliers and demand really did."""

from math import sqrt
from statistics import NormalDist

from sop.periods import DAYS_PER_MONTH


def safety_stock(
    *, service_percent: float, demand: float, demand_spread: float, lead_days: float, lead_spread: float
) -> float:
    """Units of safety stock for a cycle service level.

    SS = z x sqrt(L x sd^2 + d^2 x sL^2), with d and sd the mean and the standard deviation of demand a day, L and
    sL those of the lead time in days, z the quantile of the service level (King's combined form). Not below zero;
    a service level of 50 % or less needs none. Demand is taken as normal: for lumpy items it is a starting point.
    Example: d 2500, sd 500, L 7, sL 7, 90 % give 22,491.
    """
    z = NormalDist().inv_cdf(min(max(service_percent, 0.1), 99.99) / 100)
    return max(0.0, z * sqrt(lead_days * demand_spread**2 + demand**2 * lead_spread**2))


def a_day(monthly: list[float]) -> tuple[float, float]:
    """Mean and standard deviation of a day from monthly figures, days taken as independent."""
    if not monthly:
        return 0.0, 0.0
    mean = sum(monthly) / len(monthly)
    variance = sum((value - mean) ** 2 for value in monthly) / max(1, len(monthly) - 1)
    return mean / DAYS_PER_MONTH, sqrt(variance / DAYS_PER_MONTH)


RESERVE_TIERS = ((90, 0.0), (180, 0.25), (365, 0.5), (float("inf"), 1.0))
"""Age in days up to which a part of the stock's value is set aside: none, a quarter, half, all."""


def reserve_share(age_days: float) -> float:
    """Part of a stock's value that is set aside for its age."""
    return next(share for limit, share in RESERVE_TIERS if age_days <= limit)


def reserve(values_by_age: list[tuple[float, float]]) -> float:
    """Excess and obsolete reserve of (age in days, value at standard cost).

    Example: 1000, 500, 200 and 100 units at 20 that are 30, 120, 200 and 400 days old need
    0 + 2,500 + 2,000 + 2,000 = 6,500.
    """
    return sum(reserve_share(age) * value for age, value in values_by_age)
