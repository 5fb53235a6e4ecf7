"""From the signed demand plan to a frozen supply plan, and that its figures tie out."""

import itertools
from datetime import date

import pytest
from django.db.models import Sum

from cycles.choices import Role, RunState, StageKind, StageState, VersionKind, VersionState
from cycles.models import Run, Stage, Version
from cycles.testing import run_pending
from sop.errors import Locked, NotAllowed, WrongState
from sop.quantities import to_quanta
from supply.actions.plan import freeze_supply, request_supply_plan
from supply.models import (
    LaneFact,
    MaterialFact,
    ProductSiteFact,
    ResourceFact,
    ResourceMonth,
    StreamFact,
    SupplyGap,
    SupplySummary,
)
from tests.supply.firm import Firm
from tests.supply.plans import plan, replan


def test_everything_is_served_where_there_is_room(simple: Firm) -> None:
    version = plan(simple)
    first = StreamFact.objects.filter(version=version).order_by("month")[:2]
    assert [(fact.demand, fact.supplied, fact.lost) for fact in first] == [
        (to_quanta(50), to_quanta(50), 0), (to_quanta(60), to_quanta(60), 0)
    ]  # fmt: skip
    assert not SupplyGap.objects.filter(version=version).exists()
    assert version.state == VersionState.FROZEN
    assert version.content_hash


def test_a_peak_is_built_ahead_and_what_is_left_is_a_gap_with_its_cause(firm: Firm) -> None:
    product = firm.product("A")
    firm.made_on(product, firm.line())
    firm.lane()
    firm.sold(product, 80, 230)  # 100 a month: 20 can be built in January, February lacks 110
    gap = SupplyGap.objects.get(version=plan(firm), month=date(2026, 2, 1))
    assert gap.units == to_quanta(110)
    assert gap.revenue_minor == 110 * 1000
    assert gap.margin_minor == 110 * 400
    assert "Line 1 (Lyon) is full in" in gap.cause
    assert "February" in gap.cause


def test_a_plan_belongs_to_its_inputs(simple: Firm) -> None:
    version = plan(simple)
    again = request_supply_plan(cycle=simple.cycle, by=simple.people[Role.SUPPLY_PLANNER])
    assert again.result["version"] == version.pk
    ResourceMonth.objects.update(available_hours=55)
    assert replan(simple).pk != version.pk
    ResourceMonth.objects.update(available_hours=100)
    third = replan(simple)
    assert Version.objects.filter(kind=VersionKind.SUPPLY).first() == third
    assert third.content_hash == version.content_hash


def test_a_plan_needs_a_signed_demand_plan_a_role_and_an_open_review(simple: Firm) -> None:
    planner = simple.people[Role.SUPPLY_PLANNER]
    with pytest.raises(WrongState, match="not open yet"):
        request_supply_plan(cycle=simple.cycle, by=planner)
    simple.signed_demand()
    with pytest.raises(NotAllowed):
        request_supply_plan(cycle=simple.cycle, by=simple.people[Role.FINANCE])
    Stage.objects.filter(kind=StageKind.DEMAND).update(state=StageState.OUT_OF_DATE)
    with pytest.raises(WrongState, match="not signed"):
        request_supply_plan(cycle=simple.cycle, by=planner)
    Stage.objects.filter(kind=StageKind.SUPPLY).update(state=StageState.SIGNED)
    with pytest.raises(Locked):
        request_supply_plan(cycle=simple.cycle, by=planner)


def test_the_signature_signs_the_latest_plan_on_the_signed_demand(simple: Firm) -> None:
    simple.signed_demand()
    stage, operations = simple.stage(StageKind.SUPPLY), simple.people[Role.OPERATIONS]
    with pytest.raises(WrongState, match="Run the planner"):
        freeze_supply(stage, operations)
    version = replan(simple)
    assert freeze_supply(stage, operations) == version


def test_a_solver_out_of_time_keeps_the_last_plan(simple: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    version = plan(simple)
    ResourceMonth.objects.update(available_hours=55)
    monkeypatch.setattr("supply.actions.solving.TIME_LIMIT_SECONDS", 0.0)
    run = request_supply_plan(cycle=simple.cycle, by=simple.people[Role.SUPPLY_PLANNER])
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DEAD
    assert run.error.startswith("No plan was found: the solver ran out of time before it found the best plan")
    assert "The last good plan stays in place" in run.error
    assert Version.objects.filter(kind=VersionKind.SUPPLY).get() == version
    monkeypatch.undo()
    assert replan(simple) != version  # the next run is not held back by the failed one


def test_grams_and_containers_are_planned_side_by_side(firm: Firm) -> None:
    line = firm.line(hours=1_000_000)
    few, many = firm.product("FEW", cost=60_000), firm.product("MANY", cost=0.006)
    firm.made_on(few, line, hours=5_000)
    firm.made_on(many, line, hours=0.001)
    firm.lane()
    firm.sold(few, 0.5, 0.25, price=90_000)
    firm.sold(many, 300_000_000, 500_000_000, price=0.01)
    version = plan(firm)
    served = {
        (fact.stream.product.code, fact.month.month): fact.supplied
        for fact in StreamFact.objects.filter(version=version, demand__gt=0).select_related("stream__product")
    }
    assert served == {
        ("FEW", 1): 500,
        ("FEW", 2): 250,
        ("MANY", 1): to_quanta(300_000_000),
        ("MANY", 2): to_quanta(500_000_000),
    }


@pytest.fixture
def busy(firm: Firm) -> Firm:
    """Two products in awkward thirds, a stocked mix, a limiting material, two suppliers, spot freight."""
    line = firm.line(hours=97.3, overtime_hours=11.7, overtime_cost_per_hour=5)
    mix = firm.product("MIX", cost=2, price=None, kind="SFG")
    firm.made_on(mix, firm.line("MIX1", hours=61), hours=1 / 7)
    firm.in_stock(mix, 33.333)
    raw = firm.product("RAW", cost=1, price=None, kind="RM")
    firm.needs(mix, raw, 1.1, scrap_percent=3)
    firm.supplied_by("CHEAP", raw, price=1, capacity_per_month=30.1)
    firm.supplied_by("DEAR", raw, price=1.5, capacity_per_month=5, lead_time_days=30)
    firm.in_stock(raw, 20)
    firm.lane(unit_cost=0.123, volume_capacity=88.8, spot_cost=0.5)
    for code, hours in (("A", 1 / 3), ("B", 2 / 3)):
        product = firm.product(code)
        firm.made_on(product, line, hours=hours)
        firm.needs(product, mix, 1 / 3)
        firm.policy(product, safety_stock=10)
        firm.sold(product, 70, 60, 90, 40.5, 88, 71, price=9.99)
    return firm


def test_every_balance_closes_to_the_quantum(busy: Firm) -> None:
    version = plan(busy)
    for fact in ProductSiteFact.objects.filter(version=version):
        assert fact.closing == fact.opening + fact.completed + fact.receipts - fact.shipments - fact.used
        assert fact.closing >= 0
    for fact in MaterialFact.objects.filter(version=version):
        assert fact.closing == fact.opening + fact.open_orders + fact.arriving - fact.used
        assert fact.closing >= 0
    owed: dict[int, int] = {}
    for fact in StreamFact.objects.filter(version=version).order_by("month"):
        before = owed.get(fact.stream_id, 0)
        assert fact.supplied + fact.backlog == fact.demand - fact.lost + before
        assert min(fact.supplied, fact.lost, fact.backlog) >= 0
        owed[fact.stream_id] = fact.backlog


def test_one_months_closing_is_the_next_ones_opening(busy: Firm) -> None:
    rows = ProductSiteFact.objects.filter(version=plan(busy)).order_by("product", "site", "month")
    for before, after in itertools.pairwise(rows):
        if before.product_id == after.product_id:
            assert after.opening == before.closing


def test_parts_add_up_to_the_whole(busy: Firm) -> None:
    version = plan(busy)
    supplied = StreamFact.objects.filter(version=version).aggregate(total=Sum("supplied"))["total"]
    shipped = LaneFact.objects.filter(version=version).aggregate(total=Sum("quantity"))["total"]
    summary = SupplySummary.objects.filter(version=version).aggregate(
        supplied=Sum("supplied"), revenue=Sum("revenue_minor"), demand=Sum("demand"), closing=Sum("closing")
    )
    finished = ProductSiteFact.objects.filter(version=version, product__kind="FG")
    assert summary["supplied"] == supplied == shipped
    assert summary["revenue"] == sum(
        round(fact.supplied * fact.price_minor / 1000) for fact in StreamFact.objects.filter(version=version)
    )
    assert summary["demand"] == 2 * to_quanta(70 + 60 + 90 + 40.5 + 88 + 71)
    assert summary["closing"] == finished.aggregate(total=Sum("closing"))["total"]


def test_hours_and_premium_follow_from_what_is_made(busy: Firm) -> None:
    version = plan(busy)
    made = ProductSiteFact.objects.filter(version=version, product__code__in="AB")
    for fact in ResourceFact.objects.filter(version=version, resource__code="LINE1"):
        hours = sum(
            row.production / 1000 * (1 if row.product.code == "A" else 2) / 3
            for row in made.filter(month=fact.month).select_related("product")
        )
        assert fact.load_hours == pytest.approx(hours)
        assert fact.load_hours <= fact.regular_hours + fact.overtime_limit_hours + 0.01
        assert fact.overtime_used_hours == pytest.approx(max(0, fact.load_hours - fact.regular_hours))
        assert fact.premium_minor == pytest.approx(fact.overtime_used_hours * 500, abs=1)
        assert fact.needed_hours == pytest.approx(
            {1: 70, 2: 60, 3: 90, 4: 40.5, 5: 88, 6: 71}[fact.month.month]
        )


def test_backup_purchases_are_those_of_the_dearer_supplier(busy: Firm) -> None:
    facts = MaterialFact.objects.filter(version=plan(busy))
    for fact in facts:
        cheap = fact.purchases - fact.backup_purchases
        assert cheap <= to_quanta(30.1)
        assert fact.backup_purchases <= to_quanta(5)
        assert fact.purchase_cost_minor == pytest.approx(
            (cheap * 100 + fact.backup_purchases * 150) / 1000, abs=1
        )


def test_freight_and_spot_freight(busy: Firm) -> None:
    version = plan(busy)
    for month in busy.cycle.months:
        facts = LaneFact.objects.filter(version=version, month=month)
        total = sum(fact.quantity for fact in facts)
        spot = sum(fact.spot_quantity for fact in facts)
        assert spot == pytest.approx(max(0, total - to_quanta(88.8)), abs=3)
        assert sum(fact.freight_minor for fact in facts) == pytest.approx(
            (total * 12.3 + spot * 50) / 1000, abs=2
        )


def test_stability_reads_the_last_signed_plan(busy: Firm) -> None:
    from supply.queries.case import build_case
    from supply.queries.last_plan import last_production

    version = plan(busy)
    built = build_case(cycle=busy.cycle, demand_version=version.parent)
    units = last_production(version, built)
    assert units.sum() == pytest.approx(
        ProductSiteFact.objects.filter(version=version).aggregate(total=Sum("production"))["total"] / 1000
    )


def test_a_run_without_a_plan_ends_in_words(simple: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    from supply.planning.plan import Plan, Status

    monkeypatch.setattr(
        "supply.planning.session.solve_formulated",
        lambda *given: Plan(Status.TIME_LIMIT, reason="the solver ran out of time"),
    )
    simple.signed_demand()
    run = request_supply_plan(cycle=simple.cycle, by=simple.people[Role.SUPPLY_PLANNER])
    for _ in range(3):
        Run.objects.filter(pk=run.pk, state=RunState.QUEUED).exists() and run_pending()
    run.refresh_from_db()
    assert "ran out of time" in run.error
    assert not Version.objects.filter(kind=VersionKind.SUPPLY).exists()


def test_a_very_large_plan_is_made_family_by_family_and_says_so(
    busy: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supply.planning.families.planner.FROM_COLUMNS", 1)
    version = plan(busy)
    assert version.params["by_family"]
    for fact in ProductSiteFact.objects.filter(version=version):
        assert fact.closing == fact.opening + fact.completed + fact.receipts - fact.shipments - fact.used >= 0
