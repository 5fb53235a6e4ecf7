"""The executive sponsor, on a phone: reads the brief, answers each decision, approves."""

from playwright.sync_api import expect

from tests.e2e.month.desk import PHONE, Desk

ANSWERS = ("Yes", "No", "Discuss")


def fits_the_phone(desk: Desk) -> None:
    """One column: nothing runs out of the side."""
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], desk.page.url


def reads_the_brief(desk: Desk) -> None:
    desk.open("/")
    fits_the_phone(desk)
    desk.keep("home-sponsor", phone=True)
    desk.open("/executive/")
    fits_the_phone(desk)
    desk.keep("executive", phone=True)


def answers_the_decisions(desk: Desk, *answers: str) -> None:
    """One after the other; the first answers as given, a yes for those that are left."""
    desk.open("/executive/")
    count = desk.page.locator(".decision").count()
    for place in range(count):
        answer = answers[place] if place < len(answers) else "Yes"
        decision = desk.page.locator(".decision").nth(place)
        with desk.new_page():
            decision.get_by_role("radio", name=answer, exact=True).locator("..").click()
        desk.wait_for_runs()
    expect(desk.page.locator("#decisions")).to_contain_text("all answered")
    desk.keep("executive-answered", phone=desk.page.viewport_size == PHONE)


def approves(desk: Desk) -> None:
    desk.open("/executive/")
    desk.page.get_by_role("button", name="Approve plan").first.click()
    desk.press("Approve plan", within=desk.page.locator("dialog#approve"))
    desk.sees("The operating plan")
    fits_the_phone(desk)
    desk.keep("plan", phone=True)
