"""What launches, phase-outs and pushes do to the plan. Pure NumPy.

A launch sells like other products do today (in equal steps over its ramp), as other products began
(their first months, moved to its own first month), a stated volume, or what the diffusion of Bass gives.
It takes from other products, or helps them, in percent of its own units in the same market. A phase-out
fades out over its run-out months and ends; the successor takes over a percent of what is lost. A push
adds a percent. Months are places in the plan, which may lie before it (negative) or after it.

Steps are taken in this order: pushes, the launches' own figures, what launches do to others, phase-outs;
so a launch never depends on where another one stands in the list. Nothing goes below zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from demand.steps import EMPTY, Floats, Whole, rounded

PUSH_MONTHS = 12


@dataclass(frozen=True)
class LaunchRule:
    """A product that starts in month ``start``; ``references`` are (like product, percent).

    ``beginnings`` are the quanta of like products by (product, market) since their first month of sales
    up to the month before the plan: with them the launch sells as these began. ``volume`` are quanta by
    month since the launch (l), split over markets by ``market_shares``; it replaces the like products.
    ``influences`` are (product, percent of the launch's units): taken below zero, added above.
    """

    code: str
    product: int
    start: int
    ramp_months: int
    references: Sequence[tuple[int, float]]
    takes_from_like: bool
    beginnings: Mapping[tuple[int, int], Floats] = field(default_factory=dict)
    volume: Floats | None = None
    market_shares: Mapping[int, float] = field(default_factory=dict)
    influences: Sequence[tuple[int, float]] = ()


@dataclass(frozen=True)
class PhaseOutRule:
    """A product whose last month with sales is ``end``; without successor nothing is taken over."""

    code: str
    product: int
    end: int
    run_out_months: int = 0
    successor: int | None = None
    successor_percent: float = 100.0
    curve: str = "steady"


@dataclass(frozen=True)
class PushRule:
    """A product of which more will be sold: a percent on the baseline for twelve months from ``start``."""

    code: str
    product: int
    start: int
    percent: float


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


def fade(end: int, run_out_months: int, months: int, curve: str = "steady") -> Floats:
    """Share (months) that is left of a product that ends: steadily n/(n+1) ... 1/(n+1) over its last n months, then 0.

    The other curves bend that line x: early x^2, late 1 - (1 - x)^2, wave 3 x^2 - 2 x^3.
    """
    left = np.clip((end - np.arange(months) + 1) / (run_out_months + 1), 0.0, 1.0)
    if curve == "early":
        return left**2
    if curve == "late":
        return 1 - (1 - left) ** 2
    return 3 * left**2 - 2 * left**3 if curve == "wave" else left


def diffusion(innovators: float, imitators: float, potential: float, months: int) -> Floats:
    """Units (months) of a product that spreads through a market (Bass, discrete recursion).

    s_t = (p + q Y_(t-1) / m) (m - Y_(t-1)), Y the sum so far. p .016, q .304, m 100,000 start with
    1,600, 2,053.0, 2,611.5, 3,284.9, 4,073.0.
    """
    sold, units = 0.0, np.zeros(months)
    for month in range(months):
        share = innovators + imitators * sold / potential if potential > 0 else 0.0
        units[month] = min(share, 1.0) * (potential - sold)
        sold += units[month]
    return units


def product_step(
    baseline: Whole,
    *,
    products: Whole,
    markets: Whole,
    launches: Sequence[LaunchRule],
    phase_outs: Sequence[PhaseOutRule],
    settled: Whole,
    pushes: Sequence[PushRule] = (),
) -> tuple[Whole, list[Effect]]:
    """The product column (n, m) made from the baseline, and what each rule did, in order.

    ``products`` and ``markets`` (n) say what each row is. ``settled`` are products whose own history
    is long enough to be forecast from: their launch no longer changes the plan.
    """
    plan = baseline.copy()
    known = set(settled.tolist())
    starting = [launch for launch in launches if launch.product not in known]
    effects = [_push(push, plan, products) for push in pushes]
    parts = [_like_volumes(launch, plan, products, markets) for launch in starting]
    for launch, volumes in zip(starting, parts, strict=True):
        effects.append(_own(launch, plan, products, markets, volumes))
    for launch, volumes in zip(starting, parts, strict=True):
        effects += _influences(launch, plan, products, markets, volumes)
    for phase_out in phase_outs:
        effects += _phase_out(phase_out, plan, products, markets)
    return plan, [effect for effect in effects if len(effect.rows)]


def _push(rule: PushRule, plan: Whole, products: Whole) -> Effect:
    rows = np.flatnonzero(products == rule.product)
    places = np.arange(plan.shape[1]) - rule.start
    share = np.where((places >= 0) & (places < PUSH_MONTHS), rule.percent / 100.0, 0.0)
    more = np.rint(np.maximum(plan[rows], 0) * share).astype(np.int64)
    return _add(plan, rows, more, "push", rule.code)


def _like_volumes(rule: LaunchRule, plan: Whole, products: Whole, markets: Whole) -> dict[int, Floats]:
    """What each row of a like product gives the launch (months), by row."""
    volumes: dict[int, Floats] = {}
    for like, percent in rule.references:
        for row in np.flatnonzero(products == like).tolist():
            present = np.maximum(plan[row], 0).astype(np.float64)
            began = rule.beginnings.get((like, int(markets[row])))
            if began is None:
                shape = present * ramp(rule.start, rule.ramp_months, plan.shape[1])
            else:
                shape = moved(np.concatenate([began, present]), rule.start, plan.shape[1])
            volumes[row] = shape * percent / 100.0
    return volumes


def moved(curve: Floats, start: int, months: int) -> Floats:
    """A curve since a product's first month, moved to month ``start``: 0 before it, 0 where the curve ends."""
    places = np.arange(months) - start
    inside = (places >= 0) & (places < len(curve))
    figures = np.zeros(months)
    figures[inside] = curve[places[inside]]
    return figures


def _own(
    rule: LaunchRule, plan: Whole, products: Whole, markets: Whole, volumes: Mapping[int, Floats]
) -> Effect:
    own = np.flatnonzero(products == rule.product)
    won = np.zeros((len(own), plan.shape[1]), dtype=np.int64)
    if rule.volume is not None:
        whole = moved(rule.volume, rule.start, plan.shape[1])
        for place, market in enumerate(markets[own].tolist()):
            won[place] = rounded(whole * rule.market_shares.get(market, 0.0))
    for row, volume in volumes.items():
        if rule.volume is None:
            won[markets[own] == markets[row]] += rounded(volume)
    return _set(plan, own, won, "launch", rule.code)


def _influences(
    rule: LaunchRule, plan: Whole, products: Whole, markets: Whole, volumes: Mapping[int, Floats]
) -> list[Effect]:
    """What the launch takes from others, and what it adds to them, each as one effect."""
    taken: dict[int, Whole] = {}
    if rule.takes_from_like and rule.volume is None:
        taken = {row: rounded(volume) for row, volume in volumes.items()}
    added: dict[int, Whole] = {}
    for product, percent in rule.influences:
        for row in np.flatnonzero(products == product).tolist():
            units = plan[(products == rule.product) & (markets == markets[row])]
            volume = np.maximum(units, 0).sum(axis=0) * abs(percent) / 100.0
            side = taken if percent < 0 else added
            side[row] = side.get(row, np.zeros(plan.shape[1], dtype=np.int64)) + rounded(volume)
    effects = []
    for moved_rows, sign, role in ((taken, -1, "takes"), (added, 1, "lifts")):
        if moved_rows:
            rows = np.array(sorted(moved_rows), dtype=np.int64)
            units = sign * np.stack([moved_rows[row] for row in rows.tolist()])
            effects.append(_add(plan, rows, units, "launch", f"{rule.code}:{role}"))
    return effects


def _phase_out(rule: PhaseOutRule, plan: Whole, products: Whole, markets: Whole) -> list[Effect]:
    own = np.flatnonzero(products == rule.product)
    before = np.maximum(plan[own], 0)
    left = rounded(before.astype(np.float64) * fade(rule.end, rule.run_out_months, plan.shape[1], rule.curve))
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
