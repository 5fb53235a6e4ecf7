"""Where hours come from, people, ceilings, cover and lots: from the rows of the database to the plan."""

from datetime import date

import pytest

from cycles.models import Company
from sop.quantities import to_quanta
from supply.choices import HoursFrom
from supply.models import (
    CalendarDay,
    Maintenance,
    ProductionOrder,
    Resource,
    ResourceFact,
    ShiftPattern,
    Site,
    Workforce,
    WorkforceFact,
)
from supply.queries.capacity import demonstrated_capacity, weekdays
from supply.queries.fingerprint import inputs_fingerprint
from tests.supply.conftest import Build
from tests.supply.firm import Firm
from tests.supply.plans import plan

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def by(resource: Resource, source: HoursFrom) -> None:
    Resource.objects.filter(pk=resource.pk).update(hours_from=source)


def calendar(site: Site, month: date, working: int) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(site=site, day=month.replace(day=day), working=day <= working) for day in range(1, 29)
    )


def test_maintenance_takes_clock_hours_off_before_efficiency(simple: Firm, build: Build) -> None:
    simple.hours(simple.line1, JANUARY, 100, efficiency_percent=90)
    Maintenance.objects.create(resource=simple.line1, month=JANUARY, hours=12, reason="Overhaul")
    Maintenance.objects.create(resource=simple.line1, month=JANUARY, hours=8, reason="Cleaning")
    hours = build().case.resources.regular_hours[0]
    assert hours[:2].tolist() == pytest.approx([72, 100])


def test_hours_from_calendar_and_shifts(simple: Firm, build: Build) -> None:
    """20 days x 2 shifts x 7.5 hours x 80 % = 240; February has no calendar: 20 weekdays; March other shifts."""
    by(simple.line1, HoursFrom.SHIFTS)
    calendar(simple.site, JANUARY, 20)
    common = {"resource": simple.line1, "efficiency_percent": 80}
    ShiftPattern.objects.create(valid_from=date(2025, 1, 1), shifts_per_day=2, hours_per_shift=7.5, **common)
    ShiftPattern.objects.create(valid_from=date(2026, 3, 1), shifts_per_day=1, hours_per_shift=8, **common)
    hours = build().case.resources.regular_hours[0]
    assert weekdays(FEBRUARY) == 20
    assert hours[:3].tolist() == pytest.approx([240, 240, weekdays(date(2026, 3, 1)) * 8 * 0.8])


def test_shifts_that_are_not_known_leave_stated_hours_and_say_so(simple: Firm, build: Build) -> None:
    by(simple.line1, HoursFrom.SHIFTS)
    built = build()
    assert built.case.resources.regular_hours[0, 0] == 100
    assert any("Calendar and shifts are not known" in str(row["text"]) for row in built.findings)


def orders(firm: Firm, month: date, planned: float, good: float) -> None:
    ProductionOrder.objects.create(
        order_number=f"MO{ProductionOrder.objects.count()}",
        product=firm.a,
        site=firm.site,
        planned=to_quanta(planned),
        good=to_quanta(good),
        day=month.replace(day=20),
    )


def test_demonstrated_capacity_looks_at_loaded_months_only(simple: Firm, build: Build) -> None:
    """100 hours stated, one a unit: three loaded months yield 90, 80 and 70; an idle month shows nothing."""
    line = simple.line1
    for month, planned, good in ((9, 100, 90), (10, 100, 80), (11, 95, 70), (12, 20, 20)):
        simple.hours(line, date(2025, month, 1), 100)
        orders(simple, date(2025, month, 1), planned, good)
    shown = demonstrated_capacity(date(2025, 12, 1), {line.pk})[line.pk]
    assert (shown.months, shown.percent) == (3, pytest.approx(80))
    by(line, HoursFrom.DEMONSTRATED)
    assert build().case.resources.regular_hours[0].tolist() == pytest.approx([80] * 6)


def test_too_few_loaded_months_show_nothing(simple: Firm, build: Build) -> None:
    simple.hours(simple.line1, date(2025, 12, 1), 100)
    orders(simple, date(2025, 12, 1), 100, 50)
    by(simple.line1, HoursFrom.DEMONSTRATED)
    assert build().case.resources.regular_hours[0, 0] == 100


def test_people_bring_the_hours_and_are_hired_for_demand(simple: Firm) -> None:
    """Ten heads of 10 hours serve 50 and 60; with five heads, hiring is dearer than nothing but sells 60."""
    Workforce.objects.create(
        resource=simple.line1, heads=5, hours_per_head=10, wage=1, hire_cost=2, layoff_cost=1
    )
    version = plan(simple)
    people = list(WorkforceFact.objects.filter(version=version).order_by("month"))
    assert people[0].heads == pytest.approx(5.5, abs=0.51)  # 60 in February: built in January or hired for
    assert sum(one.hired for one in people) > 0
    first = ResourceFact.objects.filter(version=version).order_by("month").first()
    assert first is not None
    assert first.regular_hours == pytest.approx(people[0].heads * 10)
    paid = people[0].heads * 1 + people[0].hired * 2 + people[0].laid_off * 1
    assert people[0].cost_minor == pytest.approx(paid * 100, abs=1)


def test_cover_and_fixed_safety_stock_the_larger_holds(simple: Firm, build: Build) -> None:
    """365.25 / 12 days cover a month: 60 are wanted in February, nothing from March on."""
    simple.policy(simple.a, safety_stock=5, safety_days=365.25 / 12)
    assert build().case.stock.safety_stock[0].tolist() == pytest.approx([60, 5, 5, 5, 5, 5])


def test_a_ceiling_holds_unless_more_is_there_already(simple: Firm, build: Build) -> None:
    simple.policy(simple.a, ceiling=30)
    assert build().case.stock.max_stock[0].tolist() == [30] * 6


def test_stock_above_the_ceiling_may_stay(simple: Firm, build: Build) -> None:
    simple.policy(simple.a, ceiling=30)
    simple.in_stock(simple.a, 45)
    assert build().case.stock.max_stock[0].tolist() == [45] * 6


def test_production_comes_in_whole_lots_where_the_company_plans_them(simple: Firm) -> None:
    Company.objects.update(lot_months=6, stability_percent=0)
    simple.policy(simple.a, lot_size=40)
    version = plan(simple)
    made = version.productsitefacts.order_by("month").values_list("production", flat=True)
    assert sum(made) >= to_quanta(110)
    assert all(units % to_quanta(40) == 0 for units in made)


def test_every_new_input_makes_the_plan_old(simple: Firm) -> None:
    demand, line = simple.signed_demand(), simple.line1
    seen = {inputs_fingerprint(simple.cycle, demand)}

    def moved() -> bool:
        seen.add(inputs_fingerprint(simple.cycle, demand))
        return len(seen) == count + 1

    for change in (
        lambda: ShiftPattern.objects.create(resource=line, valid_from=JANUARY),
        lambda: Maintenance.objects.create(resource=line, month=JANUARY, hours=5, reason="Overhaul"),
        lambda: Workforce.objects.create(resource=line, heads=5, hours_per_head=10),
        lambda: by(line, HoursFrom.SHIFTS),
        lambda: calendar(simple.site, JANUARY, 20),
        lambda: by(line, HoursFrom.DEMONSTRATED),
        lambda: orders(simple, date(2025, 12, 1), 10, 10),
        lambda: Company.objects.update(lot_months=3),
    ):
        count = len(seen)
        change()
        assert moved()
