"""Marketing events and pipeline: estimates, what they do to the plan, and who may plan them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cycles.models import Change, Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.actions.pipeline import take_opportunity
from demand.actions.promotions import drop_promotion, save_promotion
from demand.actions.undo import undo_changes
from demand.bridges import STEPS
from demand.events import (
    PastEvent,
    estimate_lift,
    measured_lift,
    spread_pipeline,
    weighted_median,
    weighted_pipeline,
)
from demand.models import DemandFact, DemandHistory, Opportunity, Promotion
from demand.queries.inputs_seen import past_events
from sop.errors import InvalidInput, NotAllowed, NotFound, WrongState
from tests.demand.factories import SmallCompany, figures

FEBRUARY = date(2027, 2, 1)


def past(product: int, lift: float, *, market: int | None = 1, age: int = 6, family: int = 1) -> PastEvent:
    return PastEvent(product, family, market, age, lift)


def test_weighted_median() -> None:
    assert weighted_median([40, 10, 20], [1, 1, 1]) == 20
    assert weighted_median([10, 20, 40], [1, 1, 2]) == 30


def test_an_estimate_widens_until_three_events_are_known() -> None:
    events = [past(1, 10), past(1, 20), past(2, 40), past(3, 90, family=2)]
    found = estimate_lift(events, product=1, family=1, market=1)
    assert found is not None
    assert (found.lift, found.basis) == (20, "median of 3 past events of this family and market")
    events.append(past(1, 30, market=2))
    found = estimate_lift(events, product=1, family=1, market=2)
    assert found is not None
    assert (found.lift, found.basis) == (20, "median of 3 past events of this product")
    assert estimate_lift([], product=1, family=1, market=1) is None


def test_recent_events_weigh_more() -> None:
    events = [past(1, 10, age=36), past(1, 12, age=36), past(1, 50, age=1)]
    found = estimate_lift(events, product=1, family=1, market=1)
    assert found is not None
    assert found.lift == 50


def test_pipeline_by_the_worked_case() -> None:
    expected, deviation = weighted_pipeline([45_000, 18_500, 12_000], [0.7, 0.85, 0.5])
    assert expected == pytest.approx(53_225)
    assert deviation == pytest.approx(22_470, abs=1)


def test_pipeline_by_month_of_delivery() -> None:
    """The three deals of the worked case: the first delivered over two months; month sums keep the expected total."""
    deals = [(0, 1, 18_500.0, 0.85), (0, 2, 45_000.0, 0.7), (1, 1, 12_000.0, 0.5)]
    expected, deviations = spread_pipeline(deals, 3)
    assert expected == pytest.approx([15_725 + 15_750, 15_750 + 6_000, 0])
    assert sum(expected) == pytest.approx(53_225)
    first = (18_500**2 * 0.85 * 0.15 + 22_500**2 * 0.7 * 0.3) ** 0.5
    assert deviations[0] == pytest.approx(first)
    assert spread_pipeline([(-1, 3, 30.0, 1.0), (2, 2, 10.0, 1.0)], 3)[0] == [10, 10, 5]


def test_lift_by_the_worked_case() -> None:
    """100 against a baseline of 80 is 25 % (a glossary prints 20); half a month covered tells twice of it."""
    assert measured_lift(100, 80) == 25
    assert measured_lift(100, 80, 0.5) == 50
    assert measured_lift(100, 0) is None


def test_two_lifts_multiply_by_the_worked_case(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    """On 5,175 a promotion of 20 % and a new item of 10 % give 6,831, not 6,727.5."""
    DemandFact.objects.filter(version=plan, stream=company.streams["P2/DE"], month=FEBRUARY).update(
        **dict.fromkeys(STEPS, 5_175_000)
    )
    for code, lift in (("Spring", 20.0), ("New item", 10.0)):
        event(company, cycle, code=code, start=FEBRUARY, end=date(2027, 2, 28), lift_percent=lift)
    assert marketing(plan, company) == 6_831_000


def test_events_of_the_same_kind_say_it_first() -> None:
    events = [
        PastEvent(2, 1, 1, 6, lift, kind)
        for kind, lifts in (("leaflet", (10, 12, 14)), ("price cut", (40, 50, 60)))
        for lift in lifts
    ]
    found = estimate_lift(events, product=1, family=1, market=1, kind="price cut")
    assert found is not None
    assert (found.lift, found.basis) == (
        50,
        "median of 3 past events of this family and market of the kind “price cut”",
    )
    other = estimate_lift(events, product=1, family=1, market=1, kind="tasting")
    assert other is not None
    assert other.events == 6


def test_a_past_event_is_measured_against_the_plan_of_its_time(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    """The plan of November said 300 for December, 375 came: 25 %, whatever had been stated."""
    Promotion.objects.create(
        code="Advent", product=company.products["P2"], market=company.markets["DE"], kind="leaflet",
        start=date(2026, 12, 1), end=date(2026, 12, 31), lift_percent=90.0,
    )  # fmt: skip
    Version.objects.filter(pk=plan.pk).update(state="frozen", content_hash="0" * 64)
    DemandHistory.objects.create(
        stream=company.streams["P2/DE"], month=date(2026, 12, 1), quantity=375_000, value=0
    )
    later = Cycle(month=date(2027, 1, 1), horizon_months=12)
    assert [one.lift for one in past_events(later)] == [25.0]


def event(company: SmallCompany, cycle: Cycle, **changes: Any) -> Promotion:
    plan = {
        "code": "Spring", "product": "P2", "market": "DE", "start": date(2027, 2, 15), "end": date(2027, 2, 28),
        "lift_percent": 40.0, "by": company.people["sales"],
    }  # fmt: skip
    return save_promotion(cycle=cycle, **(plan | changes))


def marketing(plan: Version, company: SmallCompany, month: date = FEBRUARY) -> int | None:
    return DemandFact.objects.get(version=plan, stream=company.streams["P2/DE"], month=month).consensus


def test_an_event_is_in_the_plan_at_once_and_under_what_people_entered(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    before = figures(plan)
    added = Edit(company.stream("P2/DE"), "marketing", FEBRUARY, "add", 7.0)
    entered = edit_cells(version=plan, by=company.people["sales"], edits=[added])
    event(company, cycle)
    assert marketing(plan, company) == 240_000 + 7_000
    event(company, cycle, lift_percent=10.0)
    assert marketing(plan, company) == 210_000 + 7_000
    drop_promotion(cycle=cycle, by=company.people["sales"], code="Spring")
    assert marketing(plan, company) == 207_000
    undo_changes(version=plan, by=company.people["sales"], change_ids=[entered.changes[0].pk])
    assert figures(plan) == before


def test_an_event_that_somebody_took_back_stays_out_until_it_changes(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    event(company, cycle)
    change = Change.objects.get(version=plan, source="promotion")
    undo_changes(version=plan, by=company.people["sales"], change_ids=[change.pk])
    assert marketing(plan, company) == 200_000
    event(company, cycle, code="Other", product="P1")
    assert marketing(plan, company) == 200_000
    event(company, cycle, lift_percent=20.0)
    assert marketing(plan, company) == 220_000


def test_without_a_lift_past_events_say_it(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    with pytest.raises(InvalidInput, match="No past event"):
        event(company, cycle, lift_percent=None)
    for number, lift in enumerate((10, 30, 20)):
        Promotion.objects.create(
            code=f"old {number}", product=company.products["P2"], market=company.markets["DE"], lift_percent=lift,
            start=date(2026, 5, 1), end=date(2026, 5, 31),
        )  # fmt: skip
    assert event(company, cycle, lift_percent=None).lift_percent == 20


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"end": date(2027, 1, 1)}, InvalidInput), ({"lift_percent": -150.0}, InvalidInput),
        ({"code": " "}, InvalidInput),
        ({"product": "P77"}, NotFound), ({"market": "XX"}, NotFound),
        ({"start": date(2026, 1, 1), "end": date(2026, 2, 1)}, InvalidInput),
    ],
)  # fmt: skip
def test_events_that_make_no_sense(
    company: SmallCompany, cycle: Cycle, plan: Version, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        event(company, cycle, **changes)
    assert not Promotion.objects.exists()


def test_only_sales_and_marketing_plan_events(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    for name in ("planner", "product", "owner", "finance"):
        with pytest.raises(NotAllowed):
            event(company, cycle, by=company.people[name])


def test_a_deal_enters_the_plan_once_at_its_chance(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    Opportunity.objects.create(
        code="OP1", target_code="P2", stage="proposal", probability=50, quantity=80_000, close_month=FEBRUARY
    )
    Opportunity.objects.create(
        code="OP2", target_code="B", stage="commit", probability=90, amount_minor=10_000, close_month=FEBRUARY
    )
    sales = company.people["sales"]
    before = sum(DemandFact.objects.filter(version=plan, month=FEBRUARY).values_list("sales", flat=True))
    result = take_opportunity(version=plan, by=sales, code="OP1")
    take_opportunity(version=plan, by=sales, code="OP2")
    after = sum(DemandFact.objects.filter(version=plan, month=FEBRUARY).values_list("sales", flat=True))
    assert after - before == 40_000 + 18_000  # 90 % of 100.00 at a price of 5.00 are 18 units
    with pytest.raises(WrongState, match="already"):
        take_opportunity(version=plan, by=sales, code="OP1")
    undo_changes(version=plan, by=sales, change_ids=[change.pk for change in result.changes])
    take_opportunity(version=plan, by=sales, code="OP1")
    with pytest.raises(NotFound):
        take_opportunity(version=plan, by=sales, code="OP9")


def test_pages(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    Opportunity.objects.create(
        code="OP1", target_code="P2", stage="proposal", probability=50, quantity=80_000, close_month=FEBRUARY
    )
    client = Client()
    client.force_login(company.people["sales"])
    form = {
        "code": "Spring",
        "product": "P2",
        "market": "DE",
        "start": "2027-02-15",
        "end": "2027-02-28",
        "lift_percent": "40",
    }
    assert client.post("/demand/events/new/", form).status_code == 302
    page = client.get("/demand/events/").content.decode()
    assert "1 event in the plan, 1 deal" in page
    assert "+40" in page
    assert client.get("/demand/events/Spring/").status_code == 200
    wrong = client.post("/demand/events/Spring/", form | {"end": "2027-01-01"})
    assert b"ends before it starts" in wrong.content
    assert client.post("/demand/pipeline/OP1/take/").status_code == 302
    assert client.post("/demand/events/Spring/drop/").status_code == 302
    client.force_login(company.people["finance"])
    assert b"New event" not in client.get("/demand/events/").content
    assert client.get("/demand/events/new/").status_code == 403
