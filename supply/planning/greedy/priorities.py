"""In which order routes are loaded, and what they cost beyond their usual cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from supply.planning.case import Case, Flags, Floats, Ints
from supply.planning.greedy.bills import Bills
from supply.planning.greedy.loading import Loads
from supply.planning.greedy.routes import BOUGHT, LEGS, MADE, STOCKED, Routes, find_routes, reranked
from supply.planning.variables import Parts, loss_cost

_AHEAD = 3  # months that stock is built ahead
_FULL, _CROWDED = 0.9, 0.1  # of the regular hours


@dataclass(frozen=True, slots=True)
class Stage:
    """Routes of one kind and rank, tried in one way."""

    chosen: Ints
    kind: int
    hold: int
    overtime: bool


class Priorities:
    """All routes in order, and the stages in which a month's demand tries them."""

    def __init__(self, parts: Parts, bills: Bills) -> None:
        case = parts.case
        routes = _decongested(case, bills, find_routes(parts))
        self.streams = len(case.demand)
        self.routes = routes.only(_order(case, bills, routes))
        self.worth = loss_cost(case)
        self.must = case.demand.must_serve
        self.overtime = _overtime_cost(parts, bills, self.routes)
        self.holding = parts.network.by_pair(case.stock.holding_cost).mean(axis=1)
        self.stages = list(self._stages(case.months))
        stocks = (self.routes.target >= self.streams) & (self.routes.kind == MADE)
        self.to_stock = self.routes.only(stocks)

    def _stages(self, months: int) -> Iterator[Stage]:
        """From stock, made in the month, built ahead, in overtime, subcontracted; cheapest routes first."""
        ways = [(STOCKED, lot, True) for lot in range(months + 1)]
        ways += [(MADE, hold, overtime) for overtime in (False, True) for hold in range(_AHEAD + 1)]
        ways += [(BOUGHT, hold, True) for hold in range(2)]
        for kind, hold, overtime in ways:
            ours = (self.routes.target < self.streams) & (self.routes.kind == kind)
            for rank in np.unique(self.routes.rank[ours]):
                yield Stage(np.nonzero(ours & (self.routes.rank == rank))[0], kind, hold, overtime)

    def loads(self, stage: Stage, needed: Flags, late: int = 0, late_cost: Floats | None = None) -> Loads:
        """The stage's routes for every month of need, month by month, where a unit earns more than it costs.

        `needed` is (streams, months); what must be served need not pay. With `late`, units arrive so many
        months after they are wanted and cost `late_cost` (streams, months) more.
        """
        wanted, place = np.nonzero(needed[self.routes.target[stage.chosen]].T)
        chosen = stage.chosen[place]
        target = self.routes.target[chosen]
        cost = self.routes.cost[chosen] + stage.overtime * self.overtime[chosen]
        if stage.kind != STOCKED:
            cost = cost + stage.hold * self.holding[self.routes.pair[chosen]]
        if late_cost is not None:
            cost = cost + late_cost[target, wanted]
        pays = (cost < self.worth[target, wanted]) | self.must[target, wanted]
        wanted = wanted[pays]
        return Loads(self.routes.only(chosen[pays]), wanted, wanted + late, stage.hold, stage.overtime)


def _decongested(case: Case, bills: Bills, routes: Routes) -> Routes:
    """Second sites before first ones whose resources would be overloaded by their streams alone.

    An hour of a resource is charged for each tenth of its regular hours that it would be overloaded.
    """
    first = np.nonzero((routes.rank == 0) & (routes.kind == MADE) & (routes.target < len(case.demand)))[0]
    if not len(first):
        return routes
    wanted = np.bincount(
        routes.source[first], case.demand.quantity.mean(axis=1)[routes.target[first]], len(case.production)
    )
    hours = bills.step_hours * wanted[bills.root[bills.step_node]]
    load = np.bincount(bills.step_resource, hours, len(case.resources))
    regular = case.resources.regular_hours.mean(axis=1)
    over = np.clip(load / np.where(regular > 0, regular, 1.0) - _FULL, 0.0, 3 * _CROWDED) / _CROWDED
    toll = over * case.resources.overtime_cost_per_hour.mean(axis=1)
    tolls = np.bincount(
        bills.root[bills.step_node], bills.step_hours * toll[bills.step_resource], len(case.production) + 1
    )
    return reranked(routes, routes.cost + tolls[np.where(routes.kind == MADE, routes.source, -1)])


def _order(case: Case, bills: Bills, routes: Routes) -> Ints:
    """Streams that must be served, then by margin per hour; of a stream the cheapest route first."""
    targets = int(routes.target.max(initial=0)) + 1 + len(case.demand)
    worth, must = np.zeros(targets), np.zeros(targets, np.bool_)
    worth[: len(case.demand)] = loss_cost(case).max(axis=1)
    must[: len(case.demand)] = case.demand.must_serve.any(axis=1)
    hours = np.bincount(bills.root[bills.step_node], bills.step_hours, len(case.production) + 1)
    taken = hours[np.where(routes.kind == MADE, routes.source, -1)]
    margin = worth[routes.target] - routes.cost
    per_hour = np.full(len(taken), np.inf)
    np.divide(margin, taken, out=per_hour, where=taken > 0)
    best = np.full(targets, -np.inf)
    np.maximum.at(best, routes.target, np.where(routes.kind == MADE, per_hour, -np.inf))
    return np.lexsort((routes.rank, routes.target, -best[routes.target], ~must[routes.target]))


def _overtime_cost(parts: Parts, bills: Bills, routes: Routes) -> Floats:
    """(routes,) overtime hours of a unit's start at their usual premium, and spot freight of its legs."""
    case, network = parts.case, parts.network
    premium = case.resources.overtime_cost_per_hour.mean(axis=1)
    per_row: Floats = np.bincount(
        bills.root[bills.step_node],
        bills.step_hours * premium[bills.step_resource],
        len(case.production) + 1,
    ).astype(float)
    spot = np.where(np.isfinite(case.lanes.spot_cost), case.lanes.spot_cost, 0.0).mean(axis=1)
    per_flow = case.products.volume[network.flow_product] * spot[network.flow_lane]
    per_leg = np.append(per_flow, 0.0)[routes.legs].reshape(-1, LEGS)
    made: Floats = per_row[np.where(routes.kind == MADE, routes.source, -1)]
    return np.asarray(made + per_leg.sum(axis=1))
