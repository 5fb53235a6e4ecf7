"""Differences that need a material: suppliers shut, more from a supplier, another source, more on a lane."""

import pytest

from cycles.choices import Role, StageKind, StageState
from cycles.models import Stage
from cycles.testing import run_pending
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    request_scenario,
    supply_was_signed,
)
from reconciliation.choices import DifferenceKind
from reconciliation.finance.lines import Line
from reconciliation.queries import statement_of
from supply.actions.plan import request_supply_plan
from supply.models import Lane

UNIT, CENTS = 1000, 100
MONTHS = {"first_month": "2026-01", "last_month": "2026-06"}


@pytest.fixture
def sourced(firm):
    """A takes one of material M, of which SUP delivers 80 a month at 2; the lane carries 90 a month."""
    material = firm.product("M", kind="RM", cost=2, price=None)
    firm.needs(firm.a, material)
    firm.supplied_by("SUP", material, capacity_per_month=80, lead_time_days=0)
    Lane.objects.update(volume_capacity=90)
    firm.signed_demand()
    run = request_supply_plan(cycle=firm.cycle, by=firm.people[Role.SUPPLY_PLANNER])
    run_pending()
    run.refresh_from_db()
    stages = Stage.objects.filter(cycle=firm.cycle)
    stages.filter(kind=StageKind.SUPPLY).update(signed_version=run.result["version"], state=StageState.SIGNED)
    stages.filter(kind=StageKind.RECONCILIATION).update(state=StageState.OPEN)
    supply_was_signed(cycle=firm.cycle, by=None)
    run_pending()
    return firm


def units_with(firm, *differences):
    """Units a month, and the P&L, of a scenario with the differences given."""
    planner = firm.people[Role.SUPPLY_PLANNER]
    scenario = create_scenario(cycle=firm.cycle, by=planner, name="What if")
    for kind, params in differences:
        add_difference(scenario=scenario, by=planner, kind=kind, params=params)
    request_scenario(scenario=scenario, by=planner)
    run_pending()
    scenario.refresh_from_db()
    amounts = statement_of(scenario.version, firm.cycle.months)
    return [quanta / UNIT for quanta in amounts[Line.UNITS]], amounts


def source(limit, name, units, cost):
    params = {"limit": limit, "name": name, "units_per_month": units, "cost_per_unit": cost, **MONTHS}
    return DifferenceKind.SOURCE, params


def test_nothing_is_made_while_the_only_supplier_is_shut(sourced):
    shut = {"supplier": "SUP", "first_month": "2026-02", "last_month": "2026-03"}
    units, _ = units_with(sourced, (DifferenceKind.SUPPLIER_SHUT, shut))
    assert units == [80, 0, 0, 80, 80, 80]


def test_more_from_the_supplier_costs_its_premium(sourced):
    units, amounts = units_with(sourced, source("supplier", "SUP/M@S1", 10, 2.6))
    assert units == [90] * 6
    assert amounts[Line.PURCHASE_PREMIUM] == [600] * 6  # ten a month, 0.60 dearer


def test_another_source_of_the_material(sourced):
    units, amounts = units_with(sourced, source("material", "M@S1", 5, 3))
    assert units == [85] * 6
    assert amounts[Line.PURCHASE_PREMIUM] == [500] * 6


def test_more_on_the_lane_at_its_price(sourced):
    lane = source("lane", "S1/M1", 5, 1)
    units, amounts = units_with(sourced, source("material", "M@S1", 20, 2), lane)
    assert units == [100] * 6
    assert amounts[Line.SPOT_FREIGHT] == [10 * CENTS] * 6
