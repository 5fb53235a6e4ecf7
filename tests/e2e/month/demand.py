"""The demand review: sales and marketing change the plan in the grid with reasons, the planner corrects and submits."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.grid_driver import GRID, GridDriver
from tests.e2e.month.desk import RUN_PATIENCE_MS, Desk

FUNCTIONS = ("sales", "marketing")


def open_the_plan(desk: Desk) -> GridDriver:
    """The page with its grid; a forecast that is being computed is waited for."""
    desk.open("/demand/")
    desk.wait_for_runs()
    desk.page.wait_for_function(f"() => {GRID}?.model.rows.length > 0", timeout=RUN_PATIENCE_MS)
    expect(desk.page.locator("[data-grid-facts] dl")).to_be_visible()
    return GridDriver(desk.page)


def sales_raises_a_family(desk: Desk) -> None:
    """A family three months ahead, spread to its products; a large change asks why."""
    grid = open_the_plan(desk)
    desk.keep("demand")
    family, column = largest_family(grid), first_plan(grid) + 3
    before = grid.shown(family, "consensus", column)
    grid.go(family, "sales", column)
    grid.enter(f"={round((before or 0) * 1.25)}")
    give_a_reason(desk, "A listing was won at a large customer")
    grid.wait_saved()
    after = grid.shown(family, "consensus", column)
    assert after == round((before or 0) * 1.25), (before, after)
    grid.expand(family)
    children = desk.page.evaluate(f"family => {GRID}.model.nodes.get(family).children", family)
    parts = [grid.shown(child, "consensus", column) or 0 for child in children]
    assert abs(sum(parts) - (after or 0)) < 0.5, "the parts add up to what was entered"


def planner_corrects_and_takes_back(desk: Desk) -> None:
    """A change of the planner, and one that is undone again."""
    grid = open_the_plan(desk)
    family, column = largest_family(grid), first_plan(grid) + 4
    before = grid.shown(family, "consensus", column) or 0
    change(desk, grid, family, column, round(before * 0.98))
    change(desk, grid, family, column + 1, 1)
    grid.press("Control+z")
    desk.page.wait_for_function(
        f"([family, column]) => {GRID}.model.valueOf({GRID}.model.nodes.get(family), 'consensus', column) !== 1",
        arg=[family, column + 1],
    )
    grid.wait_saved()
    assert grid.shown(family, "consensus", column) == round(before * 0.98)


def change(desk: Desk, grid: GridDriver, node: str, column: int, value: int) -> None:
    grid.go(node, "planner", column)
    grid.enter(f"={value}")
    give_a_reason(desk, "Sales came a month later than planned")
    desk.page.wait_for_function(
        f"([node, column, value]) => {GRID}.model.valueOf({GRID}.model.nodes.get(node), 'consensus', column) === value",
        arg=[node, column, value],
    )
    grid.wait_saved()


def give_a_reason(desk: Desk, comment: str) -> None:
    """Where the change is large enough to be asked for one."""
    dialog = desk.page.get_by_role("dialog", name="Why this change?")
    answered = desk.page.locator("[data-saved]", has_text="All changes saved")
    expect(dialog.or_(answered).first).to_be_visible()
    if dialog.count():
        desk.keep("demand-reason")
        dialog.get_by_label("Reason").select_option(index=1)
        dialog.get_by_label("Comment").fill(comment)
        dialog.get_by_role("button", name="Save", exact=True).click()


def submits_input(desk: Desk, *functions: str) -> None:
    """Gives the word of a function for one's own families and markets."""
    for function in functions:
        desk.open("/demand/")
        desk.page.get_by_role("button", name="Submit my plan").click()
        desk.press(f"Submit {function}", within=desk.page.locator("dialog#inputs"))


def reviews_every_family(desk: Desk) -> None:
    while True:
        desk.open("/demand/")
        desk.page.locator("[data-open-dialog=families]").click()
        desk.keep("demand-families")
        waiting = desk.page.locator("dialog#families").get_by_role("button", name="Reviewed", exact=False)
        waiting = waiting.filter(has_not_text="Not reviewed")
        if not waiting.count():
            return
        with desk.new_page():
            waiting.first.click()


def submits(desk: Desk) -> None:
    _in_the_gate(desk, "Submit for signature")


def signs(desk: Desk) -> None:
    _in_the_gate(desk, "Sign")


def _in_the_gate(desk: Desk, act: str) -> None:
    desk.open("/demand/")
    desk.page.locator("[data-open-dialog=gate]").click()
    expect(desk.page.locator("dialog#gate .checks")).to_be_visible()
    desk.keep("demand-gate")
    desk.press(act, within=desk.page.locator("dialog#gate"))


def looks_at_the_ledger(desk: Desk) -> None:
    desk.open("/demand/changes/")
    desk.sees("A listing was won at a large customer")
    desk.keep("demand-changes")
    desk.open("/demand/?print=1")
    desk.keep("demand-table")


def largest_family(grid: GridDriver) -> str:
    column = first_plan(grid) + 3
    families: list[dict[str, Any]] = grid.page.evaluate(
        f"column => [...{GRID}.model.nodes.values()].filter(node => node.id.startsWith('family:') && node.level === 1)"
        ".map(node => ({ id: node.id, units: node.values.consensus[column] }))",
        column,
    )
    return str(max(families, key=lambda family: family["units"] or 0)["id"])


def first_plan(grid: GridDriver) -> int:
    return int(grid.page.evaluate(f"{GRID}.model.firstPlan"))
