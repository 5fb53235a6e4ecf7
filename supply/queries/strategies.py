"""The strategies of a family: what they start from, read from a plan, and the cheapest mix by the engine.

The engine is imported by who asks for the mix, never when the web process starts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FloatField, Sum

from cycles.models import Company, Version
from portfolio.models import Family
from sop.errors import InvalidInput
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT
from supply.models import (
    CalendarDay,
    ProductSiteFact,
    ResourceFact,
    ResourceMonth,
    ResourceUse,
    StreamFact,
    Workforce,
)
from supply.queries.capacity import weekdays
from supply.strategies import Assumptions, Strategy, followed

HOURS_A_DAY = 8.0
"""Where the family's resources have no people on record: what a person works on a working day."""


@dataclass(frozen=True, slots=True)
class FamilyStart:
    """What a plan knows of a family: by month, and figures that people may replace on the page."""

    months: list[date]
    demand: list[float]
    targets: list[float]
    days: list[int]
    opening_stock: float
    figures: dict[str, float]  # names of Assumptions, and hours_per_day
    people_known: bool

    def assumptions(self, figures: dict[str, float]) -> Assumptions:
        """With the figures that people chose."""
        per_day = figures["hours_per_day"]
        rest = {name: value for name, value in figures.items() if name != "hours_per_day"}
        return Assumptions(
            demand=self.demand,
            targets=self.targets,
            hours_per_head=[days * per_day for days in self.days],
            opening_stock=self.opening_stock,
            **rest,
        )


def family_start(plan: Version, family: Family, months: list[date]) -> FamilyStart:
    """Demand, targets and stock of the family's finished goods, its people and their cost as far as known.

    Hours per unit: hours that the family's demand needs of all its resources / units wanted. Heads without a
    record of people: hours needed in the first month / hours of a person.
    """
    demand, price = _demand(plan, family, months)
    stock, targets, standard_cost = _stock(plan, family, months)
    hours_per_unit, resources = _hours_per_unit(plan, family, sum(demand))
    people = _people(plan, family, resources, hours_per_unit, demand)
    days = _days(family, resources, months)
    company = Company.current()
    per_day = people.get("hours_per_head", 0.0) / (sum(days) / len(days)) if people else HOURS_A_DAY
    figures = {
        "hours_per_unit": hours_per_unit,
        "hours_per_day": per_day,
        "opening_heads": people.get("heads", demand[0] * hours_per_unit / (days[0] * per_day or 1.0)),
        "overtime_hours_per_head": people.get("overtime_hours_per_head", 0.0),
        "overtime_cost": _overtime_cost(resources),
        "wage": people.get("wage", 0.0),
        "hire_cost": people.get("hire_cost", 0.0),
        "layoff_cost": people.get("layoff_cost", 0.0),
        "holding_cost": standard_cost * company.carrying_rate_percent / 100 / 12,
        "backlog_cost": price * company.backorder_percent / 100,
    }
    return FamilyStart(months, demand, targets, days, stock, figures, bool(people))


def _demand(plan: Version, family: Family, months: list[date]) -> tuple[list[float], float]:
    """Units wanted by month, and the mean price of a unit in major currency."""
    facts = StreamFact.objects.filter(version=plan, stream__product__family=family)
    rows = facts.values_list("month").annotate(units=Sum("demand")).order_by()
    wanted = {month: units / QUANTA_PER_UNIT for month, units in rows}
    value = (
        facts.aggregate(total=Sum(F("demand") * F("price_minor"), output_field=FloatField()))["total"] or 0.0
    )
    units = sum(wanted.values())
    price = value / QUANTA_PER_UNIT / MINOR_PER_MAJOR / units if units else 0.0
    return [wanted.get(month, 0.0) for month in months], price


def _stock(plan: Version, family: Family, months: list[date]) -> tuple[float, list[float], float]:
    """Opening stock, safety stock by month in units, and the mean standard cost of a unit."""
    facts = ProductSiteFact.objects.filter(version=plan, product__family=family)
    rows = facts.values_list("month").annotate(opening=Sum("opening"), safety=Sum("safety_stock")).order_by()
    found = {month: (opening / QUANTA_PER_UNIT, safety / QUANTA_PER_UNIT) for month, opening, safety in rows}
    cost = facts.filter(product__standard_cost__isnull=False).aggregate(
        value=Sum(F("production") * F("product__standard_cost"), output_field=FloatField()),
        units=Sum("production"),
    )
    targets = [found.get(month, (0.0, 0.0))[1] for month in months]
    mean = cost["value"] / cost["units"] if cost["units"] else 0.0
    return found.get(months[0], (0.0, 0.0))[0], targets, mean


def _uses(plan: Version, family: Family) -> list[tuple[int, int, float]]:
    """(resource, product, hours of a unit of demand) of the family's products."""
    uses = ResourceUse.objects.filter(version=plan, product__family=family)
    return [
        (resource, product, hours * share)
        for resource, product, hours, share in uses.values_list(
            "resource_id", "product_id", "hours_per_unit", "share"
        )
    ]


def _hours_per_unit(plan: Version, family: Family, units: float) -> tuple[float, dict[int, float]]:
    """Hours of people a mean unit takes, and the hours that the family's demand needs of each resource.

    Where some of the resources have people on record, only these count: the others work without people.
    """
    facts = StreamFact.objects.filter(version=plan, stream__product__family=family).order_by()
    rows = facts.values_list("stream__product").annotate(units=Sum("demand"))
    wanted = {product: quanta / QUANTA_PER_UNIT for product, quanta in rows}
    needed: dict[int, float] = {}
    for resource, product, hours in _uses(plan, family):
        needed[resource] = needed.get(resource, 0.0) + hours * wanted.get(product, 0.0)
    staffed = set(Workforce.objects.filter(resource__in=needed).values_list("resource_id", flat=True))
    if staffed:
        needed = {resource: hours for resource, hours in needed.items() if resource in staffed}
    return sum(needed.values()) / units if units else 0.0, needed


def _people(
    plan: Version, family: Family, resources: dict[int, float], hours_per_unit: float, demand: list[float]
) -> dict[str, float]:
    """The family's part of the people of its resources, by its part of their needed hours; empty without any."""
    facts = ResourceFact.objects.filter(version=plan, resource__in=resources).order_by()
    all_hours = dict(facts.values_list("resource").annotate(total=Sum("needed_hours")))
    found: dict[str, float] = {}
    heads = 0.0
    names = ("hours_per_head", "overtime_hours_per_head", "wage", "hire_cost", "layoff_cost")
    for row in Workforce.objects.filter(resource__in=resources):
        total = all_hours.get(row.resource_id, 0.0)
        mine = row.heads * min(1.0, resources[row.resource_id] / total) if total else row.heads
        heads += mine
        for name in names:
            found[name] = found.get(name, 0.0) + getattr(row, name) * mine
    if heads <= 0:
        return {}
    return {name: value / heads for name, value in found.items()} | {"heads": heads}


def _days(family: Family, resources: dict[int, float], months: list[date]) -> list[int]:
    """Working days by month at the site of the first of the resources; Monday to Friday without a calendar."""
    days = CalendarDay.objects.filter(site__resources__in=resources, working=True).order_by("site")
    site = days.values_list("site", flat=True).first()
    worked: dict[date, int] = {}
    if site is not None:
        for day in CalendarDay.objects.filter(site=site, working=True, day__gte=months[0]).values_list(
            "day", flat=True
        ):
            worked[day.replace(day=1)] = worked.get(day.replace(day=1), 0) + 1
    return [worked.get(month) or weekdays(month) for month in months]


def _overtime_cost(resources: dict[int, float]) -> float:
    """Mean rate of an hour of overtime, major currency."""
    rates = ResourceMonth.objects.filter(resource__in=resources, overtime_cost_per_hour__gt=0)
    found = list(rates.values_list("overtime_cost_per_hour", flat=True)[:1000])
    return sum(found) / len(found) if found else 0.0


def hybrid(given: Assumptions) -> Strategy:
    """The cheapest mix: the engine plans the family as one product of one crew. Nothing may be owed at the end."""
    from supply.planning.engine import solve
    from supply.planning.plan import Status

    plan = solve(_case(given))
    if plan.status != Status.OPTIMAL:
        raise InvalidInput(f"There is no mix that meets these figures: {plan.reason}.")
    return followed(given, plan.production[0].tolist(), plan.heads[0].tolist())


def _case(given: Assumptions) -> Any:
    from supply.planning.case import (
        Case,
        Demand,
        Lanes,
        Places,
        Production,
        Products,
        Resources,
        Routing,
        Settings,
        Stock,
        Workforce,
    )

    months = len(given.demand)
    first = {"product": [0], "site": [0]}
    return Case.of(
        Settings("2000-01", months),
        products=Products.make(months, name=["family"]),
        places=Places.make(months, name=["site", "market"], is_site=[True, False]),
        demand=Demand.make(
            months, product=[0], market=[1], quantity=[list(given.demand)], must_serve=[True],
            backorder_cost=[given.backlog_cost],
        ),
        production=Production.make(months, **first),
        resources=Resources.make(
            months, site=[0], name=["people"], overtime_cost_per_hour=[given.overtime_cost]
        ),
        routing=Routing.make(
            months, product=[0], resource=[0], lag_months=[0], hours_per_unit=[given.hours_per_unit]
        ),
        workforce=Workforce.make(
            months, resource=[0], opening_heads=[given.opening_heads],
            hours_per_head=[list(given.hours_per_head)],
            overtime_hours_per_head=[given.overtime_hours_per_head], wage=[given.wage],
            hire_cost=[given.hire_cost], layoff_cost=[given.layoff_cost],
        ),
        stock=Stock.make(
            months, **first, opening_stock=[given.opening_stock], holding_cost=[given.holding_cost],
            min_closing_stock=[list(given.targets)],
        ),
        lanes=Lanes.make(months, origin=[0], destination=[1], product=[-1]),
    )  # fmt: skip
