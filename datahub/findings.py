"""What is wrong with the rows of a file: all are counted, the first ones kept with words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

KEEP = 500


@dataclass(frozen=True)
class Finding:
    """One cell or row that cannot be taken; row 0 stands for the file as a whole."""

    row: int
    column: str
    value: str
    message: str


@dataclass
class Findings:
    """Findings of one file."""

    count: int = 0
    rows: set[int] = field(default_factory=set)
    kept: list[Finding] = field(default_factory=list)

    def add(self, row: int, column: str, value: str, message: str) -> None:
        self.count += 1
        self.rows.add(row)
        if len(self.kept) < KEEP:
            self.kept.append(Finding(row, column, value[:200], message))

    def add_cells(
        self, cells: "pd.Series[str]", mask: "npt.NDArray[np.bool_]", column: str, message: str
    ) -> None:
        """Findings for the cells under a mask; ``{value}`` in the message becomes the cell."""
        if not mask.any():
            return
        bad = cells[mask]
        self.count += len(bad)
        self.rows.update(int(row) for row in bad.index)
        for row, value in self._room(bad.items()):
            self.kept.append(
                Finding(int(row), column, str(value)[:200], message.format(value=str(value)[:80]))
            )

    def _room(self, items: Iterable[tuple[object, object]]) -> Iterable[tuple[int, object]]:
        for (row, value), _ in zip(items, range(KEEP - len(self.kept)), strict=False):
            yield int(str(row)), value
