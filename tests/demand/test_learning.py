"""Looking back at frozen plans: steps, groups, the waterfall, contributors, and who sees what."""

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cycles.choices import StageKind
from cycles.models import Change, Cycle, Stage, Version
from demand.actions.draft import freeze_demand
from demand.actions.edits import Edit, edit_cells
from demand.actions.undo import undo_changes
from demand.models import DemandHistory, ForecastLine
from demand.queries.contributors import contributor_report
from demand.queries.learning import errors_by, step_report, total_errors, waterfall_of
from demand.queries.past import Past, closed_months, load_past, naive_steps
from demand.queries.views import Filters, PlanView, plan_view
from sop.periods import month_range
from tests.demand.factories import MONTH, SmallCompany, change_history, make_cycle, make_plan

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def enter(version: Version, company: SmallCompany, person: str, name: str, units: float) -> Change:
    """Somebody adds units to October in the own function."""
    measure = "planner" if person == "planner" else "sales"
    edit = Edit(company.stream(name), measure, OCTOBER, "add", units)
    edit_cells(version=version, by=company.people[person], edits=[edit], reason_code="market")
    return Change.objects.filter(version=version).order_by("-pk")[0]


@pytest.fixture
def draft(company: SmallCompany) -> Version:
    """September's draft: 100, 50, 200, 80 and 400 a month, with what people made of October."""
    version = make_plan(company, make_cycle(company, month=SEPTEMBER))
    enter(version, company, "germany", "P1/DE", 20)
    enter(version, company, "sales", "P2/FR", -8)
    undone = enter(version, company, "sales", "P3/DE", 100)
    undo_changes(version=version, by=company.people["sales"], change_ids=[undone.pk])
    enter(version, company, "planner", "P1/DE", -10)
    return version


@pytest.fixture
def signed(company: SmallCompany, draft: Version) -> Version:
    """The same frozen; then October closes, and November's cycle is open."""
    stage = Stage.objects.select_related("cycle").get(cycle=draft.cycle, kind=StageKind.DEMAND)
    version = freeze_demand(stage, company.people["owner"])
    Stage.objects.filter(pk=stage.pk).update(signed_version=version)
    enter(draft, company, "sales", "P1/FR", 500)  # after the signature: no part of what was signed
    Cycle.objects.update(state="closed")
    make_plan(company, make_cycle(company, month=MONTH))
    return version


def look(company: SmallCompany, person: str = "planner", filters: Filters | None = None) -> PlanView:
    cycle = Cycle.objects.get(month=MONTH)
    version = Version.objects.get(cycle=cycle, kind="demand", state="draft")
    return plan_view(version, company.people[person], filters, every=True)


def october(company: SmallCompany, person: str = "planner", filters: Filters | None = None) -> Past:
    return load_past(look(company, person, filters), 1, [OCTOBER])


def test_each_step_of_the_frozen_plan_is_measured(company: SmallCompany, signed: Version) -> None:
    report = step_report(october(company))
    added = {one.name: one.added for one in report.stairs}
    # Ordered: 830. Sales put 20 on one stream and took 8 off another, the planner took 10 of the 20 back.
    assert (report.own_months, report.missing) == (1, 0)
    assert added["naive"] is None
    assert added["baseline"] == pytest.approx(0.0)
    assert added["sales"] == pytest.approx(-100 * 28 / 830)
    assert added["planner"] == pytest.approx(100 * 10 / 830)
    assert added["consensus"] == pytest.approx(0.0)
    assert report.stairs[-1].errors.bias == pytest.approx(2 / 830)


def test_imported_forecasts_give_naive_and_consensus_only(company: SmallCompany, signed: Version) -> None:
    stream, august = company.streams["P3/DE"], date(2026, 8, 1)
    ForecastLine.objects.create(
        cycle_month=date(2026, 7, 1), label="consensus", stream=stream, month=august, quantity=440_000
    )
    ForecastLine.objects.create(
        cycle_month=date(2026, 7, 1), label="other", stream=stream, month=august, quantity=1
    )
    past = load_past(look(company), 1, month_range(date(2026, 8, 1), 3))
    assert past.sources == ["imported", "", "own plan"]
    report = step_report(past)
    assert [one.name for one in report.whole] == ["naive", "consensus"]
    assert report.whole[-1].errors.absolute == pytest.approx(40 + 10 + 8)
    assert past.missing == 4  # ordered in August, but not among the imported forecasts
    alone = step_report(load_past(look(company), 1, [august]))
    assert alone.stairs == []
    assert len(alone.whole) == 2


def test_naive_knows_only_what_was_known_then(company: SmallCompany, signed: Version) -> None:
    """A December peak of a year before is used; a level that moved after the plan was made is not."""
    stream = company.streams["P3/DE"].pk
    peak = naive_steps(np.array([stream]), 1, [date(2025, 12, 1)])
    assert peak.tolist() == [[600.0]]
    DemandHistory.objects.filter(stream=stream, month__lt=date(2026, 3, 1)).delete()
    DemandHistory.objects.filter(stream=stream, month=SEPTEMBER).delete()
    DemandHistory.objects.create(stream_id=stream, month=SEPTEMBER, quantity=9_000_000, value=0)
    assert np.isnan(naive_steps(np.array([stream]), 1, [date(2026, 3, 1)])).all()  # not sold before
    assert naive_steps(np.array([stream]), 1, [OCTOBER]).tolist() == [
        [400.0]
    ]  # August's: September was not closed when the plan was made


def test_errors_by_family_market_and_stream_add_up(company: SmallCompany, signed: Version) -> None:
    past = october(company)
    total = total_errors(past, "sales")
    assert total.absolute == pytest.approx(28)
    for kind in ("family", "market", "stream"):
        rows = errors_by(past, kind, "sales", "money")
        assert sum(row.figures.errors.absolute for row in rows) == pytest.approx(28)
        money = [row.figures.money for row in rows]
        assert money == sorted(money, reverse=True)
    # 20 units at 10.00 and 8 at 20.00
    assert sum(money) == pytest.approx(20 * 1000 + 8 * 2000)
    first = errors_by(past, "family", "sales", "wape")[0]
    assert first.link == "A1"


def test_contributors_by_the_ledger_before_the_signature(company: SmallCompany, signed: Version) -> None:
    report = contributor_report(october(company), company.people["planner"])
    people = {one.name: one.figures for one in report.people}
    assert set(people) == {str(company.people[name]) for name in ("germany", "sales", "planner")}
    germany = people[str(company.people["germany"])]
    assert (germany.before.absolute, germany.after.absolute) == (0, 20)
    assert germany.after.bias == pytest.approx(0.2)
    assert germany.added == pytest.approx(-20.0)
    sales = people[str(company.people["sales"])]  # neither what was undone nor what came after the signature
    assert (sales.after.cells, sales.moved) == (1, -8.0)
    planner = people[str(company.people["planner"])]
    assert planner.added == pytest.approx(10.0)
    functions = {one.name: one.figures for one in report.functions}
    assert functions["Sales"].after.absolute == pytest.approx(28)
    assert functions["Sales"].moved == pytest.approx(12)


def test_others_see_functions_and_themselves(company: SmallCompany, signed: Version) -> None:
    report = contributor_report(october(company, "sales"), company.people["sales"])
    assert [one.name for one in report.people] == [str(company.people["sales"])]
    assert {one.name for one in report.functions} == {"Sales", "Demand planner"}


def test_a_scope_sees_its_market_alone(company: SmallCompany, signed: Version) -> None:
    past = october(company, "germany")
    assert total_errors(past, "sales").absolute == pytest.approx(20)
    assert waterfall_of(past.view, [OCTOBER])[0].actual == pytest.approx(700)


def test_waterfall_of_everything_and_of_one_stream(company: SmallCompany, signed: Version) -> None:
    stream = company.streams["P1/DE"]
    ForecastLine.objects.create(
        cycle_month=date(2026, 7, 1), label="consensus", stream=stream, month=OCTOBER, quantity=90_000
    )
    view = look(company)
    row = waterfall_of(view, [OCTOBER])[0]
    assert [cell.forecast for cell in row.cells] == [None, None, None, 90.0, None, 832.0]
    assert row.actual == 830.0
    one = waterfall_of(view, [OCTOBER], stream.pk)[0]
    assert [cell.forecast for cell in one.cells][-1] == 110.0
    assert one.cells[-1].share == pytest.approx(0.1)


def test_closed_months_do_not_reach_before_the_history(company: SmallCompany, signed: Version) -> None:
    cycle = Cycle.objects.get(month=MONTH)
    assert closed_months(cycle, 3) == month_range(date(2026, 8, 1), 3)
    DemandHistory.objects.filter(month__lt=SEPTEMBER).delete()
    assert closed_months(cycle, 12) == [SEPTEMBER, OCTOBER]


PAGES = (
    "/demand/learning/",
    "/demand/learning/accuracy/",
    "/demand/learning/accuracy/?by=stream&order=bias&months=3",
    "/demand/learning/accuracy/?by=lag",
    "/demand/learning/accuracy/?by=market&step=sales&family=A",
    "/demand/learning/waterfall/",
    "/demand/learning/contributors/",
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("person", ["planner", "germany"])
def test_pages_open_with_a_past(
    company: SmallCompany, signed: Version, client: Client, address: str, person: str
) -> None:
    client.force_login(company.people[person])
    answer = client.get(address)
    assert answer.status_code == 200
    assert "old enough yet" not in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_pages_open_without_any_past(
    company: SmallCompany, plan: Version, client: Client, address: str
) -> None:
    client.force_login(company.people["owner"])
    assert client.get(address).status_code == 200


def test_what_cannot_be_shown_is_refused_in_words(
    company: SmallCompany, signed: Version, client: Client
) -> None:
    client.force_login(company.people["product"])
    for query in ("lag=9", "months=5", "by=moon", "step=moon", "lag=x"):
        assert client.get(f"/demand/learning/accuracy/?{query}").status_code == 400
    french = company.streams["P1/FR"].pk
    client.force_login(company.people["germany"])
    assert client.get(f"/demand/learning/waterfall/?stream={french}").status_code == 404
    assert client.get("/demand/learning/?family=NONE").status_code == 404


def test_queries_do_not_grow_with_streams(company: SmallCompany, signed: Version, client: Client) -> None:
    client.force_login(company.people["planner"])
    counts = []
    for market in ("DE", ""):
        client.get(f"/demand/learning/accuracy/?by=stream&market={market}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/demand/learning/accuracy/?by=stream&market={market}")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_changed_history_changes_the_error(company: SmallCompany, signed: Version) -> None:
    change_history(company, "P1/DE", 110)
    assert total_errors(october(company), "consensus").absolute == pytest.approx(8)
