"""Production that the planner fixes: respected by the next plan, with its cost against the free optimum."""

from datetime import date

import pytest
from django.urls import reverse

from cycles.choices import Role, RunState
from cycles.models import Run
from cycles.testing import run_pending
from sop.errors import InvalidInput, NotAllowed
from sop.quantities import to_quanta
from supply.actions.fixed_lines import fix_production, release_production
from supply.actions.plan import request_supply_plan
from supply.models import FixedLine, ProductSiteFact
from tests.supply.firm import Firm
from tests.supply.plans import plan, replan
from tests.supply.test_pages import as_role

FEBRUARY = date(2026, 2, 1)


def fix(firm: Firm, units: float, role: Role = Role.SUPPLY_PLANNER) -> None:
    fix_production(
        cycle=firm.cycle, product=firm.a, site=firm.site, months=[FEBRUARY], units=units, reason="Trial run",
        by=firm.people[role],
    )  # fmt: skip


def made_in_february(version: object) -> int:
    return ProductSiteFact.objects.get(version=version, month=FEBRUARY).production


def test_the_next_plan_starts_what_is_fixed_and_says_what_it_costs(simple: Firm) -> None:
    assert made_in_february(plan(simple)) == to_quanta(60)
    fix(simple, 75)
    version = replan(simple)
    assert made_in_february(version) == to_quanta(75)
    assert version.params["fixed_cost"] > 0
    release_production(
        cycle=simple.cycle, line_id=FixedLine.objects.get().pk, by=simple.people[Role.SUPPLY_PLANNER]
    )
    free = replan(simple)
    assert made_in_february(free) == to_quanta(60)
    assert free.params["fixed_cost"] is None


def test_what_cannot_be_made_ends_in_words_and_keeps_the_last_plan(simple: Firm) -> None:
    version = plan(simple)
    fix(simple, 500)
    run = request_supply_plan(cycle=simple.cycle, by=simple.people[Role.SUPPLY_PLANNER])
    for _ in range(3):
        run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DEAD
    assert "No plan was found" in run.error
    assert Run.objects.filter(pk=version.params["run"], state=RunState.DONE).exists()
    assert version.name in as_role(simple, Role.SUPPLY_PLANNER).get(reverse("supply:home")).content.decode()


def test_who_fixes_and_what(simple: Firm) -> None:
    simple.signed_demand()
    with pytest.raises(NotAllowed):
        fix(simple, 10, Role.OPERATIONS)
    other = simple.product("B")
    with pytest.raises(InvalidInput, match="does not make"):
        fix_production(cycle=simple.cycle, product=other, site=simple.site, months=[FEBRUARY], units=1,
                       reason="x", by=simple.people[Role.SUPPLY_PLANNER])  # fmt: skip
    with pytest.raises(InvalidInput, match="months of the plan"):
        fix_production(cycle=simple.cycle, product=simple.a, site=simple.site, months=[date(2031, 1, 1)], units=1,
                       reason="x", by=simple.people[Role.SUPPLY_PLANNER])  # fmt: skip


def test_the_page_fixes_and_releases(simple: Firm) -> None:
    simple.signed_demand()
    client = as_role(simple, Role.SUPPLY_PLANNER)
    url = reverse("supply:fixed")
    values = {"product": "A", "site": "S1", "first_month": "2026-02", "last_month": "2026-03", "units": "40",
              "reason": "Campaign"}  # fmt: skip
    assert client.post(url, values | {"units": "-1"}).status_code == 400
    assert client.post(url, values).status_code == 302
    assert [line.units for line in FixedLine.objects.all()] == [40, 40]
    assert "Campaign" in client.get(url).content.decode()
    for line in FixedLine.objects.all():
        client.post(reverse("supply:release"), {"line": line.pk})
    assert not FixedLine.objects.exists()
