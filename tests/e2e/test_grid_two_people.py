"""The grid of the running application at more than 10,000 rows and 60 months, with two people in the same cells."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.grid_driver import GRID, GridDriver
from tests.e2e.large_company import HORIZON, PASSWORD
from tests.stack import ROOT, Stack, prepared_stack

pytestmark = [pytest.mark.browser]

FIRST = 12  # of the plan months, behind a year of history
PATIENCE_MS = 30_000


@dataclass
class Planner:
    """A person at the grid, signed in once for all tests."""

    context: BrowserContext
    grid: GridDriver

    def open(self, *levels: str) -> GridDriver:
        """A fresh page of the whole tree, or of the branches named by their codes."""
        self.grid.page.goto("/demand/")
        self.grid.page.wait_for_function(f"() => {GRID}?.model.rows.length > 0", timeout=PATIENCE_MS)
        for code in levels:
            node = self.node(code)
            self.grid.page.evaluate(f"node => {GRID}.toggle({GRID}.model.nodes.get(node), true)", node)
        return self.grid

    def node(self, code: str, market: str = "") -> str:
        """The id of the row with a code, or of its row for a market."""
        find = (
            f"([code, market]) => {{ const nodes = [...{GRID}.model.nodes.values()];"
            " const product = nodes.find(node => node.code === code && !node.id.startsWith('stream'));"
            " return (market ? nodes.find(node => node.parent === product.id && node.code === market) : product).id; }"
        )
        return str(self.grid.page.evaluate(find, [code, market]))

    def row(self, node: str, measure: str = "planner") -> list[float | None]:
        found: list[float | None] = self.grid.page.evaluate(
            f"([node, measure]) => [...{GRID}.model.nodes.get(node).values[measure]]", [node, measure]
        )
        return found

    def enter(self, node: str, column: int, text: str, measure: str = "planner") -> None:
        self.grid.go(node, measure, column)
        self.grid.enter(text)

    def saved(self) -> None:
        expect(self.grid.page.locator("[data-saved]")).to_contain_text(
            "All changes saved", timeout=PATIENCE_MS
        )

    def says(self, words: str | re.Pattern[str]) -> None:
        expect(self.grid.message()).to_contain_text(words, timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with prepared_stack(Path(tmp_path_factory.mktemp("two-people"))) as stack:
        environment = {**os.environ, **stack.environment, "DJANGO_SETTINGS_MODULE": "sop.settings"}
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.large_company"], cwd=ROOT, env=environment, check=True
        )
        stack.start("web")
        deadline = time.monotonic() + 120
        while stack.answers("/live") != 200:  # no run is asked for, so the page alone is enough
            assert time.monotonic() < deadline, stack.log("web")[-2000:]
            time.sleep(0.2)
        yield stack


@pytest.fixture(scope="module")
def planners(browser: Browser, stack: Stack) -> Iterator[dict[str, Planner]]:
    people = {}
    for name in ("mara", "jonas"):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=stack.url)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stack.url)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"/$"), timeout=PATIENCE_MS)
        people[name] = Planner(context, GridDriver(page))
    yield people
    for person in people.values():
        person.context.close()


@pytest.fixture
def mara(planners: dict[str, Planner]) -> Planner:
    return planners["mara"]


@pytest.fixture
def jonas(planners: dict[str, Planner]) -> Planner:
    return planners["jonas"]


def test_ten_thousand_rows_over_sixty_months_stay_a_small_page(mara: Planner) -> None:
    grid = mara.open()
    grid.page.evaluate(f"{GRID}.arrange(model => model.hidden.clear())")
    grid.page.evaluate(f"{GRID}.showLevel(3)")
    assert grid.count_rows() > 10_000
    assert grid.page.evaluate(f"{GRID}.model.months.length") == FIRST + HORIZON == 60
    assert grid.page.evaluate("document.querySelectorAll('*').length") < 5_500
    grid.press("Control+End")
    last = grid.cursor()
    grid.go(last["node"], "planner", 59)
    before = grid.shown("all", "planner", 59) or 0
    grid.enter("+12")
    mara.saved()
    assert grid.shown("all", "planner", 59) == before + 12


def test_an_edit_at_the_top_reaches_every_open_row_and_the_other_person(
    mara: Planner, jonas: Planner
) -> None:
    grid = mara.open("F0")
    family, product = mara.node("F0"), mara.node("P000")
    before, part = mara.row("all"), mara.row(product)
    mara.enter("all", 20, "*1.1")
    mara.saved()
    expect(grid.message()).to_contain_text("800 cells changed")
    total = round((before[20] or 0) * 1.1)
    assert mara.row("all")[20] == total
    assert mara.row(product)[20] == pytest.approx((part[20] or 0) * 1.1, abs=0.001)
    assert [value for place, value in enumerate(mara.row("all")) if place != 20] == [
        value for place, value in enumerate(before) if place != 20
    ]
    jonas.open("F0")
    assert (jonas.row("all")[20], jonas.row(family)[20]) == (total, mara.row(family)[20])


def test_of_two_values_for_one_cell_the_second_person_is_asked(mara: Planner, jonas: Planner) -> None:
    for person in (mara, jonas):
        person.open("F0")
    product = mara.node("P005")
    now = round(mara.row(product)[22] or 0)
    mara.enter(product, 22, f"{now + 10}")
    mara.saved()
    jonas.enter(product, 22, f"{now + 20}")
    dialog = jonas.grid.page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_contain_text("Mara", timeout=PATIENCE_MS)
    cells = [text.replace(",", "") for text in dialog.locator("tbody td.num").all_inner_texts()]
    assert [float(text.split()[0]) for text in cells] == [now, now + 10, now + 20]
    expect(jonas.grid.cell(product, "planner", 22)).to_have_class(re.compile("conflict"))
    dialog.get_by_role("button", name="Save").click()
    jonas.saved()
    assert jonas.row(product)[22] == now + 20

    mara.enter(product, 22, f"{now + 30}")
    dialog = mara.grid.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Take all of theirs").click(timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="Save").click()
    mara.grid.page.wait_for_function(
        f"([node, value]) => {GRID}.model.nodes.get(node)?.values.planner[22] === value",
        arg=[product, now + 20],
        timeout=PATIENCE_MS,
    )
    expect(mara.grid.page.locator(".pg-cell.conflict")).to_have_count(0)


def test_neighbouring_cells_of_two_people_are_no_conflict(mara: Planner, jonas: Planner) -> None:
    for person in (mara, jonas):
        person.open("F1")
    product = mara.node("P001")
    mara.enter(product, 24, "700")
    jonas.enter(product, 25, "800")
    for person in (mara, jonas):
        person.saved()
    mara.open("F1")
    assert mara.row(product)[24:26] == [700, 800]


def test_each_takes_back_her_own_and_the_start_is_restored(mara: Planner, jonas: Planner) -> None:
    for person in (mara, jonas):
        person.open("F2")
    family, product = mara.node("F2"), mara.node("P002")
    start = mara.row(family), mara.row(product)
    mara.enter(product, 26, "+50")
    mara.saved()
    jonas.open("F2")
    jonas.enter(family, 26, "*1.2")
    jonas.saved()
    mara.grid.go(product, "planner", 26)
    mara.grid.press("Control+z")
    mara.says("Undone")
    mara.saved()
    mara.open("F2")  # what Jonas did stands on what is left
    assert mara.row(product)[26] == pytest.approx((start[1][26] or 0) * 1.2, abs=0.001)
    jonas.grid.press("Control+z")
    jonas.says("Undone")
    jonas.saved()
    mara.open("F2")
    assert (mara.row(family), mara.row(product)) == start
    jonas.grid.press("Control+y")
    jonas.says("Done again")
    jonas.saved()
    mara.open("F2")
    assert mara.row(product)[26] == pytest.approx((start[1][26] or 0) * 1.2, abs=0.001)


def test_a_locked_row_holds_against_the_other_person(mara: Planner, jonas: Planner) -> None:
    for person in (mara, jonas):
        person.open("F3")
    family, product = mara.node("F3"), mara.node("P003")
    before = mara.row(product)
    mara.grid.go(product, "planner", 28)
    mara.grid.press("Alt+Shift+L")
    mara.says("4 rows locked")
    expect(mara.grid.cell(product, "planner", 40)).to_have_class(re.compile("locked"))
    expect(mara.grid.cell(family, "planner", 40)).to_have_class(re.compile("in-part"))
    jonas.enter(product, 28, "+5")  # his page does not know of the lock yet
    jonas.says("locked")
    jonas.enter(family, 28, "*1.5")
    jonas.saved()
    jonas.says("4 locked left as they were")
    jonas.open("F3")
    assert jonas.row(product) == before
    jonas.grid.go(product, "planner", 28)
    jonas.grid.press("Enter")
    jonas.says("The row is locked.")
    mara.grid.go(product, "planner", 28)
    mara.grid.press("Alt+Shift+L")
    mara.says("4 rows unlocked")


def test_cells_of_one_month_are_locked_and_opened(mara: Planner) -> None:
    grid = mara.open("F3")
    product = mara.node("P008")
    grid.go(product, "planner", 30)
    grid.press("Shift+ArrowRight", "Alt+l")
    mara.says("8 cells locked")
    before = mara.row(product)
    mara.enter(mara.node("F3"), 30, "+400")
    mara.saved()
    assert mara.row(product) == before
    grid.go(product, "planner", 30)
    grid.press("Shift+ArrowRight", "Alt+l")
    mara.says("8 cells unlocked")


def test_a_ragged_block_from_a_spreadsheet_lands_on_the_inputs(mara: Planner, jonas: Planner) -> None:
    grid = mara.open("F2")
    grid.page.get_by_role("button", name="Only inputs").click()
    product = mara.node("F2")
    before = mara.row(product), mara.row(product, "consensus")
    html = (
        "<table><tr><td data-value='9100.5'>9.100,50</td><td></td><td>9,300</td></tr>"
        "<tr><td>9,400</td></tr></table>"
    )
    grid.go(product, "planner", 32)
    grid.put_on_clipboard("9100\t\t9300\n9400", html)
    grid.press("Control+v")
    mara.saved()
    after = mara.row(product)
    assert [after[32], after[34]] == [9100.5, 9300]
    assert after[33] == before[0][33]  # an empty cell of the block is no zero
    assert mara.row(product, "consensus")[32] == 9400
    assert after[:32] + after[35:] == before[0][:32] + before[0][35:]
    jonas.open()
    assert jonas.row(product)[32:35] == after[32:35]
    grid.press("Control+z")
    mara.says("Undone")
    mara.saved()
    assert (mara.row(product), mara.row(product, "consensus")) == before


def test_zero_is_no_empty_cell_and_an_input_can_be_taken_back(mara: Planner) -> None:
    grid = mara.open("F1")
    product = mara.node("P006")
    before = mara.row(product)[36]
    mara.enter(product, 36, "0")
    mara.saved()
    assert mara.row(product)[36] == 0
    expect(grid.cell(product, "planner", 36)).to_have_text("–")
    expect(grid.cell(product, "history", 36)).to_have_text("")
    grid.go(product, "planner", 36)
    grid.press("Delete")
    mara.saved()
    assert mara.row(product)[36] == before


def test_what_was_never_sold_is_shared_equally_and_fills_to_the_right(mara: Planner) -> None:
    grid = mara.open("F4")
    product = mara.node("P004")
    mara.enter(product, 38, "100")
    mara.saved()
    grid.page.evaluate(f"node => {GRID}.toggle({GRID}.model.nodes.get(node), true)", product)
    assert [mara.row(mara.node("P004", code))[38] for code in ("DE", "FR", "IT", "UK")] == [25.0] * 4
    grid.go(product, "planner", 38)
    grid.press("Shift+ArrowRight", "Shift+ArrowRight", "Control+r")
    mara.saved()
    assert mara.row(product)[38:42] == [100, 100, 100, 0]


def test_boxes_are_entered_and_units_follow(mara: Planner) -> None:
    grid = mara.open("F1")
    product = mara.node("P011")
    grid.page.locator("[data-unit=BOX]").click()
    grid.page.wait_for_function(
        f"node => {GRID}.model.unit === 'BOX' && {GRID}.model.nodes.has(node)",
        arg=product,
        timeout=PATIENCE_MS,
    )
    mara.enter(product, 40, "60")
    mara.saved()
    assert mara.row(product)[40] == pytest.approx(60, abs=0.001)
    grid.page.locator("[data-unit=units]").click()
    grid.page.wait_for_function(
        f"node => {GRID}.model.unit === 'units' && {GRID}.model.nodes.has(node)",
        arg=product,
        timeout=PATIENCE_MS,
    )
    assert mara.row(product)[40] == pytest.approx(720, abs=0.01)


def test_a_lost_connection_keeps_the_edits_says_so_and_sends_them_once(mara: Planner, jonas: Planner) -> None:
    grid = mara.open("F2")
    product = mara.node("P007")
    before = mara.row(product)
    mara.context.set_offline(True)
    try:
        mara.enter(product, 42, "+7")
        mara.enter(product, 43, "+8")
        expect(grid.page.locator("[data-saved]")).to_contain_text("Connection lost: 2 changes kept")
    finally:
        mara.context.set_offline(False)
    mara.saved()
    jonas.open("F2")
    assert jonas.row(product)[42:44] == [(before[42] or 0) + 7, (before[43] or 0) + 8]


def test_comments_and_the_history_of_a_cell_reach_the_other_person(mara: Planner, jonas: Planner) -> None:
    grid = mara.open("F0")
    product = mara.node("P010")
    was = mara.row(product)[44]
    mara.enter(product, 44, "2000")
    reason = grid.page.get_by_role("dialog", name="Why this change?")
    reason.get_by_label("Reason").select_option("customer", timeout=PATIENCE_MS)
    reason.get_by_label("Comment").fill("Listing at the market leader")
    reason.get_by_role("button", name="Save", exact=True).click()
    mara.saved()
    grid.go(product, "planner", 44)
    grid.press("Shift+F2")
    panel = grid.page.locator(".pop")
    panel.get_by_label("New comment").fill("Contract is signed")
    panel.get_by_role("button", name="Comment", exact=True).click()
    expect(panel).to_contain_text("Contract is signed")
    jonas.open("F0")
    jonas.grid.go(product, "planner", 44)
    expect(jonas.grid.cell(product, "planner", 44)).to_have_class(re.compile("noted"))
    jonas.grid.press("Shift+F2")
    panel = jonas.grid.page.locator(".pop")
    for words in ("Contract is signed", "Mara", f"{was:g} → 2,000", "Listing at the market leader"):
        expect(panel).to_contain_text(words, timeout=PATIENCE_MS)
