"""A backtest as sums by group, class and method: chunks of a large company are tested apart and added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from demand.forecasting.arrays import Bools, Floats
from demand.forecasting.backtest import ENGINE, Backtest

Key = tuple[int, str, str]  # group, class, method
INNER, OUTER = 0.8, 0.95


@dataclass(frozen=True)
class Tally:
    """Sums over cases (a series at an origin) and their months; ratios are made of them, never averaged.

    absolute: sum |A - F|; signed: sum (F - A); actual: sum |A|; scaled: sum of the cases' MASE over
    ``scaled_cases`` that have one; inside: months inside the 80 and 95 % intervals."""

    cases: int = 0
    months: int = 0
    absolute: float = 0.0
    signed: float = 0.0
    actual: float = 0.0
    scaled: float = 0.0
    scaled_cases: int = 0
    inside_80: int = 0
    inside_95: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def wape(self) -> float | None:
        """sum |A - F| / sum |A|."""
        return self.absolute / self.actual if self.actual else None

    @property
    def bias(self) -> float | None:
        """sum (F - A) / sum |A|: positive is over-forecast."""
        return self.signed / self.actual if self.actual else None

    @property
    def mase(self) -> float | None:
        """Mean over the cases; below 1 beats the in-sample seasonal naive."""
        return self.scaled / self.scaled_cases if self.scaled_cases else None

    @property
    def coverage_80(self) -> float | None:
        """Share of months inside the 80 % interval."""
        return self.inside_80 / self.months if self.months else None

    @property
    def coverage_95(self) -> float | None:
        """Share of months inside the 95 % interval."""
        return self.inside_95 / self.months if self.months else None


def tallies(result: Backtest, groups: Sequence[int]) -> dict[Key, Tally]:
    """Sums of a backtest with levels .8 and .95; groups: the group of each series of its values."""
    group = np.asarray(groups, dtype=np.int64)[result.series]
    found: dict[Key, Tally] = {}
    for number, name, rows in _cells(group, result):
        for method in result.forecasts:
            found[number, name, method] = _tally(result, method, rows)
    return found


def _cells(group: np.typing.NDArray[np.int64], result: Backtest) -> Iterator[tuple[int, str, Bools]]:
    for number in np.unique(group).tolist():
        inside = group == number
        for name in sorted(set(result.classes[inside].tolist())):
            yield number, str(name), inside & (result.classes == name)


def _tally(result: Backtest, method: str, rows: Bools) -> Tally:
    actual, made = result.actual[rows], result.forecasts[method][rows]
    known = np.isfinite(actual)
    error = np.where(known, made - actual, 0.0)
    scaled = np.abs(error).sum(1) / np.maximum(known.sum(1), 1) / result.scale[rows]
    inside = [_inside(result, rows, level) if method == ENGINE else 0 for level in (INNER, OUTER)]
    return Tally(
        len(actual),
        int(known.sum()),
        float(np.abs(error).sum()),
        float(error.sum()),
        float(np.abs(actual[known]).sum()),
        float(np.nansum(scaled)),
        int(np.isfinite(scaled).sum()),
        *inside,
    )


def _inside(result: Backtest, rows: Bools, level: float) -> int:
    actual: Floats = result.actual[rows]
    return int(((actual >= result.low[level][rows]) & (actual <= result.high[level][rows])).sum())
