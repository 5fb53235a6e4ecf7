"""Level, chase and hybrid against the textbooks' figures."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cycles.choices import Role
from supply.models import FixedLine, Workforce
from supply.queries.strategies import hybrid
from supply.strategies import Assumptions, Strategy, chase, level
from tests.supply.firm import Firm
from tests.supply.plans import plan
from tests.supply.test_pages import as_role

# Heizer & Render, Operations Management, aggregate planning: the roofing supplier. 1.6 hours a unit, 8 hours a
# day at 5 an hour, holding 5 a unit and month, raising the daily rate by a unit 300, lowering it 600: a person
# makes 5 a day, so hiring costs 1,500 and laying off 3,000 a person. Published: level 58,850; chase 68,200, of which
# hiring 9,000 and laying off 9,600 with daily rates rounded to whole units.
ROOFING = Assumptions(
    demand=[900, 700, 800, 1200, 1500, 1100],
    targets=[0] * 6,
    hours_per_head=[8 * days for days in (22, 18, 21, 21, 22, 20)],
    hours_per_unit=1.6,
    opening_heads=10,
    wage=0,
    hire_cost=1500,
    layoff_cost=3000,
    holding_cost=5,
)
WAGES_PER_HOUR = 5

# Chopra & Meindl, Supply Chain Management: Red Tomato Tools, 422,275 at the optimum of which materials are 10 a unit
# for 16,000 - 1,000 + 500 units.
RED_TOMATO = Assumptions(
    demand=[1600, 3000, 3200, 3800, 2200, 2200],
    targets=[0, 0, 0, 0, 0, 500],
    hours_per_head=[160] * 6,
    hours_per_unit=4,
    opening_stock=1000,
    opening_heads=80,
    overtime_hours_per_head=10,
    overtime_cost=6,
    wage=640,
    hire_cost=300,
    layoff_cost=500,
    holding_cost=2,
    backlog_cost=5,
)


def paid_hours(strategy: Strategy) -> float:
    return sum(
        month.heads * hours for month, hours in zip(strategy.months, ROOFING.hours_per_head, strict=True)
    )


def test_level_roofing_supplier() -> None:
    made = level(ROOFING)
    assert [month.production for month in made.months] == pytest.approx([1100, 900, 1050, 1050, 1100, 1000])
    assert [month.stock for month in made.months] == pytest.approx([200, 400, 650, 500, 100, 0])
    assert made.months[0].heads == pytest.approx(10)
    assert made.costs["holding"] == pytest.approx(9250)
    assert made.total + paid_hours(made) * WAGES_PER_HOUR == pytest.approx(58_850)


def test_chase_roofing_supplier() -> None:
    """The book starts with the people that the first month needs; its rates are whole, hence 0.3 % apart."""
    given = replace(ROOFING, opening_heads=900 * 1.6 / (22 * 8))
    made = chase(given)
    assert [month.stock for month in made.months] == pytest.approx([0] * 6)
    assert made.costs["hiring"] == pytest.approx(9_000, rel=0.005)
    assert made.costs["laying_off"] == pytest.approx(9_600, rel=0.005)
    assert made.total + paid_hours(made) * WAGES_PER_HOUR == pytest.approx(68_200, rel=0.003)


def test_hybrid_red_tomato_is_the_published_optimum() -> None:
    made = 16_000 - 1_000 + 500
    assert hybrid(RED_TOMATO).total + 10 * made == pytest.approx(422_275, rel=0.002)


def test_hybrid_is_never_dearer_than_level_or_chase() -> None:
    mixed = hybrid(RED_TOMATO)
    assert mixed.total <= min(level(RED_TOMATO).total, chase(RED_TOMATO).total) + 1e-6
    assert mixed.months[-1].stock == pytest.approx(500)
    assert mixed.months[-1].backlog == pytest.approx(0)


def test_chase_keeps_its_targets_and_level_its_people() -> None:
    given = replace(RED_TOMATO, targets=[100, 200, 300, 300, 200, 500])
    assert [month.stock for month in chase(given).months] == pytest.approx([100, 200, 300, 300, 200, 500])
    assert len({round(month.heads, 9) for month in level(given).months}) == 1


def test_without_hours_nothing_is_divided_by_none() -> None:
    nobody = replace(RED_TOMATO, hours_per_head=[0] * 6)
    assert level(nobody).months[0].heads == chase(nobody).months[0].heads == 0


def test_the_page_shows_three_strategies_and_takes_one_into_the_plan(simple: Firm) -> None:
    simple.line1.months.update(overtime_cost_per_hour=30)
    Workforce.objects.create(
        resource=simple.line1, heads=2, hours_per_head=40, wage=100, hire_cost=50, layoff_cost=80
    )
    plan(simple)
    client = as_role(simple, Role.SUPPLY_PLANNER)
    text = client.get(reverse("supply:strategies")).content.decode()
    assert "from the people on record" in text
    assert all(f">{name}" in text for name in ("Level", "Chase", "Hybrid"))
    assert "is the cheapest way" in text
    answer = client.post(reverse("supply:fix-strategy"), {"family": "F", "strategy": "Chase", "months": "3"})
    assert answer.status_code == 302
    lines = FixedLine.objects.order_by("month")
    assert [line.units for line in lines] == [50, 60, 0]
    assert {line.reason for line in lines} == {"Chase strategy of Coffee"}


def test_people_may_ask_with_other_figures(simple: Firm) -> None:
    plan(simple)
    client = as_role(simple, Role.SUPPLY_PLANNER)
    page = reverse("supply:strategies")
    assert "no people on record" in client.get(page).content.decode()
    assert "Laying off" in client.get(page, {"layoff_cost": "900", "wage": "2000"}).content.decode()
    assert client.get(page, {"wage": "-1"}).status_code == 400
    assert client.get(page, {"family": "none"}).status_code == 404


def test_only_the_supply_planner_fixes_a_strategy_and_money_is_for_those_who_may_see_it(simple: Firm) -> None:
    plan(simple)
    posted = {"family": "F", "strategy": "Level", "months": "3"}
    assert as_role(simple, Role.SALES).post(reverse("supply:fix-strategy"), posted).status_code == 403
    assert "Together" not in as_role(simple, Role.SALES).get(reverse("supply:strategies")).content.decode()
