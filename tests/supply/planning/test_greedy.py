"""The greedy planner: feasible, never better than the optimum, close to it, repeatable."""

import numpy as np
import pytest

from supply.planning.engine import solve
from supply.planning.files.reader import read_case
from supply.planning.greedy.planner import plan_greedily
from tests.supply.planning.feasible import check_feasible
from tests.supply.planning.random_cases import random_tables, write_tables
from tests.supply.planning.tables import small_case


@pytest.mark.parametrize("seed", range(60))
def test_feasible_and_never_better_than_the_optimum(seed, tmp_path):
    """Every row and bound of the model holds; where a hard target is missed, the plan says so."""
    case = read_case(write_tables(random_tables(seed), tmp_path))
    greedy = plan_greedily(case)
    if greedy.reason:
        assert greedy.reason.startswith("the greedy plan misses")
        return
    check_feasible(case, greedy)
    best = solve(case)
    assert best.status == "optimal"
    assert greedy.objective <= best.objective + 1e-6 * max(1.0, abs(best.objective))


@pytest.mark.parametrize("seed", range(0, 100, 20))
def test_the_same_twice(seed, tmp_path):
    """To the bit."""
    case = read_case(write_tables(random_tables(seed), tmp_path))
    one, other = plan_greedily(case), plan_greedily(case)
    assert one.objective == other.objective
    assert np.array_equal(one.shipments, other.shipments)


def test_builds_ahead_of_a_peak_and_uses_overtime(tmp_path):
    """What any planner would do by hand is the optimum here."""
    case = small_case(
        tmp_path,
        3,
        demand="product,market,month,quantity,price\nA,Market,2026-01,50,40\nA,Market,2026-02,50,40\n"
        "A,Market,2026-03,180,40",
        production="product,site,unit_cost\nA,Plant,10",
        resources="site,resource,regular_hours,overtime_hours,overtime_cost_per_hour\nPlant,Line,80,20,5",
        routing="product,site,resource,hours_per_unit\nA,Plant,Line,1",
        stock="product,site,holding_cost\nA,Plant,1",
    )
    greedy = plan_greedily(case, with_gaps=True)
    assert greedy.production[0] == pytest.approx([80, 100, 100])
    assert greedy.objective == pytest.approx(solve(case).objective)
    assert greedy.gaps == ()


def test_parts_are_made_when_their_product_starts(tmp_path):
    """A gearbox a month before, two gears each, out of 100 kilos of steel."""
    case = small_case(
        tmp_path,
        3,
        products="product\nGearbox\nGear",
        demand="product,market,month,quantity,price\nGearbox,Market,2026-03,60,90",
        production="product,site,lead_time_months\nGearbox,Plant,1\nGear,Plant,1",
        bom="product,component,quantity_per_unit\nGearbox,Gear,2\nGear,Steel,1",
        materials="material,opening_stock\nSteel,100",
    )
    greedy = plan_greedily(case, with_gaps=True)
    gearbox, gear = greedy.production[[1, 0]] if case.products.name[0] == "Gear" else greedy.production
    assert gear == pytest.approx([100, 0, 0])
    assert gearbox == pytest.approx([0, 50, 0])
    assert "material:Steel@2026-01" in greedy.gaps[0].binding


def test_the_optimum_finds_more(tmp_path):
    """Loading by month and margin per hour is blind to what a month's choice costs the next."""
    better = 0
    for seed in range(30):
        case = read_case(write_tables(random_tables(seed), tmp_path / str(seed)))
        greedy, best = plan_greedily(case), solve(case)
        better += not greedy.reason and best.objective > greedy.objective + 1e-6 * abs(best.objective)
    assert better > 10
