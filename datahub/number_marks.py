"""Which mark is the decimal one: decided from all numbers of a file, never cell by cell.

``1.234`` may be a thousand or a little more than one. A single cell cannot tell; a file nearly always can,
because somewhere it holds ``12,5`` or ``0.07`` or ``1.234,50``. Where it holds nothing of the kind, the
choice is reported.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

GROUPING = re.compile("[\\s\u00a0\u202f'\u2019]")
PLAIN = re.compile(r"[0-9.eE+\-\n]*")
LARGEST = 1e12

# A number written with "." as decimal mark, with or without "," between thousands.
POINT_NUMBER = r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?"


@dataclass
class Marks:
    """Counts of what speaks for either mark, by column."""

    comma: dict[str, int] = field(default_factory=dict)
    point: dict[str, int] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)

    def learn(self, column: str, cells: "pd.Series[str]") -> None:
        """Count the evidence in cells of a number column."""
        joined = "\n".join(cells)
        if "," not in joined and "." not in joined:
            return
        marked = (
            cells[cells.str.contains("[.,]", regex=True)]
            .str.replace(GROUPING, "", regex=True)
            .str.lstrip("+-")
        )
        for mark, other, count in ((",", ".", self.comma), (".", ",", self.point)):
            count[column] = count.get(column, 0) + int(_speaks_for(marked, mark, other).sum())
        open_cells = marked[marked.str.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}")]
        if len(open_cells):
            self.unclear.setdefault(column, str(open_cells.iloc[0]))

    def decimal_mark(self, column: str, separator: str) -> str:
        """The decimal mark of a column: its own evidence, else the file's, else what the separator suggests."""
        comma, point = self.comma.get(column, 0), self.point.get(column, 0)
        if comma == point:
            comma, point = sum(self.comma.values()), sum(self.point.values())
        if comma == point:
            return "," if separator == ";" and comma == 0 else "."
        return "," if comma > point else "."

    def notes(self, separator: str) -> list[str]:
        """What a person must know about how numbers were read."""
        found: list[str] = []
        if sum(self.comma.values()) > 0:
            found.append("Numbers with a decimal comma were found and read as such.")
        if sum(self.comma.values()) == sum(self.point.values()) == 0:
            for column, example in self.unclear.items():
                mark = self.decimal_mark(column, separator)
                meant = example.replace(mark, ".") if mark in example else re.sub("[.,]", "", example)
                found.append(
                    f"{column}: “{example}” was read as {meant}, since nothing in the file tells the decimal mark. "
                    "If that is wrong, write numbers without marks between thousands."
                )
        return found


def _speaks_for(cells: "pd.Series[str]", mark: str, other: str) -> "pd.Series[bool]":
    """Cells in which ``mark`` can only be the decimal mark."""
    own, foreign = re.escape(mark), re.escape(other)
    certain = (
        rf"\d*{own}(?:\d{{1,2}}|\d{{4,}})(?:[eE].*)?"  # 12,5 or 0,0833
        rf"|(?:0|\d{{4,}}|){own}\d{{3}}"  # 0,125 or 1234,567
        rf"|\d{{1,3}}(?:{foreign}\d{{3}})+{own}\d*"  # 1.234,5
        rf"|\d{{1,3}}(?:{foreign}\d{{3}}){{2,}}"  # 1.234.567: the other one parts thousands
    )
    return cells.str.fullmatch(certain)


def parse_numbers(
    cells: "pd.Series[str]", decimal: str
) -> tuple["npt.NDArray[np.float64]", "npt.NDArray[np.bool_]"]:
    """Numbers of cells (empty: NaN) and a mask of those that are none. Infinite, NaN and 1e309 are none."""
    import numpy as np
    import pandas as pd

    filled = (cells != "").to_numpy()
    simple = PLAIN.fullmatch("\n".join(cells)) is not None and (decimal == "." or "." not in "\n".join(cells))
    texts: Any = cells if simple else _with_point(cells, decimal)
    values = np.array(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)
    bad = filled & ~(np.abs(values) <= LARGEST)
    values[~filled | bad] = np.nan
    return values, bad


def _with_point(cells: "pd.Series[str]", decimal: str) -> "pd.Series[str]":
    """Cells rewritten with a point and without marks between thousands; what is no number becomes empty."""
    cells = cells.str.replace(GROUPING, "", regex=True)
    if decimal == ",":
        cells = cells.str.translate(str.maketrans(",.", ".,"))
    proper = cells.str.fullmatch(POINT_NUMBER)
    return cells.str.replace(",", "").where(proper, "")
