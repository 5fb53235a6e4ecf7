"""Ways to close a gap, tried out: what they recover, what they cost, what a scenario takes over."""

from typing import Any

import pytest

from supply.models import SupplyGap
from tests.supply.firm import Firm
from tests.supply.plans import plan, replan


def levers_of(firm: Firm) -> list[dict[str, Any]]:
    gaps = SupplyGap.objects.filter(version=plan(firm)).order_by("-revenue_minor")
    return [lever for gap in gaps for lever in gap.levers]


@pytest.fixture
def tight(firm: Firm) -> Firm:
    """100 hours a month, 40 more units wanted in the last month than all hours can make."""
    product = firm.product("A")
    firm.made_on(product, firm.line(overtime_hours=0, extra_hours=0))
    firm.lane()
    firm.sold(product, 100, 100, 100, 100, 100, 140)
    return firm


def test_more_hours_recover_the_gap_at_their_price(tight: Firm) -> None:
    tight.hours(tight.line("LINE2", hours=1), tight.cycle.months[0], 1, overtime_cost_per_hour=1.5)
    lever = levers_of(tight)[0]
    assert lever["kind"] == "extra_hours"
    assert lever["name"] == "Line 1 (Lyon): up to 40 more hours a month"
    assert lever["units"] == 40_000
    assert lever["cost_minor"] == 40 * 150  # at the only rate that is known
    assert lever["margin_minor"] == 40 * 400  # price 10, 6 to make
    assert lever["net_minor"] == 40 * 250
    assert lever["is_best"]
    assert lever["changes"] == [
        {
            "kind": "added_hours",
            "resource_id": tight.line1.pk,
            "months": ["2026-06"],
            "hours_per_month": 40,
            "cost_per_hour": 1.5,
        }
    ]


def test_levers_are_tried_in_a_very_large_plan_too(tight: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the products that compete for the line; the others, though first in every list, stay as planned."""
    other = tight.product("0")
    tight.made_on(other, tight.line("LINE2", overtime_cost_per_hour=1.5))
    tight.sold(other, 50, 50)
    whole = levers_of(tight)
    monkeypatch.setattr("supply.planning.families.planner.FROM_COLUMNS", 1)
    tight.hours(tight.line1, tight.cycle.months[0], 100)  # other inputs, so that a new plan is made
    replan(tight)
    gap = SupplyGap.objects.filter(version__params__by_family=True).get()
    assert gap.stream.product == tight.a
    assert gap.levers == whole
    assert gap.levers[0]["name"] == "Line 1 (Lyon): up to 40 more hours a month"


def test_more_from_a_supplier_is_tried_with_its_premium(tight: Firm) -> None:
    raw = tight.product("RAW", cost=2, price=None, kind="RM")
    tight.needs(tight.a, raw)
    tight.supplied_by("SUP", raw, price=2, capacity_per_month=80)
    lever = levers_of(tight)[0]
    assert lever["kind"] == "supplier_capacity"
    assert lever["payer"] == "Purchasing"
    assert lever["units"] > 0
    assert lever["cost_minor"] > 0


def test_two_limits_that_bind_together_are_offered_together(firm: Firm) -> None:
    raw = firm.product("RAW", cost=2, price=None, kind="RM")
    product = firm.product("A")
    firm.needs(product, raw)
    firm.made_on(product, firm.line(overtime_cost_per_hour=1))
    firm.supplied_by("SUP", raw, price=2, capacity_per_month=100)
    firm.lane()
    firm.sold(product, 100, 100, 100, 100, 100, 140)
    kinds = {lever["kind"] for lever in levers_of(firm)}
    assert "together" in kinds


def test_without_gaps_nothing_is_tried(simple: Firm) -> None:
    assert levers_of(simple) == []


def test_the_price_tag_of_a_gap(firm: Firm) -> None:
    """Demand 10,000, capacity 9,000, price 50, cost 30: overtime at 6 more a unit turns 180,000 into 194,000."""
    product = firm.product("A", cost=30, price=50)
    firm.made_on(product, firm.line(hours=9_000))
    firm.line("LINE2", hours=1, overtime_hours=1, overtime_cost_per_hour=6)
    firm.lane()
    firm.sold(product, *[9_000] * 5, 10_000, price=50)
    lever = levers_of(firm)[0]
    assert lever["units"] == 1_000_000
    assert lever["cost_minor"] == 6_000_00
    assert lever["net_minor"] == (194_000 - 180_000) * 100
    gap = SupplyGap.objects.get()
    assert gap.revenue_minor == 50_000_00  # lost revenue if short
