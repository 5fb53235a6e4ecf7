"""Launches and phase-outs: what they do to the demand plan, and who may plan them."""

from datetime import date

import pytest

from cycles.choices import StageKind, StageState
from cycles.models import AuditEvent, Change, Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.actions.summary import rebuild_summary
from demand.models import DemandFact, DemandStream, DemandSummary
from portfolio.actions.launches import NewProduct, drop_launch, save_launch
from portfolio.actions.phase_outs import drop_phase_out, save_phase_out
from portfolio.models import Launch, Product
from sop.errors import InvalidInput, Locked, NotAllowed, NotFound, WrongState
from tests.demand.factories import SmallCompany, figures, make_plan, open_stage

JANUARY = date(2027, 1, 1)
NEW = NewProduct("P9", "Product P9", "A", list_price="12.00")


def launch(company: SmallCompany, cycle: Cycle, **changes: object) -> Launch:
    plan = {
        "product": NEW,
        "month": JANUARY,
        "references": [("P2", 30.0)],
        "ramp_months": 3,
        "owner": company.people["product"],
        "by": company.people["product"],
    }
    return save_launch(cycle=cycle, **(plan | changes))


def units(plan: Version, code: str, month: date, market: str = "DE") -> float:
    fact = DemandFact.objects.get(
        version=plan, stream__product__code=code, stream__market__code=market, month=month
    )
    return fact.consensus / 1000


def test_a_launch_ramps_up_and_takes_from_its_like_product(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    launch(company, cycle)
    december, january, march, april = date(2026, 12, 1), JANUARY, date(2027, 3, 1), date(2027, 4, 1)
    assert [units(plan, "P9", month) for month in (december, january, march, april)] == [0, 20, 60, 60]
    assert [units(plan, "P2", month) for month in (december, january, march, april)] == [300, 180, 140, 140]
    assert units(plan, "P9", april, "FR") == 24
    changes = Change.objects.filter(version=plan, source="launch")
    assert {change.source_key for change in changes} == {"P9", "P9:takes"}


def test_summary_follows_the_portfolio(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    launch(company, cycle)
    fields = ("family_id", "market_id", "month", "product", "consensus", "consensus_value")
    kept = set(DemandSummary.objects.filter(version=plan).values_list(*fields))
    rebuild_summary(plan)
    assert set(DemandSummary.objects.filter(version=plan).values_list(*fields)) == kept


def test_saving_again_changes_it_and_dropping_takes_it_back(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    before = figures(plan)
    launch(company, cycle)
    launch(company, cycle, product="P9", references=[("P2", 10.0)], takes_from_like=False)
    assert units(plan, "P9", date(2027, 6, 1)) == 20
    assert units(plan, "P2", date(2027, 6, 1)) == 200
    with pytest.raises(InvalidInput, match="why"):
        drop_launch(cycle=cycle, by=company.people["product"], code="P9", reason=" ")
    drop_launch(cycle=cycle, by=company.people["product"], code="P9", reason="No budget")
    after = figures(plan)
    assert {key: after[key] for key in before} == before
    assert all(value == 0 for key, value in after.items() if key not in before)


def test_what_people_entered_stays_on_top(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    edit = Edit(company.stream("P2/DE"), "planner", date(2027, 6, 1), "add", 15.0)
    edit_cells(version=plan, by=company.people["planner"], edits=[edit])
    launch(company, cycle)
    assert units(plan, "P2", date(2027, 6, 1)) == 200 - 60 + 15


def test_a_new_baseline_gives_the_launch_again(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    launch(company, cycle)
    kept = figures(plan)
    make_plan(company, cycle)
    after = figures(plan)
    assert {key: after[key] for key in after} == {key: kept[key] for key in after}


def test_launch_before_the_baseline_waits_for_it(company: SmallCompany, cycle: Cycle) -> None:
    launch(company, cycle)
    assert DemandStream.objects.filter(product__code="P9").count() == 2
    assert not Change.objects.filter(source="launch").exists()


def test_a_phase_out_fades_and_the_successor_takes_over(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    save_phase_out(
        cycle=cycle,
        by=company.people["product"],
        product="P1",
        end_month=date(2027, 4, 1),
        run_out_months=3,
        successor="P2",
        successor_percent=50.0,
    )
    months = [date(2027, month, 1) for month in (1, 2, 3, 4, 5)]
    assert [units(plan, "P1", month) for month in months] == [100, 75, 50, 25, 0]
    assert [units(plan, "P2", month) for month in months] == [200, 212.5, 225, 237.5, 250]
    drop_phase_out(cycle=cycle, by=company.people["product"], code="P1", reason="A customer stays")
    assert units(plan, "P1", date(2027, 5, 1)) == 100
    assert Product.objects.get(code="P1").end_date is None


def test_no_forecast_after_the_end_date_of_the_master_data(company: SmallCompany, cycle: Cycle) -> None:
    Product.objects.filter(code="P3").update(end_date=date(2027, 2, 28))
    plan = make_plan(company, cycle)
    assert units(plan, "P3", date(2027, 2, 1)) == 400
    assert units(plan, "P3", date(2027, 3, 1)) == 0


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"references": [("P2", 0.0)]}, InvalidInput, "percent"),
        ({"references": [("P2", 5.0), ("P2", 6.0)]}, InvalidInput, "once"),
        ({"references": [("P77", 5.0)]}, NotFound, "P77"),
        ({"product": "P2"}, InvalidInput, "own like product"),
        ({"product": NewProduct("p1", "", "A")}, InvalidInput, "already"),
        ({"product": NewProduct("P8", "", "Z")}, NotFound, "family"),
        ({"ramp_months": 0}, InvalidInput, "ramp"),
        ({"gate": "someday"}, InvalidInput, "gate"),
    ],
)
def test_launches_that_make_no_sense_are_refused(
    *,
    company: SmallCompany,
    cycle: Cycle,
    plan: Version,
    changes: dict[str, object],
    error: type[Exception],
    words: str,
) -> None:
    before = figures(plan)
    with pytest.raises(error, match=words):
        launch(company, cycle, **changes)
    assert figures(plan) == before
    assert not Launch.objects.exists()
    assert not Product.objects.filter(code__in=["P8", "P9"]).exists()


def test_successors_never_go_round_in_a_circle(company: SmallCompany, cycle: Cycle) -> None:
    by, end = company.people["product"], date(2027, 4, 1)
    save_phase_out(cycle=cycle, by=by, product="P1", end_month=end, successor="P2")
    with pytest.raises(InvalidInput, match="circle"):
        save_phase_out(cycle=cycle, by=by, product="P2", end_month=end, successor="P1")
    with pytest.raises(InvalidInput, match="circle"):
        save_phase_out(cycle=cycle, by=by, product="P3", end_month=end, successor="P3")
    with pytest.raises(InvalidInput, match="not both"):
        save_phase_out(cycle=cycle, by=by, product="P3", end_month=end, successor="P1", no_successor=True)


@pytest.mark.parametrize("name", ["planner", "sales", "owner", "finance", "admin"])
def test_only_product_management_plans_them(company: SmallCompany, cycle: Cycle, name: str) -> None:
    with pytest.raises(NotAllowed):
        launch(company, cycle, by=company.people[name])


@pytest.mark.parametrize(
    ("state", "error"),
    [(StageState.NOT_OPEN, WrongState), (StageState.SUBMITTED, Locked), (StageState.SIGNED, Locked)],
)
def test_only_while_the_review_is_open(
    company: SmallCompany, cycle: Cycle, state: StageState, error: type[Exception]
) -> None:
    open_stage(cycle, StageKind.PRODUCT, state)
    with pytest.raises(error):
        launch(company, cycle)


def test_every_change_is_in_the_audit_log(company: SmallCompany, cycle: Cycle) -> None:
    launch(company, cycle)
    event = AuditEvent.objects.first()
    assert (event.act, event.detail["month"]) == ("launch.save", "2027-01")
