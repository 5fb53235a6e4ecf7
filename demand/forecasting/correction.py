"""The learned correction of the base forecast: log(actual / base) from a NumPy network, and trees where LightGBM is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from .arrays import LOOKAHEAD, Floats
from .ensemble import Fit
from .features import Features
from .intervals import Factors, standard_factors
from .network import Network
from .trees import Trees

ARTIFACTS = Path(__file__).parent / "artifacts"
CLIP = 1.0  # largest correction, logs
SHRINK = 0.85
SHORTEST = 24  # months of history the training cases have at least


@dataclass(frozen=True)
class Correction:
    """Networks and optional trees, averaged; factors: conformal factors measured with them; trained: how."""

    networks: tuple[Network, ...] = ()
    trees: Trees | None = None
    factors: Factors = field(default_factory=standard_factors)
    trained: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What takes part, in words."""
        if not self.networks and self.trees is None:
            return "no learned correction"
        if self.trees is None:
            return "network"
        return "network and trees" if self.networks else "trees"

    def logs(self, fit: Fit, horizon: int) -> Floats:
        """Correction in logs (N, horizon) of a fit in logs; zero below 24 months of history; held beyond 24 ahead."""
        parts: list[Floats] = []
        if self.networks or self.trees is not None:
            features = Features(fit)
            if self.networks:
                parts.append(np.mean([one.corrections(features.network_inputs(), features.unit) for one in self.networks], 0))
            if self.trees is not None:
                parts.append(self.trees.corrections(features.rows()))
        if not parts:
            return np.zeros((len(fit.x), horizon))
        together = SHRINK * np.clip(np.mean(parts, 0), -CLIP, CLIP) * (fit.indices.months >= SHORTEST)[:, None]
        return together[:, np.minimum(np.arange(horizon), LOOKAHEAD - 1)]

    def save(self, folder: Path) -> None:
        """Writes the artifact: networks.npz, trees.txt.xz where there are trees, training.json."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"{n}_{name}": part for n, one in enumerate(self.networks) for name, part in one.arrays().items()}
        np.savez_compressed(folder / "networks.npz", factors=self.factors.table.astype(np.float32), **arrays)
        if self.trees is not None:
            self.trees.save(folder / "trees.txt.xz")
        (folder / "training.json").write_text(json.dumps(self.trained, indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> Correction:
        """Reads an artifact; without LightGBM the networks correct alone."""
        with np.load(folder / "networks.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        factors = Factors(arrays.pop("factors").astype(float))
        numbers = sorted({name.split("_")[0] for name in arrays})
        networks = tuple(
            Network.of({name.split("_", 1)[1]: part for name, part in arrays.items() if name.startswith(f"{n}_")})
            for n in numbers
        )
        trained = json.loads((folder / "training.json").read_text())
        return cls(networks, Trees.load(folder / "trees.txt.xz"), factors, trained)


@cache
def shipped_correction() -> Correction:
    """The correction that ships with the engine, trained on simulated series only."""
    return Correction.load(ARTIFACTS) if (ARTIFACTS / "networks.npz").exists() else Correction()
