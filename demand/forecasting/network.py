"""A small multi-layer network in NumPy: ReLU, dropout, smoothed absolute error, Adam with decay, cosine
rate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from demand.forecasting.arrays import LOOKAHEAD, Floats, Singles

HIDDEN = (384, 384)
CLIP = 15.0  # inputs and targets in units of the own error
SCALE = 3.0


@dataclass(frozen=True)
class Network:
    """Weights and biases by layer, float32."""

    weights: tuple[Singles, ...]
    biases: tuple[Singles, ...]

    def predict(self, inputs: Singles) -> Singles:
        """Plain forward pass (N, D) -> (N, O)."""
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            inputs = np.maximum(inputs @ weight + bias, 0)
        return inputs @ self.weights[-1] + self.biases[-1]

    def corrections(self, inputs: Singles, unit: Floats) -> Floats:
        """Corrections in logs (N, 24) from network_inputs (N, 109) and the own error `unit` (N,)."""
        return self.predict(scaled(inputs)).astype(float) * SCALE * unit[:, None]

    def arrays(self) -> dict[str, np.typing.NDArray[np.float16]]:
        """For storing; half precision changes forecasts by less than a thousandth."""
        named = {f"w{k}": one for k, one in enumerate(self.weights)} | {
            f"b{k}": one for k, one in enumerate(self.biases)
        }
        return {name: one.astype(np.float16) for name, one in named.items()}

    @classmethod
    def of(cls, arrays: dict[str, np.typing.NDArray[np.float16]]) -> Network:
        """The inverse of arrays()."""
        layers = range(len(arrays) // 2)
        return cls(
            tuple(arrays[f"w{k}"].astype(np.float32) for k in layers),
            tuple(arrays[f"b{k}"].astype(np.float32) for k in layers),
        )


def scaled(inputs: Singles) -> Singles:
    """Inputs clipped and brought near unit size."""
    return (np.clip(inputs, -CLIP, CLIP) / SCALE).astype(np.float32)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the defaults are those of the shipped one."""

    hidden: tuple[int, ...] = HIDDEN
    epochs: int = 20
    batch: int = 256
    rate: float = 1e-3
    decay: float = 0.1
    huber: float = 0.02
    dropout: float = 0.2
    input_dropout: float = 0.05
    seed: int = 1


def train(
    inputs: Singles, targets: Singles, weight: Floats, unit: Floats, recipe: Recipe = Recipe()
) -> Network:
    """Trains on network_inputs (C, D), log corrections (C, 24; NaN unknown), case weights (C,), own errors
    (C,)."""
    wanted = np.clip(targets / unit[:, None], -CLIP, CLIP) / SCALE
    known = np.isfinite(wanted)
    importance = known * (weight * unit)[:, None]
    share: Singles = (importance * (len(inputs) / importance.sum())).astype(np.float32)
    target: Singles = np.where(known, wanted, 0).astype(np.float32)
    training = _Training(inputs.shape[1], recipe, steps=recipe.epochs * (len(inputs) // recipe.batch))
    x = scaled(inputs)
    for batch in training.batches(len(inputs)):
        training.step(x[batch], target[batch], share[batch])
    return Network(tuple(training.weights), tuple(training.biases))


class _Training:
    """State of one training run: parameters and their running moments."""

    def __init__(self, inputs: int, recipe: Recipe, steps: int) -> None:
        self.recipe, self.steps, self.done = recipe, max(steps, 1), 0
        self.random = np.random.default_rng(recipe.seed)
        sizes = [inputs, *recipe.hidden, LOOKAHEAD]
        pairs = list(pairwise(sizes))
        self.weights = [
            (self.random.standard_normal(p) * np.sqrt(2 / p[0])).astype(np.float32) for p in pairs
        ]
        self.weights[-1] *= np.float32(0.1)  # start near "no correction"
        self.biases = [np.zeros(p[1], np.float32) for p in pairs]
        self.first = [np.zeros_like(p) for p in (*self.weights, *self.biases)]
        self.second = [np.zeros_like(p) for p in (*self.weights, *self.biases)]

    def batches(self, cases: int) -> Iterator[np.typing.NDArray[np.int64]]:
        """Shuffled batches, epoch after epoch."""
        size = min(self.recipe.batch, cases)
        for _ in range(self.recipe.epochs):
            order = self.random.permutation(cases)
            for start in range(0, cases - size + 1, size):
                yield order[start : start + size]

    def step(self, inputs: Singles, wanted: Singles, weight: Singles) -> None:
        """One step of Adam on one batch."""
        active, masks = self._forward(inputs)
        output = active[-1] @ self.weights[-1] + self.biases[-1]
        slopes = np.clip((output - wanted) / self.recipe.huber, -1, 1)
        gradient: Singles = (slopes * weight / len(inputs)).astype(np.float32)
        self._move(self._backward(active, masks, gradient))

    def _keep(self, shape: tuple[int, ...], rate: float) -> Singles:
        return ((self.random.random(shape, dtype=np.float32) > rate) / np.float32(1 - rate)).astype(
            np.float32
        )

    def _forward(self, inputs: Singles) -> tuple[list[Singles], list[Singles]]:
        active, masks = [inputs * self._keep(inputs.shape, self.recipe.input_dropout)], []
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = np.maximum(active[-1] @ weight + bias, 0)
            masks.append(self._keep(hidden.shape, self.recipe.dropout))
            active.append(hidden * masks[-1])
        return active, masks

    def _backward(self, active: list[Singles], masks: list[Singles], gradient: Singles) -> list[Singles]:
        by_weight, by_bias = [], []
        for layer in range(len(self.weights) - 1, -1, -1):
            by_weight.append(active[layer].T @ gradient)
            by_bias.append(gradient.sum(0))
            if layer:
                gradient = (gradient @ self.weights[layer].T) * (active[layer] > 0) * masks[layer - 1]
        return by_weight[::-1] + by_bias[::-1]

    def _move(self, gradients: list[Singles]) -> None:
        self.done += 1
        rate = self.recipe.rate * 0.5 * (1 + math.cos(math.pi * self.done / self.steps))
        for k, (parameter, gradient) in enumerate(zip((*self.weights, *self.biases), gradients, strict=True)):
            self.first[k] += np.float32(0.1) * (gradient - self.first[k])
            self.second[k] += np.float32(0.001) * (gradient**2 - self.second[k])
            mean = self.first[k] / (1 - 0.9**self.done)
            move = mean / (np.sqrt(self.second[k] / (1 - 0.999**self.done)) + 1e-8)
            decay = self.recipe.decay * parameter if k < len(self.weights) else 0
            np.subtract(parameter, rate * (move + decay), out=parameter, casting="same_kind")
