"""The forecast waterfall: for each month, what was forecast one, two ... six cycles before, beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sop.periods import add_months


@dataclass(frozen=True)
class WaterfallCell:
    """What was forecast at a lag; ``share``: its error over the actual, None where undefined."""

    lag: int
    forecast: float | None
    share: float | None

    @property
    def size(self) -> float | None:
        """The error in percent of the actual, whichever way."""
        return None if self.share is None else 100 * abs(self.share)


@dataclass(frozen=True)
class WaterfallRow:
    """A month with its actual (None while it is not closed) and its cells, the oldest forecast first."""

    month: date
    actual: float | None
    cells: list[WaterfallCell]


def waterfall(
    months: Sequence[date],
    lags: Sequence[int],
    actual: Mapping[date, float],
    forecasts: Mapping[tuple[date, date], float],
) -> list[WaterfallRow]:
    """One row per month; forecasts by (first plan month of the cycle that made it, month it is for).

    Lag k: made in the cycle whose first plan month lies k months before."""
    return [
        WaterfallRow(month, actual.get(month), [_cell(month, lag, actual, forecasts) for lag in lags])
        for month in months
    ]


def _cell(
    month: date, lag: int, actual: Mapping[date, float], forecasts: Mapping[tuple[date, date], float]
) -> WaterfallCell:
    made, came = forecasts.get((add_months(month, -lag), month)), actual.get(month)
    return WaterfallCell(lag, made, (made - came) / came if made is not None and came else None)
