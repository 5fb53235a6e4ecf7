"""Product management: launches and phase-outs get what they lack, proposals are decided, a second person signs."""

from playwright.sync_api import expect

from tests.e2e.month.desk import Desk

NO_OWNER = ""


def completes_launches(desk: Desk) -> None:
    """A launch needs a date, a like product and somebody who answers for it."""
    desk.open("/product/")
    cards = desk.page.locator("a.launch")
    for place in range(cards.count()):
        desk.open("/product/")
        with desk.new_page():
            cards.nth(place).click()
        with desk.new_page():
            desk.page.locator("#launch-detail").get_by_role("link", name="Change").click()
        desk.keep("launch")
        desk.page.locator("main [name=owner]").select_option(label="Priya Hartmann")
        desk.press("Save")


def completes_phase_outs(desk: Desk) -> None:
    """A product that ends needs an owner, and a successor or the word that nothing follows."""
    desk.open("/product/")
    links = desk.page.locator("table.outs").get_by_role("link", name="Change")
    for place in range(links.count()):
        desk.open("/product/")
        with desk.new_page():
            links.nth(place).click()
        desk.keep("phase-out")
        desk.page.locator("main [name=owner]").select_option(label="Priya Hartmann")
        if desk.page.locator("main [name=successor]").input_value() == NO_OWNER:
            desk.page.locator("main [name=no_successor]").check()
        desk.press("Save")


def decides_on_proposals(desk: Desk) -> None:
    """What is proposed to be cut stays this time, with a reason."""
    desk.open("/product/")
    undecided = desk.page.locator("table.proposals tr:has(.tag:text-is('cut'))").first
    if undecided.count():
        undecided.locator("input[name=reason]").fill("Kept for a tender until next spring")
        with desk.new_page():
            undecided.locator("button[value=maintain]").click()
        desk.sees("Kept for a tender until next spring")


def submits(desk: Desk) -> None:
    desk.open("/product/")
    desk.keep("product")
    desk.act("Submit for signature")


def signs(desk: Desk) -> None:
    desk.open("/product/")
    desk.act("Sign")
    expect(desk.page.locator("main").get_by_text("Signed").first).to_be_visible()
