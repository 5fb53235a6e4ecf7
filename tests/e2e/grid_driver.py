"""Drives the planning grid as a person would, and looks at what it shows."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

GRID = "document.querySelector('[data-plan-grid]').planGrid"


class GridDriver:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.keyboard = page.keyboard

    def open(self, path: str = "/grid/") -> "GridDriver":
        self.page.goto(path)
        self.page.wait_for_function(f"() => {GRID}?.model.rows.length > 0")
        return self

    # ---- doing ----

    def go(self, node: str, measure: str, column: int) -> None:
        """Puts the cursor into a cell."""
        self.page.evaluate(
            f"([node, measure, column]) => {{ const grid = {GRID};"
            " grid.selection.go({ row: grid.model.rowIndex(node, measure), column }); grid.view.table.focus(); }",
            [node, measure, column],
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keyboard.press(key)

    def enter(self, text: str, key: str = "Enter") -> None:
        self.keyboard.type(text)
        self.keyboard.press(key)

    def expand(self, node: str) -> None:
        self.go(node, "sales", 8)
        self.press("Alt+ArrowRight")
        self.page.wait_for_function(
            f"node => {GRID}.model.open.has(node) && {GRID}.model.nodes.get(node).children", arg=node
        )

    def put_on_clipboard(self, text: str, html: str = "") -> None:
        self.page.evaluate(
            "async ([text, html]) => { const item = { 'text/plain': new Blob([text], { type: 'text/plain' }) };"
            " if (html) item['text/html'] = new Blob([html], { type: 'text/html' });"
            " await navigator.clipboard.write([new ClipboardItem(item)]); }",
            [text, html],
        )

    def clipboard(self) -> str:
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    # ---- seeing ----

    def shown(self, node: str, measure: str, column: int) -> float | None:
        """The number the grid stands for, with what is still on its way."""
        return self.page.evaluate(
            f"([node, measure, column]) => {GRID}.model.valueOf({GRID}.model.nodes.get(node), measure, column)",
            [node, measure, column],
        )

    def cell(self, node: str, measure: str, column: int) -> Locator:
        row = self.page.evaluate(
            f"([node, measure]) => {GRID}.model.rowIndex(node, measure)", [node, measure]
        )
        return self.page.locator(f".pg-body [aria-rowindex='{row + 2}'] [aria-colindex='{column + 3}']")

    def cursor(self) -> dict[str, Any]:
        return self.page.evaluate(
            f"() => ({{ node: {GRID}.selection.row().node.id, measure: {GRID}.selection.row().measure.key,"
            f" column: {GRID}.selection.cursor.column }})"
        )

    def wait_saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_contain_text("All changes saved")

    def message(self) -> Locator:
        return self.page.locator("[data-message]")

    def count_rows(self) -> int:
        return int(self.page.evaluate(f"{GRID}.model.rows.length"))
