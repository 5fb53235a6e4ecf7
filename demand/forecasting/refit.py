"""Refit of the correction on a company's own series: for the scheduled job; kept only where a backtest says
so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from demand.forecasting.arrays import LOOKAHEAD, Floats
from demand.forecasting.backtest import Accuracy, backtest_matrix
from demand.forecasting.context import Context, InputError
from demand.forecasting.correction import Correction, shipped_correction
from demand.forecasting.training import Cases, Recipe, join, learn, simulated_cases, training_cases

ORIGINS = tuple(range(0, 60, 3))  # months before the end at which own training targets end
OWN_WEIGHT = 4.0  # of an own case against a simulated one
ENOUGH_CASES = 500
MOST_SERIES = 2000  # of the company that take part in training
ENOUGH_GAIN = 0.002  # OWA: less is chance
BACKTEST_HORIZON = 12
OWN_RECIPE = Recipe(series=10_000)  # simulated series that keep the own ones company


@dataclass(frozen=True)
class Refit:
    """What came of it: the correction to use from now on, whether it is the new one, both scores, and why in
    words."""

    correction: Correction
    kept: bool
    before: Accuracy | None
    after: Accuracy | None
    reason: str


def own_cases(values: Floats) -> Cases | None:
    """Training cases from past origins of at most 2,000 series of (N, T); None where histories are too short
    or not positive."""
    sample = values[:: max(1, -(-len(values) // MOST_SERIES))]
    width = values.shape[1]
    parts = [training_cases(sample[:, : width - ago]) for ago in ORIGINS if width - ago > LOOKAHEAD]
    usable = [part for part in parts if part is not None]
    if not usable:
        return None
    cases = join(usable)
    return cases._replace(weight=cases.weight * OWN_WEIGHT)


def refit_correction(
    values: Floats,
    *,
    context: Context | None = None,
    base: Correction | None = None,
    recipe: Recipe = OWN_RECIPE,
    tell: Callable[[int, int, str], object] | None = None,
) -> Refit:
    """Trains on the own past and on simulated series, averages with the base, and keeps it if a backtest says
    so.

    values (N, T): right-aligned histories. base: a correction that has never seen these series, the shipped
    one if None; an earlier refit has, and would be scored on what it learned. The trial is trained without
    the last 12 months and scored on them; if it has a lower OWA there than the base, the final one is trained
    on everything. Otherwise the base is to be used, and an earlier refit dropped. Deterministic for the same
    input. tell: called with done, total and words before each of the five steps."""
    step = tell or _silent
    start = base or shipped_correction()
    step(0, 5, "Looking for past cases")
    cases = own_cases(values[:, :-BACKTEST_HORIZON])
    count = 0 if cases is None else len(cases.targets)
    if cases is None or count < ENOUGH_CASES:
        return _not_kept(start, _too_few(count))
    step(1, 5, "Simulating series to train beside")
    simulated = simulated_cases(recipe)
    step(2, 5, "Training without the last year")
    trial = together(start, learn(join([simulated, cases]), recipe))
    step(3, 5, "Testing on the last year")
    try:
        before, after = (_score(values, context, one) for one in (start, trial))
    except InputError as error:
        return _not_kept(start, f"{error} Nothing was refitted.")
    fall = _fall(before, after)
    if fall < ENOUGH_GAIN:
        said = f"A refit would change OWA by {-fall:+.3f} in the backtest and is not used."
        return Refit(start, False, before, after, said)
    step(4, 5, "It is better: training on everything")
    final = together(start, learn(join([simulated, own_cases(values)]), recipe))
    said = f"The refit lowers OWA by {fall:.3f} in the backtest and is used from now on."
    return Refit(final, True, before, after, said)


def _silent(done: int, total: int, words: str) -> None:
    """Nobody wants to know how far it is."""


def _too_few(count: int) -> str:
    return (
        f"{count} past cases to learn from, {ENOUGH_CASES} needed: nothing was refitted. A case is a series that "
        "always sold, with four years of history before a past month."
    )


def _not_kept(start: Correction, reason: str) -> Refit:
    return Refit(start, False, None, None, reason)


def _score(values: Floats, context: Context | None, correction: Correction) -> Accuracy:
    return backtest_matrix(values, BACKTEST_HORIZON, 1, context=context, correction=correction).accuracy()


def _fall(before: Accuracy, after: Accuracy) -> float:
    """Fall of OWA; of WAPE where OWA is undefined; 0 where both are."""
    pairs = ((before.owa, after.owa), (before.wape, after.wape))
    return next((old - new for old, new in pairs if old is not None and new is not None), 0.0)


def together(one: Correction, other: Correction) -> Correction:
    """Both corrections averaged; intervals keep the factors of the first, which saw more."""
    notes = {**one.trained, "refitted": other.trained or "on own series"}
    return replace(
        one, networks=(*one.networks, *other.networks), trees=(*one.trees, *other.trees), trained=notes
    )
