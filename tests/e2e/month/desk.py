"""A person's window of the application: opens pages, fills in forms, presses buttons, waits for runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.month.album import Album

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PASSWORD = "a-month-of-planning"
PATIENCE_MS = 30_000  # for a page, on a machine that is busy with runs
RUN_PATIENCE_MS = 180_000
AT_WORK = "[id^=run-][hx-get]"


@dataclass
class Desk:
    page: Page
    album: Album
    person: str

    def open(self, path: str) -> "Desk":
        """Goes to a page as through a bookmark; an answer that is no page fails the test."""
        answer = self.page.goto(path)
        assert answer, path
        assert answer.ok, f"{path} answers {answer.status} to {self.person}"
        return self

    def refused(self, path: str) -> str:
        """What a page says to somebody who may not see it."""
        answer = self.page.goto(path)
        assert answer, path
        assert answer.status in {403, 404}, f"{path} answers {answer.status} to {self.person}"
        return self.page.locator("main").inner_text()

    def press(
        self, name: str | re.Pattern[str], *, within: Locator | None = None, exact: bool = True
    ) -> None:
        """Presses a button that leads to the next page, which then is there."""
        place = within or self.page.locator("body")
        with self.new_page():
            place.get_by_role("button", name=name, exact=exact).first.click()

    @contextmanager
    def new_page(self) -> Iterator[None]:
        """Around what leads to another page; afterwards that page is loaded and no page of errors."""
        with self.page.expect_navigation(wait_until="load", timeout=PATIENCE_MS) as answer:
            yield
        found = answer.value
        assert found, self.page.url
        assert found.ok, f"{self.person} at {found.url}: {self.page.locator('main').inner_text()[:500]}"

    def fill(self, **values: str) -> None:
        """Writes into fields by their names; a choice is made by its value."""
        for name, value in values.items():
            control = self.page.locator(f"main [name={name}]").first
            if control.evaluate("field => field.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def act(self, name: str, reason: str = "") -> None:
        """Presses the button of a review's act; one that asks unfolds its small form first."""
        button = self.page.locator("main").get_by_role("button", name=name, exact=True).first
        if button.get_attribute("data-open-dialog") is None:
            self.press(name, within=self.page.locator("main"))
            return
        dialog = self.page.locator(f"dialog#{button.get_attribute('data-open-dialog')}")
        button.click()
        if reason:
            dialog.locator("textarea").fill(reason)
        self.press(name, within=dialog)

    def wait_for_runs(self) -> None:
        """Until the page's own progress part says that nothing is at work any more; then the page anew."""
        expect(self.page.locator(AT_WORK)).to_have_count(0, timeout=RUN_PATIENCE_MS)
        self.page.reload()
        expect(self.page.locator(AT_WORK)).to_have_count(0, timeout=RUN_PATIENCE_MS)
        expect(self.page.locator(".run.failed")).to_have_count(0)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def keep(self, name: str, *, phone: bool = False) -> None:
        """Pictures of the page for the album, and its look at accessibility."""
        self.album.keep(self.page, name, phone=phone)


@dataclass
class Office:
    """All desks; each person signs in once and stays signed in."""

    browser: Browser
    url: str
    album: Album
    desks: dict[tuple[str, bool], Desk] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    password: str = PASSWORD

    def desk(self, person: str, *, phone: bool = False) -> Desk:
        if (person, phone) not in self.desks:
            self.desks[person, phone] = self._sign_in(person, PHONE if phone else DESKTOP)
        return self.desks[person, phone]

    def close(self) -> None:
        for desk in self.desks.values():
            desk.page.context.close()

    def _sign_in(self, person: str, size: dict[str, int]) -> Desk:
        context = self.browser.new_context(viewport=size, base_url=self.url, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{person} at {page.url}: {error}"))
        desk = Desk(page, self.album, person)
        desk.open("/account/login/")
        self.album.keep(page, "sign-in")
        desk.fill(login=person, password=self.password)
        desk.press("Sign in")
        return desk
