"""Why there is a gap and what closing it costs: small cases whose every number comes with pencil and paper."""

import pytest

from supply.planning.explain import explain, limit_worth
from supply.planning.names import Limit, limit_name
from supply.planning.remedies import Remedy
from supply.planning.session import Session
from tests.supply.planning.tables import small_case

MAKE = "product,site,unit_cost\nA,Plant,10"
HALF_HOUR = "product,site,resource,hours_per_unit\nA,Plant,Line,0.5"
HOLDING_1 = "product,site,holding_cost\nA,Plant,1"
ONE_EACH = "product,component,quantity_per_unit\nA,Chip,1"


def demand(*quantities, extra="", columns=""):
    """Units wanted of A by month, at 50 each."""
    rows = [f"A,Market,2026-{t:02d},{q},50{extra}" for t, q in enumerate(quantities, 1)]
    return "\n".join([f"product,market,month,quantity,price{columns}", *rows])


def line(hours, more="", columns=""):
    """A line with regular hours in every month."""
    return f"site,resource,regular_hours{columns}\nPlant,Line,{hours}{more}"


def hours(month, price=0.0, at_most=100.0):
    """More hours of the line."""
    return Remedy(Limit("resource", 0, month), price, at_most)


def short(session):
    """Units lost or owed by month."""
    return (session.plan.lost + session.plan.backlog)[0].tolist()


@pytest.fixture
def full_line(tmp_path):
    """1,200 short in March: the line is full from January on. An hour is two units at 40."""
    return Session(
        small_case(
            tmp_path,
            3,
            demand=demand(2000, 2000, 3200),
            production=MAKE,
            resources=line(1000),
            routing=HALF_HOUR,
            stock=HOLDING_1,
        )
    )


def test_the_gap_and_the_rent_of_the_full_line(full_line):
    """A unit short in March would pay 40 for its half hour."""
    assert short(full_line) == pytest.approx([0, 0, 1200])
    rents = {rent.name: rent.rent for rent in explain(full_line)[0].rents}
    assert rents["resource:Plant/Line@2026-03"] == pytest.approx(40)


def test_hours_earlier_are_worth_less_by_the_holding(full_line):
    """100 hours more in March, February, January: 200 units at 40, 39, 38."""
    gains = [full_line.offer([hours(t)]).gain for t in (2, 1, 0)]
    assert gains == pytest.approx([8000, 7800, 7600])


def test_the_cheapest_recipe_is_found(full_line):
    """600 hours in February at 15 and two months' half units of holding beat March at 20."""
    effect = full_line.close((0, 2), [hours(2, 20.0, 400.0), hours(1, 15.0, 1e9)])
    assert effect.used == pytest.approx([0, 600])
    assert effect.spent == pytest.approx(9000)
    assert effect.gain == pytest.approx(1200 * 40 - 9000 - 1200)
    assert effect.displaced == ()


def test_probing_leaves_the_plan_as_it_was(full_line):
    """The same question twice has the same answer to the bit."""
    first = full_line.offer([hours(2, 20.0)], (0, 2))
    full_line.close((0, 2), [hours(1, 15.0, 1e9)])
    assert full_line.offer([hours(2, 20.0)], (0, 2)) == first
    assert [e.recipe for e in explain(full_line)] == [e.recipe for e in explain(full_line)]


def test_idle_hours_are_used_ahead_so_that_there_is_no_gap(tmp_path):
    """February has room: 1,200 are built before March."""
    session = Session(
        small_case(
            tmp_path,
            3,
            demand=demand(2000, 800, 3200),
            production=MAKE,
            resources=line(1000),
            routing=HALF_HOUR,
            stock=HOLDING_1,
        )
    )
    assert short(session) == pytest.approx([0, 0, 0])
    assert session.plan.production[0, 1] == pytest.approx(2000)


def test_the_short_product_has_the_least_margin_per_minute(tmp_path):
    """P and Q at 45 and 60 for 15 and 30 minutes: a minute more is worth 2, an hour closes 2 units."""
    session = Session(
        small_case(
            tmp_path,
            products="product\nP\nQ",
            production="product,site\nP,Plant\nQ,Plant",
            demand="product,market,quantity,price\nP,Market,100,45\nQ,Market,50,60",
            resources=line(2400),
            routing="product,site,resource,hours_per_unit\nP,Plant,Line,15\nQ,Plant,Line,30",
        )
    )
    assert (session.plan.lost + session.plan.backlog).ravel() == pytest.approx([0, 20])
    assert session.plan.duals.regular_hours[0, 0] == pytest.approx(2)
    effect = session.offer([hours(0, 0.0, 60.0)])
    assert (effect.gain, effect.units_closed) == pytest.approx((120, 2))


@pytest.fixture
def both_full(tmp_path):
    """A line for 1,000 units and material for 1,000: two limits, exactly full."""
    return Session(
        small_case(
            tmp_path,
            demand=demand(1500),
            production=MAKE,
            resources=line(500),
            routing=HALF_HOUR,
            materials="material\nChip",
            bom=ONE_EACH,
            suppliers="supplier,material,price,capacity\nMain,Chip,1,1000",
        )
    )


def test_two_limits_full_at_once_help_only_together(both_full):
    """Neither 100 hours nor 200 units of material gain anything alone."""
    material = Remedy(Limit("material", 0, 0), 1.0, 200.0)
    assert both_full.offer([hours(0)]).gain == pytest.approx(0)
    assert both_full.offer([material]).gain == pytest.approx(0)
    assert both_full.offer([hours(0), material]).gain == pytest.approx(200 * 39)


def test_the_recipe_needs_both(both_full):
    """250 hours at 20 and 500 units of material at 3."""
    effect = both_full.close((0, 0), [hours(0, 20.0, 1e9), Remedy(Limit("material", 0, 0), 3.0, 1e9)])
    assert effect.used == pytest.approx([250, 500])


def test_limits_that_must_give_way_together_are_named_together(both_full):
    """The duals blame one of them only; the gap names both, and the explanation says so."""
    (gap,) = both_full.plan.gaps
    assert set(gap.binding) == {
        "resource:Plant/Line@2026-01",
        "material:Chip@2026-01",
        "supplier:Main/Chip@2026-01",
    }
    (told,) = explain(both_full)
    assert told.together
    assert told.levers[0].names == ("resource:Plant/Line@2026-01", "supplier:Main/Chip@2026-01")
    assert told.levers[0].effect.units_closed == pytest.approx(500)


def test_lead_time_is_a_fence_that_hours_do_not_move(tmp_path):
    """Material arrives from March on; hours in February gain nothing, 100 units of material there do."""
    session = Session(
        small_case(
            tmp_path,
            3,
            demand=demand(100, 100, 100),
            production=MAKE,
            resources=line(1000),
            routing=HALF_HOUR,
            stock=HOLDING_1,
            materials="material\nChip",
            bom=ONE_EACH,
            suppliers="supplier,material,price,capacity,lead_time_months\nMain,Chip,1,1000,2",
        )
    )
    assert short(session) == pytest.approx([100, 100, 0])
    assert [gap.binding[-1] for gap in session.plan.gaps] == [
        "material:Chip@2026-01",
        "material:Chip@2026-02",
    ]
    assert all("lead_time" in gap.binding for gap in session.plan.gaps)
    assert session.offer([hours(1, 0.0, 50.0)]).gain == pytest.approx(0)
    assert session.offer([Remedy(Limit("material", 0, 1), 1.0, 100.0)]).gain == pytest.approx(3900)


def test_a_backup_supplier_at_its_limit(tmp_path):
    """Main 1,000 and Backup 300 of 1,500: a unit more of Backup is worth 50 - 10 - 2."""
    session = Session(
        small_case(
            tmp_path,
            demand=demand(1500),
            production=MAKE,
            resources=line(2000),
            routing=HALF_HOUR,
            materials="material\nChip",
            bom=ONE_EACH,
            suppliers="supplier,material,price,capacity\nMain,Chip,1,1000\nBackup,Chip,2,300",
        )
    )
    assert short(session) == pytest.approx([200])
    backup = session.case.suppliers.supplier.tolist().index("Backup")
    assert limit_worth(session, Limit("supplier", backup, 0)) == pytest.approx(38)
    effect = session.offer([Remedy(Limit("supplier", backup, 0), 2.0, 200.0)])
    assert (effect.gain, effect.units_closed) == pytest.approx((7600, 200))


def test_backorders_are_late_rather_than_lost(tmp_path):
    """400 a month late at 3; 200 hours in the first month save it."""
    session = Session(
        small_case(
            tmp_path,
            2,
            demand=demand(1400, 600, extra=",3", columns=",backorder_cost"),
            production=MAKE,
            resources=line(500),
            routing=HALF_HOUR,
        )
    )
    assert short(session) == pytest.approx([400, 0])
    assert session.offer([hours(0, 0.0, 200.0)]).gain == pytest.approx(1200)


def test_overtime_before_subcontracting_before_losing(tmp_path):
    """An hour of overtime at 20 is two units, a subcontracted one costs 45 against 10."""
    session = Session(
        small_case(
            tmp_path,
            demand=demand(1500),
            production=MAKE,
            routing=HALF_HOUR,
            resources=line(500, ",100,20", ",overtime_hours,overtime_cost_per_hour"),
            subcontract="subcontractor,product,site,unit_cost,capacity\nOutside,A,Plant,45,100",
        )
    )
    plan = session.plan
    assert plan.overtime_hours[0, 0] == pytest.approx(100)
    assert plan.subcontract[0, 0] == pytest.approx(100)
    assert short(session) == pytest.approx([200])
    assert plan.duals.subcontract[0, 0] == pytest.approx(5)
    assert plan.duals.overtime_hours[0, 0] == pytest.approx(60)


def test_price_tag_of_a_gap(tmp_path):
    """10,000 wanted, 9,000 made, price 50, cost 30: overtime +6, subcontract +8, lost margin 20,000."""
    session = Session(
        small_case(
            tmp_path,
            demand=demand(10000),
            production="product,site,unit_cost\nA,Plant,30",
            resources=line(9000),
            routing="product,site,resource,hours_per_unit\nA,Plant,Line,1",
            subcontract="subcontractor,product,site,unit_cost,capacity\nOutside,A,Plant,38,0",
        )
    )
    assert session.plan.objective == pytest.approx(180_000)
    overtime = session.close((0, 0), [hours(0, 6.0, 1e9)])
    outside = session.close((0, 0), [Remedy(Limit("subcontract", 0, 0), 38.0, 1e9)])
    assert session.plan.objective + overtime.gain == pytest.approx(194_000)
    assert session.plan.objective + outside.gain == pytest.approx(192_000)


def test_closing_tells_whose_demand_pays(tmp_path):
    """With nothing to widen, the dear product's last units come out of the cheap one's."""
    session = Session(
        small_case(
            tmp_path,
            products="product\nA\nB",
            production="product,site\nA,Plant\nB,Plant",
            demand="product,market,quantity,price\nA,Market,80,50\nB,Market,80,40",
            resources=line(100),
            routing="product,site,resource,hours_per_unit\nA,Plant,Line,1\nB,Plant,Line,1",
        )
    )
    (gap,) = session.plan.gaps
    assert (session.case.products.name[session.case.demand.product[gap.stream]], gap.gap_units) == ("B", 60)
    effect = session.close((gap.stream, 0), [])
    assert effect.gain == pytest.approx(-600)
    assert [(d.units, d.value) for d in effect.displaced] == [(pytest.approx(60), pytest.approx(3000))]


def test_a_closing_that_cannot_be_is_none(tmp_path):
    """Nothing is made anywhere."""
    session = Session(small_case(tmp_path, demand=demand(10), production=""))
    assert session.close((0, 0), []) is None
    assert explain(session)[0].gap.binding == ("no_source",)


def test_what_if_moves_the_basis_and_comes_back(full_line, tmp_path):
    """A case with other numbers re-solves warm to what a fresh solve finds, and the session forgets it."""
    other = small_case(
        tmp_path / "other",
        3,
        demand=demand(2000, 1500, 3200),
        production=MAKE,
        resources=line(1000),
        routing=HALF_HOUR,
        stock=HOLDING_1,
    )
    warm = full_line.what_if(other)
    assert warm.objective == pytest.approx(Session(other).plan.objective)
    assert short(full_line) == pytest.approx([0, 0, 1200])
    assert full_line.offer([hours(2)]).gain == pytest.approx(8000)


def test_a_what_if_of_another_shape_is_solved_from_scratch(full_line, tmp_path):
    """A month less, say."""
    other = small_case(
        tmp_path / "other",
        2,
        demand=demand(2000, 2100),
        production=MAKE,
        resources=line(1000),
        routing=HALF_HOUR,
    )
    assert full_line.what_if(other).lost.sum() == pytest.approx(100)


def test_names_of_remedies_are_those_of_the_gaps(full_line):
    """So that a page can link one to the other."""
    assert explain(full_line)[0].levers[0].names[0] in explain(full_line)[0].gap.binding
    assert limit_name(full_line.case, Limit("resource", 0, 2)) == "resource:Plant/Line@2026-03"
