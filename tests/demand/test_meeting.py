"""The consensus meeting, family by family."""

from datetime import date

import pytest
from django.test import Client

from cycles.models import Assumption, Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.queries.meeting import family_case
from demand.queries.views import plan_view
from tests.demand.factories import SmallCompany


def test_what_each_function_adds(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    february, people = date(2027, 2, 1), company.people
    for measure, name, value in (("sales", "sales", 100.0), ("planner", "planner", -30.0)):
        edit = Edit(company.product("P3"), measure, february, "add", value)
        edit_cells(version=plan, by=people[name], edits=[edit], reason_code="customer", comment="New listing")
    Assumption.objects.create(cycle=cycle, statement="The listing starts in February", family_code="B")
    Assumption.objects.create(cycle=cycle, statement="Another family", family_code="A")
    case = family_case(plan_view(plan, people["planner"]), company.families["B"], "units")
    added = {row.key: row.added for row in case.steps}
    assert (added["sales"], added["planner"], added["consensus"]) == (100, -30, 0)
    assert case.gap == -30
    assert {change.measure for change in case.changes} == {"sales", "planner"}
    assert [one.statement for one in case.assumptions] == ["The listing starts in February"]
    other = family_case(plan_view(plan, people["planner"]), company.families["A"], "money")
    assert other.gap == 0
    assert not other.changes


def test_pages_lead_from_family_to_family(company: SmallCompany, plan: Version) -> None:
    client = Client()
    client.force_login(company.people["planner"])
    assert client.get("/demand/meeting/")["Location"] == "/demand/meeting/A/"
    page = client.get("/demand/meeting/A/").content.decode()
    assert "Agreed, next family" in page
    client.post("/demand/review/A/")
    assert client.get("/demand/meeting/")["Location"] == "/demand/meeting/B/"
    assert client.get("/demand/meeting/B/", {"unit": "money"}).status_code == 200
    assert client.get("/demand/meeting/nothing/").status_code == 404


@pytest.mark.parametrize("name", ["sales", "finance", "germany"])
def test_everybody_in_the_cycle_may_follow(company: SmallCompany, plan: Version, name: str) -> None:
    client = Client()
    client.force_login(company.people[name])
    page = client.get("/demand/meeting/B/")
    assert page.status_code == 200
    assert b"Agreed, next" not in page.content
