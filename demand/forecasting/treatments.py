"""What is done with each kind of series: mean, interval, method and sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from demand.forecasting.arrays import SEASON, Bools, Floats, Ints, anywhere, everywhere
from demand.forecasting.calibration import Widths
from demand.forecasting.cleansing import Repair
from demand.forecasting.context import Context
from demand.forecasting.correction import Correction
from demand.forecasting.ensemble import fit
from demand.forecasting.intervals import sparse_interval
from demand.forecasting.preparation import Prepared
from demand.forecasting.routing import Kind, demand_interval, idle_months
from demand.forecasting.sentences import Plain, Story, fitted_sentence, plain_sentence, stories
from demand.forecasting.sparse import imapa_level, launch_level
from demand.forecasting.workdays import WorkdayEffect, no_effect, workday_effect

LAUNCH_ERROR = 0.35  # expected error (logs) of a launch in its first months; grows with the root of time


@dataclass(frozen=True)
class Task:
    """Everything a treatment needs. widths: level -> multiplier of the conformal factors; repairs: row ->
    list."""

    prepared: Prepared
    context: Context
    horizon: int
    correction: Correction
    widths: Widths
    repairs: dict[int, list[Repair]]

    @property
    def levels(self) -> list[float]:
        """Levels of the intervals."""
        return list(self.widths.multipliers)

    def reach(self, level: float, months: Ints, error: Floats) -> Floats:
        """Half-width (N, H) of the interval for expected errors (N or 1, H)."""
        return (
            self.widths.half(self.correction.factors, level, months, self.horizon) * error[:, : self.horizon]
        )


@dataclass(frozen=True)
class Estimate:
    """Forecasts of some rows (n,): mean (n, H), ends of the intervals by level, methods and sentences."""

    rows: Ints
    mean: Floats
    low: dict[float, Floats]
    high: dict[float, Floats]
    methods: list[str]
    sentences: list[str]


def estimates(task: Task, rows: Ints) -> Iterable[Estimate]:
    """Forecasts every one of the rows, each kind in its own way."""
    kinds, positive = task.prepared.kinds[rows], task.prepared.positive[rows]
    is_fitted = np.array([kind.is_fitted for kind in kinds], bool)
    for logs in (True, False):
        chosen = rows[is_fitted & (positive == logs)]
        if len(chosen):
            yield fitted(task, chosen, logs)
    for kind, treatment in ((Kind.NEW, launch), (Kind.INTERMITTENT, intermittent), (Kind.CONSTANT, constant)):
        chosen = rows[kinds == kind]
        if len(chosen):
            yield treatment(task, chosen)
    chosen = rows[np.isin(kinds.astype(str), (Kind.ENDED, Kind.NO_DEMAND, Kind.NO_HISTORY))]
    if len(chosen):
        yield nothing(task, chosen)


def fitted(task: Task, rows: Ints, logs: bool) -> Estimate:
    """The seasonal ensemble and, in logs, the learned correction."""
    values, horizon = task.prepared.values[rows], task.horizon
    effect = _workdays(task, rows, values)
    family = task.prepared.family[rows] if task.prepared.family is not None and logs else None
    done = fit(values / effect.past, logs=logs, horizon=horizon, family=family)
    seen = max(horizon, SEASON)  # the sentence speaks of the coming year
    correction = task.correction.logs(done, seen) if logs else np.zeros((len(rows), seen))
    centre = ((done.members["base"] + done.season)[:, :seen] + correction)[:, :horizon]
    reaches = {level: task.reach(level, done.indices.months, done.error) for level in task.levels}
    lent = np.zeros(len(rows), bool) if family is None else everywhere(np.isfinite(family))
    told = stories(done, correction, effect.elasticity, lent)
    return Estimate(
        rows,
        done.restore(centre) * effect.future,
        {level: done.restore(centre - reach) * effect.future for level, reach in reaches.items()},
        {level: done.restore(centre + reach) * effect.future for level, reach in reaches.items()},
        *_told(task, rows, told, corrected=anywhere(correction != 0), logs=logs),
    )


def _workdays(task: Task, rows: Ints, values: Floats) -> WorkdayEffect:
    days = task.context.working_days
    if days is None:
        return no_effect(len(rows))
    return workday_effect(values, days if days.ndim == 1 else days[rows])


def _told(
    task: Task, rows: Ints, told: list[Story], *, corrected: Bools, logs: bool
) -> tuple[list[str], list[str]]:
    """Method and sentence of every fitted row."""
    first = task.prepared.first_months
    methods, sentences = [], []
    for place, (row, story) in enumerate(zip(rows.tolist(), told, strict=True)):
        kind: Kind = task.prepared.kinds[row]
        ensemble = "ensemble" if kind is Kind.REGULAR else "short history ensemble"
        methods.append(f"{ensemble} + {task.correction.name}" if corrected[place] else ensemble)
        month = None if first is None else int(first[row])
        sentences.append(fitted_sentence(story, logs, month, task.repairs.get(row, [])))
    return methods, sentences


def launch(task: Task, rows: Ints) -> Estimate:
    """Under a year of history: the level held, with the season of the family where there is one."""
    family = task.prepared.family
    profile = np.zeros((len(rows), SEASON)) if family is None else np.nan_to_num(family[rows])
    ahead = np.arange(task.horizon)
    level = launch_level(task.prepared.values[rows], profile)
    mean = level[:, None] * np.exp(profile[:, ahead % SEASON])
    error = LAUNCH_ERROR * np.sqrt(1 + ahead / SEASON)[None, :]
    low, high = {}, {}
    for one in task.levels:
        reach = task.reach(one, np.zeros(len(rows), np.int64), error)
        ends = mean * np.exp(-reach), mean * np.exp(reach)
        low[one], high[one] = np.minimum(*ends), np.maximum(*ends)
    return Estimate(rows, mean, low, high, *_plainly(task, rows, level, Kind.NEW.value))


def intermittent(task: Task, rows: Ints) -> Estimate:
    """Intermittent demand: its mean rate, with the quantiles of its own months around it."""
    values = task.prepared.values[rows]
    level = imapa_level(values)
    ends = {one: sparse_interval(values, level, one) for one in task.levels}

    def wide(by_row: Floats) -> Floats:
        return np.repeat(by_row[:, None], task.horizon, 1)

    low, high = ({one: wide(pair[end]) for one, pair in ends.items()} for end in (0, 1))
    return Estimate(rows, wide(level), low, high, *_plainly(task, rows, level, "IMAPA"))


def constant(task: Task, rows: Ints) -> Estimate:
    """A series that never changed goes on as it is, without an interval."""
    level = task.prepared.values[rows, -1]
    return _certain(task, rows, level, Kind.CONSTANT.value)


def nothing(task: Task, rows: Ints) -> Estimate:
    """Ended, never sold or unknown: zero."""
    return _certain(task, rows, np.zeros(len(rows)), "zero")


def _certain(task: Task, rows: Ints, level: Floats, method: str) -> Estimate:
    mean = np.repeat(level[:, None], task.horizon, 1)
    ends = dict.fromkeys(task.levels, mean)
    return Estimate(rows, mean, ends, ends, *_plainly(task, rows, level, method))


def _plainly(task: Task, rows: Ints, level: Floats, method: str) -> tuple[list[str], list[str]]:
    """Method and sentence of rows that the ensemble did not touch."""
    values = task.prepared.values[rows]
    facts = zip(
        task.prepared.kinds[rows],
        np.isfinite(values).sum(1).tolist(),
        level.tolist(),
        demand_interval(values).tolist(),
        idle_months(values).tolist(),
        strict=True,
    )
    told = [
        plain_sentence(Plain(*fact), task.repairs.get(int(row), []))
        for row, fact in zip(rows, facts, strict=True)
    ]
    return [method] * len(rows), told
