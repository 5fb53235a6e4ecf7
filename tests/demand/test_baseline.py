"""The baseline run: from history to stored figures, and the ledger replayed over it."""

from datetime import date

import pytest

from cycles.models import Change, Cycle, Run, Version
from cycles.testing import run_pending
from demand.actions.baseline import request_baseline, start_baseline
from demand.actions.edits import Edit, edit_cells
from demand.actions.prices import refresh_planned_prices
from demand.actions.summary import rebuild_summary
from demand.models import BaselinePart, DemandFact, DemandHistory, DemandSummary, Promotion, SeriesNote
from portfolio.models import Product
from sop.errors import InvalidInput, NotAllowed
from tests.demand.factories import (
    MONTH,
    SmallCompany,
    change_history,
    figures,
    make_company,
    make_cycle,
    run_baseline,
)


@pytest.fixture
def plan(company: SmallCompany, cycle: Cycle) -> Version:
    return run_baseline(company, cycle)


def test_every_planned_stream_gets_a_plan_with_intervals(company: SmallCompany, plan: Version) -> None:
    facts = DemandFact.objects.filter(version=plan)
    assert facts.count() == 5 * 12
    assert not facts.filter(baseline=None).exists()
    for fact in facts:
        assert fact.low_95 <= fact.low_80 <= fact.baseline <= fact.high_80 <= fact.high_95
        assert fact.consensus == fact.baseline
    assert SeriesNote.objects.filter(version=plan).count() == 5
    assert not BaselinePart.objects.exists()


def test_forecast_is_near_a_steady_history(company: SmallCompany, plan: Version) -> None:
    stream = company.streams["P3/DE"]
    january = DemandFact.objects.get(version=plan, stream=stream, month=date(2027, 1, 1))
    assert january.baseline == pytest.approx(400_000, rel=0.1)


def test_the_same_data_give_the_same_run(company: SmallCompany, plan: Version, cycle: Cycle) -> None:
    again = request_baseline(cycle=cycle, by=company.people["planner"])
    assert Run.objects.filter(parent=None).count() == 1
    assert again.state == "done"
    change_history(company, "P1/DE", 150)
    assert request_baseline(cycle=cycle, by=company.people["planner"]).pk != again.pk


def test_new_baseline_replays_what_people_entered(company: SmallCompany, plan: Version, cycle: Cycle) -> None:
    people, month = company.people, date(2027, 2, 1)
    for measure, person, operation, value in (
        ("sales", "sales", "multiply", 1.5),
        ("planner", "planner", "add", 10.0),
    ):
        edit = Edit(company.stream("P1/DE"), measure, month, operation, value)
        edit_cells(version=plan, by=people[person], edits=[edit], reason_code="market")
    set_total = Edit(company.stream("P3/DE"), "planner", month, "set", 500.0)
    edit_cells(version=plan, by=people["planner"], edits=[set_total], reason_code="market")
    change_history(company, "P1/DE", 200)
    request_baseline(cycle=cycle, by=people["planner"])
    run_pending()
    fact = DemandFact.objects.get(version=plan, stream=company.streams["P1/DE"], month=month)
    assert fact.baseline == pytest.approx(200_000, rel=0.05)
    assert fact.sales == pytest.approx(fact.marketing * 1.5, abs=1)
    assert fact.planner == fact.sales + 10_000
    assert (
        DemandFact.objects.get(version=plan, stream=company.streams["P3/DE"], month=month).planner == 500_000
    )


def test_summary_adds_up(company: SmallCompany, plan: Version) -> None:
    def totals() -> list[tuple[object, ...]]:
        fields = ("family_id", "market_id", "month", "baseline", "planner", "consensus", "consensus_value")
        return list(DemandSummary.objects.filter(version=plan).order_by(*fields[:3]).values_list(*fields))

    edit = Edit("all", "planner", MONTH, "multiply", 1.07)
    edit_cells(version=plan, by=company.people["planner"], edits=[edit], reason_code="market")
    kept = totals()
    rebuild_summary(plan)
    assert totals() == kept
    assert sum(row[5] for row in kept) == sum(figures(plan).values())


def test_promotion_lifts_the_marketing_step_by_its_days(company: SmallCompany, cycle: Cycle) -> None:
    Promotion.objects.create(
        code="PR1",
        product=company.products["P2"],
        market=company.markets["DE"],
        start=date(2027, 2, 15),
        end=date(2027, 3, 10),
        lift_percent=40,
    )
    plan = run_baseline(company, cycle)
    for month, factor in (
        (date(2027, 2, 1), 1.2),
        (date(2027, 3, 1), 1 + 0.4 * 10 / 31),
        (date(2027, 4, 1), 1.0),
    ):
        fact = DemandFact.objects.get(version=plan, stream=company.streams["P2/DE"], month=month)
        assert fact.marketing == pytest.approx(fact.product * factor, abs=1)
    assert Change.objects.filter(version=plan, source="promotion").count() == 2


def test_only_the_planner_starts_it_and_never_without_history(company: SmallCompany, cycle: Cycle) -> None:
    with pytest.raises(NotAllowed):
        start_baseline(cycle=cycle, by=company.people["sales"])
    DemandHistory.objects.all().delete()
    with pytest.raises(InvalidInput, match="Import the sales orders"):
        start_baseline(cycle=cycle, by=company.people["planner"])


def test_cycle_without_baseline_has_an_empty_draft(db: None) -> None:
    company = make_company()
    cycle = make_cycle(company)
    assert Version.objects.get(cycle=cycle, kind="demand").state == "draft"


def test_new_prices_revalue_the_open_draft(company: SmallCompany, plan: Version) -> None:
    Product.objects.update(list_price="7.00")
    refresh_planned_prices()
    values = DemandSummary.objects.filter(version=plan, month=MONTH).values_list(
        "consensus", "consensus_value"
    )
    assert sum(value for _, value in values) == pytest.approx(
        sum(units for units, _ in values) * 7 / 10, abs=5
    )
