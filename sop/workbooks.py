"""Workbooks for people's spreadsheets: plain sheets of rows, in which no text is taken for a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FIGURES = "#,##0.###;[Red]-#,##0.###"

# Name, heads of the columns, rows.
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


def plain(cell: Any) -> Any:
    """Text that a spreadsheet cannot take for a formula; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def write_sheets(sheets: Iterable[Sheet], *, labels: int) -> bytes:
    """A workbook as bytes; the heads and the first ``labels`` columns stay in sight."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        figures = book.add_format({"num_format": FIGURES})
        for name, columns, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, labels)
            sheet.set_column(0, max(labels - 1, 1), 28)
            sheet.write_row(0, 0, [plain(column) for column in columns], head)
            for place, row in enumerate(rows, start=1):
                sheet.write_row(place, 0, [plain(cell) for cell in row], figures)
    return buffer.getvalue()
