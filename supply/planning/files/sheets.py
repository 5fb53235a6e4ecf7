"""CSV files as rows of text, with the problems of their shape: headers, row lengths, blanks, encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from supply.planning.files.problems import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file: its number, and its cells by column, spaces dropped."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A file that could be read, as far as it could."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    sound: bool = True  # False: the header is wrong, its rows were not looked at


def read_sheet(
    path: Path, allowed: list[str], required: list[str], filled: list[str], problems: list[Problem]
) -> Sheet:
    """Read a file; cells of `filled` columns must not be blank."""
    sheet = Sheet(path.name)
    lines = list(_lines(path, problems))
    sheet.columns = [cell.strip() for cell in lines[0][1]] if lines else []
    found = list(_header_problems(sheet, allowed, required))
    if found:
        sheet.sound = False
        problems.extend(found)
        return sheet
    for line, cells in lines[1:]:
        if len(cells) != len(sheet.columns):
            text = f"the row has {len(cells)} cells; expected {len(sheet.columns)} as in the header"
            problems.append(Problem(sheet.name, line, "", text))
            continue
        row = Row(line, dict(zip(sheet.columns, (cell.strip() for cell in cells), strict=True)))
        problems.extend(_blank_problems(sheet, row, filled))
        sheet.rows.append(row)
    return sheet


def _header_problems(sheet: Sheet, allowed: list[str], required: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in sheet.columns:
        if name not in allowed:
            yield Problem(sheet.name, 1, name, f"unknown column; expected among {', '.join(allowed)}")
        elif name in seen:
            yield Problem(sheet.name, 1, name, "the column is there twice; expected once")
        seen.add(name)
    for name in required:
        if name not in seen:
            yield Problem(sheet.name, 1, name, "the required column is absent")


def _blank_problems(sheet: Sheet, row: Row, filled: list[str]) -> Iterator[Problem]:
    for name in filled:
        if not row.cells[name]:
            yield Problem(sheet.name, row.line, name, "the cell is blank; expected a value")


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not wholly blank."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, "", "not UTF-8 text; expected a file saved as UTF-8"))
        text = raw.decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as wrong:
        problems.append(Problem(path.name, line, "", f"not comma-separated text: {wrong}"))
