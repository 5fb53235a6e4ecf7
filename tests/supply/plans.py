"""Carries a firm to its supply plan by the real use cases."""

from cycles.choices import Role, RunState
from cycles.models import Version
from cycles.testing import run_pending
from supply.actions.plan import request_supply_plan
from tests.supply.firm import Firm


def plan(firm: Firm) -> Version:
    """Sign the demand, ask for a plan, carry it out."""
    firm.signed_demand()
    return replan(firm)


def replan(firm: Firm) -> Version:
    run = request_supply_plan(cycle=firm.cycle, by=firm.people[Role.SUPPLY_PLANNER])
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    return Version.objects.get(pk=run.result["version"])
