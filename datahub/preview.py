"""What a load would do, told before it does it: new rows, changed cells (was, becomes), the first of each."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from datahub.keys import key_hashes
from datahub.registry import Column, Dataset, Kind, Scale
from datahub.stored import DIVISORS, lookup_of, stored_count, stored_frame, stored_keys

FIRST_ROWS = 10
COMPARE_UP_TO = 300_000


@dataclass
class Preview:
    """Compares checked frames with what is stored. Very large tables are compared by their keys only."""

    dataset: Dataset
    new: int = 0
    changed: int = 0
    new_rows: list[dict[str, str]] = field(default_factory=list)
    changed_rows: list[dict[str, Any]] = field(default_factory=list)
    first_rows: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = stored_count(self.dataset)
        self.by_key_only = count > COMPARE_UP_TO
        if not count:
            self._stored: Any = None
        elif self.by_key_only:
            self._stored = stored_keys(self.dataset, self.dataset.key).to_frame("pk")
        else:
            frame = stored_frame(self.dataset)
            self._stored = frame.set_index(key_hashes(frame, self.dataset.key))

    def take(self, frame: pd.DataFrame) -> None:
        """Compare a checked frame."""
        if not self.first_rows:
            self.first_rows = [_texts(frame, place) for place in range(min(FIRST_ROWS, len(frame)))]
        hashes = key_hashes(frame, self.dataset.key)
        known = (
            np.zeros(len(frame), dtype=bool) if self._stored is None else np.isin(hashes, self._stored.index)
        )
        self.new += int((~known).sum())
        for place in np.flatnonzero(~known)[: FIRST_ROWS - len(self.new_rows)]:
            self.new_rows.append({"row": str(frame.index[place]), **_texts(frame, place)})
        if known.any() and not self.by_key_only:
            self._compare(frame[known], self._stored.loc[hashes[known]])

    def _compare(self, frame: pd.DataFrame, stored: pd.DataFrame) -> None:
        columns = [c for c in self.dataset.columns if c.name in frame and lookup_of(self.dataset, c)]
        differs = {
            column.name: _differs(column, frame[column.name], stored[column.name]) for column in columns
        }
        any_differs = np.logical_or.reduce(list(differs.values()))
        self.changed += int(any_differs.sum())
        for place in np.flatnonzero(any_differs)[: FIRST_ROWS - len(self.changed_rows)]:
            now, was = _texts(frame, place), _texts(stored, place)
            cells = [
                {"column": name, "was": was[name], "becomes": now[name]}
                for name, mask in differs.items()
                if mask[place]
            ]
            key = " / ".join(now[name] for name in self.dataset.key)
            self.changed_rows.append({"row": str(frame.index[place]), "key": key, "cells": cells})

    def as_dict(self) -> dict[str, Any]:
        """For the batch page."""
        return {
            "first": self.first_rows,
            "new": self.new_rows,
            "changed": self.changed_rows,
            "by_key_only": self.by_key_only,
        }


def _differs(column: Column, now: "pd.Series[Any]", was: "pd.Series[Any]") -> Any:
    new, old = now.to_numpy(), was.to_numpy()
    if column.kind in {Kind.NUMBER, Kind.FLAG}:
        step = 1 / DIVISORS.get(column.scale, 1) if column.scale != Scale.PLAIN else 0.0
        close = np.isclose(
            new.astype(float), old.astype(float), rtol=1e-9, atol=step / 2 + 5e-5, equal_nan=True
        )
        # An empty cell is stored as the field's default, most often 0.
        return ~close & ~(np.isnan(new.astype(float)) & (old.astype(float) == 0))
    if column.kind in {Kind.DATE, Kind.MONTH}:
        return ~((new == old) | (np.isnat(new) & np.isnat(old)))
    return new != old


def _texts(frame: pd.DataFrame, place: int) -> dict[str, str]:
    return {name: _text(frame[name].iloc[place]) for name in frame.columns}


def _text(value: Any) -> str:
    if value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) < 1e10 else f"{value:.2f}"
    return value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else str(value)
