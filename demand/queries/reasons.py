"""How large a change may be before the process owner asks for a reason."""

from django.db.models import Sum

from cycles.models import Company, Cycle
from demand.models import DemandHistory
from demand.queries.stamp import kept_by_history
from sop.periods import add_months


def annual_revenue(cycle: Cycle) -> int:
    """Net revenue of the last twelve closed months, minor units."""
    return kept_by_history("revenue", cycle, lambda: _revenue(cycle))


def _revenue(cycle: Cycle) -> int:
    first = add_months(cycle.last_closed_month, -11)
    rows = DemandHistory.objects.filter(month__gte=first, month__lte=cycle.last_closed_month)
    return int(rows.aggregate(total=Sum("value"))["total"] or 0)


def is_large_change(company: Company, revenue: int, *, old: float, new: float, value: float) -> bool:
    """Whether a change from ``old`` to ``new`` quanta, worth ``value`` minor units, needs a reason.

    It does above ``reason_percent`` of the old figure, if it is also more than
    ``reason_revenue_percent`` of the annual ``revenue`` (minor units).
    """
    return _exceeds(company, company.reason_percent, revenue, old=old, new=new, value=value)


def is_very_large_change(company: Company, revenue: int, *, old: float, new: float, value: float) -> bool:
    """Whether it needs a comment or an assumption beside the reason: the same above ``comment_percent``; 0: never."""
    if not company.comment_percent:
        return False
    return _exceeds(company, company.comment_percent, revenue, old=old, new=new, value=value)


def _exceeds(company: Company, percent: float, revenue: int, *, old: float, new: float, value: float) -> bool:
    if abs(new - old) * 100 <= percent * abs(old):
        return False
    return abs(value) * 100 > company.reason_revenue_percent * revenue
