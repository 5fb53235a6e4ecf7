"""The learned correction of the base forecast: log(actual / base) from a NumPy network, and trees where
LightGBM is."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, Floats, Singles
from demand.forecasting.ensemble import Fit
from demand.forecasting.features import Features
from demand.forecasting.intervals import Factors, standard_factors
from demand.forecasting.network import Network
from demand.forecasting.trees import Trees

ARTIFACTS = Path(__file__).parent / "artifacts"
CLIP = 1.0  # largest correction, logs
SHRINK = 0.85
SHORTEST = 12  # months of history the training cases have at least


class Inputs(Protocol):
    """What the learners read: features of a fit, or stored training cases."""

    @property
    def unit(self) -> Floats:
        """The series' own one-step error (N,)."""

    def rows(self) -> Singles:
        """(N, 24, F) for the trees."""

    def network_inputs(self) -> Singles:
        """(N, D) for the networks."""


def sum_of(parts: Iterable[Floats]) -> Floats:
    """Elementwise sum."""
    return np.sum(list(parts), axis=0, dtype=float)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Correction:
    """Networks and, where LightGBM is, trees; factors: conformal factors measured with them; trained: how.

    The mean of the networks and the mean of the trees count for half each: they err differently."""

    networks: tuple[Network, ...] = ()
    trees: tuple[Trees, ...] = ()
    factors: Factors = field(default_factory=standard_factors)
    trained: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What takes part, in words."""
        parts = ["network"] * bool(self.networks) + ["trees"] * bool(self.trees)
        return " and ".join(parts) or "no learned correction"

    def predicted(self, features: Inputs) -> Floats:
        """Corrections in logs (N, 24), before shrinking."""
        means: list[Floats] = []
        if self.networks:
            inputs = features.network_inputs()
            means.append(
                sum_of(one.corrections(inputs, features.unit) for one in self.networks) / len(self.networks)
            )
        if self.trees:
            rows = features.rows()
            means.append(sum_of(one.corrections(rows) for one in self.trees) / len(self.trees))
        return np.clip(sum_of(means) / len(means), -CLIP, CLIP)

    def logs(self, fit: Fit, horizon: int) -> Floats:
        """Correction in logs (N, horizon) of a fit in logs; zero below a year of history; held beyond 24
        ahead."""
        if not self.networks and not self.trees:
            return np.zeros((len(fit.x), horizon))
        long_enough = fit.indices.months >= SHORTEST
        shrunk = SHRINK * self.predicted(Features(fit)) * long_enough[:, None]
        return shrunk[:, np.minimum(np.arange(horizon), LOOKAHEAD - 1)]

    def save(self, folder: Path) -> None:
        """Writes the artifact: networks.npz, trees.txt.xz where there are trees, training.json."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {
            f"{n}_{name}": part for n, one in enumerate(self.networks) for name, part in one.arrays().items()
        }
        stored = arrays | {"factors": self.factors.table.astype(np.float32)}
        np.savez_compressed(folder / "networks.npz", allow_pickle=False, **stored)
        for number, one in enumerate(self.trees):
            one.save(folder / f"trees{number}.txt.xz")
        (folder / "training.json").write_text(json.dumps(self.trained, indent=2) + "\n")

    def packed(self) -> bytes:
        """The artifact as one zip file; the same correction gives the same bytes."""
        with tempfile.TemporaryDirectory() as name, io.BytesIO() as target:
            self.save(Path(name))
            with zipfile.ZipFile(target, "w") as archive:
                for path in sorted(Path(name).iterdir()):
                    archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
            return target.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> Correction:
        """The inverse of packed()."""
        with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                (Path(name) / Path(part).name).write_bytes(archive.read(part))
            return cls.load(Path(name))

    @classmethod
    def load(cls, folder: Path) -> Correction:
        """Reads an artifact; without LightGBM the networks correct alone."""
        with np.load(folder / "networks.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        factors = Factors(arrays.pop("factors").astype(float))
        numbers = sorted({name.split("_")[0] for name in arrays})
        networks = tuple(
            Network.of(
                {name.split("_", 1)[1]: part for name, part in arrays.items() if name.startswith(f"{n}_")}
            )
            for n in numbers
        )
        trained = json.loads((folder / "training.json").read_text())
        grown = (Trees.load(path) for path in sorted(folder.glob("trees*.txt.xz")))
        return cls(networks, tuple(one for one in grown if one is not None), factors, trained)


@cache
def shipped_correction() -> Correction:
    """The correction that ships with the engine, trained on simulated series only."""
    return Correction.load(ARTIFACTS) if (ARTIFACTS / "networks.npz").exists() else Correction()
