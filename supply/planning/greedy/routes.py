"""Routes: how a unit can come from a source, over at most two transfers, to a market or into a stock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from supply.planning.case import Case, Flags, Floats, Ints
from supply.planning.network import Network, matches
from supply.planning.variables import Parts, regular_hour_cost

LEGS = 3
MADE, BOUGHT, STOCKED = 0, 1, 2
_BEST = 4  # routes tried for each target and kind of source


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """Routes in the order in which they are tried; a target is a stream, or streams + pair for a stock."""

    target: Ints
    legs: Ints  # (routes, LEGS) flows, the last one first; -1: none
    pair: Ints  # the pair it starts from
    source: Ints  # row of production or subcontract, -1 from stock
    kind: Ints
    cost: Floats  # usual money per unit, without overtime
    rank: Ints  # among the target's routes of the kind, cheapest first

    def only(self, chosen: Flags | Ints) -> Routes:
        """These of the routes."""
        return Routes(
            self.target[chosen],
            self.legs[chosen],
            self.pair[chosen],
            self.source[chosen],
            self.kind[chosen],
            self.cost[chosen],
            self.rank[chosen],
        )


def find_routes(parts: Parts) -> Routes:
    """All routes worth trying, cheapest first for each target."""
    case, network = parts.case, parts.network
    target, legs, pair = _trips(case, network)
    freight = np.concatenate([case.lanes.unit_cost.mean(axis=1)[network.flow_lane], [0.0]])
    cost = freight[legs].sum(axis=1)
    found = []
    for kind, source_pair, unit_cost in (
        (MADE, network.pair_of[case.production.product, case.production.site], making_cost(case)),
        (BOUGHT, network.pair_of[case.subcontract.product, case.subcontract.site], _outside_cost(case)),
        (STOCKED, np.arange(len(network.pair_site)), np.zeros(len(network.pair_site))),
    ):
        trip, source = matches(pair, source_pair)
        row = source if kind != STOCKED else np.full(len(source), -1)
        kinds = np.full(len(trip), kind)
        total = cost[trip] + unit_cost[source]
        found.append((target[trip], legs[trip], pair[trip], row, kinds, total, np.zeros(len(trip), np.int64)))
    return _ranked(Routes(*(np.concatenate(column) for column in zip(*found, strict=True))))


def _trips(case: Case, network: Network) -> tuple[Ints, Ints, Ints]:
    """(target, legs, first pair) of all trips of up to LEGS flows, and of none for stocks."""
    streams, pairs = len(case.demand), np.arange(len(network.pair_site))
    last = np.nonzero(network.flow_stream >= 0)[0]
    target = np.concatenate([network.flow_stream[last], streams + pairs])
    legs = np.full((len(target), LEGS), -1, np.int64)
    legs[: len(last), 0] = last
    pair = np.concatenate([network.flow_pair[last], pairs])
    trips = [(target, legs, pair)]
    for _ in range(1, LEGS):
        before, flow = matches(trips[-1][2], network.flow_pair_to)
        if not len(flow) or len(flow) > 20 * len(target):
            break
        target, legs = trips[-1][0][before], trips[-1][1][before].copy()
        legs[np.arange(len(flow)), np.argmax(legs < 0, axis=1)] = flow
        circle = network.flow_origin[flow] == network.pair_site[trips[-1][2][before]]
        trips.append((target[~circle], legs[~circle], network.flow_pair[flow][~circle]))
    joined = [np.concatenate(column) for column in zip(*trips, strict=True)]
    return joined[0], joined[1], joined[2]


def _ranked(routes: Routes) -> Routes:
    """Routes by target and kind, cheapest first, the best of each alone."""
    return reranked(routes, routes.cost)


def reranked(routes: Routes, cost: Floats) -> Routes:
    """The same by another cost, which decides the order alone."""
    order = np.lexsort((routes.source, routes.pair, cost, routes.kind, routes.target))
    routes = routes.only(order)
    key = routes.target * 4 + routes.kind
    rank = np.arange(len(key)) - np.searchsorted(key, key, "left")
    return replace(routes, rank=rank).only(rank < _BEST)


def making_cost(case: Case) -> Floats:
    """(production,) usual money per unit started: unit cost, materials at the cheapest, charged hours."""
    made = case.production
    cost = made.unit_cost.mean(axis=1)
    cheapest = np.zeros(len(case.materials))
    for row in np.argsort(-case.suppliers.price.mean(axis=1), kind="stable"):
        cheapest[case.suppliers.material[row]] = case.suppliers.price[row].mean()
    bill, row = matches(case.material_use.product, made.product)
    np.add.at(
        cost, row, case.material_use.quantity_per_unit[bill] * cheapest[case.material_use.material[bill]]
    )
    link, row = routing_of_production(case)
    rate = regular_hour_cost(case).mean(axis=1)[case.routing.resource[link]]
    np.add.at(cost, row, case.routing.hours_per_unit[link] * rate)
    return np.asarray(cost)


def _outside_cost(case: Case) -> Floats:
    return np.asarray(case.subcontract.unit_cost.mean(axis=1))


def routing_of_production(case: Case) -> tuple[Ints, Ints]:
    """(routing row, production row) of every step of every production row."""
    routing, made, places = case.routing, case.production, len(case.places)
    step = routing.product * places + case.resources.site[routing.resource]
    return matches(step, made.product * places + made.site)
