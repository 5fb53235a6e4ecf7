"""From texts to typed columns. Whatever is no number, date or code becomes a finding, never a guess."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datahub.files import FileRefused, RawTable
from datahub.findings import Findings
from datahub.matching import Sources, missing, same_names, suggested, usable
from datahub.number_marks import Marks, parse_numbers
from datahub.registry import Column, Dataset, Kind, Scale

if TYPE_CHECKING:
    from datahub.files import Chunk

Texts = pd.DataFrame  # column name -> cells as texts, index = line in the file
Frame = pd.DataFrame  # the same with typed cells

YES = {"1", "true", "yes", "y", "ja", "wahr", "oui"}
NO = {"0", "false", "no", "n", "nein", "falsch", "non"}
FIRST_YEAR, LAST_YEAR = 1900, 2200
EXCEL_FIRST, EXCEL_LAST = 20_000, 80_000  # 1954 to 2119 as Excel's serial days
EXCEL_EPOCH = date(1899, 12, 30)
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"


@dataclass(frozen=True)
class Layout:
    """Where a template's columns stand in a file, which texts are the same in every row, which rows are numbered."""

    places: dict[str, int]
    fixed: dict[str, str] = field(default_factory=dict)
    counted: tuple[str, ...] = ()


def match_header(dataset: Dataset, table: RawTable, sources: Sources | None = None) -> Layout:
    """How a file's columns fill the template, by their names or by ``sources``.

    Raises FileRefused where a column that must be filled comes from nowhere; notes what is left out.
    """
    header = table.header
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileRefused(f"The column {twice[0]} stands twice in the header: keep one of them.")
    if sources and not usable(sources, header):
        lost = sorted({source["from"] for source in sources.values() if "from" in source} - set(header))
        raise FileRefused(
            f"The columns were matched to {', '.join(lost)}, which this file does not have: match them anew."
        )
    sources = sources or same_names(dataset, header)
    _require_columns(dataset, missing(dataset, sources), header)
    _note_columns(dataset, sources, table)
    return Layout(
        places={
            name: header.index(sources[name]["from"])
            for name in dataset.names
            if "from" in sources.get(name, {})
        },
        fixed={name: str(source["value"]) for name, source in sources.items() if "value" in source},
        counted=tuple(name for name, source in sources.items() if source.get("count")),
    )


def _require_columns(dataset: Dataset, lost: list[str], header: list[str]) -> None:
    if not lost:
        return
    meant = suggested(dataset, header)
    hints = [f"{name} may be “{meant[name]['from']}”" for name in lost if "from" in meant.get(name, {})]
    raise FileRefused(
        f"The column{'s' if len(lost) > 1 else ''} {', '.join(lost)} of the template {dataset.name} "
        f"{'are' if len(lost) > 1 else 'is'} missing (found: {', '.join(name for name in header if name)}). "
        + (f"{'; '.join(hints)}. " if hints else "")
        + "Say under “Match the columns” where they come from, or add them to the file."
    )


def _note_columns(dataset: Dataset, sources: Sources, table: RawTable) -> None:
    used = {source["from"] for source in sources.values() if "from" in source}
    unknown = [name for name in table.header if name and name not in used]
    if unknown:
        table.notes.append(f"Columns that the template does not know were left out: {', '.join(unknown)}.")
    absent = [column.name for column in dataset.columns if column.name not in sources and not column.optional]
    if absent:
        table.notes.append(f"Not in the file, so what is stored stays: {', '.join(absent)}.")


def text_frame(chunk: "Chunk", places: dict[str, int], width: int, findings: Findings) -> Texts:
    """Cells of a chunk by column, blanks around them removed; rows of another width are findings."""
    numbers, rows = chunk
    if any(len(row) != width for row in rows):
        rows = [_fitted(row, width, number, findings) for number, row in zip(numbers, rows, strict=True)]
    columns = list(zip(*rows, strict=True))
    index = pd.Index(numbers, dtype=np.int64)
    cells = {name: np.array(list(map(str.strip, columns[at])), dtype=object) for name, at in places.items()}
    return pd.DataFrame(cells, index=index, dtype=object)


def _fitted(row: list[str], width: int, number: int, findings: Findings) -> list[str]:
    if len(row) > width and any(row[width:]):
        findings.add(
            number,
            "",
            ",".join(row[width:]),
            f"The row has {len(row)} cells, the header {width}: check the separators and quotation marks.",
        )
    elif len(row) < width:
        findings.add(
            number,
            "",
            "",
            f"The row has {len(row)} cells, the header {width}: check the separators, keep empty cells.",
        )
    return (row + [""] * width)[:width]


def learn_marks(dataset: Dataset, texts: Texts, marks: Marks) -> None:
    """Let the number columns of a chunk speak for their decimal mark."""
    for name in texts.columns:
        if dataset.column(name).kind == Kind.NUMBER:
            marks.learn(name, texts[name])


def typed_frame(dataset: Dataset, texts: Texts, marks: Marks, separator: str, findings: Findings) -> Frame:
    """Typed columns: texts and codes as str, numbers and flags as float, dates and months as datetime64."""
    typed: dict[str, Any] = {}
    for name in texts.columns:
        column = dataset.column(name)
        cells = texts[name]
        _check_filled(column, cells, findings)
        if column.kind == Kind.NUMBER:
            typed[name] = _numbers(
                column, cells, marks.decimal_mark(name, separator), dataset.limits(column), findings
            )
        else:
            typed[name] = _by_distinct_value(column, cells, findings)
    return pd.DataFrame(typed, index=texts.index)


def _check_filled(column: Column, cells: "pd.Series[str]", findings: Findings) -> None:
    if column.required:
        empty = (cells == "").to_numpy()
        findings.add_cells(
            cells, empty, column.name, f"{column.name} is empty: fill it in ({column.meaning})."
        )


def _numbers(
    column: Column, cells: "pd.Series[str]", decimal: str, limits: tuple[float, float], findings: Findings
) -> Any:
    values, bad = parse_numbers(cells, decimal)
    findings.add_cells(
        cells,
        bad,
        column.name,
        "“{value}” is no number that can be kept: write digits with one decimal mark, such as 1234.5.",
    )
    whole = column.scale == Scale.WHOLE
    off = np.isfinite(values) & (values != np.floor(values)) if whole else np.zeros(len(values), dtype=bool)
    findings.add_cells(cells, off, column.name, "“{value}” must be a whole number.")
    low, high = limits
    outside = (values < low) | (values > high)
    findings.add_cells(
        cells, outside, column.name, f"“{{value}}” lies outside {low:g} to {high:g}: correct the value."
    )
    if column.when_empty is not None:
        values = np.where(np.isnan(values), column.when_empty, values)
    return values


def _by_distinct_value(column: Column, cells: "pd.Series[str]", findings: Findings) -> Any:
    """Read each distinct text once: a million cells hold a few thousand dates and codes."""
    codes, distinct = pd.factorize(cells)
    reader = {Kind.CODE: _code, Kind.TEXT: _code, Kind.DATE: _date, Kind.MONTH: _month, Kind.FLAG: _flag}[
        column.kind
    ]
    read = [reader(column, text) for text in distinct]
    wrong = np.array([message for _, message in read], dtype=object)
    for message in dict.fromkeys(message for message in wrong if message):
        findings.add_cells(cells, (wrong == message)[codes], column.name, message)
    values = [value for value, _ in read]
    if column.kind in {Kind.CODE, Kind.TEXT}:
        return pd.Series(np.array(values, dtype=object)[codes], index=cells.index, dtype=object)
    if column.kind == Kind.FLAG:
        return np.array(values, dtype=np.float64)[codes]
    return np.array(values, dtype="datetime64[s]")[codes]


Read = tuple[Any, str]  # value, what is wrong


def _code(column: Column, text: str) -> Read:
    if len(text) > column.length:
        return "", f"“{{value}}” is longer than {column.length} characters: shorten it."
    if any(character < " " or character == "\x7f" for character in text):
        return "", "“{value}” holds line breaks or control characters: remove them."
    if column.choices and text and text not in column.choices:
        lowered = {choice.lower(): choice for choice in column.choices}
        if text.lower() not in lowered:
            return "", f"“{{value}}” is not allowed here: use one of {', '.join(column.choices)}."
        return lowered[text.lower()], ""
    return text or (column.when_empty or ""), ""


def _date(column: Column, text: str) -> Read:
    if not text:
        return column.when_empty, ""
    day = _day_of(text)
    if day is None:
        return None, "“{value}” is no date: write it as yyyy-mm-dd, for instance 2026-11-30."
    return day, ""


def _month(column: Column, text: str) -> Read:
    if not text:
        return column.when_empty, ""
    day = _day_of(f"{text}-01") or _day_of(f"01.{text.replace('/', '.')}") or _day_of(text)
    if day is None:
        return None, "“{value}” is no month: write it as yyyy-mm, for instance 2026-11."
    return day.replace(day=1), ""


def _flag(column: Column, text: str) -> Read:
    if not text:
        return (np.nan if column.when_empty is None else column.when_empty), ""
    if text.lower() in YES | NO:
        return float(text.lower() in YES), ""
    return np.nan, "“{value}” is neither yes nor no: write 1 or 0."


def _day_of(text: str) -> date | None:
    """A day written as 2026-11-30 (with or without a time), 30.11.2026, or Excel's number of days."""
    head = text.replace("T", " ").split(" ")[0]
    parts = head.split("-") if head.count("-") == 2 else head.split(".")[::-1]
    if head.isdecimal() and EXCEL_FIRST <= int(head) <= EXCEL_LAST:
        return date.fromordinal(EXCEL_EPOCH.toordinal() + int(head))
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return None
    try:
        day = date(*map(int, parts))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
