"""The supply review: the plan is computed, read, changed, its gaps are answered; operations sign."""

import re

from playwright.sync_api import expect

from tests.e2e.month.desk import Desk

ANSWER = "Customers are told a later date; stock is shared between the markets."


def computes_the_plan(desk: Desk) -> None:
    desk.open("/supply/")
    desk.press(re.compile("^Run"), within=desk.page.locator(".lead"), exact=False)
    desk.wait_for_runs()
    expect(desk.page.get_by_role("heading", name="Load of resources")).to_be_visible()


def reads_the_plan(desk: Desk) -> None:
    """Load with what loads a month, the family sheet, stock, materials and lanes."""
    desk.open("/supply/")
    row = desk.page.locator("[data-heat-table] tbody tr").first
    row.locator("td").nth(1).click()
    name = row.locator("th").evaluate("head => head.firstChild.textContent.trim()")
    expect(desk.page.locator("#drill h3")).to_have_text(name)
    desk.keep("supply")
    for page in ("sheet", "stock", "materials", "lanes", "resources"):
        desk.open(f"/supply/{page}/")
        desk.keep(f"supply-{page}")
    for link in ("policies", "suppliers"):
        desk.open(f"/supply/inputs/{link}/")
        desk.keep(f"supply-{link}")


def changes_hours(desk: Desk) -> None:
    """Maintenance takes hours of a line in the third plan month; the gate then asks to compute again."""
    desk.open("/supply/resources/")
    with desk.new_page():
        desk.page.locator("table.heat tbody th a").first.click()
    desk.keep("supply-hours")
    field = desk.page.locator("table.hours-table tbody tr").nth(2).locator("input").first
    hours = float(field.input_value())
    field.fill(f"{hours * 0.9:.1f}")
    desk.press("Save the hours")
    desk.open("/supply/")
    desk.sees("Inputs have changed since the plan was made")


def answers_gaps(desk: Desk) -> None:
    """What has no way out is accepted, with what customers are told."""
    desk.open("/supply/")
    waiting = desk.page.locator("details.gap:has(.tag:text-is('no answer yet'))")
    while waiting.count():
        gap = waiting.first
        if gap.get_attribute("open") is None:
            gap.locator("> summary").click()
        gap.locator("textarea").fill(ANSWER)
        desk.press("Accept the gap", within=gap)
        desk.open("/supply/")


def turns_a_lever_into_a_scenario(desk: Desk, scenario: str) -> None:
    """The first way out of the dearest gap that has one becomes a difference of a scenario."""
    desk.open("/supply/")
    gap = desk.page.locator("details.gap:has(a:has-text('Make a scenario'))").first
    if not gap.count():
        return
    if gap.get_attribute("open") is None:
        gap.locator("> summary").click()
    with desk.new_page():
        gap.get_by_role("link", name=re.compile("Make a scenario")).first.click()
    desk.keep("scenario-from-gap")
    desk.page.locator("#scenario").select_option(label=scenario)
    desk.press("Make a scenario")


def submits(desk: Desk) -> None:
    desk.open("/supply/")
    desk.act("Submit for signature")


def signs(desk: Desk) -> None:
    desk.open("/supply/")
    desk.act("Sign")
    desk.sees("Signed")
