"""The product review's pages and gate."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cycles.models import Cycle, Version
from portfolio.actions.launches import save_launch
from portfolio.actions.phase_outs import save_phase_out
from portfolio.actions.reviews import decide_product, freeze_portfolio
from portfolio.checks import check_launches, check_phase_outs
from portfolio.models import Launch, PhaseOut, ProductReview
from portfolio.queries.review import product_stage
from sop.errors import InvalidInput
from tests.demand.factories import SmallCompany


@pytest.fixture
def client_of(company: SmallCompany) -> Any:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(company.people[name])
        return client

    return signed_in


def test_a_launch_from_form_to_card(client_of: Any, company: SmallCompany, plan: Version) -> None:
    client = client_of("product")
    form = {
        "code": "P9",
        "description": "New taste",
        "family": "A",
        "list_price": "12",
        "month": "2027-01",
        "gate": "development",
        "ramp_months": "3",
        "takes_from_like": "on",
        "like_1": "P2",
        "percent_1": "30",
    }
    assert client.post("/product/launches/new/", form).status_code == 302
    page = client.get("/product/").content.decode()
    assert "1 launch brings" in page
    assert "New taste" in page
    assert "no owner" in page
    change = client.post(
        "/product/launches/P9/",
        {
            "month": "2027-02",
            "gate": "ready",
            "ramp_months": "3",
            "owner": company.people["product"].pk,
            "like_1": "P2",
            "percent_1": "10",
        },
    )
    assert change.status_code == 302
    assert Launch.objects.get().month == date(2027, 2, 1)
    assert client.post("/product/launches/P9/gate/", {"gate": "launched"}).status_code == 302
    assert client.post("/product/drop/launch/P9/", {"reason": "No budget"}).status_code == 302
    assert "No launch is planned" in client.get("/product/").content.decode()


def test_wrong_entries_come_back_with_words(client_of: Any, plan: Version) -> None:
    client = client_of("product")
    answer = client.post(
        "/product/launches/new/", {"month": "soon", "gate": "idea", "ramp_months": "3", "like_1": "P1"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "is not a month" in text
    assert "belong together" in text
    assert "Choose a product, or give the code" in text
    answer = client.post(
        "/product/phase-outs/new/",
        {
            "product": "P1",
            "end_month": "2027-04",
            "run_out_months": "3",
            "successor": "P1",
            "successor_percent": "100",
        },
    )
    assert "circle" in answer.content.decode()
    assert not PhaseOut.objects.exists()


def test_a_phase_out_shows_what_is_left_over(client_of: Any, plan: Version) -> None:
    client = client_of("product")
    form = {
        "product": "P1",
        "end_month": "2027-01",
        "run_out_months": "0",
        "run_out_units": "1000",
        "no_successor": "on",
        "successor_percent": "100",
    }
    assert client.post("/product/phase-outs/new/", form).status_code == 302
    page = client.get("/product/").content.decode()
    left = 1000 - (150 + 225 + 150)
    assert f"Sell {left} more units" in page
    assert client.get("/product/phase-outs/P1/").status_code == 200


@pytest.mark.parametrize("name", ["planner", "sales", "owner", "finance", "germany"])
def test_everybody_reads_and_only_product_management_changes(
    client_of: Any, plan: Version, name: str
) -> None:
    client = client_of(name)
    page = client.get("/product/")
    assert page.status_code == 200
    assert b"New launch" not in page.content
    assert client.get("/product/launches/new/").status_code == 403
    assert client.post("/product/products/P1/decide/", {"decision": "cut", "reason": "x"}).status_code == 403
    assert client_of("admin").get("/product/").status_code == 403


def test_costs_are_for_those_who_see_margins(client_of: Any, plan: Version) -> None:
    assert b">Margin</th>" in client_of("finance").get("/product/?class=all").content
    assert b">Margin</th>" not in client_of("sales").get("/product/?class=all").content


def test_deciding_against_the_figures_needs_a_reason(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    by = company.people["product"]
    with pytest.raises(InvalidInput, match="why you decide otherwise"):
        decide_product(cycle=cycle, by=by, code="P2", decision="cut")
    decide_product(cycle=cycle, by=by, code="P2", decision="cut", reason="Replaced by P3")
    decide_product(cycle=cycle, by=by, code="P2", decision="maintain")
    review = ProductReview.objects.get()
    assert (review.proposal, review.decision, review.owner) == ("maintain", "maintain", by)


def test_the_gate_names_what_is_missing(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    by = company.people["product"]
    save_launch(cycle=cycle, by=by, product="P1", month=date(2027, 1, 1), references=[])
    save_phase_out(cycle=cycle, by=by, product="P3", end_month=date(2027, 4, 1))
    assert check_launches(cycle).message == "P1: no owner, no like product."
    assert "P3: no run-out quantity, neither successor nor “none” stated." in check_phase_outs(cycle).message
    save_launch(cycle=cycle, by=by, product="P1", month=date(2027, 1, 1), references=[("P2", 10.0)], owner=by)
    save_phase_out(
        cycle=cycle,
        by=by,
        product="P3",
        end_month=date(2027, 4, 1),
        run_out_units=0.0,
        no_successor=True,
        owner=by,
    )
    assert check_launches(cycle).ok
    assert check_phase_outs(cycle).ok


def test_signing_freezes_the_product_plan(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    by = company.people["product"]
    save_phase_out(cycle=cycle, by=by, product="P3", end_month=date(2027, 4, 1), no_successor=True, owner=by)
    version = freeze_portfolio(product_stage(cycle), company.people["product2"])
    assert version.is_frozen
    assert version.params["phase_outs"][0]["product"] == "P3"
