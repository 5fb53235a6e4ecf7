"""What stands in the way, by kind of limit; each case has one answer that a planner would give."""

import pytest

from supply.planning.engine import solve
from supply.planning.files.reader import read_case
from supply.planning.gaps import SMALLEST_GAP, barring_sets
from supply.planning.remedies import Remedy
from supply.planning.session import Session
from supply.planning.trace import Tracer
from supply.planning.variables import loss_cost
from tests.supply.planning.random_cases import random_tables, write_tables
from tests.supply.planning.tables import small_case

DEPOT = "place,kind,inbound_capacity\nPlant,site,\nDepot,site,{}\nMarket,market,"
LINE = {
    "resources": "site,resource,regular_hours\nPlant,Line,{}",
    "routing": "product,site,resource,hours_per_unit\nA,Plant,Line,1",
}


def wanted(*quantities, price=50, more="", columns=""):
    """Units of A by month."""
    rows = [f"A,Market,2026-{t:02d},{q},{price}{more}" for t, q in enumerate(quantities, 1) if q]
    return "\n".join([f"product,market,month,quantity,price{columns}", *rows])


def line(hours):
    """A line with so many hours a month, one a unit."""
    return {**LINE, "resources": LINE["resources"].format(hours)}


CASES = {
    "full line": (1, {"demand": wanted(100), **line(60)}, {0: "resource:Plant/Line@2026-01"}),
    "most that may be made": (
        1,
        {"demand": wanted(100), "production": "product,site,max_quantity\nA,Plant,70"},
        {0: "production:A/Plant@2026-01"},
    ),
    "subcontractor at its limit": (
        2,
        {
            "demand": wanted(0, 100),
            "production": "",
            "subcontract": "subcontractor,product,site,month,capacity,lead_time_months\nOut,A,Plant,2026-01,30,1",
        },
        {1: "subcontract:Out/A/Plant@2026-01"},
    ),
    "full lane": (
        1,
        {"demand": wanted(100), "lanes": "origin,destination,capacity\nPlant,Market,40"},
        {0: "lane:Plant/Market@2026-01"},
    ),
    "full lane of the product's own": (
        1,
        {"demand": wanted(100), "lanes": "origin,destination,product,capacity\nPlant,Market,A,40"},
        {0: "lane:Plant/Market/A@2026-01"},
    ),
    "narrow door": (
        2,
        {
            "demand": wanted(0, 100),
            "places": DEPOT.format(25),
            "lanes": "origin,destination,lead_time_months\nPlant,Depot,1\nDepot,Market,0",
        },
        {1: "inbound:Depot@2026-02"},
    ),
    "no lane": (1, {"demand": wanted(10), "lanes": "origin,destination"}, {0: "no_source"}),
    "nothing left": (
        1,
        {"demand": wanted(10), "production": "", "stock": "product,site,opening_stock\nA,Plant,4"},
        {0: "no_source"},
    ),
    "dearer than it earns": (
        1,
        {"demand": wanted(10, price=5), "production": "product,site,unit_cost\nA,Plant,6"},
        {0: "price"},
    ),
    "made too late": (
        2,
        {"demand": wanted(10, 10), "production": "product,site,lead_time_months\nA,Plant,1"},
        {0: "lead_time"},
    ),
    "on the road too long": (
        2,
        {"demand": wanted(10, 10), "lanes": "origin,destination,lead_time_months\nPlant,Market,1"},
        {0: "lead_time"},
    ),
    "supplier at its limit": (
        1,
        {
            "demand": wanted(100),
            "materials": "material\nSteel",
            "bom": "product,component,quantity_per_unit\nA,Steel,2",
            "suppliers": "supplier,material,capacity\nMill,Steel,90",
        },
        {0: "material:Steel@2026-01; supplier:Mill/Steel@2026-01"},
    ),
    "material that nobody sells": (
        1,
        {
            "demand": wanted(100),
            "materials": "material,opening_stock\nSteel,50",
            "bom": "product,component,quantity_per_unit\nA,Steel,1",
        },
        {0: "material:Steel@2026-01; no_source"},
    ),
    "no room to build ahead": (
        2,
        {"demand": wanted(0, 100), **line(60), "stock": "product,site,max_stock\nA,Plant,15"},
        {1: "max_stock:A/Plant@2026-01"},
    ),
    "does not keep until then": (
        3,
        {
            "products": "product,shelf_life_months\nA,1",
            "demand": wanted(0, 0, 150),
            "production": "product,site,unit_cost\nA,Plant,10",
            **line(60),
        },
        {2: "shelf_life"},
    ),
    "kept for a closing target": (
        1,
        {
            "demand": wanted(100),
            "production": "",
            "stock": "product,site,opening_stock,min_closing_stock\nA,Plant,100,30",
        },
        {0: "min_closing_stock:A/Plant@2026-01"},
    ),
    "a part of it cannot be made": (
        1,
        {
            "products": "product\nA\nGear",
            "demand": wanted(100),
            "production": "product,site\nA,Plant\nGear,Plant",
            "bom": "product,component,quantity_per_unit\nA,Gear,2",
            "resources": "site,resource,regular_hours\nPlant,Cutter,120",
            "routing": "product,site,resource,hours_per_unit\nGear,Plant,Cutter,1",
        },
        {0: "resource:Plant/Cutter@2026-01"},
    ),
    "overtime that does not pay": (
        1,
        {
            "demand": wanted(100),
            "resources": "site,resource,regular_hours,overtime_hours,overtime_cost_per_hour\nPlant,Line,60,50,70",
            "routing": LINE["routing"],
        },
        {0: "resource:Plant/Line@2026-01; price"},
    ),
    "spot freight that does not pay": (
        1,
        {"demand": wanted(100), "lanes": "origin,destination,capacity,spot_cost\nPlant,Market,40,60"},
        {0: "lane:Plant/Market@2026-01; price"},
    ),
    "late for want of hours": (
        2,
        {"demand": wanted(100, 20, more=",1", columns=",backorder_cost"), **line(60)},
        {0: "resource:Plant/Line@2026-01"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_limit_is_named(name, tmp_path):
    """Joined as in gaps.csv; limits that would do instead may follow."""
    months, files, expected = CASES[name]
    plan = solve(small_case(tmp_path, months, **files))
    told = {gap.month: gap for gap in plan.gaps}
    for month, binding in expected.items():
        sets = [told[month].binding, *told[month].instead]
        assert tuple(binding.split("; ")) in sets, sets
        if name not in ("no room to build ahead", "does not keep until then"):
            assert told[month].binding == tuple(binding.split("; "))


def test_every_gap_has_its_figures(tmp_path):
    """Demand, supplied and gap add up; the value is at the month's price."""
    plan = solve(small_case(tmp_path, 1, demand=wanted(100), **line(60)))
    (gap,) = plan.gaps
    assert (gap.demand, gap.supplied, gap.gap_units, gap.gap_value) == pytest.approx((100, 60, 40, 2000))


def test_a_served_demand_is_no_gap(tmp_path):
    """Nothing lost, nothing owed."""
    assert solve(small_case(tmp_path, 1, demand=wanted(50), **line(60))).gaps == ()


def test_demand_that_must_be_served_stands_in_the_way_too(tmp_path):
    """The hospital's hundred are worth nothing, the shop's would be."""
    case = small_case(
        tmp_path,
        1,
        places="place,kind\nPlant,site\nShop,market\nHospital,market",
        lanes="origin,destination\nPlant,Shop\nPlant,Hospital",
        demand="product,market,quantity,price,must_serve\nA,Shop,50,9,\nA,Hospital,100,0,yes",
        **line(100),
    )
    (gap,) = solve(case).gaps
    assert gap.binding == ("resource:Plant/Line@2026-01",)
    assert gap.instead == (("must_serve:A/Hospital@2026-01",),)


def test_a_least_start_stands_in_the_way_too(tmp_path):
    """Thirty of B must be started, and nobody wants them."""
    case = small_case(
        tmp_path,
        1,
        products="product\nA\nB",
        production="product,site,min_quantity\nA,Plant,\nB,Plant,30",
        demand="product,market,quantity,price\nA,Market,100,9",
        resources=LINE["resources"].format(100),
        routing="product,site,resource,hours_per_unit\nA,Plant,Line,1\nB,Plant,Line,1",
    )
    (gap,) = solve(case).gaps
    assert gap.binding == ("resource:Plant/Line@2026-01",)
    assert gap.instead == (("min_quantity:B/Plant@2026-01",),)


WIDENED = {
    "resource",
    "production",
    "material",
    "supplier",
    "subcontract",
    "lane",
    "inbound",
    "max_stock",
    "min_closing_stock",
}


@pytest.mark.parametrize("seed", range(30))
def test_widening_what_is_named_earns_something(seed, tmp_path):
    """In random cases: with all limits of the binding set wider at no price, the plan earns more."""
    session = Session(read_case(write_tables(random_tables(seed), tmp_path)))
    tracer = Tracer(session.formulation.parts, session.plan) if session.plan.gaps else None
    for gap in session.plan.gaps:
        assert gap.binding
        lost = session.plan.lost[gap.stream, gap.month] > SMALLEST_GAP
        worth = loss_cost(session.case) if lost else session.plan.duals.arrival
        ways = tracer.ways_to_market(gap.stream, gap.month)
        limits = barring_sets(ways, float(worth[gap.stream, gap.month]))[0]
        if {limit.kind for limit in limits} <= WIDENED:
            bought = any(limit.kind == "supplier" for limit in limits)
            remedies = [
                Remedy(limit, 0.0, 1e3) for limit in limits if not (bought and limit.kind == "material")
            ]
            assert session.offer(remedies).gain > 1e-6, gap.binding
