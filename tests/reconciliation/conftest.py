"""A one-plant company with a signed supply plan, and its scenarios."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from cycles.choices import Role, StageKind, StageState
from cycles.models import Company, Cycle, Stage, User
from cycles.testing import run_pending
from portfolio.models import Family, Market
from reconciliation.actions.scenarios import supply_was_signed
from reconciliation.models import BudgetLine, Scenario
from supply.models import Site
from tests.supply.firm import MONTH, Firm

UNIT, CENTS = 1000, 100


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
    """Product A at 10 costs 6; its line makes 100 units a month in regular hours, 20 more in overtime at 2.

    130 are wanted in each of six months, so that 10 a month are short; opening stock is empty.
    """
    Company.objects.update_or_create(
        pk=1, defaults={"horizon_months": 6, "fair_share_percent": 0, "stability_percent": 0}
    )
    cycle = Cycle.objects.create(month=MONTH, horizon_months=6, today=MONTH, opened_by=None)
    for kind in StageKind:
        Stage.objects.get_or_create(cycle=cycle, kind=kind, defaults={"due": MONTH})
    firm = Firm(
        cycle=cycle,
        people=people,
        site=Site.objects.create(code="S1", name="Lyon"),
        market=Market.objects.create(code="M1", name="France"),
        family=Family.objects.create(code="F", name="Coffee"),
    )
    product = firm.product("A")
    firm.made_on(product, firm.line(overtime_hours=20, overtime_cost_per_hour=2))
    firm.lane(unit_cost=0.5)
    firm.sold(product, *[130] * 6)
    for month in cycle.months:
        BudgetLine.objects.create(
            family=firm.family,
            month=month,
            quantity=110 * UNIT,
            revenue_minor=110 * 10 * CENTS,
            cogs_minor=110 * 6 * CENTS,
            opex_minor=50 * CENTS,
        )
    return firm


@pytest.fixture
def signed(firm: Firm) -> Firm:
    """The supply plan is solved and signed; the reconciliation review is open."""
    from supply.actions.plan import request_supply_plan

    firm.signed_demand()
    run = request_supply_plan(cycle=firm.cycle, by=firm.people[Role.SUPPLY_PLANNER])
    run_pending()
    run.refresh_from_db()
    assert not run.error, run.error
    Stage.objects.filter(cycle=firm.cycle, kind=StageKind.SUPPLY).update(
        signed_version=run.result["version"], state=StageState.SIGNED
    )
    Stage.objects.filter(cycle=firm.cycle, kind=StageKind.RECONCILIATION).update(state=StageState.OPEN)
    return firm


@pytest.fixture
def baseline(signed: Firm) -> Scenario:
    """Scenario A, computed."""
    supply_was_signed(cycle=signed.cycle, by=signed.people[Role.OPERATIONS])
    run_pending()
    return Scenario.objects.get(cycle=signed.cycle, is_baseline=True)


@pytest.fixture
def sign_in(client) -> Callable[[User], object]:
    """The test client signed in as a person."""

    def enter(user: User) -> object:
        client.force_login(user)
        return client

    return enter
