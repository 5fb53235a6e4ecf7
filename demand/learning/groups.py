"""Error by group of items: families, markets, single items; in units and, at a price, in money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.forecasting.accuracy import tracking_signal
from demand.learning.sums import TRACKING_LIMIT, Errors, Floats, Whole


@dataclass(frozen=True)
class GroupErrors:
    """A group: its errors in units, its absolute error in money, the tracking signal of its monthly totals."""

    group: int
    errors: Errors
    money: float
    signal: float | None
    months: int

    @property
    def is_biased(self) -> bool:
        """Whether the tracking signal lies beyond the limit of 4."""
        return self.signal is not None and abs(self.signal) > TRACKING_LIMIT


def by_group(actual: Floats, forecast: Floats, groups: Whole, prices: Floats) -> list[GroupErrors]:
    """Errors of cells (n, months) by the group (n,) of their row; prices (n,) value an absolute error.

    Absolute errors are those of the items and are not netted. The tracking signal is of the group's totals by
    month, over the months in which something is known, and None where there is no month."""
    keys, places = np.unique(groups, return_inverse=True)
    known = np.isfinite(actual) & np.isfinite(forecast)
    error = np.where(known, forecast - actual, 0.0)
    sums = {
        "cells": known.sum(1),
        "absolute": np.abs(error).sum(1),
        "signed": error.sum(1),
        "actual": np.where(known, actual, 0.0).sum(1),
        "money": np.abs(error).sum(1) * prices,
    }
    total = {name: np.bincount(places, values, len(keys)) for name, values in sums.items()}
    by_month = [_monthly(np.where(known, table, 0.0), places, len(keys)) for table in (actual, forecast)]
    seen = _monthly(known.astype(float), places, len(keys)) > 0
    return [
        GroupErrors(
            int(key),
            Errors(
                int(total["cells"][place]),
                *(float(total[name][place]) for name in ("absolute", "signed", "actual")),
            ),
            float(total["money"][place]),
            last_signal(by_month[0][place][seen[place]], by_month[1][place][seen[place]]),
            int(seen[place].sum()),
        )
        for place, key in enumerate(keys.tolist())
    ]


def _monthly(table: Floats, places: Whole, count: int) -> Floats:
    """Totals (groups, months)."""
    result = np.zeros((count, table.shape[1]))
    np.add.at(result, places, table)
    return result


def last_signal(actual: Floats, forecast: Floats) -> float | None:
    """The tracking signal after the last month: sum (A - F) over the mean |A - F| to date; None without a month."""
    running = tracking_signal(actual, forecast)
    return float(running[-1]) if len(running) else None
