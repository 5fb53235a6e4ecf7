"""The demand plan as an xlsx workbook that can be worked on and loaded again. No Django: rows in, bytes out.

Sheets: Read me; Plan, one row per product and market with the months of one measure, families and products
outlined above them as sums; Overview with a native chart; and, hidden, the figures as they were exported, so
that loading it again is a three-way merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from sop.workbooks import plain

PLAN, SNAPSHOT, OVERVIEW, COVER = "Plan", "As exported", "Overview", "Read me"
LABELS = ["Row", "Family", "Product", "Description", "Market"]
FIRST_MONTH = len(LABELS)
UNITS = "#,##0.###"
SUM_TOLERANCE = 0.01


@dataclass(frozen=True)
class PlanRow:
    """A row of the plan: its node, five labels and a figure per month; ``level`` 0 family, 1 product, 2 stream."""

    level: int
    node: str
    labels: Sequence[str]
    figures: Sequence[float | None]


@dataclass(frozen=True)
class Book:
    """What goes into the workbook; ``facts`` are lines of the cover, the last one tells how to use it."""

    title: str
    facts: Sequence[tuple[str, str]]
    months: Sequence[str]
    rows: Sequence[PlanRow]
    overview: Sequence[tuple[str, Sequence[float | None]]]
    identity: Sequence[tuple[str, str]]


def write(book: Book) -> bytes:
    """The workbook as bytes."""
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as target:
        styles = {
            "title": target.add_format({"bold": True, "font_size": 14}),
            "head": target.add_format({"bold": True, "bottom": 1}),
            "units": target.add_format({"num_format": UNITS}),
            "sum": target.add_format({"num_format": UNITS, "bold": True, "bg_color": "#F1F3F6"}),
            "label": target.add_format({"bold": True, "bg_color": "#F1F3F6"}),
        }
        _cover(target, book, styles)
        _plan(target, book, styles)
        _overview(target, book, styles)
        _snapshot(target, book)
    return buffer.getvalue()


def _cover(target: Any, book: Book, styles: dict[str, Any]) -> None:
    sheet = target.add_worksheet(COVER)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, book.title, styles["title"])
    for number, (label, text) in enumerate(book.facts, start=2):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, plain(text))


def _plan(target: Any, book: Book, styles: dict[str, Any]) -> None:
    sheet = target.add_worksheet(PLAN)
    sheet.outline_settings(True, False, True, False)  # sums stand above their parts
    sheet.freeze_panes(1, FIRST_MONTH)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, FIRST_MONTH - 1, 16)
    sheet.set_column(FIRST_MONTH, FIRST_MONTH + len(book.months) - 1, 11)
    for column, text in enumerate([*LABELS, *book.months]):
        sheet.write_string(0, column, text, styles["head"])
    for number, row in enumerate(book.rows, start=1):
        _plan_row(sheet, book, number, row, styles)


def _plan_row(sheet: Any, book: Book, number: int, row: PlanRow, styles: dict[str, Any]) -> None:
    from xlsxwriter.utility import xl_range

    is_sum = row.level < 2
    sheet.set_row(number, None, None, {"level": row.level})
    for column, text in enumerate([row.node, *row.labels]):
        sheet.write_string(number, column, plain(text), styles["label"] if is_sum else None)
    last = _last_part(book.rows, number - 1) + 1
    for column, figure in enumerate(row.figures, start=FIRST_MONTH):
        if figure is None:
            continue
        if is_sum:
            # SUBTOTAL leaves out the sums inside its range, so a family does not count its products twice.
            formula = f"=SUBTOTAL(9,{xl_range(number + 1, column, last, column)})"
            sheet.write_formula(number, column, formula, styles["sum"], figure)
        else:
            sheet.write_number(number, column, figure, styles["units"])


def _last_part(rows: Sequence[PlanRow], place: int) -> int:
    """The place of the last row below a sum."""
    end = place
    while end + 1 < len(rows) and rows[end + 1].level > rows[place].level:
        end += 1
    return end


def _overview(target: Any, book: Book, styles: dict[str, Any]) -> None:
    sheet = target.add_worksheet(OVERVIEW)
    sheet.set_column(0, len(book.overview), 14)
    for column, text in enumerate(["Month", *(name for name, _ in book.overview)]):
        sheet.write_string(0, column, text, styles["head"])
    count = max((len(figures) for _, figures in book.overview), default=0)
    chart = target.add_chart({"type": "line"})
    for column, (name, figures) in enumerate(book.overview, start=1):
        for number, figure in enumerate(figures, start=1):
            if figure is not None and name != "Month":
                sheet.write_number(number, column, figure, styles["units"])
        chart.add_series(
            {
                "name": [OVERVIEW, 0, column],
                "categories": [OVERVIEW, 1, 0, count, 0],
                "values": [OVERVIEW, 1, column, count, column],
            }
        )
    for number, month in enumerate(dict(book.identity).get("axis", "").split(), start=1):
        sheet.write_string(number, 0, month)
    chart.set_title({"name": "All products, units"})
    chart.set_size({"width": 900, "height": 360})
    sheet.insert_chart(1, len(book.overview) + 2, chart)


def _snapshot(target: Any, book: Book) -> None:
    sheet = target.add_worksheet(SNAPSHOT)
    sheet.very_hidden()
    for number, (key, value) in enumerate(book.identity):
        sheet.write_string(number, 0, key)
        sheet.write_string(number, 1, value)
    start = len(book.identity)
    sheet.write_row(start, 0, ["Row", *book.months])
    for number, row in enumerate((row for row in book.rows if row.level == 2), start=start + 1):
        sheet.write_string(number, 0, row.node)
        for column, figure in enumerate(row.figures, start=1):
            if figure is not None:
                sheet.write_number(number, column, figure)


@dataclass(frozen=True)
class Entry:
    """A changed figure: row, month, what was exported and what stands there now (None: emptied)."""

    node: str
    month: str
    base: float | None
    value: float | None


@dataclass(frozen=True)
class Reading:
    """What a workbook holds: its identity and what was changed, with what could not be read (place, words).

    ``overtyped`` are places of sums that no longer are the sum of their rows: they are not loaded.
    """

    identity: dict[str, str]
    entries: list[Entry]
    problems: list[tuple[str, str]]
    overtyped: list[str]


class NotOurs(Exception):
    """The file is no workbook of this plan; the message says why."""


def read(content: bytes, *, decimal: str, thousands: str) -> Reading:
    """Compares the sheet Plan with the figures as exported. Raises NotOurs for any other file.

    Numbers typed as text are read with the person's own marks; nothing is guessed.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        plan = book.get_sheet_by_name(PLAN).to_python(skip_empty_area=False)
        hidden = book.get_sheet_by_name(SNAPSHOT).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise NotOurs(
            "This is no workbook that was exported here. Export the plan, change it and load it."
        ) from error
    identity, months, base = _base(hidden)
    entries: list[Entry] = []
    problems: list[tuple[str, str]] = []
    columns = _month_columns(plan, months)
    seen: set[str] = set()
    sums = _Sums()
    for number, row in enumerate(plan[1:], start=2):
        node = str(row[0]).strip() if row else ""
        if node not in base:
            sums.expect(number, row, columns)
            continue
        if node in seen:
            problems.append((f"row {number}", "This product and market stands there twice."))
            continue
        seen.add(node)
        for month, column in columns.items():
            cell = row[column] if column < len(row) else ""
            value, problem = _number(cell, decimal, thousands)
            if problem:
                problems.append((f"row {number}, {month}", problem))
            else:
                sums.add(row, month, value or 0.0)
                if value != base[node].get(month):
                    entries.append(Entry(node, month, base[node].get(month), value))
    return Reading(identity, entries, problems, sums.overtyped())


class _Sums:
    """Compares the sums of a sheet with what their rows come to; found by the labels, in whatever order they stand."""

    def __init__(self) -> None:
        self.totals: dict[tuple[str, str, str], float] = {}
        self.expected: list[tuple[int, tuple[str, str], str, float]] = []

    def add(self, row: list[Any], month: str, value: float) -> None:
        family, product = str(row[1]), str(row[2])
        for labels in ((family, ""), (family, product)):
            self.totals[*labels, month] = self.totals.get((*labels, month), 0.0) + value

    def expect(self, number: int, row: list[Any], columns: dict[str, int]) -> None:
        if not str(row[0]).startswith(("family:", "product:")):
            return
        for month, column in columns.items():
            cell = row[column] if column < len(row) else ""
            if isinstance(cell, int | float):
                self.expected.append((number, (str(row[1]), str(row[2])), month, float(cell)))

    def overtyped(self) -> list[str]:
        """A spreadsheet that has not worked out its formulas shows nothing or zero: no sum was typed there."""
        return [
            f"row {number}, {month}"
            for number, labels, month, value in self.expected
            if value and abs(value - self.totals.get((*labels, month), 0.0)) > SUM_TOLERANCE
        ]


def _base(hidden: list[list[Any]]) -> tuple[dict[str, str], list[str], dict[str, dict[str, float]]]:
    identity: dict[str, str] = {}
    for number, row in enumerate(hidden):
        if row and row[0] == "Row":
            months = [str(text) for text in row[1:]]
            rows = {str(line[0]): _figures(line[1:], months) for line in hidden[number + 1 :] if line[0]}
            return identity, months, rows
        if len(row) > 1:
            identity[str(row[0])] = str(row[1])
    raise NotOurs("The hidden sheet with the exported figures is damaged. Export the plan again.")


def _figures(cells: list[Any], months: list[str]) -> dict[str, float]:
    return {
        month: round(float(cell), 3)
        for month, cell in zip(months, cells, strict=False)
        if cell not in ("", None)
    }


def _month_columns(plan: list[list[Any]], months: list[str]) -> dict[str, int]:
    head = [str(text).strip() for text in plan[0]] if plan else []
    missing = [month for month in months if month not in head]
    if missing:
        raise NotOurs(
            f"The sheet Plan has no column {missing[0]}. Keep its first row and first column as they were."
        )
    return {month: head.index(month) for month in months}


def _number(cell: Any, decimal: str, thousands: str) -> tuple[float | None, str]:
    """The figure of a cell, or what is wrong with it."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (round(float(cell), 3), "") if cell >= 0 else (None, "A plan cannot go below zero.")
    text = (
        str(cell).strip().replace("\u00a0", "").replace(" ", "").replace(thousands, "").replace(decimal, ".")
    )
    try:
        value = round(float(text), 3)
    except ValueError:
        return None, f"{str(cell)!r} is no number."
    return (value, "") if 0 <= value < float("inf") else (None, "A plan cannot go below zero.")
