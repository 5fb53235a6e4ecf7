"""From a frame or CSV of series, month, quantity to the matrix of the engine, with a word on every row that
was wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from demand.forecasting.arrays import Floats, Ints
from demand.forecasting.cleansing import LARGEST
from demand.forecasting.context import InputError

COLUMNS = ("series", "month", "quantity")
EARLIEST, LATEST = 1900 * 12, 2200 * 12  # month numbers, year * 12 + month - 1
MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?![\d])")
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
    problems."""

    names: list[object]
    quantities: Floats
    last: Ints
    problems: list[Problem]


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


def month_starts(numbers: Ints) -> np.typing.NDArray[np.datetime64]:
    """Month numbers -> first days of the months."""
    return (numbers - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]")


def to_matrix(history: pd.DataFrame) -> History:
    """Reads a frame series, month, quantity. Every series named in it is in the result, whatever its rows
    hold.

    Unreadable months and quantities are left out and reported; quantities of the same series and month are
    added and reported; months without a row are NaN, or 0 where more than a quarter of the series' months has
    none."""
    missing = [name for name in COLUMNS if name not in history.columns]
    if missing:
        raise InputError(
            f"Column {missing[0]} is missing; the history needs the columns {', '.join(COLUMNS)}."
        )
    problems: list[Problem] = []
    codes, names = pd.factorize(history["series"].mask(history["series"] == ""), use_na_sentinel=True)
    months = _months(history["month"], problems)
    quantities = _quantities(history["quantity"], problems)
    _report(problems, codes < 0, "series", "the name of the series is empty; the row was left out")
    usable = (codes >= 0) & (months >= 0) & np.isfinite(quantities)
    at = np.flatnonzero(usable)
    _report_duplicates(codes[at], months[at], at, problems)
    values, last = _pivot(codes[at], months[at], quantities[at], len(names))
    return History(list(names), values, last, sorted(problems, key=lambda one: one.row))


def _report(problems: list[Problem], wrong: np.typing.NDArray[np.bool_], column: str, message: str) -> None:
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


def _pivot(codes: Ints, months: Ints, quantities: Floats, count: int) -> tuple[Floats, Ints]:
    """(N, T) right-aligned per series, and last month per series (of all where a series has none)."""
    latest = int(months.max()) if len(months) else 1970 * 12 - 1
    last, first = np.full(count, -1, np.int64), np.full(count, LATEST, np.int64)
    np.maximum.at(last, codes, months)
    np.minimum.at(first, codes, months)
    empty = last < 0
    last[empty], first[empty] = latest, latest
    width = int((last - first).max(initial=0)) + 1
    places = codes * width + (width - 1 - (last[codes] - months))
    filled = np.bincount(places, minlength=count * width).reshape(count, width)
    values = np.bincount(places, quantities, minlength=count * width).reshape(count, width).astype(float)
    absent = filled == 0
    began = np.arange(width)[None, :] >= (width - 1 - (last - first))[:, None]
    sparse = (absent & began).sum(1) > SPARSE_GAPS * np.maximum(began.sum(1), 1)
    values[absent & ~(began & (sparse & ~empty)[:, None])] = np.nan
    return values, last


def _report_duplicates(codes: Ints, months: Ints, rows: Ints, problems: list[Problem]) -> None:
    """rows: place in the frame of each usable row."""
    keys = codes * LATEST + months
    order = np.argsort(keys, kind="stable")
    for place in np.flatnonzero(np.diff(keys[order]) == 0):
        said = f"row {rows[order[place]] + 2} gives the same series and month; the quantities were added"
        problems.append(Problem(int(rows[order[place + 1]]) + 2, "month", said))
