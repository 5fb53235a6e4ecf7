"""A recommended scenario before the executives, on the company of the reconciliation tests."""

import pytest

from cycles.actions.stages import perform
from cycles.choices import Act, Role, StageKind
from cycles.queries import stage_of
from cycles.testing import run_pending
from executive.actions.brief import prepare_brief
from executive.actions.participants import note_participants
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    recommend_scenario,
    request_scenario,
)
from reconciliation.choices import DifferenceKind
from tests.reconciliation.conftest import baseline, firm, people, signed  # noqa: F401

SHIFT = {
    "resource": "LINE1",
    "hours_per_month": 30,
    "cost_per_hour": 1,
    "first_month": "2026-01",
    "last_month": "2026-06",
}


@pytest.fixture
def recommended(signed, baseline):  # noqa: F811
    """Scenario B: a shift and dearer products, computed, recommended and signed by finance."""
    planner, finance = signed.people[Role.SUPPLY_PLANNER], signed.people[Role.FINANCE]
    owner = signed.people[Role.PROCESS_OWNER]
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Shift and price")
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    price = {"percent": 5, "family": "F", "first_month": "2026-01", "last_month": "2026-06"}
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.PRICE, params=price)
    request_scenario(scenario=scenario, by=planner)
    run_pending()
    scenario.refresh_from_db()
    recommend_scenario(scenario=scenario, by=finance)
    stage = stage_of(signed.cycle, StageKind.RECONCILIATION)
    perform(stage=stage, act=Act.SUBMIT, by=owner)
    perform(stage=stage, act=Act.SIGN, by=finance)
    prepare_brief(cycle=signed.cycle, by=finance)
    scenario.refresh_from_db()
    return scenario


@pytest.fixture
def before_executives(signed, recommended):  # noqa: F811
    """The process owner has sent the brief; returns the stage."""
    stage = stage_of(signed.cycle, StageKind.EXECUTIVE)
    perform(stage=stage, act=Act.SUBMIT, by=signed.people[Role.PROCESS_OWNER])
    note_participants(cycle=signed.cycle, by=signed.people[Role.SPONSOR], people=signed.people.values())
    return stage
