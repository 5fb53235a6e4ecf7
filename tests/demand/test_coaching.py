"""From the ledger and what came, to the words while somebody types."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cycles.choices import CycleState
from cycles.models import Cycle, Version
from demand.actions.coach import coach
from demand.actions.edits import Edit, edit_cells
from demand.actions.undo import undo_changes
from demand.queries.skills import closed_cases, company_skills
from demand.registry import ExtraLoad
from sop.errors import NotAllowed
from tests.demand.factories import MONTH, SmallCompany, change_history, make_cycle, make_plan

OCTOBER = date(2026, 10, 1)


def enter(plan: Version, by: Any, node: str, value: float, month: date = OCTOBER, **rest: Any) -> Any:
    edit = Edit(node, rest.pop("measure", "sales"), month, rest.pop("operation", "set"), value)
    return edit_cells(version=plan, by=by, edits=[edit], reason_code="market", **rest)


@pytest.fixture
def october(company: SmallCompany) -> Version:
    """The plan of the cycle before, whose first month has come: every stream sold its level of 100, 50, 200 ..."""
    return make_plan(company, make_cycle(company, month=OCTOBER))


def november(company: SmallCompany) -> Cycle:
    Cycle.objects.update(state=CycleState.CLOSED)
    return make_cycle(company, month=MONTH)


def test_an_entry_is_measured_at_the_level_it_was_made_on(company: SmallCompany, october: Version) -> None:
    """Product P1 stood at 150 and sold 150; 180 was entered, so the entry cost 30 of 180."""
    enter(october, company.people["sales"], company.product("P1"), 180)
    (case,) = closed_cases(november(company))
    assert (case.person, case.function, case.level, case.size) == (
        company.people["sales"].pk, "sales", "product", "medium",
    )  # fmt: skip
    assert case.gain == pytest.approx(-30 / 180)
    assert case.needed == 0


def test_right_in_sum_is_right_even_if_its_parts_are_not(company: SmallCompany, october: Version) -> None:
    change_history(company, "P1/DE", 130)
    change_history(company, "P1/FR", 50)
    enter(october, company.people["sales"], company.product("P1"), 180)
    (case,) = closed_cases(november(company))
    assert case.gain == pytest.approx(30 / 180)
    assert case.needed / case.entered == pytest.approx(1.0)


def test_what_was_taken_back_and_what_is_not_closed_do_not_count(
    company: SmallCompany, october: Version
) -> None:
    sales = company.people["sales"]
    undone = enter(october, sales, company.product("P1"), 180)
    undo_changes(version=october, by=sales, change_ids=[one.pk for one in undone.changes])
    enter(october, sales, company.product("P2"), 300, date(2027, 1, 1))
    assert closed_cases(november(company)) == []


def test_rows_of_a_workbook_are_cases_of_their_own(company: SmallCompany, october: Version) -> None:
    edits = [
        Edit(company.stream(name), "sales", OCTOBER, "set", value)
        for name, value in (("P1/DE", 120), ("P3/DE", 500))
    ]
    edit_cells(
        version=october, by=company.people["sales"], edits=edits, reason_code="market", source="upload",
        title="Workbook x",
    )  # fmt: skip
    cases = closed_cases(november(company))
    assert sorted((case.level, round(case.gain, 3)) for case in cases) == [
        ("stream", round(-100 / 500, 3)),
        ("stream", round(-20 / 120, 3)),
    ]


def optimist(company: SmallCompany, october: Version) -> None:
    """Twelve entries of 30 % too much, those of streams first."""
    nodes = [company.stream(name) for name in company.streams]
    nodes += [company.product(code) for code in company.products]
    nodes += [company.family(code) for code in company.families]
    for node in [*nodes, "all"]:
        enter(october, company.people["sales"], node, 1.3, operation="multiply")


def advise(plan: Version, by: Any, node: str, value: float, **rest: Any) -> Any:
    edit = Edit(
        node, rest.pop("measure", "sales"), rest.pop("month", MONTH), rest.pop("operation", "set"), value
    )
    return coach(version=plan, by=by, edit=edit, **rest)


def test_a_suggestion_keeps_the_part_of_the_change_that_was_needed(
    company: SmallCompany, october: Version
) -> None:
    optimist(company, october)
    plan = make_plan(company, november(company))
    advice = advise(plan, company.people["sales"], company.stream("P2/DE"), 260)
    assert advice.record.cases == 5
    assert advice.record.gain.own == pytest.approx(-0.3 / 1.3)
    assert advice.suggestion == 200  # nothing of what was entered was needed
    assert advice.units == 60
    assert advice.revenue_minor == 60 * 20_00


def test_nothing_is_suggested_before_enough_is_known(company: SmallCompany, october: Version) -> None:
    enter(october, company.people["sales"], company.stream("P2/DE"), 250)
    plan = make_plan(company, november(company))
    advice = advise(plan, company.people["sales"], company.stream("P2/DE"), 240)
    assert advice.record is None
    assert advice.suggestion is None
    assert advice.units == 40


def test_money_a_factor_and_a_market_are_understood(company: SmallCompany, plan: Version) -> None:
    sales = company.people["sales"]
    money = advise(plan, sales, company.product("P2"), 6000.0, unit="money")
    assert money.units == pytest.approx(20)  # 280 units are worth 5,600
    assert money.revenue_minor == 400_00
    factor = advise(plan, sales, company.family("A"), 1.1, operation="multiply", filters={"market": "DE"})
    assert factor.units == 30
    assert advise(plan, sales, company.stream("P2/DE"), 200) is None


def test_the_load_of_the_extra_units_is_told(
    company: SmallCompany, plan: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def load(cycle: Cycle, units: dict[int, dict[date, float]]) -> list[ExtraLoad]:
        asked.update(units)
        return [ExtraLoad("Line 1", MONTH, 96.0, 104.0)]

    monkeypatch.setattr("demand.registry._load", [load])
    advice = advise(plan, company.people["sales"], company.stream("P2/DE"), 240)
    assert asked == {company.products["P2"].pk: {MONTH: 40.0}}
    assert advice.loads[0].is_over


def test_advice_is_for_those_who_may_enter_it(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(NotAllowed):
        advise(plan, company.people["finance"], company.stream("P2/DE"), 240)


def test_the_line_below_the_grid(client: Client, company: SmallCompany, october: Version) -> None:
    optimist(company, october)
    make_plan(company, november(company))
    client.force_login(company.people["sales"])
    query = {"node": company.stream("P2/DE"), "measure": "sales", "month": "2026-11", "value": "260"}
    words = client.get(reverse("demand:advice"), query).content.decode()
    assert "to the error" in words
    assert "data-take=" in words
    assert "+60 units" in words
    assert client.get(reverse("demand:advice"), query | {"value": "much"}).status_code == 400


def test_a_person_sees_the_own_record_and_the_owner_all(
    client: Client, company: SmallCompany, october: Version
) -> None:
    optimist(company, october)
    assert company_skills(november(company)).is_enough
    client.force_login(company.people["germany"])
    assert "No entry has met" in client.get(reverse("demand:record")).content.decode()
    client.force_login(company.people["owner"])
    assert "sales" in client.get(reverse("demand:record")).content.decode().lower()


def test_advice_reads_a_fixed_number_of_times(
    company: SmallCompany, plan: Version, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30):
        advise(plan, company.people["sales"], "all", 1.1, operation="multiply")
