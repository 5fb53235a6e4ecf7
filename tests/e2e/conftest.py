"""A browser, and the harness that serves pages drawn by the real templates beside a fake plan."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.drawn_pages import all_pages
from tests.e2e.fake_plan import FakePlan
from tests.e2e.fake_server import FakeServer

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Closed with each module: an open one keeps an event loop running, which Django's database layer refuses."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    fake = FakeServer(all_pages())
    yield fake
    fake.stop()


@pytest.fixture
def plan(server: FakeServer) -> FakePlan:
    server.plan = FakePlan()
    return server.plan


@pytest.fixture
def page(browser: Browser, server: FakeServer, plan: FakePlan) -> Iterator[Page]:
    """A fresh window; an error of any script fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
