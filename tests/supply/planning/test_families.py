"""Plans by family: feasible, near the optimum, and exact where families do not compete."""

import numpy as np
import pytest

from supply.planning.engine import solve
from supply.planning.families.focus import contested_products, focused_part, put_back
from supply.planning.families.gathering import joined_families
from supply.planning.families.planner import plan_by_family
from supply.planning.files.reader import read_case
from tests.supply.planning.feasible import check_feasible
from tests.supply.planning.random_cases import random_tables, write_tables
from tests.supply.planning.tables import small_case


@pytest.mark.parametrize("seed", range(40))
def test_feasible_and_never_better_than_the_optimum(seed, tmp_path):
    """Each product a family of its own; where a hard target falls between the shares, the plan says so."""
    case = read_case(write_tables(random_tables(seed), tmp_path))
    plan = plan_by_family(case, np.arange(len(case.products)))
    if plan.network is None:
        assert plan.reason
        return
    assert plan.status == "families"
    check_feasible(case, plan)
    best = solve(case)
    assert best.status == "optimal"
    assert plan.objective <= best.objective + 1e-6 * max(1.0, abs(best.objective))


FOUR = {
    "products": "product\nA\nB\nC\nD",
    "demand": "product,market,month,quantity,price\n"
    + "\n".join(
        f"{p},Market,2026-{t:02d},{q},{r}"
        for p, r, units in (
            ("A", 40, (30, 30, 60)),
            ("B", 42, (20, 20, 40)),
            ("C", 60, (30, 30, 30)),
            ("D", 20, (40, 40, 40)),
        )
        for t, q in enumerate(units, 1)
    ),
    "production": "product,site,unit_cost\nA,Plant,10\nB,Plant,10\nC,Plant,10\nD,Plant,10",
    "resources": "site,resource,regular_hours,overtime_hours,overtime_cost_per_hour\nPlant,Line,110,10,5",
    "routing": "product,site,resource,hours_per_unit\nA,Plant,Line,1\nB,Plant,Line,1\nC,Plant,Line,1\nD,Plant,Line,1",
    "stock": "product,site,holding_cost\nA,Plant,1\nB,Plant,1\nC,Plant,1\nD,Plant,1",
}


def test_families_that_are_alike_lose_nothing(tmp_path):
    """A and B together, C and D alone, on one line: the guide settles the hours as the optimum does."""
    case = small_case(tmp_path, 3, **FOUR)
    plan = plan_by_family(case, np.array([0, 0, 1, 2]))
    assert plan.objective == pytest.approx(solve(case).objective)
    check_feasible(case, plan)


def test_a_coarser_family_loses_a_little(tmp_path):
    """Dear and cheap in one family are not told apart when hours are shared out."""
    case = small_case(tmp_path, 3, **FOUR)
    best, plan = solve(case).objective, plan_by_family(case, np.array([0, 0, 1, 1])).objective
    assert 0.97 * best <= plan <= best + 1e-6


def test_products_that_share_parts_are_one_family(tmp_path):
    """The part is planned with both of its products."""
    case = small_case(
        tmp_path,
        products="product\nA\nB\nC\nPart",
        demand="product,market,quantity\nA,Market,1",
        production="product,site\nA,Plant\nB,Plant\nC,Plant\nPart,Plant",
        bom="product,component,quantity_per_unit\nA,Part,1\nB,Part,1",
    )
    a, b, c, part = joined_families(case, np.arange(4)).tolist()
    assert a == b == part
    assert c != a


@pytest.mark.parametrize("seed", range(60))
def test_some_products_planned_anew_leave_the_others_as_they_are(seed, tmp_path):
    """Within what the others leave: the whole stays feasible, earns no less, and keeps the others' flows."""
    case = read_case(write_tables(random_tables(seed), tmp_path))
    plan = plan_by_family(case, np.arange(len(case.products)))
    if plan.network is None:
        return
    products = contested_products(case, plan, most=2)
    part = focused_part(case, plan, products)
    found = solve(part.case)
    assert found.status == "optimal", found.reason
    whole = put_back(case, plan, part, found)
    check_feasible(case, whole)
    assert whole.objective >= plan.objective - 1e-6 * max(1.0, abs(plan.objective))
    others = ~np.isin(case.production.product, products)
    assert whole.production[others] == pytest.approx(plan.production[others])
    kept = ~np.isin(plan.network.flow_product, products)
    assert whole.shipments[kept] == pytest.approx(plan.shipments[kept])


def test_products_that_compete_for_the_same_hours_are_planned_anew_together(tmp_path):
    """D lacks hours of the line that A takes most of; E is made elsewhere."""
    files = {
        **FOUR,
        "products": FOUR["products"] + "\nE",
        "demand": FOUR["demand"] + "\nE,Market,2026-01,500,70",
        "production": FOUR["production"] + "\nE,Plant,10",
    }
    case = small_case(tmp_path, 3, **files)
    plan = plan_by_family(case, np.array([0, 0, 1, 1, 2]))
    names = case.products.name[contested_products(case, plan)].tolist()
    assert {"A", "D"} <= set(names)
    assert "E" not in names
    part = focused_part(case, plan, contested_products(case, plan))
    assert put_back(case, plan, part, solve(part.case)).objective == pytest.approx(solve(case).objective)
