"""Every page that a link leads to, as people of every role find it: no dead end, no barrier, none wider than a phone.

Pictures of each are left in the folder that SOP_SCREENSHOTS names.
"""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as TookTooLong

from executive.demo.people import PASSWORD, PEOPLE
from tests.e2e.month.album import Album
from tests.e2e.month.desk import DESKTOP, PHONE, Desk, Office
from tests.rights.table import RIGHTS
from tests.stack import prepared_stack

# One database is enough to look at pages.
pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

# The viewer of the API and Django's administration are packages' own pages; signing out would end the walk.
NOT_WALKED = ("admin:", "account_logout", "api-docs")
# Charts are drawn anew a moment after the window has another size.
FITS, REDRAW_MS = "() => document.documentElement.scrollWidth <= innerWidth", 5_000
# The first page of all, and the search box, which administrators do not have.
STARTS, ADMINISTRATOR = ("/", "/search/?q=a"), "admin"
# Led to by other means than a link: the first address of all, addresses that lead on.
LED_TO = {"home", "cycles:home", "demand:meeting"}
# Answered to scripts and buttons of other pages, or saved as a file.
PARTS = {"demand:advice", "demand:cell", "demand:facts", "demand:gate", "demand:grid"}
FILES = {
    "datahub:errors",
    "datahub:template",
    "demand:export",
    "portfolio:export",
    "reconciliation:export",
    "supply:workbook",
}
# The product review of the demo's month is signed, later ones have not begun: nobody changes anything there, and no
# link leads to these forms. The two months that are worked through in the browser open them.
SHUT_NOW = {
    "datahub:columns",
    "executive:decision-add",
    "executive:plan-of",
    "executive:send-back",
    "executive:words",
    "portfolio:family",
    "portfolio:family-new",
    "portfolio:launch",
    "portfolio:launch-new",
    "portfolio:phase-out",
    "portfolio:phase-out-new",
    "portfolio:rules",
    "reconciliation:difference",
    "reconciliation:difference-new",
    "reconciliation:scenario-from-gap",
    "reconciliation:scenario-new",
    "reconciliation:scenario-words",
    "supply:add-input",
    "supply:input-row",
}


class Links(HTMLParser):
    """The addresses that a page's links lead to; what a link saves as a file is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "a" and named.get("href") and "download" not in named:
            self.found.append(str(named["href"]))


@dataclass
class Walk:
    """Goes from link to link as one person after another; each kind of page is looked at once."""

    office: Office
    looked_at: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)

    def as_person(self, person: str) -> None:
        desk = self.office.desk(person)
        waiting, met = deque(STARTS if person != ADMINISTRATOR else STARTS[:1]), {"/"}
        while waiting:
            path = waiting.popleft()
            for found in self._links_of(desk, path):
                kind = _kind(found)
                if kind and kind not in met:
                    met.add(kind)
                    waiting.append(found)

    def _links_of(self, desk: Desk, path: str) -> list[str]:
        answer = desk.page.request.get(path)
        if not answer.ok:
            self.dead.append(f"{desk.person}: {path} answers {answer.status}")
            return []
        if "text/html" not in answer.headers.get("content-type", ""):
            return []
        kind = _kind(urlsplit(answer.url).path) if path != "/" else f"home {desk.person}"
        if kind and kind not in self.looked_at:
            self.looked_at.add(kind)
            self._look(desk, path, kind)
        links = Links()
        links.feed(answer.text())
        return [target for href in links.found if (target := _same_site(answer.url, href))]

    def _look(self, desk: Desk, path: str, kind: str) -> None:
        name = kind.replace(":", " ").replace("?", " ")
        desk.open(path).keep(name)
        desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        try:
            desk.page.wait_for_function(FITS, timeout=REDRAW_MS)
        except TookTooLong:
            width = desk.page.evaluate("document.documentElement.scrollWidth")
            self.too_wide.append(f"{path} is {width} px wide")
        desk.page.screenshot(path=self.office.album.folder / f"{name}-phone.png", full_page=True)
        desk.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def _kind(path: str) -> str:
    """The name of the page's address, apart for pages of an earlier cycle; empty for what is not walked."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return f"unknown address {path}"
    if not name or name.startswith(NOT_WALKED):
        return ""
    return f"{name}?earlier" if parse_qs(parts.query).get("cycle", ["now"]) != ["now"] else name


def _same_site(page: str, href: str) -> str:
    target = urlsplit(urljoin(page, href))
    if target.netloc != urlsplit(page).netloc:
        return ""
    return f"{target.path}?{target.query}" if target.query else target.path


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Office]:
    """The demo company, served; no script may fail."""
    folder = tmp_path / "installation"
    folder.mkdir()
    with prepared_stack(folder) as stack:
        stack.run("manage", "make_demo", "--size", "tiny")
        stack.start()
        stack.wait_until_ready()
        pictures = Path(os.environ.get("SOP_SCREENSHOTS", tmp_path / "pictures")) / "every page"
        office = Office(browser, stack.url, Album(pictures), password=PASSWORD)
        yield office
        office.close()
    assert office.errors == []
    assert office.album.violations == [], "\n".join(office.album.violations)


def test_every_page_is_reached_and_holds(office: Office) -> None:
    walk = Walk(office)
    for person in PEOPLE:
        walk.as_person(person)
    assert walk.dead == [], "\n".join(walk.dead)
    assert walk.too_wide == [], "\n".join(walk.too_wide)
    reached = {kind.partition("?")[0] for kind in walk.looked_at}
    pages = {name for name, rights in RIGHTS.items() if rights.read and "_api:" not in name}
    assert pages - reached - LED_TO - PARTS - FILES - SHUT_NOW == set()
