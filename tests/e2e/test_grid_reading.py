"""The planning grid: the tree, moving about, units, what a screen reader is told, and many rows."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.fake_plan import FakePlan
from tests.e2e.fake_server import FakeServer
from tests.e2e.grid_driver import GRID, GridDriver

pytestmark = pytest.mark.browser


@pytest.fixture
def grid(page: Page) -> GridDriver:
    return GridDriver(page).open()


def reads(plan: FakePlan) -> list[dict]:
    return [query for path, query in plan.requests if path == "/plan"]


# ---- the tree ----


def test_children_come_when_their_branch_is_opened_and_only_once(grid: GridDriver, plan: FakePlan) -> None:
    before = grid.count_rows()
    grid.expand("family:Coffee")
    assert grid.count_rows() == before + 3 * 5
    grid.press("Alt+ArrowLeft")
    assert grid.count_rows() == before
    grid.press("Alt+ArrowRight")
    assert grid.count_rows() == before + 3 * 5
    assert [query["parent"] for query in reads(plan)] == ["", "family:Coffee"]


def test_closing_a_branch_takes_the_cursor_to_its_head(grid: GridDriver) -> None:
    grid.expand("family:Coffee")
    grid.go("product:Filter", "sales", 8)
    grid.page.locator("[aria-level='2'] .pg-twist[aria-label='Close Coffee']").first.click()
    assert grid.cursor()["node"] == "family:Coffee"


def test_a_level_is_opened_as_a_whole(grid: GridDriver, plan: FakePlan) -> None:
    grid.page.get_by_role("button", name="Market", exact=True).click()
    grid.page.wait_for_function(f"() => {GRID}.model.nodes.has('stream:Sencha:France')")
    assert reads(plan)[-1]["depth"] == "3"
    assert grid.count_rows() == (1 + 3 + 6 + 12) * 5


def test_only_what_needs_attention_with_what_is_above_it(grid: GridDriver, plan: FakePlan) -> None:
    grid.expand("family:Coffee")
    expect(grid.page.locator("[data-attention-count]")).to_have_text("")
    grid.page.get_by_role("button", name="Product", exact=True).click()
    expect(grid.page.locator("[data-attention-count]")).to_have_text("1")
    button = grid.page.get_by_role("button", name="Needs attention")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    grid.page.wait_for_timeout(200)
    assert reads(plan)[-1]["attention"] == "1"


def test_measures_can_be_hidden_and_inputs_shown_alone(grid: GridDriver) -> None:
    grid.page.get_by_role("button", name="Baseline", exact=True).click()
    assert grid.count_rows() == 4 * 4
    grid.page.get_by_role("button", name="Only inputs").click()
    assert grid.count_rows() == 4 * 2


def test_units_and_money(grid: GridDriver, plan: FakePlan) -> None:
    units = grid.shown("all", "sales", 8)
    grid.page.get_by_role("button", name="€", exact=True).click()
    expect(grid.cell("all", "sales", 8)).to_have_text(f"{units * 2:,.0f}")
    grid.go("family:Tea", "sales", 8)
    grid.enter("2000")
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", 8) == 1000
    grid.page.get_by_role("button", name="Units", exact=True).click()
    expect(grid.cell("family:Tea", "sales", 8)).to_have_text("1,000")


# ---- moving ----


def test_keys_move_choose_and_jump(grid: GridDriver) -> None:
    grid.go("all", "history", 0)
    grid.press("ArrowDown", "ArrowRight")
    assert grid.cursor() == {"node": "all", "measure": "baseline", "column": 1}
    grid.press("End")
    assert grid.cursor()["column"] == 17
    grid.press("Home")
    assert grid.cursor()["column"] == 0
    grid.press("Control+ArrowDown")
    assert grid.cursor()["node"] == "family:Cocoa"
    grid.press("Control+Home")
    assert grid.cursor() == {"node": "all", "measure": "history", "column": 0}
    grid.press("PageDown")
    assert grid.cursor()["node"] != "all"
    grid.press("Control+a")
    expect(grid.page.locator("[data-selection]")).to_contain_text("20 × 18")


def test_the_status_line_sums_what_is_chosen(grid: GridDriver) -> None:
    grid.go("family:Tea", "sales", 6)
    grid.press("Shift+ArrowRight")
    first, second = grid.shown("family:Tea", "sales", 6), grid.shown("family:Tea", "sales", 7)
    status = grid.page.locator("[data-selection]")
    expect(status).to_contain_text("1 × 2")
    expect(status).to_contain_text(f"Sum {first + second:,.0f}")
    expect(status).to_contain_text(f"Average {(first + second) / 2:,.0f}")
    expect(status).to_contain_text("Count 2")


def test_the_mouse_chooses_a_block(grid: GridDriver) -> None:
    grid.cell("family:Tea", "marketing", 6).hover()
    grid.page.mouse.down()
    grid.cell("family:Tea", "sales", 8).hover()
    grid.page.mouse.up()
    expect(grid.page.locator("[data-selection]")).to_contain_text("2 × 3")


def test_tab_leaves_the_grid(grid: GridDriver) -> None:
    grid.go("all", "sales", 8)
    grid.press("Tab")
    assert not grid.page.evaluate(f"{GRID}.view.host.contains(document.activeElement)")


def test_the_list_of_keys(grid: GridDriver) -> None:
    grid.go("all", "sales", 8)
    grid.press("?")
    dialog = grid.page.get_by_role("dialog", name="Keys of the grid")
    expect(dialog).to_contain_text("in proportion")
    grid.press("Escape")
    expect(dialog).to_be_hidden()


def test_frozen_columns_stay_while_months_scroll(grid: GridDriver) -> None:
    grid.go("all", "sales", 17)
    label = grid.page.locator(".pg-body .pg-frozen").first
    assert grid.page.evaluate(f"{GRID}.view.host.scrollLeft") > 0
    assert label.bounding_box()["x"] == grid.page.locator(".pg").bounding_box()["x"]


def test_the_charts_months_stand_above_the_columns(grid: GridDriver) -> None:
    grid.page.wait_for_selector(".plan-panel .main-svg")
    grid.go("all", "sales", 17)
    grid.page.wait_for_timeout(300)
    line = grid.page.evaluate(
        "() => { const chart = document.querySelector('[data-grid-chart]'); const axis = chart._fullLayout.xaxis;"
        " return chart.getBoundingClientRect().left + axis._offset + axis.d2p(17); }"
    )
    cell = grid.cell("all", "sales", 17).bounding_box()
    assert line == pytest.approx(cell["x"] + cell["width"] / 2, abs=2)


# ---- many rows ----


def test_ten_thousand_rows_keep_the_page_small(server: FakeServer, page: Page) -> None:
    server.plan = FakePlan(products_per_family=230)
    grid = GridDriver(page).open()
    grid.page.get_by_role("button", name="Market", exact=True).click()
    grid.page.wait_for_function(f"() => {GRID}.model.rows.length > 10000", timeout=60_000)
    assert grid.page.locator(".pg-body .pg-row").count() < 60
    grid.press("Tab")
    grid.go("stream:Cocoa 229:France", "consensus", 17)
    expect(grid.cell("stream:Cocoa 229:France", "consensus", 17)).to_be_visible()


# ---- told to a screen reader ----


def test_a_treegrid_with_levels_counts_and_a_named_cell(grid: GridDriver) -> None:
    table = grid.page.get_by_role("treegrid", name="Demand plan by month")
    expect(table).to_have_attribute("aria-rowcount", "21")
    expect(table).to_have_attribute("aria-colcount", "20")
    grid.go("family:Coffee", "sales", 4)
    active = table.get_attribute("aria-activedescendant")
    cell = grid.page.locator(f"#{active}")
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(cell).to_have_attribute("aria-description", "Inside the time fence, locked.")
    row = grid.page.locator(".pg-body [aria-rowindex='7']")
    expect(row).to_have_attribute("aria-level", "2")
    expect(row).to_have_attribute("aria-expanded", "false")


def test_results_are_told_in_the_status_region(grid: GridDriver) -> None:
    grid.go("family:Tea", "sales", 8)
    grid.enter("900")
    expect(grid.page.locator("[data-live]")).to_contain_text("cells changed")


def test_a_plan_that_cannot_be_loaded_says_so_and_offers_to_try_again(page: Page, plan: FakePlan) -> None:
    plan.down = True
    page.goto("/grid/")
    expect(page.get_by_text("The plan could not be loaded")).to_be_visible()
    plan.down = False
    page.get_by_role("button", name="Try again").click()
    page.wait_for_function(f"() => {GRID}.model.rows.length > 0")
    expect(page.get_by_text("The plan could not be loaded")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_grid(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    grid = GridDriver(page).open()
    grid.expand("family:Coffee")
    grid.press("Shift+ArrowRight")
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


# ---- numbers ----

READ = [
    ("en", "1,234.5", 1234.5),
    ("en", "1.234,5", None),
    ("en", "(120)", -120),
    ("en", "1 300", 1300),
    ("en", "12%", 0.12),
    ("en", "1,23", None),
    ("en", "€ 40", 40),
    ("en", "-", None),
    ("en", "1.2E+03", 1200),
    ("en", "2.5m", 2_500_000),
    ("de", "1.234,5", 1234.5),
    ("de", "1.234", 1234),
    ("de", "1,234", 1.234),
    ("de", "1,234.5", None),
    ("de", "−7", -7),
    ("fr", "1\u202f234,5", 1234.5),
    ("fr", "1 234,5", 1234.5),
    ("fr", "1.234", None),
    ("ch", "1’234.5", 1234.5),
    ("ch", "1'234", 1234),
]
SHOWN = [("en", "1,234.5"), ("de", "1.234,5"), ("fr", "1\u202f234,5"), ("ch", "1’234.5")]


def test_numbers_are_read_strictly_in_the_persons_format(page: Page) -> None:
    page.goto("/grid/")
    script = (
        "async ([cases, shown]) => { const { NumberFormat } = await import('/static/js/grid/numbers.js');"
        " const read = ([code, text]) => new NumberFormat(code).parse(text);"
        " return [cases.map(read), shown.map(code => new NumberFormat(code).format(1234.5, 1))]; }"
    )
    read, written = page.evaluate(script, [[case[:2] for case in READ], [code for code, _ in SHOWN]])
    wrong = [(case, value) for case, value in zip(READ, read, strict=True) if value != pytest.approx(case[2])]
    assert wrong == []
    assert written == [text for _, text in SHOWN]


def test_parts_always_add_up_to_the_whole(page: Page) -> None:
    page.goto("/grid/")
    script = (
        "async cases => { const { spread } = await import('/static/js/grid/numbers.js');"
        " return cases.map(([total, weights]) => spread(total, weights)); }"
    )
    cases = [[100, [1, 1, 1]], [7, [0, 0, 0]], [0, [3, 4]], [1, [5, 5, 5, 5]], [10, [2, 0, 3]]]
    parts = page.evaluate(script, cases)
    assert [sum(found) for found in parts] == [total for total, _ in cases]
    assert parts[4] == [4, 0, 6]
