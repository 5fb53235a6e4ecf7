"""The supply plan over the API: the figures of the pages, the same rights."""

import pytest
from django.urls import reverse

from cycles.choices import Role
from cycles.testing import run_pending
from tests.supply.firm import Firm
from tests.supply.plans import plan
from tests.supply.test_pages import as_role


@pytest.fixture
def tight(firm: Firm) -> Firm:
    product = firm.product("A")
    firm.made_on(product, firm.line(overtime_cost_per_hour=1))
    firm.lane()
    firm.sold(product, 80, 230, 50)
    return firm


def url(name: str) -> str:
    return reverse(f"supply_api:{name}-list")


def test_a_plan_is_asked_for_and_read(tight: Firm) -> None:
    tight.signed_demand()
    client = as_role(tight, Role.SUPPLY_PLANNER)
    assert client.get(url("plan")).status_code == 404
    run = client.post(url("plan"))
    assert (run.status_code, run.json()["kind"]) == (202, "supply.plan")
    run_pending()
    found = client.get(url("plan")).json()
    assert found["state"] == "frozen"
    assert found["economics"]["revenue"] == pytest.approx(3600)


def test_lines_are_in_units_hours_and_currency(tight: Firm) -> None:
    plan(tight)
    client = as_role(tight, Role.SUPPLY_PLANNER)
    gap = client.get(url("gap")).json()["results"][0]
    assert (gap["product"], gap["units"], gap["revenue"], gap["margin"]) == ("A", 110.0, 1100.0, 440.0)
    line = client.get(url("resource"), {"month": "2026-02-01"}).json()["results"]
    assert [(row["needed_hours"], row["load_hours"]) for row in line] == [(230.0, 100.0)]
    stream = client.get(url("stream"), {"month": "2026-02-01"}).json()["results"][0]
    assert (stream["demand"], stream["supplied"], stream["price"]) == (230.0, 120.0, 10.0)
    balance = client.get(url("product-site"), {"product__code": "A"}).json()["results"][0]
    assert balance["closing"] == 20.0


def test_costs_and_margins_are_left_out_for_those_who_may_not_see_them(tight: Firm) -> None:
    plan(tight)
    sales = as_role(tight, Role.SALES)
    assert not {"margin", "levers"} & sales.get(url("gap")).json()["results"][0].keys()
    assert "economics" not in sales.get(url("plan")).json()
    assert "hour_worth" not in sales.get(url("resource")).json()["results"][0]


@pytest.mark.parametrize("name", ["plan", "gap", "resource", "stream", "product-site"])
def test_administrators_and_strangers_see_no_plan(tight: Firm, name: str) -> None:
    from django.test import Client

    plan(tight)
    assert as_role(tight, Role.ADMIN).get(url(name)).status_code == 403
    assert Client().get(url(name)).status_code == 401


def test_who_may_not_plan_may_not_ask(tight: Firm) -> None:
    tight.signed_demand()
    assert as_role(tight, Role.FINANCE).post(url("plan")).status_code == 403
