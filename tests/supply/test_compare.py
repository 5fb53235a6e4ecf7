"""Two plans compared: what moved and what lies between them."""

from django.urls import reverse

from cycles.choices import Role
from supply.actions.inputs import change_hours
from supply.queries.compare import comparable_plans, family_lines, input_changes, load_moves, production_moves
from tests.supply.firm import Firm
from tests.supply.plans import plan, replan
from tests.supply.test_pages import as_role


def two_plans(firm: Firm) -> tuple:
    before = plan(firm)
    change_hours(
        cycle=firm.cycle, resource=firm.line1, by=firm.people[Role.SUPPLY_PLANNER],
        months={month: {"available_hours": 40.0} for month in firm.cycle.months},
    )  # fmt: skip
    return before, replan(firm)


def test_what_moved_between_two_plans(simple: Firm) -> None:
    before, after = two_plans(simple)
    family = family_lines(before, after)[0]
    assert family.figures["supplied"].change == 0  # 110 wanted; 40 + 40, and 30 more arrive late
    assert family.figures["gap_minor"].change == (10 + 30) * 1000  # owed at the ends of January and February
    assert production_moves(before, after) == []
    assert load_moves(before, after)[0].figures["available"].change == -360
    assert [event.act for event in input_changes(before, after)] == ["supply.input"]


def test_the_page_compares_the_newest_two_or_any_two(simple: Firm) -> None:
    client = as_role(simple, Role.OPERATIONS)
    url = reverse("supply:compare")
    assert "only one plan" in client.get(url).content.decode()
    before, after = two_plans(simple)
    assert [version.pk for version in comparable_plans(simple.cycle)] == [after.pk, before.pk]
    text = client.get(url).content.decode()
    assert "less is served" in text
    assert "available hours 100 became 40" in text
    assert "more is served" in client.get(url, {"before": after.pk, "after": before.pk}).content.decode()
    assert client.get(url, {"before": "999"}).status_code == 404
