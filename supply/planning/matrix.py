"""A linear model in named blocks of columns and rows, assembled with numpy alone.

A block is a table (entities, months) in which only the cells that can matter have a number; the others
are -1. The model minimises `cost`; the engine's objective is its negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from supply.planning.case import Flags, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The numbers of the columns or rows of one name, (entities, months), -1 where there is none."""

    name: str
    index: Ints
    first: int
    size: int

    def spread(self, values: Floats, absent: float = 0.0) -> Floats:
        """The block's part of a vector over all columns (or rows), as (entities, months)."""
        table = np.full(self.index.shape, absent)
        present = self.index >= 0
        table[present] = values[self.first : self.first + self.size]
        return table


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """The assembled model, columns compressed; scales are powers of two for the solver's sake."""

    cost: Floats
    lower: Floats
    upper: Floats
    column_scale: Floats
    row_lower: Floats
    row_upper: Floats
    row_scale: Floats
    start: Ints
    row: Ints
    value: Floats
    constant: float


class Model:
    """Collects blocks and coefficients."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.columns: dict[str, Block] = {}
        self.rows: dict[str, Block] = {}
        self.constant = 0.0
        self._column_parts: list[tuple[Floats, ...]] = []
        self._row_parts: list[tuple[Floats, ...]] = []
        self._entries: list[tuple[Ints, Ints, Floats]] = []

    def add_columns(
        self,
        name: str,
        where: Flags,
        *,
        cost: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        scale: ArrayLike = 1.0,
    ) -> Block:
        """Columns in the cells `where` (entities, months); `scale` (entities,) is their usual size."""
        block = self._numbered(name, where, self.columns)
        self._column_parts.append(_cells(where, cost, lower, upper, _by_row(scale)))
        return block

    def add_rows(
        self, name: str, where: Flags, *, lower: ArrayLike, upper: ArrayLike, scale: ArrayLike = 1.0
    ) -> Block:
        """Rows in the cells `where`; equal bounds make an equation."""
        block = self._numbered(name, where, self.rows)
        self._row_parts.append(_cells(where, lower, upper, _by_row(scale)))
        return block

    def put(
        self, row: str, i: Ints, column: str, j: Ints, coefficient: ArrayLike = 1.0, *, lag: ArrayLike = 0
    ) -> None:
        """Row (i, t + lag) gets coefficient x column (j, t), for every link i-j and month t.

        `i` and `j` are (links,); `coefficient` and `lag` are scalars, (links,) or (links, months of the
        column). Cells that do not exist are passed over.
        """
        numbers = self.columns[column].index[j]
        month = np.arange(self.months) + np.broadcast_to(_by_row(lag), numbers.shape)
        link, t = np.nonzero((numbers >= 0) & (month >= 0) & (month < self.months))
        rows = self.rows[row].index[i[link], month[link, t]]
        values = np.broadcast_to(_by_row(coefficient), numbers.shape)[link, t]
        kept = (rows >= 0) & (values != 0)
        self._entries.append((rows[kept], numbers[link, t][kept], values[kept]))

    def assemble(self) -> Matrix:
        """Put the parts together."""
        cost, lower, upper, column_scale = _joined(self._column_parts, 4)
        row_lower, row_upper, row_scale = _joined(self._row_parts, 3)
        start, row, value = _compressed(self._entries, len(cost), len(row_lower))
        return Matrix(
            cost=cost,
            lower=lower,
            upper=upper,
            column_scale=column_scale,
            row_lower=row_lower,
            row_upper=row_upper,
            row_scale=row_scale,
            start=start,
            row=row,
            value=value,
            constant=self.constant,
        )

    @staticmethod
    def _numbered(name: str, where: Flags, blocks: dict[str, Block]) -> Block:
        first = sum(block.size for block in blocks.values())
        index = np.full(where.shape, -1, np.int64)
        size = int(where.sum())
        index[where] = np.arange(first, first + size)
        blocks[name] = Block(name, index, first, size)
        return blocks[name]


def _by_row(values: ArrayLike) -> Floats:
    """(links,) becomes (links, 1), so that it broadcasts along the months."""
    array = np.asarray(values)
    return array[:, None] if array.ndim == 1 else array


def _cells(where: Flags, *values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.broadcast_to(np.asarray(v, np.float64), where.shape)[where] for v in values)


def _joined(parts: list[tuple[Floats, ...]], width: int) -> list[Floats]:
    if not parts:
        return [np.zeros(0) for _ in range(width)]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _compressed(
    entries: list[tuple[Ints, Ints, Floats]], columns: int, rows: int
) -> tuple[Ints, Ints, Floats]:
    """Compressed columns, rows ascending in each, equal places added up."""
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    place = column * max(rows, 1) + row
    order = np.argsort(place, kind="stable")
    place, value = place[order], value[order]
    fresh = np.ones(len(place), np.bool_)
    fresh[1:] = place[1:] != place[:-1]
    at = np.nonzero(fresh)[0]
    value = np.add.reduceat(value, at) if len(at) else value
    column, row = np.divmod(place[at], max(rows, 1))
    start = np.searchsorted(column, np.arange(columns + 1))
    return start.astype(np.int32), row.astype(np.int32), value
