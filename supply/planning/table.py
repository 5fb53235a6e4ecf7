"""Tables of arrays: columns declared with their defaults, filled from whatever broadcasts."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Names = NDArray[np.str_]

INF = float("inf")


def key(kind: type = int) -> Any:
    """An identifying column: a place in a list of names, or (`str`) a name of its own."""
    return field(metadata={"kind": kind, "key": True, "timed": False})


def column(default: float | bool, *, kind: type = float, timed: bool = True) -> Any:
    """A column with its default; timed unless said otherwise."""
    return field(metadata={"kind": kind, "default": default, "key": False, "timed": timed})


class Table:
    """What the tables have in common: building from whatever broadcasts."""

    @classmethod
    def make(cls, months: int, **columns: ArrayLike) -> Self:
        """Build the table from scalars, (n,) or (n, months) arrays; ValueError names an unknown column."""
        known = {f.name: f.metadata for f in fields(cls)}  # type: ignore[arg-type]
        if unknown := columns.keys() - known.keys():
            raise ValueError(f"{cls.__name__} has no column {', '.join(sorted(unknown))}")
        rows = next((len(np.atleast_1d(columns[name])) for name in known if name in columns), 0)
        arrays = {
            name: _shaped(columns.get(name, about.get("default", [])), about, rows, months)
            for name, about in known.items()
        }
        return cls(**arrays)

    @classmethod
    def empty(cls, months: int) -> Self:
        """The table without rows."""
        return cls.make(months)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]


def _shaped(values: ArrayLike, about: Any, rows: int, months: int) -> NDArray[Any]:
    dtype = {int: np.int64, float: np.float64, bool: np.bool_, str: np.str_}[about["kind"]]
    array: NDArray[Any] = np.asarray(values, dtype=dtype)
    if about["timed"]:
        by_row = array[:, None] if array.ndim == 1 else array
        return np.array(np.broadcast_to(by_row, (rows, months)))
    return np.array(np.broadcast_to(array, (rows,)))
