"""From a frame or CSV of series, month, quantity to the matrix of the engine, with a word on every row that
was wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from demand.forecasting.arrays import Bools, Floats, Ints
from demand.forecasting.cleansing import LARGEST
from demand.forecasting.context import InputError

COLUMNS = ("series", "month", "quantity")
EARLIEST, LATEST = 1900 * 12, 2200 * 12  # month numbers, year * 12 + month - 1
MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?![\d])")
OLDEST = 360  # months before the last one that are read
SPARSE_GAPS = 0.25  # share of months without a row from which absent means "nothing sold"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input: row as in the file (the header is row 1), column, and how it was
    read."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, column {self.column}: {self.message}"


@dataclass(frozen=True)
class History:
    """Histories right-aligned: names N, quantities (N, T) NaN where not recorded, last (N,) month numbers,
    problems; marks (N, T) and families (N) where the frame has such columns."""

    names: list[object]
    quantities: Floats
    last: Ints
    problems: list[Problem]
    stock_outs: Bools | None = None
    promotions: Bools | None = None
    families: list[object] | None = None


def read_csv(path: str | Path) -> pd.DataFrame:
    """The file as text, every column untouched. Raises InputError where it cannot be read as a table."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path} cannot be read: {error}. Expected a CSV file with columns {', '.join(COLUMNS)}."
        ) from error


def month_number(written: object) -> int:
    """'2024-03', '2024-03-01', a date or a period -> year * 12 + month - 1; -1 where it is none."""
    found = MONTH.match(str(written).strip())
    if not found or not 1 <= int(found[2]) <= 12:
        return -1
    number = int(found[1]) * 12 + int(found[2]) - 1
    return number if EARLIEST <= number < LATEST else -1


def month_starts(numbers: Ints) -> npt.NDArray[np.datetime64]:
    """Month numbers -> first days of the months."""
    return (numbers - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]")


def to_matrix(history: pd.DataFrame) -> History:
    """Reads a frame series, month, quantity and, where it has them, stock_out, promotion (marks) and family.

    Every series named in it is in the result, whatever its rows hold. Unreadable months and quantities are
    left out and reported; quantities of the same series and month are added and reported; months without a
    row are NaN, or 0 where more than a quarter of the series' months has none. The last 30 years of a series
    count."""
    missing = [name for name in COLUMNS if name not in history.columns]
    if missing:
        needed = ", ".join(COLUMNS)
        raise InputError(f"Column {missing[0]} is missing; the history needs the columns {needed}.")
    problems: list[Problem] = []
    codes, names = pd.factorize(history["series"].mask(history["series"] == ""), use_na_sentinel=True)
    months = _months(history["month"], problems)
    quantities = _quantities(history["quantity"], problems)
    _report(problems, codes < 0, "series", "the name of the series is empty; the row was left out")
    at = np.flatnonzero((codes >= 0) & (months >= 0) & np.isfinite(quantities))
    _report_duplicates(codes[at], months[at], at, problems)
    layout = Layout.of(codes[at], months[at], len(names))
    marks = {
        name: layout.sums(_marked(history[name]).to_numpy()[at]) > 0 if name in history.columns else None
        for name in ("stock_out", "promotion")
    }
    return History(
        list(names),
        layout.quantities(quantities[at]),
        layout.last,
        sorted(problems, key=lambda one: one.row),
        marks["stock_out"],
        marks["promotion"],
        _families(history, codes, len(names)),
    )


@dataclass(frozen=True)
class Layout:
    """Where usable rows go in an (N, T) matrix: last and first month numbers (N,), place of each row, -1 if
    too old."""

    last: Ints
    first: Ints
    empty: Bools
    places: Ints
    width: int

    @classmethod
    def of(cls, codes: Ints, months: Ints, count: int) -> Layout:
        """From series codes and month numbers of the rows; series without a row end with the latest of
        all."""
        latest = int(months.max()) if len(months) else 1970 * 12 - 1
        last, first = np.full(count, -1, np.int64), np.full(count, LATEST, np.int64)
        np.maximum.at(last, codes, months)
        np.minimum.at(first, codes, months)
        empty = last < 0
        last[empty], first[empty] = latest, latest
        first = np.maximum(first, last - OLDEST + 1)
        width = int((last - first).max(initial=0)) + 1
        ago = last[codes] - months
        return cls(last, first, empty, np.where(ago < width, codes * width + width - 1 - ago, -1), width)

    def sums(self, figures: npt.NDArray[Any]) -> Floats:
        """Sums (N, T) of a figure per row."""
        kept = self.places >= 0
        size = len(self.last) * self.width
        total = np.bincount(self.places[kept], np.asarray(figures, float)[kept], minlength=size)
        return total.astype(float).reshape(len(self.last), self.width)

    def quantities(self, figures: Floats) -> Floats:
        """Quantities (N, T); months without a row are NaN, or 0 in series that mostly have none."""
        values, absent = self.sums(figures), self.sums(np.ones(len(self.places))) == 0
        began = np.arange(self.width)[None, :] >= (self.width - 1 - (self.last - self.first))[:, None]
        sparse = (absent & began).sum(1) > SPARSE_GAPS * np.maximum(began.sum(1), 1)
        values[absent & ~(began & (sparse & ~self.empty)[:, None])] = np.nan
        return values


def _marked(column: pd.Series) -> pd.Series:
    """True where a mark is set: 1, true, yes or x, in any writing."""
    return column.astype(str).str.strip().str.lower().isin(("1", "1.0", "true", "yes", "x"))


def _families(history: pd.DataFrame, codes: Ints, count: int) -> list[object] | None:
    """The first family named for each series; None where it has none."""
    if "family" not in history.columns:
        return None
    families: list[object] = [None] * count
    column = history["family"]
    named = np.flatnonzero((codes >= 0) & column.notna().to_numpy() & (column != "").to_numpy())
    series, first = np.unique(codes[named], return_index=True)
    for code, place in zip(series, named[first], strict=True):
        families[code] = column.iloc[place]
    return families


def _report(problems: list[Problem], wrong: npt.NDArray[np.bool_], column: str, message: str) -> None:
    problems += [Problem(int(place) + 2, column, message) for place in np.flatnonzero(wrong)]


def _months(column: pd.Series, problems: list[Problem]) -> Ints:
    """Month numbers; each distinct spelling is read once."""
    codes, spellings = pd.factorize(column, use_na_sentinel=False)
    numbers = (
        np.array([month_number(one) for one in spellings], np.int64)[codes]
        if len(codes)
        else np.empty(0, np.int64)
    )
    for place in np.flatnonzero(numbers < 0):
        said = f"'{column.iloc[place]}' is no month; write it as YYYY-MM. The row was left out"
        problems.append(Problem(int(place) + 2, "month", said))
    return numbers


def _quantities(column: pd.Series, problems: list[Problem]) -> Floats:
    numbers: Floats = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan, copy=True)
    numbers[np.abs(numbers) > LARGEST] = np.nan
    for place in np.flatnonzero(~np.isfinite(numbers)):
        said = f"'{column.iloc[place]}' is no quantity; the month counts as missing"
        problems.append(Problem(int(place) + 2, "quantity", said))
    return numbers


def _report_duplicates(codes: Ints, months: Ints, rows: Ints, problems: list[Problem]) -> None:
    """rows: place in the frame of each usable row."""
    keys = codes * LATEST + months
    order = np.argsort(keys, kind="stable")
    for place in np.flatnonzero(np.diff(keys[order]) == 0):
        said = f"row {rows[order[place]] + 2} gives the same series and month; the quantities were added"
        problems.append(Problem(int(rows[order[place + 1]]) + 2, "month", said))
