"""A company of one plant that can be planned in the head, and the cycle that it plans in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group

from cycles.choices import Role, StageKind
from cycles.models import Company, Cycle, Stage, User
from portfolio.models import Family, Market
from supply.models import Site
from tests.supply.firm import MONTH, Firm

Build = Callable[..., Any]


@pytest.fixture
def people(db: None) -> dict[Role, User]:
    """One person for each role."""
    found = {}
    for role in Role:
        user = User.objects.create_user(username=role.value, first_name=str(role.label), password="secret")
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
        found[role] = user
    return found


@pytest.fixture
def firm(people: dict[Role, User]) -> Firm:
    """One site, one market, one family, a cycle of six months; nothing else."""
    Company.objects.update_or_create(pk=1, defaults={"horizon_months": 6, "fair_share_percent": 0})
    cycle = Cycle.objects.create(month=MONTH, horizon_months=6, today=MONTH, opened_by=None)
    for kind in StageKind:
        Stage.objects.get_or_create(cycle=cycle, kind=kind, defaults={"due": MONTH})
    return Firm(
        cycle=cycle,
        people=people,
        site=Site.objects.create(code="S1", name="Lyon"),
        market=Market.objects.create(code="M1", name="France"),
        family=Family.objects.create(code="F", name="Coffee"),
    )


@pytest.fixture
def simple(firm: Firm) -> Firm:
    """One product on one line of 100 hours, one hour a unit: 100 a month can be made, 50 and 60 are wanted."""
    product = firm.product("A")
    firm.made_on(product, firm.line())
    firm.lane()
    firm.sold(product, 50, 60)
    return firm


@pytest.fixture
def build(firm: Firm) -> Build:
    """Builds the case on the firm's demand."""

    def build_it(**more: Any) -> Any:
        from supply.queries.case import build_case

        return build_case(cycle=firm.cycle, demand_version=firm.signed_demand(), **more)

    return build_it
