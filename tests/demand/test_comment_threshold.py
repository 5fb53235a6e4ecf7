"""Above a share that the process owner sets, a change needs a comment: grid, API and workbook alike."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cycles.actions.records import add_assumption
from cycles.models import Change, Company, Version
from demand.actions.edits import Edit, edit_cells
from sop.errors import ReasonNeeded
from tests.demand.factories import MONTH, SmallCompany


@pytest.fixture(autouse=True)
def threshold(db: None) -> None:
    Company.objects.update_or_create(pk=1, defaults={"comment_percent": 30})


def enter(company: SmallCompany, plan: Version, value: float, **rest: Any) -> Any:
    edit = Edit(company.stream("P2/DE"), "sales", MONTH, "set", value)
    by = company.people["sales"]
    return edit_cells(version=plan, by=by, edits=[edit], **{"reason_code": "market", **rest})


def test_a_reason_alone_is_not_enough_above_it(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(ReasonNeeded, match="30 %"):
        enter(company, plan, 400)
    assert not Change.objects.filter(source="grid").exists()
    assert enter(company, plan, 250).cells == 1
    assert enter(company, plan, 400, comment="The tender was won").cells == 1


def test_an_assumption_says_it_too(company: SmallCompany, plan: Version) -> None:
    found = add_assumption(cycle=plan.cycle, by=company.people["sales"], statement="We win the tender")
    assert enter(company, plan, 400, assumption=found).changes[0].assumption == found


def test_a_workbook_is_asked_too(company: SmallCompany, plan: Version) -> None:
    with pytest.raises(ReasonNeeded):
        enter(company, plan, 400, source="upload", title="Workbook x")


@pytest.mark.parametrize("name", ["demand:edit", "demand_api:edits"])
def test_grid_and_api_answer_alike(client: Client, company: SmallCompany, plan: Version, name: str) -> None:
    client.force_login(company.people["sales"])
    edit = {
        "node": company.stream("P2/DE"),
        "measure": "sales",
        "month": "2026-11",
        "operation": "set",
        "value": 400,
    }
    body = {"edits": [edit], "reason": "market"}
    assert client.post(reverse(name), json.dumps(body), content_type="application/json").status_code == 422
    body["comment"] = "The tender was won"
    assert client.post(reverse(name), json.dumps(body), content_type="application/json").status_code == 200


def test_nothing_is_asked_where_the_owner_set_nothing(company: SmallCompany, plan: Version) -> None:
    Company.objects.update(comment_percent=0)
    assert enter(company, plan, 400).cells == 1
