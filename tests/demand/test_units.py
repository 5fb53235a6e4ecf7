"""The grid in other units of measure: shown, entered, spread, and what does not convert left alone."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cycles.models import Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.queries.units import Conversions
from portfolio.models import Product, UnitConversion
from sop.errors import InvalidInput
from tests.demand.factories import SmallCompany, figures

FEBRUARY, MONTH = date(2027, 2, 1), "2027-02"
PLACE = 15  # of February 2027 among the months of the grid


@pytest.fixture
def boxes(company: SmallCompany) -> None:
    """P1 and P2 come in boxes of 12, P2 in its own boxes of 20; P3 is sold by weight and in no box."""
    UnitConversion.objects.create(from_unit="BOX", to_unit="EA", factor=12.0)
    UnitConversion.objects.create(product_code="P2", from_unit="BOX", to_unit="EA", factor=20.0)
    UnitConversion.objects.create(from_unit="KG", to_unit="G", factor=1000.0)
    Product.objects.filter(code="P3").update(unit="KG")


@pytest.fixture
def planner(company: SmallCompany) -> Client:
    client = Client()
    client.force_login(company.people["planner"])
    return client


def shown(client: Client, **asked: str) -> dict[str, dict[str, Any]]:
    answer = client.get("/demand/grid/", {"depth": "9", **asked})
    assert answer.status_code == 200, answer.content
    return {node["id"]: node for node in answer.json()["nodes"]}


def test_every_level_adds_up_in_boxes(
    planner: Client, company: SmallCompany, plan: Version, boxes: None
) -> None:
    rows = shown(planner, unit="BOX")
    p1, p2 = 150 / 12, 280 / 20
    for node, value in (
        (company.product("P1"), p1), (company.product("P2"), p2), (company.family("A1"), p1),
        (company.family("A"), p1 + p2), ("all", p1 + p2),
    ):  # fmt: skip
        for measure in ("baseline", "consensus"):
            assert rows[node]["values"][measure][PLACE] == pytest.approx(value, abs=0.002)
        assert rows[node]["values"]["history"][2] == pytest.approx(value, abs=0.002)
    assert rows[company.product("P3")]["values"]["baseline"][PLACE] is None
    assert rows[company.stream("P1/DE")]["values"]["baseline"][PLACE] == pytest.approx(100 / 12, abs=0.001)
    in_grams = shown(planner, unit="G")
    assert in_grams["all"]["values"]["baseline"][PLACE] == 400_000
    assert in_grams[company.family("A")]["values"]["baseline"][PLACE] is None


def test_boxes_typed_are_boxes_shown_and_others_stay(
    planner: Client, company: SmallCompany, plan: Version, boxes: None
) -> None:
    before = figures(plan, "planner")
    node = company.family("A")
    seen = shown(planner, unit="BOX")[node]["values"]["planner"][PLACE]
    edit = {
        "node": node, "measure": "planner", "month": MONTH, "operation": "set", "value": 53.0, "seen": seen,
    }  # fmt: skip
    body = {"edits": [edit], "unit": "BOX", "reason": "market", "expanded": ["all", node]}
    answer = planner.post("/demand/grid/edit/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    rows = {row["id"]: row for row in answer.json()["nodes"]}
    assert rows[node]["values"]["planner"][PLACE] == pytest.approx(53.0, abs=0.002)
    after = figures(plan, "planner")
    for name in ("P1/DE", "P1/FR", "P2/DE", "P2/FR"):  # the mix stays as it was
        key = (company.streams[name].pk, FEBRUARY)
        assert after[key] / before[key] == pytest.approx(53 / (150 / 12 + 14), rel=1e-4)
    assert after[company.streams["P3/DE"].pk, FEBRUARY] == 400_000
    cell = {"node": node, "measure": "planner", "month": MONTH, "unit": "BOX"}
    (change,) = planner.get("/demand/grid/cell/", cell).json()["changes"]
    assert (change["old"], change["new"]) == (pytest.approx(26.5, abs=0.01), pytest.approx(53.0, abs=0.01))


def test_what_does_not_convert_is_left_and_named(company: SmallCompany, plan: Version, boxes: None) -> None:
    by, months = company.people["planner"], plan.cycle.months
    everything = Edit("all", "planner", months[4], "multiply", 2.0)
    done = edit_cells(version=plan, by=by, edits=[everything], unit="BOX", reason_code="market")
    assert done.message == "4 cells changed, 1 without a factor to BOX left as they were"
    weighed = Edit(company.product("P3"), "planner", months[4], "set", 7.0)
    with pytest.raises(InvalidInput, match="converts into BOX"):
        edit_cells(version=plan, by=by, edits=[weighed], unit="BOX", reason_code="market")
    with pytest.raises(InvalidInput, match="is no unit"):
        edit_cells(version=plan, by=by, edits=[weighed], unit="BARREL", reason_code="market")


def test_the_page_offers_what_converts(
    planner: Client, company: SmallCompany, cycle: Cycle, plan: Version, boxes: None
) -> None:
    page = planner.get("/demand/").content.decode()
    for unit in ("BOX", "EA", "G"):
        assert f'<option value="{unit}">' in page
    assert planner.get("/demand/", {"print": "1", "unit": "BOX"}).status_code == 200
    assert planner.get("/demand/grid/facts/", {"node": "all", "unit": "BOX"}).status_code == 200
    for address in ("/demand/bridge/", "/demand/meeting/A/"):
        assert planner.get(address, {"unit": "BOX"}).status_code == 400
    assert planner.get("/demand/grid/", {"unit": "BARREL"}).status_code == 400


@given(own=st.floats(0.001, 1000), general=st.floats(0.001, 1000))
def test_a_products_own_factor_goes_first_and_the_way_back_is_the_inverse(own: float, general: float) -> None:
    products = {1: ("P1", "EA"), 2: ("P2", "EA"), 3: ("P3", "KG")}
    known = Conversions({("P1", "BOX", "EA"): own, ("", "EA", "BOX"): general}, products)
    assert known.factor(1, "BOX") == pytest.approx(1 / own)
    assert known.factor(2, "BOX") == general
    assert known.factor(2, "EA") == 1.0
    assert known.factor(3, "BOX") != known.factor(3, "BOX")  # NaN
    assert known.targets([3]) == []
