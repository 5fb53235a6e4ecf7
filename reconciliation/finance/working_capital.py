"""Money tied up between paying and being paid, from days of receivables and payables.

Source: SCOR, cash-to-cash (DSO = receivables / (revenue / 365), DPO = payables / (COGS / 365)), turned
round by the count-back method: what is still owed at a month's end are the sales of the last DSO days.
"""

from collections.abc import Sequence

DAYS_PER_MONTH = 365 / 12


def outstanding(flows: Sequence[int], days: float, before: Sequence[int] = ()) -> list[int]:
    """What is still open at each month's end if a flow is settled ``days`` after it arose.

    ``flows`` (months) and ``before``, the months ahead of the first one (latest last), are minor units.
    Months that nobody knows are taken to be like the first one known. Example: 45 days of 100, 120 a
    month leave 120 + 14.583 / 30.417 x 100 = 167.95 open.
    """
    known = [*before, *flows]
    if not known:
        return []
    reach = days / DAYS_PER_MONTH
    start = len(before)
    return [_counted_back(known, start + month, reach) for month in range(len(flows))]


def opening(flows: Sequence[int], days: float, before: Sequence[int]) -> int:
    """The same at the end of the month ahead of the first one."""
    known = list(before) or list(flows[:1]) or [0]
    return _counted_back(known, len(known) - 1, days / DAYS_PER_MONTH)


def _counted_back(known: Sequence[int], place: int, reach: float) -> int:
    total = 0.0
    while reach > 0:
        total += min(reach, 1.0) * known[max(place, 0)]
        place, reach = place - 1, reach - 1
    return round(total)


def cash_conversion_days(
    inventory: float, receivables: float, payables: float, revenue: float, cogs: float
) -> float:
    """Days of stock + days of receivables - days of payables, of a year's revenue and COGS."""
    return 365 * (inventory / cogs + receivables / revenue - payables / cogs)
