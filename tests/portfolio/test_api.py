"""Products, launches and phase-outs over the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from cycles.models import Version
from portfolio.models import Launch, PhaseOut
from tests.demand.factories import SmallCompany


@pytest.fixture
def api(company: SmallCompany) -> Any:
    def signed_in(name: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(company.people[name])
        return client

    return signed_in


def test_costs_only_for_those_who_see_margins(api: Any, plan: Version) -> None:
    sales = api("sales").get("/api/v1/portfolio/products/").json()["results"][0]
    finance = api("finance").get("/api/v1/portfolio/products/P1/").json()
    assert "standard_cost" not in sales
    assert "list_price" in sales
    assert finance["standard_cost"] == "3.0000"
    assert api("admin").get("/api/v1/portfolio/products/").status_code == 403


def test_launch_and_phase_out(api: Any, company: SmallCompany, plan: Version) -> None:
    client = api("product")
    launch = {
        "product": "P1",
        "month": "2027-02-14",
        "references": [{"product": "P2", "percent": 25}],
        "owner": "product",
    }
    answer = client.post("/api/v1/portfolio/launches/", launch, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["month"] == "2027-02-01"
    assert client.get("/api/v1/portfolio/launches/").json()["count"] == 1
    end = {"product": "P3", "end_month": "2027-03-31", "no_successor": True}
    assert client.post("/api/v1/portfolio/phase-outs/", end, format="json").status_code == 201
    assert PhaseOut.objects.get().end_month.isoformat() == "2027-03-01"
    assert client.delete("/api/v1/portfolio/phase-outs/P3/").status_code == 400
    assert client.delete("/api/v1/portfolio/phase-outs/P3/?reason=stays").status_code == 204
    assert client.delete("/api/v1/portfolio/launches/P1/?reason=no+budget").status_code == 204
    assert Launch.objects.get().is_dropped


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"product": "P1", "month": "2027-02-01", "references": [{"product": "P1", "percent": 5}]}, 400),
        ({"product": "P7", "month": "2027-02-01", "references": []}, 404),
        ({"product": "P1", "month": "soon", "references": []}, 400),
        ({"product": "P1", "month": "2027-02-01", "references": [{"product": "P2", "percent": -5}]}, 400),
    ],
)
def test_wrong_launches(api: Any, plan: Version, body: dict[str, Any], status: int) -> None:
    assert api("product").post("/api/v1/portfolio/launches/", body, format="json").status_code == status
    assert api("sales").post("/api/v1/portfolio/launches/", body, format="json").status_code in (400, 403)
