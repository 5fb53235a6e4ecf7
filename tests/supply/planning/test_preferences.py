"""What the application may add: fixed quantities, fair shares, stability, lots. Off, nothing changes."""

import numpy as np
import pytest

from supply.planning.engine import solve
from supply.planning.options import Lots, Options, Stability
from supply.planning.session import Session
from tests.supply.planning.tables import settings, small_case

TWO_MARKETS = {
    "places": "place,kind\nPlant,site\nNorth,market\nSouth,market",
    "lanes": "origin,destination\nPlant,North\nPlant,South",
    "demand": "product,market,quantity,price\nA,North,60,50\nA,South,40,50.5",
    "production": "product,site,unit_cost,max_quantity\nA,Plant,10,50",
}

TWO_MONTHS = {
    "demand": "product,market,month,quantity,price\nA,Market,2026-01,40,50\nA,Market,2026-02,40,50",
    "production": "product,site,unit_cost\nA,Plant,10",
    "stock": "product,site,holding_cost\nA,Plant,0.1",
}


def test_a_short_product_goes_to_the_dearest_market_alone(tmp_path):
    """Half a currency unit more a piece, and the north gets next to nothing."""
    plan = solve(small_case(tmp_path, **TWO_MARKETS))
    assert plan.lost.ravel() == pytest.approx([50, 0])


def test_fair_shares_lose_the_same_fraction_everywhere(tmp_path):
    """Half of each market, for ten currency units."""
    free, fair = (
        solve(small_case(tmp_path, **TWO_MARKETS), options=Options(fair_share=share)) for share in (0.0, 0.1)
    )
    assert fair.lost.ravel() == pytest.approx([30, 20])
    assert free.objective - fair.objective == pytest.approx(10)
    assert fair.objective == pytest.approx(fair.margin - sum(fair.penalties.values()))


def test_fair_shares_cost_nothing_where_nothing_is_short(tmp_path):
    """With enough for all the plan is the same."""
    files = {**TWO_MARKETS, "production": "product,site,unit_cost\nA,Plant,10"}
    case = small_case(tmp_path, **files)
    assert solve(case, options=Options(fair_share=0.1)).objective == pytest.approx(solve(case).objective)


def test_stability_keeps_last_months_plan_where_little_is_lost(tmp_path):
    """Building 10 ahead costs 1; moving 2 x 10 units costs 2 % of 10, three times, each."""
    case = small_case(tmp_path, 2, **TWO_MONTHS)
    last = np.array([[50.0, 30.0]])
    assert solve(case).production[0] == pytest.approx([40, 40])
    stable = solve(case, options=Options(stability=Stability(last)))
    assert stable.production[0] == pytest.approx([50, 30])
    assert stable.objective == pytest.approx(80 * 40 - 1)
    unknown = solve(case, options=Options(stability=Stability(np.full((1, 2), np.nan))))
    assert unknown.production[0] == pytest.approx([40, 40])


def test_a_fixed_quantity_is_kept_and_has_its_cost(tmp_path):
    """45 in January instead of 40: five a month in stock."""
    case = small_case(tmp_path, 2, **TWO_MONTHS)
    fixed = np.array([[45.0, np.nan]])
    plan = solve(case, options=Options(fixed_production=fixed))
    assert plan.production[0] == pytest.approx([45, 35])
    assert solve(case).objective - plan.objective == pytest.approx(0.5)


def test_a_fixed_quantity_that_cannot_be_is_named(tmp_path):
    """More than the line has hours for."""
    files = {
        **TWO_MONTHS,
        "resources": "site,resource,regular_hours\nPlant,Line,40",
        "routing": "product,site,resource,hours_per_unit\nA,Plant,Line,1",
    }
    plan = solve(
        small_case(tmp_path, 2, **files), options=Options(fixed_production=np.array([[45.0, np.nan]]))
    )
    assert plan.status == "infeasible"
    assert plan.reason.startswith("min_quantity:A/Plant@2026-01 cannot be met, 5 units")


def test_lots_are_whole_and_the_rest_is_solved_around_them(tmp_path):
    """Lots of 25: 40 is nearer to 50 than to 25; with only January in lots, February makes the rest."""
    case = small_case(tmp_path, 2, **TWO_MONTHS)
    plan = solve(case, options=Options(lots=Lots(np.array([25.0]))))
    assert plan.production[0] % 25 == pytest.approx([0, 0])
    assert plan.production[0] == pytest.approx([50, 50])
    first = solve(case, options=Options(lots=Lots(np.array([25.0]), months=1)))
    assert first.production[0] == pytest.approx([50, 30])


def test_lots_round_up_where_targets_must_be_met(tmp_path):
    """30 must be served: one lot of 25 is not enough."""
    files = {**TWO_MONTHS, "demand": "product,market,month,quantity,must_serve\nA,Market,2026-01,30,yes"}
    plan = solve(small_case(tmp_path, 2, **files), options=Options(lots=Lots(np.array([25.0]))))
    assert plan.production[0] == pytest.approx([50, 0])


def test_a_session_with_preferences_tells_gains_of_the_case_itself(tmp_path):
    """A unit more is worth what it earns, not what the preference makes of it."""
    session = Session(small_case(tmp_path, **TWO_MARKETS), Options(fair_share=0.1))
    assert session.plan.lost.sum() == pytest.approx(50)
    effect = session.close((1, 0), [])
    assert [(d.stream, d.units) for d in effect.displaced] == [(0, pytest.approx(20))]
    assert effect.gain == pytest.approx(20 * 50.5 - 20 * 50)


def test_a_solver_without_time_says_so(tmp_path):
    """The reason is in words, and there is no plan."""
    files = {
        "products": "product\n" + "\n".join(f"P{i}" for i in range(400)),
        "production": "product,site,unit_cost\n" + "\n".join(f"P{i},Plant,{i % 7}" for i in range(400)),
        "demand": "product,market,quantity,price\n" + "\n".join(f"P{i},Market,{i},9" for i in range(400)),
        "resources": "site,resource,regular_hours\nPlant,Line,9000",
        "routing": "product,site,resource,hours_per_unit\n"
        + "\n".join(f"P{i},Plant,Line,{1 + i % 5}" for i in range(400)),
    }
    case = small_case(tmp_path, horizon=settings(12), **files)
    plan = solve(case, options=Options(time_limit_seconds=0.0))
    assert plan.status == "time_limit"
    assert "ran out of time" in plan.reason
    assert plan.production.size == 0
