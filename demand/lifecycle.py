"""What launches and phase-outs do to the plan. Pure NumPy.

A launch reaches a percent of its like products' volume in the same market, in equal steps over its
ramp; where it takes from them, they lose what it wins. A phase-out fades out in equal steps over its
run-out months and ends; the successor takes over a percent of what is lost. Months are places in the
plan, which may lie before it (negative) or after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from demand.steps import EMPTY, Floats, Whole, rounded


@dataclass(frozen=True)
class LaunchRule:
    """A product that starts in month ``start``; ``references`` are (like product, percent)."""

    code: str
    product: int
    start: int
    ramp_months: int
    references: Sequence[tuple[int, float]]
    takes_from_like: bool


@dataclass(frozen=True)
class PhaseOutRule:
    """A product whose last month with sales is ``end``; without successor nothing is taken over."""

    code: str
    product: int
    end: int
    run_out_months: int = 0
    successor: int | None = None
    successor_percent: float = 100.0


@dataclass
class Effect:
    """What one rule does: cells (n) by row and month with the figures before and after, in quanta."""

    source: str
    key: str
    operation: str
    rows: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    months: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    old: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    new: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def ramp(start: int, ramp_months: int, months: int) -> Floats:
    """Share (months) of its full volume that a launch reaches: 0 before it, 1/n, 2/n ... 1."""
    since = np.arange(months) - start + 1
    return np.clip(since / max(ramp_months, 1), 0.0, 1.0)


def fade(end: int, run_out_months: int, months: int) -> Floats:
    """Share (months) that is left of a product that ends: n/(n+1) ... 1/(n+1) over its last n months, then 0."""
    left = end - np.arange(months) + 1
    return np.clip(left / (run_out_months + 1), 0.0, 1.0)


def product_step(
    baseline: Whole,
    *,
    products: Whole,
    markets: Whole,
    launches: Sequence[LaunchRule],
    phase_outs: Sequence[PhaseOutRule],
    settled: Whole,
) -> tuple[Whole, list[Effect]]:
    """The product column (n, m) made from the baseline, and what each rule did, in order.

    ``products`` and ``markets`` (n) say what each row is. ``settled`` are products whose own history
    is long enough to be forecast from: their launch no longer changes the plan.
    """
    plan = baseline.copy()
    effects: list[Effect] = []
    known = set(settled.tolist())
    for launch in launches:
        if launch.product not in known:
            effects += _launch(launch, plan, products, markets)
    for phase_out in phase_outs:
        effects += _phase_out(phase_out, plan, products, markets)
    return plan, [effect for effect in effects if len(effect.rows)]


def _launch(rule: LaunchRule, plan: Whole, products: Whole, markets: Whole) -> list[Effect]:
    own = np.flatnonzero(products == rule.product)
    share = ramp(rule.start, rule.ramp_months, plan.shape[1])
    won = np.zeros((len(own), plan.shape[1]), dtype=np.int64)
    taken: dict[int, Whole] = {}
    for like, percent in rule.references:
        for row in np.flatnonzero(products == like):
            volume = rounded(np.maximum(plan[row], 0).astype(np.float64) * share * percent / 100.0)
            won[markets[own] == markets[row]] += volume
            taken[int(row)] = np.minimum(
                taken.get(int(row), np.zeros_like(volume)) + volume, np.maximum(plan[row], 0)
            )
    effects = [_set(plan, own, won, "launch", rule.code)]
    if rule.takes_from_like and taken:
        rows = np.array(sorted(taken), dtype=np.int64)
        effects.append(
            _add(plan, rows, -np.stack([taken[row] for row in rows]), "launch", f"{rule.code}:takes")
        )
    return effects


def _phase_out(rule: PhaseOutRule, plan: Whole, products: Whole, markets: Whole) -> list[Effect]:
    own = np.flatnonzero(products == rule.product)
    before = np.maximum(plan[own], 0)
    left = rounded(before.astype(np.float64) * fade(rule.end, rule.run_out_months, plan.shape[1]))
    effects = [_set(plan, own, left, "phase_out", rule.code)]
    if rule.successor is not None:
        follows = np.flatnonzero(products == rule.successor)
        lost = rounded((before - left).astype(np.float64) * rule.successor_percent / 100.0)
        gained = np.zeros((len(follows), plan.shape[1]), dtype=np.int64)
        for place, row in enumerate(own):
            gained[markets[follows] == markets[row]] += lost[place]
        effects.append(_add(plan, follows, gained, "phase_out", f"{rule.code}:follows"))
    return effects


def _set(plan: Whole, rows: Whole, new: Whole, source: str, key: str) -> Effect:
    return _changed(plan, rows, new, Effect(source, key, "set"))


def _add(plan: Whole, rows: Whole, moved: Whole, source: str, key: str) -> Effect:
    return _changed(plan, rows, np.maximum(np.maximum(plan[rows], 0) + moved, 0), Effect(source, key, "add"))


def _changed(plan: Whole, rows: Whole, new: Whole, effect: Effect) -> Effect:
    now = plan[rows]
    # A stream without history has no baseline: a figure of zero there is no change.
    places, effect.months = np.nonzero((now != new) & ~((now == EMPTY) & (new == 0)))
    effect.rows = rows[places]
    effect.old, effect.new = now[places, effect.months], new[places, effect.months]
    plan[effect.rows, effect.months] = effect.new
    return effect
