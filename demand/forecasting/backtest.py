"""Backtest: forecasts from past origins, as they would have been made then, beside seasonal naive and
Naive2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from demand.forecasting.accuracy import bias, coverage, naive_scale, owa, smape_by_month, wape
from demand.forecasting.arrays import SEASON, WINDOW, Bools, Floats, Ints
from demand.forecasting.context import LEVELS, Context, InputError
from demand.forecasting.correction import Correction
from demand.forecasting.engine import forecast_matrix
from demand.forecasting.naive import naive2, seasonal_naive
from demand.forecasting.routing import Kind, Kinds, demand_classes

ENGINE, SEASONAL, NAIVE2 = "engine", "seasonal naive", "Naive2"
LEAST_HISTORY = 12  # months before an origin


class Accuracy(NamedTuple):
    """Measures of one method over some series and origins, as shares; None where undefined."""

    wape: float | None
    bias: float | None
    smape: float | None
    mase: float | None
    rmsse: float | None
    owa: float | None
    coverage: dict[float, float | None]


@dataclass(frozen=True)
class Backtest:
    """One row per series and origin. series, kinds, classes, scale (R,); actual (R, H), NaN where nothing was
    recorded."""

    series: Ints
    origin: Ints
    kinds: Kinds
    classes: Kinds
    actual: Floats
    forecasts: dict[str, Floats]
    low: dict[float, Floats]
    high: dict[float, Floats]
    scale: Floats
    scale_squared: Floats

    def accuracy(self, method: str = ENGINE, rows: Bools | None = None) -> Accuracy:
        """Measures of a method over all rows or some of them (a class, a family)."""
        chosen = np.ones(len(self.series), bool) if rows is None else rows
        actual, made = self.actual[chosen], self.forecasts[method][chosen]
        smape, mase = self._scaled(method, chosen)
        covered = {
            level: coverage(actual, self.low[level][chosen], self.high[level][chosen])
            if method == ENGINE
            else None
            for level in self.low
        }
        squared = _mean_by_row((actual - made) ** 2) / self.scale_squared[chosen]
        return Accuracy(
            wape(actual, made),
            bias(actual, made),
            smape,
            mase,
            _mean(np.sqrt(squared)),
            owa(smape, mase, *self._scaled(NAIVE2, chosen)),
            covered,
        )

    def _scaled(self, method: str, chosen: Bools) -> tuple[float | None, float | None]:
        """sMAPE and MASE: means over series of means over months, as in the M competitions."""
        actual, made = self.actual[chosen], self.forecasts[method][chosen]
        smape = _mean(_mean_by_row(smape_by_month(actual, made)))
        return smape, _mean(_mean_by_row(np.abs(actual - made)) / self.scale[chosen])

    def by_kind(self) -> Iterator[tuple[str, Bools]]:
        """Overall first, then each class of series that occurs."""
        yield "all", np.ones(len(self.series), bool)
        for kind in Kind:
            rows = self.kinds == kind
            if rows.any():
                yield kind.value, rows


def _mean_by_row(values: Floats) -> Floats:
    known = np.isfinite(values)
    count = known.sum(1)
    return np.where(count > 0, np.where(known, values, 0).sum(1) / np.maximum(count, 1), np.nan)


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def backtest_matrix(
    values: Floats,
    horizon: int,
    origins: int = 3,
    *,
    context: Context | None = None,
    levels: Sequence[float] = LEVELS,
    correction: Correction | None = None,
    least_history: int = LEAST_HISTORY,
) -> Backtest:
    """Backtests values (N, T), right-aligned, NaN where not recorded, from `origins` past months.

    The last origin leaves `horizon` months, each earlier one horizon // origins months more. Series with
    fewer than `least_history` months before an origin are left out there. Raises InputError where nothing is
    left to test."""
    known = context or Context()
    step = max(1, horizon // origins)
    cuts = [horizon + step * number for number in range(origins) if horizon + step * number < values.shape[1]]
    how = {"levels": levels, "correction": correction}
    tested = (_from_origin(values, cut, horizon, known, least_history, **how) for cut in cuts)
    parts = [part for part in tested if len(part.series)]
    if not parts:
        raise InputError(f"No series has {least_history} months of history before the last {horizon} months.")
    return _joined(parts)


def _from_origin(
    values: Floats, cut: int, horizon: int, context: Context, least_history: int, **how: Any
) -> Backtest:
    """The backtest of one origin, `cut` months before the end; how: levels and correction, as
    forecast_matrix."""
    width = values.shape[1]
    past, actual = values[:, : width - cut], values[:, width - cut : width - cut + horizon]
    rows = np.flatnonzero((np.isfinite(past).sum(1) >= least_history) & np.isfinite(actual).any(1))
    past, actual = past[rows], actual[rows]
    if not len(rows):
        made = forecast_matrix(past, horizon, **how)
    else:
        then = context_at(context, rows, width, cut, horizon)
        made = forecast_matrix(past, horizon, context=then, **how)
    recent = past[:, -WINDOW:]
    return Backtest(
        series=rows.astype(np.int64),
        origin=np.full(len(rows), cut),
        kinds=made.kinds,
        classes=demand_classes(past, made.kinds),
        actual=actual,
        forecasts={
            ENGINE: made.mean,
            SEASONAL: seasonal_naive(recent, horizon),
            NAIVE2: naive2(past, horizon),
        },
        low=made.low,
        high=made.high,
        scale=naive_scale(past),
        scale_squared=naive_scale(past, season=1, power=2),
    )


def context_at(context: Context, rows: Ints, width: int, cut: int, horizon: int) -> Context:
    """What was known of some rows `cut` months before the end; withdrawals were not."""
    last, days = context.last_month, context.working_days
    if last is not None:
        months = np.asarray(last, np.int64)
        last = ((months[rows] if months.ndim else np.full(len(rows), months)) - 1 - cut) % SEASON + 1
    if days is not None:
        days = np.asarray(days, float)[..., : width - cut + horizon]
        days = days if days.ndim == 1 else days[rows]
    return replace(
        context,
        last_month=last,
        launches=None if context.launches is None else context.launches[rows],
        ended=None,
        stock_outs=None if context.stock_outs is None else context.stock_outs[rows, : width - cut],
        promotions=None if context.promotions is None else context.promotions[rows, : width - cut],
        as_recorded=None if context.as_recorded is None else context.as_recorded[rows, : width - cut],
        families=None if context.families is None else [context.families[row] for row in rows],
        working_days=days,
    )


def _joined(parts: list[Backtest]) -> Backtest:
    def tables(name: str) -> Any:
        return {
            key: np.concatenate([getattr(part, name)[key] for part in parts])
            for key in getattr(parts[0], name)
        }

    plain = ("series", "origin", "kinds", "classes", "actual", "scale", "scale_squared")
    joined: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in plain}
    return Backtest(**joined, forecasts=tables("forecasts"), low=tables("low"), high=tables("high"))


def printed(result: Backtest) -> str:
    """The table of the backtest command: overall and by class, the engine beside the naive ones."""
    head: tuple[str, ...] = ("class", "rows", "method", "WAPE %", "bias %", "sMAPE %", "MASE", "RMSSE", "OWA")
    head += tuple(f"in {100 * level:.6g} %" for level in result.low)
    lines = [head]
    for name, rows in result.by_kind():
        for method in result.forecasts:
            one = result.accuracy(method, rows)
            figures = [_text(one.wape, 100), _text(one.bias, 100), _text(one.smape, 100)]
            figures += [_text(one.mase, 1), _text(one.rmsse, 1), _text(one.owa, 1)]
            figures += [_text(share, 100) for share in one.coverage.values()]
            lines.append((name, str(int(rows.sum())), method, *figures))
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(size) if place in (0, 2) else cell.rjust(size)
            for place, (cell, size) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _text(value: float | None, factor: float) -> str:
    if value is None:
        return "n/a"
    return f"{factor * value:.1f}" if factor == 100 else f"{value:.3f}"
