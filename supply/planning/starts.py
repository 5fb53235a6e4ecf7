"""Rows of a table by what they serve, and their starts by the month in which they arrive."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from supply.planning.case import Flags, Ints


class Starts:
    """Starts of a table's rows (production, lanes, orders) by the month in which they arrive."""

    def __init__(self, possible: Flags, lead_time: Ints) -> None:
        self._possible, self._lead_time = possible, lead_time
        self._rows: dict[int, list[list[int]]] = {}

    def arriving(self, row: int, month: int) -> list[int]:
        """Months whose start arrives in this one."""
        if row not in self._rows:
            months = self._possible.shape[1]
            self._rows[row] = [[] for _ in range(months)]
            for start in np.nonzero(self._possible[row])[0].tolist():
                arrival = start + int(self._lead_time[row, start])
                if arrival < months:
                    self._rows[row][arrival].append(start)
        return self._rows[row][month]

    def too_slow(self, row: int, month: int) -> bool:
        """The row is open by the month, but no start of it arrives by then."""
        open_by_then = bool(self._possible[row, : month + 1].any())
        return open_by_then and not any(self.arriving(row, t) for t in range(month + 1))


def grouped(keys: Ints) -> dict[int, list[int]]:
    """Places by key, those without a key left out."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(keys.tolist()):
        if key >= 0:
            groups[key].append(place)
    return groups
