"""The demand plan over the API: the same rights, refusals and results as the pages."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from cycles.models import Version
from demand.models import DemandFact
from tests.demand.factories import SmallCompany


@pytest.fixture
def api(company: SmallCompany) -> Any:
    def signed_in(name: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(company.people[name])
        return client

    return signed_in


def test_lines_with_filters_and_pages(api: Any, company: SmallCompany, plan: Version) -> None:
    answer = (
        api("planner")
        .get("/api/v1/demand/lines/", {"family": "A", "market": "DE", "first_month": "2027-09"})
        .json()
    )
    assert answer["count"] == 2 * 2
    line = answer["results"][0]
    assert (line["product"], line["market"], line["family"], line["month"]) == (
        "P1",
        "DE",
        "A1",
        "2027-09-01",
    )
    assert line["consensus"] == 100.0
    page = api("planner").get("/api/v1/demand/lines/", {"page_size": 7}).json()
    assert (page["count"], len(page["results"])) == (60, 7)
    assert api("germany").get("/api/v1/demand/lines/").json()["count"] == 36
    assert api("planner").get("/api/v1/demand/lines/", {"version": plan.pk}).json()["count"] == 60


@pytest.mark.parametrize(
    ("asked", "status"), [({"version": "x"}, 400), ({"version": "999"}, 404), ({"first_month": "May"}, 400)]
)
def test_wrong_filters(api: Any, plan: Version, asked: dict[str, str], status: int) -> None:
    answer = api("planner").get("/api/v1/demand/lines/", asked)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_edit_and_undo(api: Any, company: SmallCompany, plan: Version) -> None:
    edit = {"node": company.family("A"), "measure": "planner", "month": "2027-02", "value": 860, "seen": 430}
    answer = api("planner").post(
        "/api/v1/demand/edits/", {"edits": [edit], "reason": "market"}, format="json"
    )
    assert answer.status_code == 200, answer.content
    saved = answer.json()
    assert (saved["cells"], saved["message"]) == (4, "4 cells changed")
    conflict = api("planner").post(
        "/api/v1/demand/edits/", {"edits": [edit], "reason": "market"}, format="json"
    )
    assert conflict.status_code == 409
    assert conflict.json()["conflicts"][0]["now"] == 860
    undone = api("planner").post("/api/v1/demand/undo/", {"change_ids": saved["change_ids"]}, format="json")
    assert undone.status_code == 200
    facts = DemandFact.objects.filter(version=plan, stream=company.streams["P2/DE"], month="2027-02-01")
    assert facts.get().consensus == 200_000


@pytest.mark.parametrize(
    ("name", "edit", "status"),
    [
        ("sales", {}, 403),
        ("admin", {}, 403),
        ("planner", {"node": "everything"}, 400),
        ("planner", {"value": "x"}, 400),
        ("planner", {"month": "2027-13"}, 400),
        ("planner", {"measure": "baseline"}, 400),
        ("planner", {"value": 9e5}, 422),
    ],
)
def test_refusals(
    *, api: Any, company: SmallCompany, plan: Version, name: str, edit: dict[str, Any], status: int
) -> None:
    entry = {"node": company.family("A"), "measure": "planner", "month": "2027-02", "value": 440} | edit
    answer = api(name).post("/api/v1/demand/edits/", {"edits": [entry]}, format="json")
    assert answer.status_code == status, answer.content


def test_baseline_is_for_the_planner(api: Any, company: SmallCompany, plan: Version) -> None:
    assert api("sales").post("/api/v1/demand/baseline/").status_code == 403
    answer = api("planner").post("/api/v1/demand/baseline/")
    assert answer.status_code == 202
    assert answer.json()["state"] == "queued"
    assert APIClient().get("/api/v1/demand/lines/").status_code in (401, 403)
