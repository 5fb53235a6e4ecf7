"""The second learner: gradient-boosted trees. LightGBM is optional; where it cannot be loaded there are no
trees."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from demand.forecasting.arrays import Floats, Singles

MOST_ROWS = 1_200_000


@cache
def library() -> ModuleType | None:
    """LightGBM, or None where it is not installed or its OpenMP library is missing."""
    try:
        import lightgbm
    except (ImportError, OSError):
        return None
    return lightgbm


@dataclass(frozen=True)
class Trees:
    """A LightGBM booster."""

    booster: Any

    def corrections(self, rows: Singles) -> Floats:
        """Corrections in logs (N, 24) from feature rows (N, 24, F)."""
        flat = np.ascontiguousarray(rows.reshape(-1, rows.shape[2]))
        predicted: Floats = self.booster.predict(flat, num_threads=1)
        return predicted.reshape(rows.shape[:2])

    def save(self, path: Path) -> None:
        """Compressed model text."""
        path.write_bytes(
            lzma.compress(self.booster.model_to_string().encode(), preset=9 | lzma.PRESET_EXTREME)
        )

    @classmethod
    def load(cls, path: Path) -> Trees | None:
        """The stored trees; None where there are none or LightGBM is absent."""
        lightgbm = library()
        if lightgbm is None or not path.exists():
            return None
        return cls(lightgbm.Booster(model_str=lzma.decompress(path.read_bytes()).decode()))


@dataclass(frozen=True)
class Recipe:
    """How trees are grown; the defaults are those of the shipped ones."""

    rounds: int = 250
    leaves: int = 63
    rate: float = 0.08
    seed: int = 1


def grow(rows: Singles, targets: Singles, weight: Floats, recipe: Recipe = Recipe()) -> Trees | None:
    """Trees on rows (C, 24, F), log corrections (C, 24; NaN unknown), case weights (C,); None without
    LightGBM."""
    lightgbm = library()
    if lightgbm is None:
        return None
    case, ahead = np.nonzero(np.isfinite(targets))
    if len(case) > MOST_ROWS:
        chosen = np.random.default_rng(recipe.seed).choice(len(case), MOST_ROWS, replace=False)
        case, ahead = case[chosen], ahead[chosen]
    options = {
        "objective": "l1",
        "learning_rate": recipe.rate,
        "num_leaves": recipe.leaves,
        "min_data_in_leaf": 300,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.5,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "num_threads": 1,  # two threads spin on a loaded machine
        "deterministic": True,
        "force_row_wise": True,
        "seed": recipe.seed,
        "verbose": -1,
    }
    cases = lightgbm.Dataset(rows[case, ahead], targets[case, ahead], weight=weight[case])
    return Trees(lightgbm.train(options, cases, recipe.rounds))
