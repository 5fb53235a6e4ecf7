"""Stored rows read back in the shape of their import template: for comparison, export and quality rules."""

from collections.abc import Sequence
from itertools import islice
from sys import intern
from typing import Any

import numpy as np
import pandas as pd
from django.db import models

from datahub.keys import key_hashes
from datahub.registry import Column, Dataset, Kind, Scale
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

DIVISORS = {Scale.QUANTA: QUANTA_PER_UNIT, Scale.MINOR: MINOR_PER_MAJOR}
READ_ROWS = 20_000


def lookup_of(dataset: Dataset, column: Column) -> str:
    """The lookup that reads a column back; empty where nothing of it is kept."""
    if column.path or not column.field:
        return column.path
    stored = dataset.model._meta.get_field(column.field)
    return f"{column.field}__code" if isinstance(stored, models.ForeignKey) else column.field


def stored_count(dataset: Dataset) -> int:
    """How many rows of a dataset are stored."""
    return stored_rows(dataset).count()


def stored_rows(dataset: Dataset) -> "models.QuerySet[models.Model]":
    """All stored rows of a dataset, with what its columns read."""
    return dataset.model._default_manager.filter(**dataset.filters).annotate(**dataset.reads)


def stored_keys(dataset: Dataset, names: tuple[str, ...]) -> "pd.Series[Any]":
    """Primary keys of all stored rows by the hash of the named columns, read in pieces to stay small."""
    columns = [dataset.column(name) for name in names]
    paths = [lookup_of(dataset, column) for column in columns]
    rows = stored_rows(dataset).values_list("pk", *paths).iterator(READ_ROWS)
    hashes, keys = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
    while piece := list(islice(rows, READ_ROWS)):
        frame = pd.DataFrame.from_records(piece, columns=["pk", *names])
        for column in columns:
            frame[column.name] = typed_column(column, frame[column.name], len(frame))
        hashes.append(key_hashes(frame, names))
        keys.append(frame["pk"].to_numpy(dtype=np.int64))
    return pd.Series(np.concatenate(keys), index=np.concatenate(hashes))


def stored_frame(
    dataset: Dataset, names: Sequence[str] | None = None, *, filters: dict[str, Any] | None = None
) -> pd.DataFrame:
    """Stored rows with the template's columns and units (units, not quanta; money, not minor units)."""
    wanted = [column for column in dataset.columns if names is None or column.name in names]
    paths = [lookup_of(dataset, column) for column in wanted]
    rows = (
        stored_rows(dataset).filter(**(filters or {})).order_by("pk").values_list(*paths).iterator(READ_ROWS)
    )
    pieces: list[list[pd.Series[Any]]] = [[] for _ in wanted]
    while piece := list(islice(rows, READ_ROWS)):
        for column, cells, parts in zip(wanted, zip(*piece, strict=True), pieces, strict=True):
            parts.append(typed_column(column, pd.Series(_shared(column, cells)), len(piece)))
    return pd.DataFrame(
        {column.name: _joined(column, parts) for column, parts in zip(wanted, pieces, strict=True)}
    )


def _shared(column: Column, cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Equal codes as one text in memory: a million lines name a few thousand products."""
    if column.kind != Kind.CODE:
        return cells
    return tuple(intern(cell) if isinstance(cell, str) else cell for cell in cells)


def _joined(column: Column, parts: "list[pd.Series[Any]]") -> "pd.Series[Any]":
    return pd.concat(parts, ignore_index=True) if parts else typed_column(column, None, 0)


def typed_column(column: Column, cells: "pd.Series[Any] | None", count: int) -> "pd.Series[Any]":
    """A column as rules and comparisons expect it; without cells an empty one of ``count`` rows."""
    if cells is None:
        empty = {Kind.NUMBER: np.nan, Kind.FLAG: np.nan, Kind.DATE: pd.NaT, Kind.MONTH: pd.NaT}
        kind = {
            Kind.NUMBER: "float64",
            Kind.FLAG: "float64",
            Kind.DATE: "datetime64[s]",
            Kind.MONTH: "datetime64[s]",
        }
        return pd.Series([empty.get(column.kind, "")] * count, dtype=kind.get(column.kind, "object"))
    if column.kind in {Kind.NUMBER, Kind.FLAG}:
        return pd.to_numeric(cells.astype(object)).astype(float) / DIVISORS.get(column.scale, 1)
    if column.kind in {Kind.DATE, Kind.MONTH}:
        return pd.to_datetime(cells).astype("datetime64[s]")
    return cells.fillna("").astype(object)
