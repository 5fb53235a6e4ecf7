"""The hours that a plan would take now, for pages: every month of every resource and how it comes about."""

from collections.abc import Collection
from datetime import date

from cycles.models import Cycle
from sop.periods import add_months
from supply.models import Resource, ResourceMonth
from supply.queries.capacity import CapacityFacts, MonthHours, month_hours, read_capacity

Stated = dict[date, tuple[float, float]]  # clock hours and efficiency by month


def planned_hours(cycle: Cycle, *, resource: Resource | None = None) -> dict[int, list[MonthHours]]:
    """Hours by resource, one entry per plan month; without any stated month only shifts can give hours."""
    pk = resource.pk if resource else None
    facts = read_capacity(cycle.months, cycle.last_closed_month, resource=pk, shown=True)
    resources = Resource.objects.filter(pk=pk) if pk else Resource.objects.all()
    sites = dict(resources.values_list("pk", "site_id"))
    stated: dict[int, Stated] = {one: {} for one in sites}
    rows = ResourceMonth.objects.filter(resource__in=sites).order_by("month")
    for one, month, hours, share in rows.values_list(
        "resource_id", "month", "available_hours", "efficiency_percent"
    ):
        stated[one][month] = (hours, share)
    return {
        one: [_month(facts, one, site, month, stated[one]) for month in cycle.months]
        for one, site in sites.items()
    }


def _month(facts: CapacityFacts, resource: int, site: int, month: date, stated: Stated) -> MonthHours:
    hours, share = stated[stand_in(month, stated)] if stated else (0.0, 100.0)
    return month_hours(facts, resource=resource, site=site, month=month, stated=hours, efficiency=share)


def stand_in(month: date, known: Collection[date]) -> date:
    """Which known month gives a month its stated hours: itself, the same month of an earlier year, else the
    last known before it, else the first known."""
    if month in known:
        return month
    first = min(known)
    year_before = add_months(month, -12)
    while year_before >= first:
        if year_before in known:
            return year_before
        year_before = add_months(year_before, -12)
    return max((one for one in known if one < month), default=first)
