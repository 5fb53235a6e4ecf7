"""How the regular hours of a resource in a month come about: stated, from calendar and shifts, or demonstrated.

usable hours = (clock hours - planned maintenance) x efficiency / 100 [x demonstrated / 100]

Clock hours are the stated ones, or working days x shifts x hours of a shift. Demonstrated is what a line has
shown it can do: standard hours of good output / stated usable hours, over the months of the last year in
which orders were to fill it (APICS: demonstrated capacity, from actual performance).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from sop.periods import add_months, last_of_month, working_days
from sop.quantities import QUANTA_PER_UNIT
from supply.choices import HoursFrom
from supply.models import (
    CalendarDay,
    Maintenance,
    ProductionOrder,
    ProductSite,
    Resource,
    ResourceMonth,
    Routing,
    ShiftPattern,
)

LOOK_BACK_MONTHS = 12
LOADED_SHARE = 0.85
"""A month shows what a line can do only where its orders were to take at least this share of its hours."""
LOADED_MONTHS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What a resource has shown: hours summed over the months in which it was loaded."""

    months: int
    earned_hours: float
    stated_hours: float

    @property
    def percent(self) -> float | None:
        """Of the stated usable hours; None where too few months were loaded to show anything."""
        if self.months < LOADED_MONTHS_NEEDED or self.stated_hours <= 0:
            return None
        return 100 * self.earned_hours / self.stated_hours


@dataclass(frozen=True, slots=True)
class Shifts:
    """A shift pattern from its month on."""

    valid_from: date
    shifts_per_day: float
    hours_per_shift: float
    efficiency_percent: float


@dataclass(frozen=True, slots=True)
class MonthHours:
    """The hours of a resource in a month and every step to them. ``source`` is the figure that really plans."""

    month: date
    source: HoursFrom
    clock: float
    maintenance: float
    efficiency_percent: float
    demonstrated_percent: float | None = None
    working_days: int | None = None
    shifts: Shifts | None = None

    @property
    def usable(self) -> float:
        """Hours that the plan may use at no premium."""
        shown = self.demonstrated_percent if self.source == HoursFrom.DEMONSTRATED else None
        hours = max(0.0, self.clock - self.maintenance) * self.efficiency_percent / 100
        return hours if shown is None else hours * shown / 100


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """What hours are made of, by resource; working days by site."""

    hours_from: dict[int, HoursFrom] = field(default_factory=dict)
    shifts: dict[int, list[Shifts]] = field(default_factory=dict)
    working_days: dict[tuple[int, date], int] = field(default_factory=dict)
    maintenance: dict[tuple[int, date], float] = field(default_factory=dict)
    demonstrated: dict[int, Demonstrated] = field(default_factory=dict)

    def shifts_in(self, resource: int, month: date) -> Shifts | None:
        """The youngest pattern that holds in the month."""
        known = [one for one in self.shifts.get(resource, []) if one.valid_from <= month]
        return known[-1] if known else None

    def days_in(self, site: int, month: date) -> int:
        """Working days of the calendar; Monday to Friday where the site has none for the month."""
        known = self.working_days.get((site, month))
        return known if known is not None else weekdays(month)


def weekdays(month: date) -> int:
    """Mondays to Fridays of a month."""
    count = 0
    for day in working_days(month):
        if day > last_of_month(month):
            return count
        count += 1
    return count


def month_hours(
    facts: CapacityFacts, *, resource: int, site: int, month: date, stated: float, efficiency: float
) -> MonthHours:
    """The hours of a month from its stated clock hours and efficiency; what cannot be told leaves them stated."""
    wanted = facts.hours_from.get(resource, HoursFrom.STATED)
    off = facts.maintenance.get((resource, month), 0.0)
    shifts = facts.shifts_in(resource, month)
    if wanted == HoursFrom.SHIFTS and shifts is not None:
        days = facts.days_in(site, month)
        clock = days * shifts.shifts_per_day * shifts.hours_per_shift
        return MonthHours(
            month, wanted, clock, off, shifts.efficiency_percent, working_days=days, shifts=shifts
        )
    shown = facts.demonstrated.get(resource)
    percent = shown.percent if shown else None
    if wanted == HoursFrom.DEMONSTRATED and percent is not None:
        return MonthHours(month, wanted, stated, off, efficiency, percent)
    return MonthHours(month, HoursFrom.STATED, stated, off, efficiency, percent)


def read_capacity(
    months: Sequence[date], closed_month: date, *, resource: int | None = None, shown: bool = False
) -> CapacityFacts:
    """What the hours of the months are made of. ``shown`` asks for demonstrated capacity in any case; else it
    is read only for resources that plan by it."""
    hours_from = {pk: HoursFrom(kind) for pk, kind in Resource.objects.values_list("pk", "hours_from")}
    by_output = {pk for pk, kind in hours_from.items() if kind == HoursFrom.DEMONSTRATED}
    asked = {resource} if shown and resource is not None else set(hours_from) if shown else by_output
    return CapacityFacts(
        hours_from=hours_from,
        shifts=_shifts(),
        working_days=_working_days(months),
        maintenance=_maintenance(months),
        demonstrated=demonstrated_capacity(closed_month, asked) if asked else {},
    )


def _shifts() -> dict[int, list[Shifts]]:
    found: dict[int, list[Shifts]] = defaultdict(list)
    rows = ShiftPattern.objects.order_by("valid_from").values_list(
        "resource_id", "valid_from", "shifts_per_day", "hours_per_shift", "efficiency_percent"
    )
    for pk, valid_from, shifts, hours, efficiency in rows:
        found[pk].append(Shifts(valid_from, shifts, hours, efficiency))
    return dict(found)


def _working_days(months: Sequence[date]) -> dict[tuple[int, date], int]:
    days = CalendarDay.objects.filter(day__range=(months[0], last_of_month(months[-1])))
    rows = days.annotate(month=TruncMonth("day")).values_list("site_id", "month", "working").order_by()
    found: dict[tuple[int, date], int] = {}
    for site, month, working, count in rows.annotate(days=Count("pk")):
        found[site, month] = found.get((site, month), 0) + (count if working else 0)
    return found


def _maintenance(months: Sequence[date]) -> dict[tuple[int, date], float]:
    rows = Maintenance.objects.filter(month__range=(months[0], months[-1])).order_by()
    sums = rows.values_list("resource_id", "month").annotate(total=Sum("hours"))
    return {(resource, month): total for resource, month, total in sums}


def demonstrated_capacity(closed_month: date, resources: set[int]) -> dict[int, Demonstrated]:
    """What resources have shown in the year up to the closed month, from production orders.

    Hours of an order are those of its routings, set-up spread over the lot. Months without stated hours, or
    with less planned than LOADED_SHARE of them, show nothing and are left out.
    """
    first = add_months(closed_month, 1 - LOOK_BACK_MONTHS)
    planned, earned = _order_hours(first, closed_month, resources)
    stated = ResourceMonth.objects.filter(month__range=(first, closed_month), resource__in=resources)
    sums: dict[int, list[float]] = {pk: [0, 0.0, 0.0] for pk in resources}
    for pk, month, hours, efficiency in stated.values_list(
        "resource_id", "month", "available_hours", "efficiency_percent"
    ):
        usable = hours * efficiency / 100
        if usable > 0 and planned.get((pk, month), 0.0) >= LOADED_SHARE * usable:
            for place, more in enumerate((1, earned[pk, month], usable)):
                sums[pk][place] += more
    return {pk: Demonstrated(int(count), made, hours) for pk, (count, made, hours) in sums.items()}


Hours = dict[tuple[int, date], float]


def _order_hours(first: date, last: date, resources: set[int]) -> tuple[Hours, Hours]:
    """Hours that orders were to take and hours that their good output is worth, by resource and month."""
    lots = {
        (product, site): lot
        for product, site, lot in ProductSite.objects.filter(lot_size__gt=0).values_list(
            "product_id", "site_id", "lot_size"
        )
    }
    hours: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    routings = Routing.objects.filter(resource__in=resources).values_list(
        "product_id", "resource__site_id", "resource_id", "hours_per_unit", "setup_hours", "lot_size"
    )
    for product, site, resource, per_unit, setup, own_lot in routings:
        lot = own_lot or lots.get((product, site))
        hours[product, site].append((resource, per_unit + (setup / lot if lot else 0.0)))
    planned: Hours = defaultdict(float)
    earned: Hours = defaultdict(float)
    orders = ProductionOrder.objects.filter(day__range=(first, last_of_month(last))).order_by()
    sums = orders.annotate(month=TruncMonth("day")).values_list("product_id", "site_id", "month")
    for product, site, month, wanted, good in sums.annotate(wanted=Sum("planned"), made=Sum("good")):
        for resource, per_unit in hours.get((product, site), ()):
            planned[resource, month] += wanted / QUANTA_PER_UNIT * per_unit
            earned[resource, month] += good / QUANTA_PER_UNIT * per_unit
    return planned, earned
