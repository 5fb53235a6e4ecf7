"""A company whose grid has more than 10,000 rows over 60 months, written into the database of a stack.

``python -m tests.e2e.large_company``, with the stack's environment; no forecast runs, the plan goes on like history.
"""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cycles.models import Cycle, User

MONTH = date(2027, 1, 1)
HORIZON, PAST = 48, 24
FAMILIES, PRODUCTS, MARKETS = 5, 250, ("DE", "FR", "IT", "UK")
PEOPLE = {"mara": "demand_planner", "jonas": "demand_planner", "olga": "process_owner"}
PASSWORD = "two-people-one-plan"


def level(product: int, market: int) -> int:
    """Units a month of a product in a market; every fifth product is not sold yet."""
    return 0 if product % 5 == 4 else 40 + (product * 7 + market * 13) % 160


def make_large_company() -> None:
    from cycles.actions.cycle import open_cycle
    from cycles.choices import StageKind, StageState
    from cycles.models import Company, Stage
    from portfolio.models import UnitConversion

    company = Company.current()
    company.fence_months, company.reason_percent, company.reason_revenue_percent = 1, 100.0, 0.1
    company.save()
    people = make_people()
    streams = make_streams()
    UnitConversion.objects.create(from_unit="BOX", to_unit="EA", factor=12.0)
    cycle = open_cycle(month=MONTH, by=people["olga"], horizon_months=HORIZON)
    Stage.objects.filter(cycle=cycle, kind=StageKind.DEMAND).update(state=StageState.OPEN)
    make_history(streams)
    make_plan(cycle, streams)


def make_people() -> "dict[str, User]":
    from django.contrib.auth.models import Group

    from cycles.models import ScopeRow, User

    people = {}
    for name, role in PEOPLE.items():
        person = User.objects.create_user(name, f"{name}@example.com", PASSWORD, first_name=name.title())
        person.groups.add(Group.objects.get_or_create(name=role)[0])
        ScopeRow.objects.create(user=person)
        people[name] = person
    return people


def make_streams() -> dict[int, int]:
    """Units a month by key of the stream."""
    from demand.models import DemandStream
    from portfolio.models import Family, Market, Product

    families = [Family.objects.create(code=f"F{n}", name=f"Family {n}") for n in range(FAMILIES)]
    markets = [Market.objects.create(code=code, name=code) for code in MARKETS]
    products = Product.objects.bulk_create(
        Product(
            code=f"P{number:03}",
            description=f"Product {number:03}",
            family=families[number % FAMILIES],
            list_price="4.00",
            standard_cost="2.00",
        )
        for number in range(PRODUCTS)
    )
    places = [(number, place) for number in range(PRODUCTS) for place in range(len(markets))]
    streams = DemandStream.objects.bulk_create(
        DemandStream(product=products[number], market=markets[place]) for number, place in places
    )
    return {stream.pk: level(*place) for stream, place in zip(streams, places, strict=True)}


def make_history(streams: dict[int, int]) -> None:
    from demand.models import DemandHistory
    from sop.periods import add_months, month_range

    DemandHistory.objects.bulk_create(
        DemandHistory(stream_id=key, month=month, quantity=units * 1000, value=units * 400)
        for key, units in streams.items()
        for month in month_range(add_months(MONTH, -PAST), PAST)
    )


def make_plan(cycle: "Cycle", streams: dict[int, int]) -> None:
    import numpy as np

    from cycles.choices import VersionKind
    from cycles.queries import draft_of
    from demand.actions.baseline_draft import NewDraft
    from demand.models import BaselinePart

    keys = np.array(sorted(streams), dtype=np.int64)
    mean = np.array([[streams[key]] for key in keys.tolist()]) * np.full(HORIZON, 1000)
    figures = np.stack([mean, mean * 0.9, mean * 1.1, mean * 0.8, mean * 1.2]).astype(np.int64)
    notes = [["steady", "regular", "Goes on as it was.", []]] * len(keys)
    new = NewDraft(
        draft_of(cycle, VersionKind.DEMAND),
        [BaselinePart(streams=keys.tobytes(), figures=figures.tobytes(), notes=notes)],
    )
    new.compute()
    new.store(by=None)


if __name__ == "__main__":
    import django

    django.setup()
    make_large_company()
