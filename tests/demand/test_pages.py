"""The grid's answers and the pages around it, through HTTP."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cycles.choices import Role
from cycles.models import Change, Cycle, Version
from demand.models import DemandFact
from demand.queries.progress import function_states, stage_of_plan
from demand.registry import register_measure
from portfolio.models import Family, Market, Product
from tests.cycles.factories import make_person
from tests.demand.factories import LEVELS, SmallCompany, add_stream, change_history, make_plan

FEBRUARY = "2027-02"


@pytest.fixture
def client_of(company: SmallCompany) -> Any:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(company.people[name])
        return client

    return signed_in


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def by_id(answer: dict[str, Any]) -> dict[str, Any]:
    return {node["id"]: node for node in answer["nodes"]}


def test_grid_opens_with_families_and_loads_branches(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    client = client_of("planner")
    answer = client.get("/demand/grid/").json()
    nodes = by_id(answer)
    assert list(nodes) == ["all", company.family("A"), company.family("B")]
    assert answer["months"][answer["first_plan_index"]] == "2026-11"
    assert len(answer["months"]) == 24
    december = answer["months"].index("2026-12")
    assert nodes["all"]["values"]["consensus"][december] == 830 * 1.5
    assert nodes["all"]["values"]["history"][answer["months"].index("2026-10")] == 830
    assert nodes["all"]["values"]["history"][december] is None
    assert nodes["all"]["values"]["consensus"][0] is None
    below = by_id(client.get("/demand/grid/", {"parent": company.family("A")}).json())
    assert list(below) == [company.family("A1"), company.product("P2")]
    streams = by_id(client.get("/demand/grid/", {"parent": company.product("P2")}).json())
    assert [node["name"] for node in streams.values()] == ["Germany", "France"]
    assert streams[company.stream("P2/DE")]["values"]["consensus"][december] == 300


def test_depth_opens_the_whole_tree_in_reading_order(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    answer = client_of("planner").get("/demand/grid/", {"depth": 4}).json()
    ids = [node["id"] for node in answer["nodes"]]
    assert len(ids) == 1 + 3 + 3 + 5
    assert all(
        ids.index(node["parent"]) < ids.index(node["id"]) for node in answer["nodes"] if node["parent"]
    )


def test_every_level_adds_up(client_of: Any, company: SmallCompany, plan: Version) -> None:
    for unit in ("units", "money"):
        answer = client_of("planner").get("/demand/grid/", {"depth": 4, "unit": unit}).json()
        nodes = by_id(answer)
        for measure in ("history", "baseline", "sales", "consensus"):
            for node in nodes.values():
                children = [one for one in nodes.values() if one["parent"] == node["id"]]
                if children:
                    for month, value in enumerate(node["values"][measure]):
                        parts = [child["values"][measure][month] for child in children]
                        assert value == (None if set(parts) == {None} else pytest.approx(sum(parts)))


def test_money_is_for_those_who_see_prices(client_of: Any, company: SmallCompany, plan: Version) -> None:
    answer = client_of("planner").get("/demand/grid/", {"unit": "money"}).json()
    assert by_id(answer)[company.family("B")]["values"]["consensus"][12] == 400 * 5
    assert client_of("admin").get("/demand/grid/").status_code == 403


def test_a_market_filter_and_a_scope_cut_every_figure(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    cut = by_id(client_of("planner").get("/demand/grid/", {"market": "DE"}).json())
    assert cut["all"]["values"]["consensus"][12] == 700
    scoped = by_id(client_of("germany").get("/demand/grid/").json())
    assert scoped["all"]["values"]["consensus"][12] == 700
    assert scoped["all"]["values"]["history"][11] == 700
    answer = client_of("germany").get("/demand/grid/", {"parent": company.stream("P1/FR")})
    assert answer.status_code == 404


def test_edit_answers_with_the_rows_that_changed(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    client = client_of("planner")
    body = {
        "action_id": str(uuid.uuid4()),
        "unit": "units",
        "filters": {"family": "", "market": ""},
        "expanded": ["all", company.family("A"), company.product("P2")],
        "reason": "market",
        "comment": "",
        "assumption": None,
        "edits": [
            {
                "node": company.family("A"),
                "measure": "planner",
                "month": FEBRUARY,
                "operation": "set",
                "value": 860,
                "seen": 430,
            }
        ],
    }
    answer = post(client, "/demand/grid/edit/", body)
    assert answer.status_code == 200, answer.content
    saved = answer.json()
    place = 15
    assert saved["message"] == "4 cells changed"
    values = {key: node["values"]["consensus"][place] for key, node in by_id(saved).items()}
    assert values["all"] == 1260
    assert values[company.family("A")] == 860
    assert values[company.product("P2")] == 560
    assert values[company.stream("P2/DE")] == 400
    repeated = post(client, "/demand/grid/edit/", body).json()
    assert repeated["change_ids"] == saved["change_ids"]
    undone = post(
        client,
        "/demand/grid/undo/",
        {
            "action_id": str(uuid.uuid4()),
            "change_ids": saved["change_ids"],
            "unit": "units",
            "expanded": ["all"],
        },
    )
    assert by_id(undone.json())["all"]["values"]["consensus"][place] == 830


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"seen": 1}, 409),
        ({"value": 9000, "reason": ""}, 422),
        ({"measure": "sales"}, 403),
        ({"month": "2031-01"}, 400),
        ({"node": "family:99999"}, 404),
        ({"node": "x"}, 404),
        ({"value": "12"}, 400),
        ({"month": "May"}, 400),
        ({"value": -1}, 400),
        ({"unit": "tonnes"}, 400),
    ],
)
def test_refusals_carry_words_and_save_nothing(
    client_of: Any, company: SmallCompany, plan: Version, change: dict[str, Any], status: int
) -> None:
    entry = {
        "node": company.family("A"),
        "measure": "planner",
        "month": FEBRUARY,
        "operation": "set",
        "value": 860,
    }
    body = {
        "action_id": str(uuid.uuid4()),
        "unit": change.pop("unit", "units"),
        "reason": change.pop("reason", "market"),
        "edits": [entry | change],
    }
    before = DemandFact.objects.get(version=plan, stream=company.streams["P1/DE"], month="2027-02-01").rev
    answer = post(client_of("planner"), "/demand/grid/edit/", body)
    assert answer.status_code == status, answer.content
    assert len(answer.json()["message"]) > 10
    assert bool(answer.json().get("reason_required")) == (status == 422)
    assert bool(answer.json().get("conflicts")) == (status == 409)
    assert (
        DemandFact.objects.get(version=plan, stream=company.streams["P1/DE"], month="2027-02-01").rev
        == before
    )
    assert not Change.objects.filter(version=plan, source="grid").exists()


def test_cell_comments_history_and_locks(client_of: Any, company: SmallCompany, plan: Version) -> None:
    client, node = client_of("planner"), company.stream("P3/DE")
    cell = {"node": node, "measure": "planner", "month": FEBRUARY}
    assert post(client, "/demand/grid/cell/", cell | {"text": "New listing"}).status_code == 200
    edit = cell | {"operation": "set", "value": 500}
    post(client, "/demand/grid/edit/", {"edits": [edit], "reason": "customer", "comment": "Contract"})
    story = client.get("/demand/grid/cell/", cell).json()
    assert [comment["text"] for comment in story["comments"]] == ["New listing"]
    (change,) = story["changes"]
    assert (change["old"], change["new"], change["reason"], change["comment"]) == (
        400,
        500,
        "Customer information",
        "Contract",
    )
    assert story["note"] == "Goes on as it was."
    locked = post(
        client, "/demand/grid/lock/", {"cells": [{"node": node, "month": FEBRUARY}], "locked": True}
    ).json()
    assert locked["message"] == "1 cell locked"
    rows = by_id(client.get("/demand/grid/", {"parent": company.product("P3")}).json())
    assert rows[node]["locked"] == [15]
    assert rows[node]["comments"] == [["planner", 15, 1]]
    assert client.get("/demand/grid/cell/", cell).json()["note"].startswith("Locked by ")


def test_locks_are_shown_on_every_level(client_of: Any, company: SmallCompany, plan: Version) -> None:
    client = client_of("planner")
    cells = [{"node": company.product("P1"), "month": FEBRUARY}]
    answer = post(client, "/demand/grid/lock/", {"cells": cells, "rows": [company.product("P3")]}).json()
    assert answer["message"] == "2 cells and 1 row locked"
    rows = by_id(client.get("/demand/grid/", {"depth": "9"}).json())
    for node in (company.product("P1"), company.family("A1"), company.stream("P1/FR")):
        assert (rows[node]["locked"], rows[node]["row_locked"]) == ([15], False)
    assert (rows[company.family("A")]["locked"], rows[company.family("A")]["locked_in_part"]) == ([], [15])
    for node in (company.product("P3"), company.family("B"), company.stream("P3/DE")):
        assert (rows[node]["locked"], rows[node]["row_locked"]) == (list(range(12, 24)), True)
    assert rows["all"]["locked_in_part"] == list(range(12, 24))
    assert "flags" not in by_id(answer)[company.family("B")]  # the mark of a family stays as it was read
    assert post(client, "/demand/grid/lock/", {}).status_code == 400


def test_facts_and_extra_measures(
    client_of: Any, company: SmallCompany, plan: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demand.registry._measures", {})
    family = company.families["B"].pk
    register_measure("budget", "Budget", lambda *, cycle, months, unit: {family: [400.0] * len(months)})
    answer = client_of("planner").get("/demand/grid/").json()
    assert by_id(answer)[company.family("B")]["values"]["budget"][13] == 400
    assert (
        by_id(client_of("planner").get("/demand/grid/", {"market": "DE"}).json())["all"]["values"]["budget"][
            13
        ]
        is None
    )
    page = client_of("planner").get("/demand/grid/facts/", {"node": company.family("B")})
    assert b"+4.2" in page.content


@pytest.mark.parametrize("name", ["planner", "sales", "germany", "owner", "finance", "product"])
def test_pages_open_for_everybody_in_the_cycle(client_of: Any, plan: Version, name: str) -> None:
    client = client_of(name)
    for path in (
        "/demand/",
        "/demand/?print=1",
        "/demand/?print=1&family=A",
        "/demand/changes/",
        "/demand/?market=DE",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
    assert client_of("admin").get("/demand/").status_code == 403


def test_page_before_the_baseline_offers_to_start_it(client_of: Any, cycle: Cycle) -> None:
    assert b"Start the forecast" in client_of("planner").get("/demand/").content
    assert b"Start the forecast" not in client_of("sales").get("/demand/").content
    assert client_of("planner").get("/demand/?family=nothing").status_code == 404


def test_submitting_shows_who_is_missing(
    client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    stage = stage_of_plan(plan)
    answer = client_of("germany").post("/demand/submit/sales/")
    assert answer.status_code == 302, answer.content
    assert answer["Location"] == "/demand/"
    sales = function_states(stage)[0]
    assert (sales.missing, sales.open_streams) == (["Sales"], 2)
    client_of("sales").post("/demand/submit/sales/")
    assert function_states(stage)[0].is_complete
    assert client_of("sales").post("/demand/submit/planner/").status_code == 403
    assert client_of("planner").post("/demand/submit/nothing/").status_code == 400
    client_of("planner").post("/demand/review/A/")
    assert b"1 of 3 families reviewed" not in client_of("planner").get("/demand/").content
    assert b"2 of 3 families reviewed" in client_of("planner").get("/demand/").content


def test_undo_from_the_ledger(client_of: Any, company: SmallCompany, plan: Version) -> None:
    client = client_of("planner")
    edit = {"node": "all", "measure": "planner", "month": FEBRUARY, "operation": "set", "value": 900}
    (key,) = post(client, "/demand/grid/edit/", {"edits": [edit], "reason": "market"}).json()["change_ids"]
    assert b"Take back" in client.get("/demand/changes/").content
    client.post(f"/demand/changes/{key}/undo/")
    assert b"Bring back" in client.get("/demand/changes/").content
    undo = Change.objects.get(undoes=key)
    client.post(f"/demand/changes/{undo.pk}/undo/")
    assert (
        sum(DemandFact.objects.filter(version=plan, month="2027-02-01").values_list("consensus", flat=True))
        == 900_000
    )


def test_number_of_queries_does_not_grow_with_the_rows(
    client_of: Any, company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    client = client_of("planner")
    client.get("/demand/grid/")  # what is read once per session is not what grows
    with CaptureQueriesContext(connection) as few:
        client.get("/demand/grid/", {"parent": company.product("P3")})
    add_stream(company, "P3/FR")
    make_plan(company, cycle)
    with CaptureQueriesContext(connection) as more:
        client.get("/demand/grid/", {"parent": company.product("P1")})
    assert len(few) == len(more)


@pytest.mark.parametrize(
    "page", [("/demand/", 30), ("/demand/grid/?depth=1", 25), ("/demand/gate/", 35), ("/", 60)]
)
@pytest.mark.usefixtures("plan")
def test_pages_take_few_queries_whatever_the_size(
    client_of: Any,
    company: SmallCompany,
    cycle: Cycle,
    page: tuple[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, (address, most) = client_of("planner"), page

    def queries() -> int:
        client.get(address)  # what is kept until the plan or the data change is read by the first
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    few = queries()
    for number in range(3):
        code = f"N{number}"
        company.families[code] = Family.objects.create(code=code, name=code)
        company.markets[code] = Market.objects.create(code=code, name=code)
        company.products[code] = Product.objects.create(
            code=code, description=code, family=company.families[code], list_price="2.00"
        )
        add_stream(company, f"{code}/{code}")
        monkeypatch.setitem(LEVELS, f"{code}/{code}", 50)
        make_person(f"person{number}", Role.SALES, scope=((code, ""),))
    change_history(company, "P1/DE", 90)
    make_plan(company, cycle)
    assert queries() == few <= most
