"""The pages of the supply review: what they say, who may see and do what, and how many queries they need."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cycles.choices import Role, StageKind, StageState
from cycles.models import AuditEvent, Stage, StageEditor
from supply.models import GapAnswer, ResourceMonth, SupplierProduct
from tests.supply.firm import Firm
from tests.supply.plans import plan

PAGES = ["home", "sheet", "stock", "materials", "lanes", "resources"]


def as_role(firm: Firm, role: Role) -> Client:
    client = Client()
    client.force_login(firm.people[role])
    return client


@pytest.fixture
def tight(firm: Firm) -> Firm:
    """A is wanted beyond the hours of line 1 in February; its material comes from two suppliers."""
    product = firm.product("A")
    firm.made_on(product, firm.line())
    firm.lane(volume_capacity=500, unit_cost=0.1)
    firm.sold(product, 80, 230, 50)
    raw = firm.product("RAW", cost=2, price=None, kind="RM")
    firm.needs(product, raw)
    firm.supplied_by("CHEAP", raw, price=2, capacity_per_month=90)
    firm.supplied_by("DEAR", raw, price=3)
    firm.policy(product, safety_stock=20)
    return firm


@pytest.mark.parametrize("page", PAGES)
def test_pages_before_the_first_plan(tight: Firm, page: str) -> None:
    answer = as_role(tight, Role.SUPPLY_PLANNER).get(reverse(f"supply:{page}"))
    assert answer.status_code == 200
    if page not in {"home", "resources"}:
        text = answer.content.decode()
        assert "has no supply plan yet" in text
        assert "Open the demand review" in text


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_people_with_a_planning_role(tight: Firm, page: str) -> None:
    plan(tight)
    assert as_role(tight, Role.SALES).get(reverse(f"supply:{page}")).status_code == 200
    assert as_role(tight, Role.ADMIN).get(reverse(f"supply:{page}")).status_code == 403


def test_the_review_says_the_answer_first(tight: Firm) -> None:
    plan(tight)
    text = as_role(tight, Role.SUPPLY_PLANNER).get(reverse("supply:home")).content.decode()
    assert "Line 1 in Lyon runs out of hours in February 2026" in text
    assert "is full in" in text
    assert "230" in text  # percent of the hours of February


def test_margins_are_for_those_who_may_see_them(tight: Firm) -> None:
    plan(tight)
    for role, shown in ((Role.SUPPLY_PLANNER, True), (Role.FINANCE, True), (Role.SALES, False)):
        text = as_role(tight, role).get(reverse("supply:home")).content.decode()
        assert ("of margin" in text) == shown
        assert ("Stock value" in as_role(tight, role).get(reverse("supply:sheet")).content.decode()) == shown


def test_a_cell_tells_what_loads_it_as_a_part_and_as_a_page(tight: Firm) -> None:
    plan(tight)
    client = as_role(tight, Role.SUPPLY_PLANNER)
    url = reverse("supply:drill", args=[tight.line1.pk, "2026-02"])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "130.0 hours short" in part
    assert "<html" not in part
    assert "<html" in client.get(url).content.decode()
    assert client.get(reverse("supply:drill", args=[tight.line1.pk, "2031-02"])).status_code == 404
    assert client.get(reverse("supply:drill", args=[tight.line1.pk, "soon"])).status_code == 400


def test_a_gap_is_accepted_with_a_reason_that_stays(tight: Firm) -> None:
    plan(tight)
    client = as_role(tight, Role.SUPPLY_PLANNER)
    url = reverse("supply:accept-gap", args=[tight.a.pk])
    assert client.post(url, {"text": "short"}).status_code == 400
    assert client.post(url, {"text": "Customers were told in December."}).status_code == 302
    answer = GapAnswer.objects.get()
    assert (answer.text, answer.by) == ("Customers were told in December.", tight.people[Role.SUPPLY_PLANNER])
    assert AuditEvent.objects.filter(act="gap.accept").exists()
    assert StageEditor.objects.filter(user=answer.by, stage__kind=StageKind.SUPPLY).exists()
    client.post(reverse("supply:reopen-gap", args=[tight.a.pk]))
    assert not GapAnswer.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SUPPLY_PLANNER, 302), (Role.OPERATIONS, 302), (Role.FINANCE, 403), (Role.ADMIN, 403)],
)
def test_who_runs_the_planner(tight: Firm, role: Role, status: int) -> None:
    tight.signed_demand()
    assert as_role(tight, role).post(reverse("supply:run")).status_code == status


def test_a_submitted_review_is_locked(tight: Firm) -> None:
    plan(tight)
    Stage.objects.filter(kind=StageKind.SUPPLY).update(state=StageState.SUBMITTED)
    client = as_role(tight, Role.SUPPLY_PLANNER)
    assert client.post(reverse("supply:run")).status_code == 423
    assert (
        client.post(
            reverse("supply:accept-gap", args=[tight.a.pk]), {"text": "A long enough reason"}
        ).status_code
        == 423
    )


def month_values(firm: Firm, **changes: Any) -> dict[str, Any]:
    names = ["available_hours", "efficiency_percent", "overtime_hours", "overtime_cost_per_hour", "extra_hours",
             "extra_cost_per_hour"]  # fmt: skip
    rows = ResourceMonth.objects.filter(resource=firm.line1)
    return {f"{row.month:%Y-%m}-{name}": getattr(row, name) for row in rows for name in names} | changes


def test_the_supply_planner_changes_hours_and_everybody_sees_who_did(tight: Firm) -> None:
    plan(tight)
    url = reverse("supply:hours", args=[tight.line1.pk])
    values = month_values(tight, **{"2026-02-overtime_hours": 40, "2026-02-overtime_cost_per_hour": 5})
    assert as_role(tight, Role.OPERATIONS).post(url, values).status_code == 403
    client = as_role(tight, Role.SUPPLY_PLANNER)
    assert client.post(url, values).status_code == 302
    row = ResourceMonth.objects.get(month=date(2026, 2, 1))
    assert (row.overtime_hours, row.history.count()) == (40, 2)
    assert row.history.first().history_user == tight.people[Role.SUPPLY_PLANNER]
    assert AuditEvent.objects.get(act="supply.input").detail == {
        "2026-02": {"overtime_hours": [0.0, 40.0], "overtime_cost_per_hour": [0.0, 5.0]}
    }
    assert "Inputs have changed" in client.get(reverse("supply:home")).content.decode()


def test_impossible_hours_are_refused_where_they_stand(tight: Firm) -> None:
    tight.signed_demand()
    url = reverse("supply:hours", args=[tight.line1.pk])
    answer = as_role(tight, Role.SUPPLY_PLANNER).post(
        url, month_values(tight, **{"2026-02-available_hours": -1})
    )
    assert answer.status_code == 400
    assert "greater than or equal to 0" in answer.content.decode()
    assert ResourceMonth.objects.get(month=date(2026, 2, 1)).available_hours == 100


def test_suppliers_lanes_and_policies_are_listed_found_and_changed(tight: Firm) -> None:
    tight.signed_demand()
    client = as_role(tight, Role.SUPPLY_PLANNER)
    assert "CHEAP" in client.get(reverse("supply:inputs", args=["suppliers"])).content.decode()
    found = client.get(reverse("supply:inputs", args=["suppliers"]), {"q": "DEAR"}).content.decode()
    assert "Supplier CHEAP" not in found
    row = SupplierProduct.objects.get(supplier__code="CHEAP")
    url = reverse("supply:input-row", args=["suppliers", row.pk])
    assert client.get(url).status_code == 200
    assert (
        client.post(url, {"price": "2", "capacity_per_month": "-3", "lead_time_days": ""}).status_code == 400
    )
    assert (
        client.post(url, {"price": "2", "capacity_per_month": "95", "lead_time_days": ""}).status_code == 302
    )
    row.refresh_from_db()
    assert row.capacity_per_month == 95
    assert as_role(tight, Role.OPERATIONS).post(url, {"price": "1"}).status_code == 403
    for name in ("lanes", "policies"):
        assert client.get(reverse("supply:inputs", args=[name])).status_code == 200
    assert client.get(reverse("supply:inputs", args=["weather"])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_need_as_many_queries_for_three_products_as_for_one(
    tight: Firm, page: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plan(tight)
    client = as_role(tight, Role.SUPPLY_PLANNER)
    counts = []
    for more in ((), ("B", "C")):
        for code in more:
            product = tight.product(code)
            tight.made_on(product, tight.line(f"LINE{code}", hours=10))
            tight.needs(product, tight.products("RAW"))
            tight.sold(product, 30, 30, 30)
        if more:
            plan(tight)
        client.get(reverse(f"supply:{page}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"supply:{page}")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 80


def test_the_plan_as_a_workbook_keeps_margins_from_those_who_may_not_see_them(tight: Firm) -> None:
    plan(tight)
    for role, has_margin in ((Role.SUPPLY_PLANNER, True), (Role.SALES, False)):
        answer = as_role(tight, role).get(reverse("supply:workbook"))
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert book.sheet_names == ["Cover", "Families", "Load", "Gaps", "Stock"]
        gaps = book.get_sheet_by_name("Gaps").to_python()
        assert ("Margin" in gaps[0]) == has_margin
        families = book.get_sheet_by_name("Families").to_python()
        assert families[1][:5] == ["Coffee", "Wanted", 80, 230, 50]
    assert AuditEvent.objects.filter(act="export").count() == 2


def test_other_hours_are_previewed_without_saving(tight: Firm) -> None:
    plan(tight)
    url = reverse("supply:hours", args=[tight.line1.pk])
    values = month_values(tight, **{"2026-02-overtime_hours": 40, "2026-02-overtime_cost_per_hour": 1})
    client = as_role(tight, Role.SUPPLY_PLANNER)
    text = client.post(url, values | {"preview": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "units more are served in time" in text
    assert "nothing is saved" in text
    assert ResourceMonth.objects.get(month=date(2026, 2, 1)).overtime_hours == 0
    assert "The same is served" in client.post(url, month_values(tight) | {"preview": "1"}).content.decode()
