"""Hierarchical reconciliation: forecasts of every level adjusted, by as little as their errors warrant, until
they add up.

MinT with shrinkage (Wickramasuriya, Athanasopoulos & Hyndman 2019, Optimal forecast reconciliation), in the
form with constraints: y - W C' (C W C')^-1 C y with C = [I, -S], which solves for the aggregates only and
never forms the covariance W of all nodes, so that 20,000 products under some hundred families are no trouble.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from demand.forecasting.arrays import TINY, Floats
from demand.forecasting.context import InputError
from demand.forecasting.correction import Correction
from demand.forecasting.engine import forecast_matrix

SAMPLED_NODES = 500  # nodes on which the shrinkage is estimated
ALIKE = 4  # months of one origin err alike: so many count as one observation
RESIDUAL_ORIGINS = 6
RESIDUAL_STEP = 6
LEAST_HISTORY = 12


class Hierarchy(NamedTuple):
    """Aggregates over bottom series: summing (A, B) of zeros and ones, and the (level, label) of each
    aggregate."""

    summing: Floats
    nodes: list[tuple[str, object]]


def hierarchy(levels: dict[str, Sequence[object]]) -> Hierarchy:
    """Hierarchy from labels: level name -> label of each of the B bottom series. A total is a level of one
    label."""
    rows: list[Floats] = []
    nodes: list[tuple[str, object]] = []
    for level, labels in levels.items():
        for label in dict.fromkeys(labels):
            rows.append(np.array([one == label for one in labels], float))
            nodes.append((level, label))
    return Hierarchy(np.array(rows), nodes)


def with_aggregates(bottom: Floats, summing: Floats) -> Floats:
    """(B, T) -> (A + B, T): aggregates first. NaN in a month counts as 0 unless no part has a value."""
    known = np.isfinite(bottom)
    total = summing @ np.where(known, bottom, 0.0)
    total = np.where(summing @ known > 0, total, np.nan)
    return np.concatenate([total, bottom])


def shrinkage(standardised: Floats) -> float:
    """Schaefer & Strimmer (2005) intensity for correlations of standardised residuals (nodes, R), from 0 to
    1."""
    nodes, count = standardised.shape
    if count < 3 or nodes < 2:
        return 1.0
    if nodes > SAMPLED_NODES:
        standardised = standardised[:: -(-nodes // SAMPLED_NODES)]
    correlation = standardised @ standardised.T / count
    squares = (standardised**2) @ (standardised**2).T / count
    variance = (squares - correlation**2) * count / (count - 1) ** 2
    off = ~np.eye(len(correlation), dtype=bool)
    noise = ALIKE * variance[off].sum()
    return float(np.clip(noise / max((correlation[off] ** 2).sum(), TINY), 0.0, 1.0))


def reconcile(forecasts: Floats, summing: Floats, residuals: Floats, *, non_negative: bool = True) -> Floats:
    """Coherent forecasts (A + B, H) from any forecasts (A + B, H), aggregates first.

    summing (A, B). residuals (A + B, R): past forecast errors of every node, the more the better; NaN counts
    as no error. non_negative: bottom forecasts below zero become zero where they were not negative before,
    and aggregates follow."""
    aggregates, bottom = summing.shape
    if forecasts.shape[0] != aggregates + bottom or residuals.shape[0] != aggregates + bottom:
        given = f"{forecasts.shape[0]} forecasts and {residuals.shape[0]} rows of residuals"
        raise InputError(f"{given} for {aggregates} aggregates and {bottom} bottom series.")
    errors = np.nan_to_num(residuals)
    count = max(errors.shape[1], 1)
    variance = (errors**2).sum(1) / count
    variance = np.maximum(variance, max(variance.mean(), 1.0) * 1e-9)
    mixed = shrinkage(errors / np.sqrt(variance)[:, None])

    def constrain(nodes: Floats) -> Floats:
        return nodes[:aggregates] - summing @ nodes[aggregates:]

    constraints = np.concatenate([np.eye(aggregates), -summing.T])
    spread = mixed * variance[:, None] * constraints + (1 - mixed) / count * errors @ (errors.T @ constraints)
    adjusted = forecasts - spread @ np.linalg.solve(constrain(spread), constrain(forecasts))
    parts = adjusted[aggregates:]
    if non_negative:
        parts = np.where(forecasts[aggregates:] >= 0, np.maximum(parts, 0.0), parts)
    return np.concatenate([summing @ parts, parts])


def rolling_residuals(values: Floats, horizon: int, *, correction: Correction | None = None) -> Floats:
    """Forecast errors (N, R) of past origins, half a year apart, for the weights of reconcile; NaN where
    unknown."""
    width = values.shape[1]
    errors: list[Floats] = []
    for origin in range(RESIDUAL_ORIGINS):
        end = width - horizon - origin * RESIDUAL_STEP
        if end < LEAST_HISTORY:
            break
        made = forecast_matrix(values[:, :end], horizon, levels=(), correction=correction)
        errors.append(values[:, end : end + horizon] - made.mean)
    return np.concatenate(errors, 1) if errors else np.zeros((len(values), 0))


def forecast_hierarchy(
    bottom: Floats, horizon: int, summing: Floats, *, correction: Correction | None = None
) -> Floats:
    """Forecasts bottom (B, T) and its aggregates and reconciles them: coherent means (A + B, horizon),
    aggregates first."""
    values = with_aggregates(bottom, summing)
    base = forecast_matrix(values, horizon, levels=(), correction=correction).mean
    return reconcile(base, summing, rolling_residuals(values, min(horizon, 12), correction=correction))
