"""What all see: their first page, the approved plan, the key figures; and what they may not."""

import re

from playwright.sync_api import expect

from tests.e2e.month.desk import Desk, Office
from tests.e2e.month.people import TEAM


def see_their_first_page(office: Office) -> None:
    roles = set()
    for person in TEAM:
        if person.role not in roles:
            roles.add(person.role)
            desk = office.desk(person.username)
            desk.open("/")
            desk.keep(f"home-{person.role.replace('_', '-')}")


def see_the_plan(office: Office) -> None:
    """The approved plan is the same page for each role."""
    for person in TEAM:
        desk = office.desk(person.username)
        desk.open("/executive/plan/")
        expect(desk.page.get_by_role("heading", name="The operating plan")).to_be_visible()
        expect(desk.page.get_by_role("region", name="Operating plan by family")).to_contain_text("Company")
    desk.keep("plan")


def are_refused_clearly(office: Office) -> None:
    """A role without the right is told whose it is."""
    words = office.desk("sales").refused("/people/")
    assert "Administrator" in words, words
    words = office.desk("supply").refused("/product/launches/new/")
    assert "Product" in words, words


def see_the_key_figures(desk: Desk) -> None:
    desk.open("/kpis/")
    desk.wait_for_runs()
    desk.keep("kpis")
    with desk.new_page():
        desk.page.locator("main a[href^='/kpis/']").first.click()
    desk.keep("kpi")


def see_accuracy_by_lag(desk: Desk) -> None:
    """The plans that were frozen one and more months ahead have met their month."""
    desk.open("/kpis/")
    desk.wait_for_runs()
    table = desk.page.get_by_role("region", name="Error by lag")
    expect(table.get_by_role("rowheader", name="1 month ahead")).to_be_visible()
    assert re.search(r"\d", table.get_by_role("row").nth(1).inner_text())
    desk.keep("kpis-lag")
