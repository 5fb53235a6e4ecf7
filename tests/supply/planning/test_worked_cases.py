"""Optima known from textbooks and by hand."""

import pytest

from supply.planning.engine import solve
from supply.planning.greedy.planner import plan_greedily
from tests.supply.planning.tables import settings, small_case

COSTS_ONLY = "product,market,month,quantity,must_serve"


def test_sailboats_built_ahead_and_in_overtime(tmp_path):
    """Winston, Operations Research: 40, 60, 75, 25 boats, 40 a quarter at 400, overtime at 450, holding 20."""
    case = small_case(
        tmp_path,
        horizon=settings(4, charge_regular_hours="yes"),
        demand="\n".join(
            [COSTS_ONLY, *(f"A,Market,2026-{m:02d},{q},yes" for m, q in enumerate((40, 60, 75, 25), 1))]
        ),
        resources="site,resource,regular_hours,regular_cost_per_hour,overtime_hours,overtime_cost_per_hour\n"
        "Plant,Line,40,400,1000,450",
        routing="product,site,resource,hours_per_unit\nA,Plant,Line,1",
        stock="product,site,opening_stock,holding_cost\nA,Plant,10,20",
    )
    assert solve(case).objective == pytest.approx(-78450)


def test_cheapest_transport_from_three_canneries(tmp_path):
    """Hillier & Lieberman, P & T Company."""
    sites, markets = ("B", "E", "L"), ("Sac", "Salt", "Rapid", "Alb")
    cost = {"B": (464, 513, 654, 867), "E": (352, 416, 690, 791), "L": (995, 682, 388, 685)}
    case = small_case(
        tmp_path,
        places="\n".join(["place,kind", *(f"{s},site" for s in sites), *(f"{m},market" for m in markets)]),
        production="product,site,max_quantity\nA,B,75\nA,E,125\nA,L,100",
        demand="product,market,quantity,must_serve\nA,Sac,80,yes\nA,Salt,65,yes\nA,Rapid,70,yes\nA,Alb,85,yes",
        lanes="\n".join(
            ["origin,destination,unit_cost"]
            + [f"{s},{m},{c}" for s in sites for m, c in zip(markets, cost[s], strict=True)]
        ),
    )
    assert solve(case).objective == pytest.approx(-152535)


def test_steel_sold_up_to_the_market(tmp_path):
    """Fourer, Gay & Kernighan, AMPL: steelT."""
    market = {
        "bands": ((6000, 6000, 4000, 6500), (25, 26, 27, 27)),
        "coils": ((4000, 2500, 3500, 4200), (30, 35, 37, 39)),
    }
    case = small_case(
        tmp_path,
        4,
        products="product\nbands\ncoils",
        production="product,site,unit_cost\nbands,Plant,10\ncoils,Plant,11",
        demand="\n".join(
            ["product,market,month,quantity,price"]
            + [f"{p},Market,2026-{t + 1:02d},{q[t]},{r[t]}" for p, (q, r) in market.items() for t in range(4)]
        ),
        resources="site,resource,month,regular_hours\nPlant,Mill,,40\nPlant,Mill,2026-03,32",
        routing=f"product,site,resource,hours_per_unit\nbands,Plant,Mill,{1 / 200}\ncoils,Plant,Mill,{1 / 140}",
        stock="product,site,opening_stock,holding_cost\nbands,Plant,10,2.5\ncoils,Plant,0,3",
    )
    assert solve(case).objective == pytest.approx(515033, rel=1e-6)


RED_TOMATO = {
    "demand": "product,market,month,quantity,price,must_serve,backorder_cost\n"
    + "\n".join(
        f"A,Market,2026-{m:02d},{q},40,yes,5" for m, q in enumerate((1600, 3000, 3200, 3800, 2200, 2200), 1)
    ),
    "production": "product,site,unit_cost\nA,Plant,10",
    "resources": "site,resource,overtime_cost_per_hour\nPlant,Assembly,6",
    "routing": "product,site,resource,hours_per_unit\nA,Plant,Assembly,4",
    "stock": "product,site,month,opening_stock,holding_cost,min_closing_stock\nA,Plant,,1000,2,\nA,Plant,2026-06,,,500",
    "subcontract": "subcontractor,product,site,unit_cost\nOutside,A,Plant,30",
    "workforce": "site,resource,opening_heads,hours_per_head,wage,hire_cost,layoff_cost,overtime_hours_per_head\n"
    "Plant,Assembly,80,160,640,300,500,10",
}


def test_level_or_chase_falls_out_of_the_costs(tmp_path):
    """Chopra & Meindl, Red Tomato Tools: revenue 640,000 less cost 422,275."""
    assert solve(small_case(tmp_path, 6, **RED_TOMATO)).objective == pytest.approx(217725)


def test_whole_heads_cost_a_little_more(tmp_path):
    """With whole people the same company keeps 64 heads."""
    plan = solve(small_case(tmp_path, horizon=settings(6, whole_heads="yes"), **RED_TOMATO))
    assert plan.objective == pytest.approx(217340)
    assert plan.heads.tolist() == [[64.0] * 6]
    assert plan.laid_off.tolist() == [[16.0, 0, 0, 0, 0, 0]]


def test_half_a_person_at_the_start_leaves_whole_heads_after(tmp_path):
    """Opening heads may be a fraction; the heads planned are whole all the same."""
    staff = RED_TOMATO["workforce"].replace("Assembly,80", "Assembly,80.5")
    files = {**RED_TOMATO, "workforce": staff}
    plan = solve(small_case(tmp_path, horizon=settings(6, whole_heads="yes"), **files))
    assert plan.status == "optimal"
    assert (plan.heads % 1 == 0).all()


def test_a_large_crew_is_planned_head_by_head(tmp_path):
    """33 people have 5,280 hours for the 5,200 wanted; the quantities' usual size of 32 heads is no step."""
    case = small_case(
        tmp_path,
        horizon=settings(1, whole_heads="yes"),
        demand="product,market,quantity,price\nA,Market,5200,10",
        resources="site,resource\nPlant,Crew",
        routing="product,site,resource,hours_per_unit\nA,Plant,Crew,1",
        workforce="site,resource,opening_heads,hours_per_head,wage,hire_cost\nPlant,Crew,2,160,640,100",
    )
    plan = solve(case)
    assert plan.heads.tolist() == [[33.0]]
    assert plan.objective == pytest.approx(5200 * 10 - 33 * 640 - 31 * 100)
    assert plan_greedily(case).objective <= plan.objective


def test_product_mix_by_margin_per_bottleneck_hour(tmp_path):
    """Goldratt's P-Q quiz: all of P, 30 of Q."""
    case = small_case(
        tmp_path,
        products="product\nP\nQ",
        production="product,site,unit_cost\nP,Plant,45\nQ,Plant,40",
        demand="product,market,quantity,price\nP,Market,100,90\nQ,Market,50,100",
        resources="site,resource,regular_hours\n" + "\n".join(f"Plant,{r},2400" for r in "ABCD"),
        routing="product,site,resource,hours_per_unit\n"
        + "\n".join(f"P,Plant,{r},15" for r in "ABCD")
        + "\nQ,Plant,A,10\nQ,Plant,B,30\nQ,Plant,C,5\nQ,Plant,D,5",
    )
    plan = solve(case)
    assert plan.objective == pytest.approx(6300)
    assert plan.production.ravel() == pytest.approx([100, 30])
    assert plan.gaps[0].binding == ("resource:Plant/B@2026-01",)
    assert plan.duals.regular_hours.ravel() == pytest.approx([0, 2, 0, 0])  # B's minute is worth 2


def test_stock_built_before_a_shutdown(tmp_path):
    """July shut: June's spare hours first, then May's, then overtime in June."""
    case = small_case(
        tmp_path,
        4,
        demand="product,market,quantity,price\nA,Market,60,50",
        production="product,site,unit_cost\nA,Plant,20",
        resources="site,resource,month,regular_hours,overtime_hours,overtime_cost_per_hour\n"
        "Plant,Line,2026-01,75,10,5\nPlant,Line,2026-02,100,10,5\nPlant,Line,2026-03,0,,\nPlant,Line,2026-04,100,,",
        routing="product,site,resource,hours_per_unit\nA,Plant,Line,1",
        stock="product,site,holding_cost\nA,Plant,2",
    )
    plan = solve(case)
    assert plan.objective == pytest.approx(7025)
    assert plan.production[0] == pytest.approx([75, 105, 0, 60])
    assert plan.stock[0] == pytest.approx([15, 60, 0, 0])


def test_empty_case_earns_nothing(tmp_path):
    """No demand and nothing to make is a plan, not an error."""
    plan = solve(small_case(tmp_path, demand="product,market,quantity", production=""))
    assert (plan.status, plan.objective, plan.gaps) == ("optimal", 0.0, ())


def test_numbers_in_wild_scales_are_planned(tmp_path):
    """Millions of pieces at fractions of a cent beside single machines at millions."""
    case = small_case(
        tmp_path,
        2,
        products="product\nScrew\nPress",
        production="product,site,unit_cost\nScrew,Plant,1e-5\nPress,Plant,4e6",
        demand="product,market,quantity,price\nScrew,Market,3e9,2e-5\nPress,Market,2,9e6",
        resources="site,resource,regular_hours\nPlant,Line,4000",
        routing="product,site,resource,hours_per_unit\nScrew,Plant,Line,1e-6\nPress,Plant,Line,900",
    )
    plan = solve(case)  # a press earns 5,555 an hour, screws 10
    presses, screws = plan.production
    assert presses == pytest.approx([2, 2])
    assert screws == pytest.approx([2.2e9, 2.2e9])
    assert plan.objective == pytest.approx(2 * (2 * 5e6 + 2.2e9 * 1e-5), rel=1e-9)


def test_limits_that_clash_by_rounding_alone_are_forgiven(tmp_path):
    """A third of an hour written with seven digits, 300 times, in 100 hours."""
    case = small_case(
        tmp_path,
        demand="product,market,quantity,must_serve\nA,Market,300,yes",
        resources="site,resource,regular_hours\nPlant,Line,100",
        routing="product,site,resource,hours_per_unit\nA,Plant,Line,0.33333334",
    )
    plan = solve(case)
    assert plan.status == "optimal"
    assert plan.production[0, 0] == pytest.approx(300)
