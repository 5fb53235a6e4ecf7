"""forecast_matrix: every series of a matrix at once, each by the treatment its history calls for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import SEASON, WINDOW, Floats, Ints, chunks
from demand.forecasting.cleansing import Repair, cleanse
from demand.forecasting.context import (
    LEVELS,
    Context,
    Forecasts,
    InputError,
    check_context,
    check_request,
    recent,
)
from demand.forecasting.correction import Correction, shipped_correction
from demand.forecasting.ensemble import Fit, fit, indices_of
from demand.forecasting.intervals import sparse_interval
from demand.forecasting.routing import Kind, demand_interval, idle_months, route
from demand.forecasting.seasonality import Indices, family_indices
from demand.forecasting.sentences import fitted_sentence, plain_sentence, stories
from demand.forecasting.sparse import imapa_level, launch_level
from demand.forecasting.workdays import WorkdayEffect, workday_effect

Table = TypeVar("Table", bound=npt.NDArray[np.generic])
LAUNCH_ERROR = 0.35  # expected error (logs) of a launch in its first months; grows with the root of time

__all__ = ["LEVELS", "Context", "Forecasts", "InputError", "forecast_matrix"]


def forecast_matrix(
    values: npt.ArrayLike,
    horizon: int,
    *,
    context: Context | None = None,
    levels: Sequence[float] = LEVELS,
    outliers: bool = True,
    correction: Correction | None = None,
) -> Forecasts:
    """Forecasts every row of values (N, T): monthly quantities, right-aligned, NaN where not recorded.

    horizon: 1 to 60 months. levels: coverages of the intervals, each between 0 and 1. outliers: repair them
    before fitting. correction: the shipped one if None; Correction() for none. Never NaN, whatever the rows
    hold; negative only for series of net quantities (negative in more than 3 % of their months). Raises
    InputError for wrong arguments."""
    table = np.asarray(values, float)
    check_request(table, horizon, levels)
    known = context or Context()
    check_context(known, *table.shape, horizon)
    run = _Run(table[:, -WINDOW:], horizon, tuple(levels), recent(known, table.shape[1]), outliers)
    run.correction = correction or shipped_correction()
    run.forecast_all()
    return run.result


class _Run:
    """One call: cleansed values and the result as it fills up, chunk by chunk."""

    def __init__(
        self, recorded: Floats, horizon: int, levels: tuple[float, ...], context: Context, outliers: bool
    ) -> None:
        self.horizon, self.levels, self.context = horizon, levels, context
        self.count, self.width = recorded.shape
        self.correction = Correction()
        self.values = np.empty_like(recorded)
        repairs: list[Repair] = []
        for part in chunks(self.count):
            cleansed = cleanse(
                recorded[part],
                first_months=_rows(context.launches, part),
                stock_outs=_rows(context.stock_outs, part),
                promotions=_rows(context.promotions, part),
                outliers=outliers,
            )
            self.values[part] = cleansed.values
            repairs += [
                one._replace(series=one.series + part.start) for one in cleansed.repairs(recorded[part])
            ]
        self.repairs: dict[int, list[Repair]] = defaultdict(list)
        for repair in repairs:
            self.repairs[repair.series].append(repair)
        self.result = self._empty(repairs)
        self.first_month = self._first_months()
        self.family = self._family_profiles()

    def _empty(self, repairs: list[Repair]) -> Forecasts:
        shape = (self.count, self.horizon)
        ended = self.context.ended
        parts = [route(self.values[p], _rows(ended, p)) for p in chunks(self.count)]
        return Forecasts(
            mean=np.zeros(shape),
            low={level: np.zeros(shape) for level in self.levels},
            high={level: np.zeros(shape) for level in self.levels},
            kinds=np.concatenate(parts) if parts else np.empty(0, object),
            methods=[""] * self.count,
            explanations=[""] * self.count,
            repairs=repairs,
        )

    def _first_months(self) -> Ints | None:
        """Calendar month (0 = January) of the first month forecast (N,)."""
        last = self.context.last_month
        return None if last is None else np.broadcast_to(np.asarray(last, np.int64) % SEASON, (self.count,))

    def _family_profiles(self) -> Floats | None:
        """Log seasonal profiles (N, 12) of the families, NaN for none; only made where a short series wants
        one."""
        families = self.context.families
        wanting = (self.result.kinds == Kind.SHORT) | (self.result.kinds == Kind.NEW)
        if families is None or not wanting.any():
            return None
        labels: dict[object, int] = {}
        codes = np.array([-1 if f is None else labels.setdefault(f, len(labels)) for f in families], np.int64)
        positive = (np.where(np.isfinite(self.values), self.values, 1) > 0).all(1)
        codes = np.where(positive, codes, -1)
        parts = [indices_of(self.values[part], logs=True)[1] for part in chunks(self.count)]
        indices = Indices(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        first = np.zeros(self.count, np.int64) if self.first_month is None else self.first_month
        return family_indices(indices, codes, first)

    def forecast_all(self) -> None:
        """Forecasts every series, in chunks, each kind in its own way."""
        for part in chunks(self.count):
            rows = np.arange(part.start, part.stop)
            kinds = self.result.kinds[rows]
            is_fitted = np.array([kind.is_fitted for kind in kinds], bool)
            fitted = rows[is_fitted]
            positive = (np.where(np.isfinite(self.values[fitted]), self.values[fitted], 1) > 0).all(1)
            for logs in (True, False):
                if len(chosen := fitted[positive == logs]):
                    self._fit(chosen, logs)
            self._launches(rows[kinds == Kind.NEW])
            self._intermittent(rows[kinds == Kind.INTERMITTENT])
            self._constant(rows[kinds == Kind.CONSTANT])
            self._tell_plain(rows[~is_fitted])

    def _fit(self, rows: Ints, logs: bool) -> None:
        values = self.values[rows]
        effect = self._workdays(rows, values)
        family = None if self.family is None or not logs else self.family[rows]
        done = fit(values / effect.past, logs=logs, horizon=self.horizon, family=family)
        correction = self.correction.logs(done, self.horizon) if logs else np.zeros((len(rows), self.horizon))
        base = done.members["base"][:, : self.horizon] + done.season[:, : self.horizon]
        self.result.mean[rows] = done.restore(base + correction) * effect.future
        months = done.indices.months
        for level in self.levels:
            reach = self.correction.factors.at(level, months, self.horizon) * done.error[:, : self.horizon]
            self.result.low[level][rows] = done.restore(base + correction - reach) * effect.future
            self.result.high[level][rows] = done.restore(base + correction + reach) * effect.future
        self._tell_fitted(rows, done, correction, effect)

    def _workdays(self, rows: Ints, values: Floats) -> WorkdayEffect:
        days = self.context.working_days
        if days is None:
            nothing = np.ones((1, 1))
            return WorkdayEffect(np.zeros(len(rows)), nothing, nothing)
        return workday_effect(values, days if days.ndim == 1 else days[rows])

    def _launches(self, rows: Ints) -> None:
        """Under a year of history: the level held, with the season of the family where there is one."""
        if not len(rows):
            return
        profile = np.zeros((len(rows), SEASON)) if self.family is None else np.nan_to_num(self.family[rows])
        level = launch_level(self.values[rows], profile)
        ahead = np.arange(self.horizon)
        mean = level[:, None] * np.exp(profile[:, ahead % SEASON])
        self.result.mean[rows] = mean
        error = LAUNCH_ERROR * np.sqrt(1 + ahead / SEASON)[None, :]
        for one in self.levels:
            reach = self.correction.factors.at(one, np.zeros(len(rows), np.int64), self.horizon) * error
            ends = mean * np.exp(-reach), mean * np.exp(reach)
            self.result.low[one][rows], self.result.high[one][rows] = np.minimum(*ends), np.maximum(*ends)

    def _intermittent(self, rows: Ints) -> None:
        if not len(rows):
            return
        level = imapa_level(self.values[rows])
        self.result.mean[rows] = level[:, None]
        for one in self.levels:
            low, high = sparse_interval(self.values[rows], level, one)
            self.result.low[one][rows], self.result.high[one][rows] = low[:, None], high[:, None]

    def _constant(self, rows: Ints) -> None:
        for table in (self.result.mean, *self.result.low.values(), *self.result.high.values()):
            table[rows] = self.values[rows, -1:]

    def _tell_fitted(self, rows: Ints, done: Fit, correction: Floats, effect: WorkdayEffect) -> None:
        lent = np.zeros(len(rows), bool)
        if self.family is not None and done.logs:
            lent = np.isfinite(self.family[rows]).all(1)
        told = stories(done, correction, effect.elasticity, lent)
        learned = bool(np.any(correction)) and done.logs
        for row, story, months in zip(rows, told, done.indices.months, strict=True):
            kind: Kind = self.result.kinds[row]
            first = None if self.first_month is None else int(self.first_month[row]) + 1
            ensemble = "short history ensemble" if kind is Kind.SHORT else "ensemble"
            corrected = learned and bool(np.any(correction[np.searchsorted(rows, row)]))
            self.result.methods[row] = f"{ensemble} + {self.correction.name}" if corrected else ensemble
            self.result.explanations[row] = fitted_sentence(
                kind, int(months), story, done.logs, first, self.repairs.get(int(row), [])
            )

    def _tell_plain(self, rows: Ints) -> None:
        if not len(rows):
            return
        values = self.values[rows]
        months, idle, interval = np.isfinite(values).sum(1), idle_months(values), demand_interval(values)
        for place, row in enumerate(rows):
            kind: Kind = self.result.kinds[row]
            self.result.methods[row] = "IMAPA" if kind is Kind.INTERMITTENT else kind.value
            self.result.explanations[row] = plain_sentence(
                kind,
                int(months[place]),
                float(self.result.mean[row, 0]),
                float(interval[place]),
                int(idle[place]),
                self.repairs.get(int(row), []),
            )


def _rows(table: Table | None, part: slice) -> Table | None:
    return None if table is None else table[part]
