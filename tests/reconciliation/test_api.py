"""Scenarios over the API: the same use cases, rights and refusals as the pages."""

import json

import pytest
from django.urls import reverse

from cycles.choices import Role
from cycles.testing import run_pending
from reconciliation.models import Scenario

SHIFT = {
    "resource": "LINE1",
    "hours_per_month": 30,
    "cost_per_hour": 1,
    "first_month": "2026-01",
    "last_month": "2026-06",
}


@pytest.fixture
def api(client):
    def call(user, method, name, *args, body=None):
        client.force_login(user)
        url = reverse(f"reconciliation_api:{name}", args=args)
        answer = (
            getattr(client, method)(url, json.dumps(body or {}), content_type="application/json")
            if method != "get"
            else client.get(url)
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


@pytest.fixture
def made(api, signed, baseline):
    """A scenario made, stacked, computed and recommended over the API."""
    planner, finance = signed.people[Role.SUPPLY_PLANNER], signed.people[Role.FINANCE]
    status, scenario = api(planner, "post", "scenario-list", body={"name": "Shift"})
    assert status == 201
    pk = scenario["id"]
    difference = {"kind": "capacity", "params": SHIFT, "one_off_cost": 12}
    status, _ = api(planner, "post", "scenario-add", pk, body=difference)
    assert status == 201
    status, run = api(planner, "post", "scenario-compute", pk)
    assert (status, run["state"]) == (202, "queued")
    run_pending()
    assert api(finance, "post", "scenario-recommend", pk)[0] == 200
    return Scenario.objects.get(pk=pk)


def test_a_scenario_from_nothing_to_recommended(api, made, signed):
    _, scenario = api(signed.people[Role.FINANCE], "get", "scenario-detail", made.pk)
    assert (scenario["state"], scenario["is_recommended"]) == ("computed", True)
    assert scenario["differences"][0]["one_off_cost_minor"] == 1_200
    _, pnl = api(signed.people[Role.FINANCE], "get", "scenario-pnl", made.pk)
    ebit = [line["amount"] for line in pnl["results"] if line["row"] == "ebit" and line["family"] == "F"]
    assert len(ebit) == 6


def test_people_without_margins_get_no_cost(api, made, signed):
    sales = signed.people[Role.SALES]
    _, scenario = api(sales, "get", "scenario-detail", made.pk)
    difference = scenario["differences"][0]
    assert not {"effect_minor", "one_off_cost_minor", "cost_words"} & difference.keys()
    assert "cost_per_hour" not in difference["params"]
    _, pnl = api(sales, "get", "scenario-pnl", made.pk)
    assert {line["row"] for line in pnl["results"]} == {
        "units",
        "revenue",
        "wanted_units",
        "on_time_units",
        "wanted_revenue",
    }


def test_changing_and_dropping_differences(api, made, signed):
    planner = signed.people[Role.SUPPLY_PLANNER]
    pk = made.differences.get().pk
    assert api(planner, "post", "difference-switch", pk, body={"active": False})[1]["is_active"] is False
    status, changed = api(
        planner, "put", "difference-detail", pk, body={"params": SHIFT | {"hours_per_month": 7}}
    )
    assert (status, changed["params"]["hours_per_month"]) == (200, 7.0)
    assert api(planner, "delete", "difference-detail", pk)[0] == 204
    assert api(planner, "delete", "scenario-detail", made.pk)[0] == 204


def test_refusals_in_words(api, made, signed):
    planner, sales = signed.people[Role.SUPPLY_PLANNER], signed.people[Role.SALES]
    wrong = {"kind": "capacity", "params": {**SHIFT, "resource": "NOPE"}}
    status, body = api(planner, "post", "scenario-add", made.pk, body=wrong)
    assert (status, body["errors"][0]["field"]) == (400, "resource")
    assert api(sales, "post", "scenario-add", made.pk, body={"kind": "capacity", "params": SHIFT})[0] == 403
    assert api(planner, "post", "scenario-recommend", made.pk)[0] == 403
    assert api(planner, "get", "scenario-detail", 999)[0] == 404
    assert api(signed.people[Role.ADMIN], "get", "scenario-list")[0] == 403
