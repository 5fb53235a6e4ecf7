"""Trains the correction on simulated series, or on past origins of any series, and says how it was done."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

import numpy as np

from demand.forecasting import network, trees
from demand.forecasting.arrays import LOOKAHEAD, SEASON, Floats, Ints, Singles, mean, widen
from demand.forecasting.cleansing import cleanse
from demand.forecasting.correction import SHORTEST, SHRINK, Correction
from demand.forecasting.ensemble import fit
from demand.forecasting.features import Features
from demand.forecasting.intervals import Factors
from demand.forecasting.simulator import simulate

BATCH = 2000  # simulated series per seed
FIRST_SEED = 900
HELD_BACK = 0.15  # share of the cases that measures the intervals and takes no part in training
TARGET_CLIP = 0.8
SMAPE_WEIGHT = 6.7


class Cases(NamedTuple):
    """C training cases: features for both learners, target log(actual / base) (C, 24; NaN unknown), weight,
    scales (C,)."""

    table: Singles
    inputs: Singles
    targets: Singles
    weight: Floats
    unit: Floats
    error: Floats
    months: Ints

    def rows(self) -> Singles:
        """(C, 24, F) for the trees."""
        return self.table

    def network_inputs(self) -> Singles:
        """(C, D) for the networks."""
        return self.inputs

    def part(self, chosen: slice) -> Cases:
        """Some of the cases."""
        return Cases(*(one[chosen] for one in self))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Recipe:
    """What a training run does; the defaults made the shipped correction."""

    series: int = 60_000
    networks: int = 2
    with_trees: bool = True
    seed: int = FIRST_SEED
    shortest: int = SHORTEST
    net: network.Recipe = field(default_factory=network.Recipe)
    tree: trees.Recipe = field(default_factory=trees.Recipe)


def training_cases(values: Floats, shortest: int = SHORTEST) -> Cases | None:
    """Cases from values (N, T): the last 24 months are the target, what lies before them the history.

    Only rows positive throughout with `shortest` months of history count; None where there are none."""
    history, actual = widen(values[:, :-LOOKAHEAD], SEASON), values[:, -LOOKAHEAD:]
    usable = (np.isfinite(history).sum(1) >= shortest) & (np.where(np.isfinite(values), values, 1) > 0).all(1)
    if not usable.any():
        return None
    history, actual = cleanse(history[usable]).values, actual[usable]
    fitted = fit(history, logs=True)
    features = Features(fitted)
    targets = np.log(actual) - np.log(fitted.base[:, :LOOKAHEAD])
    return Cases(
        features.rows(),
        features.network_inputs(),
        targets.astype(np.float32),
        _weight(history),
        features.unit,
        fitted.error[:, :LOOKAHEAD],
        fitted.indices.months,
    )


def _weight(history: Floats) -> Floats:
    """Weight of a case that makes its log error count as in the mean of sMAPE and MASE."""
    level = mean(np.abs(history[:, -SEASON:]))
    yearly = np.abs(history[:, SEASON:] - history[:, :-SEASON])
    scale = mean(yearly) + 1e-9  # NaN in the first year: such a case counts as a middling one
    return SMAPE_WEIGHT + np.clip(np.nan_to_num(level / scale, nan=SMAPE_WEIGHT), 0, 40)


def join(parts: Iterable[Cases | None]) -> Cases:
    """Several sets of cases as one."""
    return Cases(
        *(np.concatenate(columns) for columns in zip(*(one for one in parts if one is not None), strict=True))
    )


def simulated_cases(recipe: Recipe) -> Cases:
    """Cases from recipe.series simulated series."""
    batches = range(max(1, recipe.series // BATCH))
    size = min(BATCH, recipe.series)
    shortest = recipe.shortest + LOOKAHEAD
    return join(
        training_cases(simulate(size, recipe.seed + k, shortest=shortest), recipe.shortest) for k in batches
    )


def learn(cases: Cases, recipe: Recipe) -> Correction:
    """Networks and, where LightGBM is there and wanted, trees; the factors of the intervals are not
    measured."""
    targets = np.clip(cases.targets, -TARGET_CLIP, TARGET_CLIP)
    recipes = [replace(recipe.net, seed=recipe.net.seed + k) for k in range(recipe.networks)]
    networks = tuple(network.train(cases.inputs, targets, cases.weight, cases.unit, one) for one in recipes)
    grown = trees.grow(cases.table, targets, cases.weight, recipe.tree) if recipe.with_trees else None
    return Correction(networks, () if grown is None else (grown,))


def measured_factors(correction: Correction, cases: Cases) -> Factors:
    """Conformal factors of a correction on cases it has not seen."""
    left = np.abs(cases.targets - SHRINK * correction.predicted(cases))
    return Factors.measured(left / cases.error, cases.months)


def train(recipe: Recipe = Recipe()) -> Correction:
    """The shipped correction, from simulated series alone; the same recipe gives the same correction."""
    started = time.process_time()
    cases = simulated_cases(recipe)
    simulated = time.process_time()
    kept = int(len(cases.targets) * (1 - HELD_BACK))
    correction = learn(cases.part(slice(0, kept)), recipe)
    factors = measured_factors(correction, cases.part(slice(kept, None)))
    notes = {
        "trained_on": "simulated series only (demand/forecasting/simulator.py)",
        "recipe": asdict(recipe),
        "cases": len(cases.targets),
        "learners": correction.name,
        "cpu_seconds": {
            "cases": round(simulated - started),
            "learning": round(time.process_time() - simulated),
        },
        "numpy": np.__version__,
        "lightgbm": getattr(trees.library(), "__version__", None),
        "member_profile": {"simulated": member_profile(cases)},
    }
    return replace(correction, factors=factors, trained=notes)


def member_profile(cases: Cases) -> dict[str, float]:
    """Weighted absolute error of some members relative to the base: alike on simulated and real series, if
    all is well."""
    shown = {"damped": 0, "theta": 1, "level": 5, "last year": 6, "evolving season": 33}

    def error(offset: Singles | float) -> float:
        return float(np.nansum(np.abs(cases.targets - offset) * cases.weight[:, None]))

    base = error(0.0)
    return {name: round(error(cases.table[:, :, place]) / base, 3) for name, place in shown.items()}
