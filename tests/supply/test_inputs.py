"""Inputs of the supply plan on their pages: grids that save in place, rows that are added, the source of hours."""

from datetime import date

import pytest
from django.urls import reverse

from cycles.choices import Role
from cycles.models import AuditEvent
from supply.choices import HoursFrom
from supply.models import Maintenance, ProductSite, ShiftPattern, Workforce
from tests.supply.firm import Firm
from tests.supply.test_pages import as_role


@pytest.fixture
def open_review(simple: Firm) -> Firm:
    """The demand is signed, so that the supply review is open."""
    simple.signed_demand()
    return simple


def listed(name: str) -> str:
    return reverse("supply:inputs", args=[name])


def test_a_grid_saves_only_what_changed_with_its_reason(open_review: Firm) -> None:
    one = open_review.policy(open_review.a, safety_stock=20)
    other = open_review.policy(open_review.product("B"), safety_stock=7)
    client = as_role(open_review, Role.SUPPLY_PLANNER)
    posted = {f"{pk}-safety_stock": stock for pk, stock in ((one.pk, "35"), (other.pk, "7"))}
    posted |= {f"{one.pk}-ceiling": "90", "reason": "New service target"}
    assert client.post(listed("policies"), posted).status_code == 302
    one.refresh_from_db()
    assert (one.safety_stock, one.ceiling) == (35, 90)
    event = AuditEvent.objects.get(act="supply.input")
    assert event.detail["safety_stock"] == [20, 35]
    assert event.detail["reason"] == "New service target"
    past = one.history.first()
    assert (past.history_user, past.history_change_reason) == (
        open_review.people[Role.SUPPLY_PLANNER],
        "New service target",
    )
    assert ProductSite.history.filter(id=other.pk).count() == 1


def test_a_grid_with_a_mistake_saves_nothing_and_says_where(open_review: Firm) -> None:
    one = open_review.policy(open_review.a, safety_stock=20)
    client = as_role(open_review, Role.SUPPLY_PLANNER)
    answer = client.post(listed("policies"), {f"{one.pk}-safety_stock": "-3"})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode()
    one.refresh_from_db()
    assert one.safety_stock == 20


def test_only_the_supply_planner_changes_a_grid(open_review: Firm) -> None:
    one = open_review.policy(open_review.a, safety_stock=20)
    for role in (Role.OPERATIONS, Role.SALES, Role.FINANCE):
        client = as_role(open_review, role)
        assert client.post(listed("policies"), {f"{one.pk}-safety_stock": "1"}).status_code == 403
        assert f"{one.pk}-safety_stock" not in client.get(listed("policies")).content.decode()


def test_maintenance_shifts_and_people_are_added_and_removed(open_review: Firm) -> None:
    client, line = as_role(open_review, Role.SUPPLY_PLANNER), open_review.line1.pk
    rows = {
        "maintenance": {"month": "2026-02", "hours": "24", "reason": "Overhaul"},
        "shifts": {
            "valid_from": "2026-01", "shifts_per_day": "2", "hours_per_shift": "7.5", "efficiency_percent": "90",
        },
        "people": {
            "heads": "12", "hours_per_head": "140", "overtime_hours_per_head": "0", "wage": "0", "hire_cost": "0",
            "layoff_cost": "0",
        },
    }  # fmt: skip
    for name, values in rows.items():
        answer = client.post(reverse("supply:add-input", args=[name]), {"resource": line} | values)
        assert answer.status_code == 302, answer.content.decode()
        assert "Line 1" in client.get(listed(name)).content.decode()
    off = Maintenance.objects.get()
    assert (off.month, off.hours, ShiftPattern.objects.count(), Workforce.objects.count()) == (
        date(2026, 2, 1), 24, 1, 1,
    )  # fmt: skip
    client.post(reverse("supply:remove-input", args=["maintenance", off.pk]))
    assert not Maintenance.objects.exists()
    assert Maintenance.history.filter(history_type="-").count() == 1


def test_the_same_maintenance_twice_is_refused_in_words(open_review: Firm) -> None:
    Maintenance.objects.create(resource=open_review.line1, month=date(2026, 2, 1), hours=5, reason="Overhaul")
    answer = as_role(open_review, Role.SUPPLY_PLANNER).post(
        reverse("supply:add-input", args=["maintenance"]),
        {"resource": open_review.line1.pk, "month": "2026-02", "hours": "24", "reason": "Overhaul"},
    )
    assert answer.status_code == 400


def test_suppliers_are_neither_added_nor_removed_by_hand(open_review: Firm) -> None:
    row = open_review.supplied_by("SUP", open_review.product("RAW", kind="RM"))
    client = as_role(open_review, Role.SUPPLY_PLANNER)
    assert client.get(reverse("supply:add-input", args=["suppliers"])).status_code == 404
    assert client.post(reverse("supply:remove-input", args=["suppliers", row.pk])).status_code == 403


def test_the_hours_page_shows_how_hours_come_about_and_lets_choose(open_review: Firm) -> None:
    line = open_review.line1
    ShiftPattern.objects.create(
        resource=line,
        valid_from=date(2026, 1, 1),
        shifts_per_day=2,
        hours_per_shift=7.5,
        efficiency_percent=80,
    )
    Maintenance.objects.create(resource=line, month=date(2026, 2, 1), hours=15, reason="Overhaul")
    client = as_role(open_review, Role.SUPPLY_PLANNER)
    client.post(reverse("supply:hours-source", args=[line.pk]), {"source": HoursFrom.SHIFTS})
    text = client.get(reverse("supply:hours", args=[line.pk])).content.decode()
    assert "Planned by calendar and shifts" in text
    assert "20 x 2.0 x 7.5" in text  # February 2026: 300 clock hours, 15 off, 80 %
    assert "228.0" in text
    assert "Overhaul" in text
    assert "228" in client.get(reverse("supply:resources")).content.decode()
    answer = client.post(reverse("supply:hours-source", args=[line.pk]), {"source": "guess"})
    assert answer.status_code == 400
