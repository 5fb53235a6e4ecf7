"""A way of getting one more unit: what it costs and which limits bar it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from supply.planning.names import NO_SOURCE, Limit

Uses = Mapping[Limit, float]  # what a unit takes of each limit
_NOTHING: Uses = MappingProxyType({})
_KEPT = 4  # alternatives remembered at each turn


class Way(NamedTuple):
    """One way. Costs are per unit; `total` adds what used-up limits are worth elsewhere, by their duals."""

    total: float = 0.0
    now: float = 0.0  # with priced sources (overtime, spot freight) where regular ones are used up
    free: float = 0.0  # if all its limits gave way
    hard: Uses = _NOTHING  # nothing is left of these
    soft: Uses = _NOTHING  # only dearer sources are left of these
    fixed: bool = False  # barred by time or for want of a source: nothing a planner could widen
    moved: int = 0  # months the unit waits in stock, or is borrowed from stock kept for later

    def plus(self, other: Way, units: float = 1.0) -> Way:
        """This way with so many units of the other beneath it."""
        return Way(
            self.total + units * other.total,
            self.now + units * other.now,
            self.free + units * other.free,
            _added(self.hard, other.hard, units),
            _added(self.soft, other.soft, units),
            self.fixed or other.fixed,
            self.moved + other.moved,
        )

    def costing(self, cost: float, rent: float = 0.0) -> Way:
        """This way at so much more money."""
        return self._replace(total=self.total + cost + rent, now=self.now + cost, free=self.free + cost)

    def barred(self, *limits: Limit, takes: float = 1.0, fixed: bool = False) -> Way:
        """This way with more limits in it, of each of which a unit takes so much."""
        hard = _added(self.hard, dict.fromkeys(limits, takes), 1.0)
        return self._replace(hard=hard, fixed=self.fixed or fixed)

    def dearer(self, limit: Limit, takes: float, extra: float) -> Way:
        """This way with a limit used up above which a source is free at so much more a unit."""
        return self._replace(now=self.now + extra, soft=_added(self.soft, {limit: takes}, 1.0))

    def waiting(self, cost: float) -> Way:
        """This way with a month more in stock, at so much."""
        return self.costing(cost)._replace(moved=self.moved + 1)

    def order(self, grain: float) -> tuple[object, ...]:
        """Best first: what can be widened, cheap by the duals, few limits, little waiting, cheap, by name."""
        limits = self.hard.keys() | self.soft.keys()
        cheap, cost = round(self.total / grain), round(self.free / grain)
        return (self._standing(), cheap, len(limits), self.moved, cost, sorted(limits))

    def _standing(self) -> int:
        """Limits that can be widened, then named ones that cannot, then time, then nothing to get it from."""
        if not self.fixed:
            return 0
        if any(limit.row >= 0 for limit in self.hard):
            return 1
        return 3 if NO_SOURCE in self.hard else 2


def _added(uses: Uses, more: Uses, units: float) -> Uses:
    if not more:
        return uses
    total = dict(uses)
    for limit, takes in more.items():
        total[limit] = total.get(limit, 0.0) + units * takes
    return total


def best_ways(ways: Iterable[Way], grain: float) -> list[Way]:
    """The best few, each with limits of its own; amounts that differ by less than the grain are equal."""
    kept: list[Way] = []
    for way in sorted(ways, key=lambda way: way.order(grain)):
        if not any(_covers(other, way) for other in kept):
            kept.append(way)
        if len(kept) == _KEPT:
            break
    return kept


def _covers(better: Way, way: Way) -> bool:
    """The better one asks for no limit more and is no dearer once its limits give way."""
    fewer = better.hard.keys() <= way.hard.keys() and better.soft.keys() <= way.soft.keys()
    return fewer and better.free <= way.free


def combined(base: Way, needs: list[tuple[float, list[Way]]]) -> list[Way]:
    """The base with each need met in its best way, and the variants that meet one need in another way."""
    if any(not ways for _, ways in needs):
        return []
    best = [0] * len(needs)
    variants = [best]
    for i, (_, ways) in enumerate(needs):
        variants += [[*best[:i], other, *best[i + 1 :]] for other in range(1, len(ways))]
    return [_chosen(base, needs, variant) for variant in variants]


def _chosen(base: Way, needs: list[tuple[float, list[Way]]], variant: list[int]) -> Way:
    way = base
    for choice, (units, ways) in zip(variant, needs, strict=True):
        way = way.plus(ways[choice], units)
    return way
