"""Where stock can lie and how it can travel: product-site pairs and product-lane flows of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supply.planning.case import Case, Flags, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Index arrays into the tables of the case; -1 stands for none."""

    pair_product: Ints  # (pairs,) a pair is a product at a site that may hold it
    pair_site: Ints
    pair_stock_row: Ints  # its row of case.stock
    pair_of: Ints  # (products, places)
    flow_product: Ints  # (flows,) a flow is a product on a lane
    flow_lane: Ints  # row of case.lanes
    flow_origin: Ints
    flow_destination: Ints
    flow_pair: Ints  # the pair it leaves
    flow_pair_to: Ints  # the pair it reaches, -1 at a market
    flow_stream: Ints  # the stream it serves, -1 at a site

    def by_pair(self, stock_column: NDArray[Any], default: float = 0.0) -> Floats:
        """A column of the stock table, (rows,) or (rows, months), for every pair."""
        filled = np.full((len(self.pair_site), *stock_column.shape[1:]), default)
        known = self.pair_stock_row >= 0
        filled[known] = stock_column[self.pair_stock_row[known]]
        return filled


def build_network(case: Case) -> Network:
    """Pairs and flows that can ever hold or carry something; everything else is left out of the model."""
    product, lane = _products_on_lanes(case)
    origin, destination = case.lanes.origin[lane], case.lanes.destination[lane]
    available = _spread(_sources(case), product, origin, destination, case.places.is_site)
    pair_of = _numbered(available | _mentioned(case))
    stream_of = np.full(available.shape, -1, np.int64)
    stream_of[case.demand.product, case.demand.market] = np.arange(len(case.demand))

    useful = available[product, origin]
    useful &= case.places.is_site[destination] | (stream_of[product, destination] >= 0)
    product, lane, origin, destination = product[useful], lane[useful], origin[useful], destination[useful]
    pair_product, pair_site = np.nonzero(pair_of >= 0)
    stock_row = np.full(available.shape, -1, np.int64)
    stock_row[case.stock.product, case.stock.site] = np.arange(len(case.stock))
    return Network(
        pair_product=pair_product,
        pair_site=pair_site,
        pair_stock_row=stock_row[pair_product, pair_site],
        pair_of=pair_of,
        flow_product=product,
        flow_lane=lane,
        flow_origin=origin,
        flow_destination=destination,
        flow_pair=pair_of[product, origin],
        flow_pair_to=pair_of[product, destination],
        flow_stream=stream_of[product, destination],
    )


def _products_on_lanes(case: Case) -> tuple[Ints, Ints]:
    """(product, lane) of every product a lane row may carry: its own, or all without a row of their own."""
    lanes, places, count = case.lanes, len(case.places), len(case.products)
    own = lanes.product >= 0
    route = lanes.origin * places + lanes.destination
    taken = np.unique(route[own] * count + lanes.product[own])
    shared = np.nonzero(~own)[0]
    product = np.tile(np.arange(count), len(shared))
    lane = np.repeat(shared, count)
    free = ~np.isin(route[lane] * count + product, taken)
    product = np.concatenate([lanes.product[own], product[free]])
    lane = np.concatenate([np.nonzero(own)[0], lane[free]])
    order = np.lexsort((lanes.destination[lane], lanes.origin[lane], product))
    return product[order], lane[order]


def _sources(case: Case) -> Flags:
    """(products, places): where stock appears by itself, by production or from a subcontractor."""
    has = np.zeros((len(case.products), len(case.places)), np.bool_)
    stock = case.stock
    filled = (stock.opening_stock > 0) | (stock.receipts > 0).any(axis=1)
    has[stock.product[filled], stock.site[filled]] = True
    for table in (case.production, case.subcontract):
        used = table.possible.any(axis=1)
        has[table.product[used], table.site[used]] = True
    return has


def _spread(available: Flags, product: Ints, origin: Ints, destination: Ints, is_site: Flags) -> Flags:
    """Availability carried along lanes from site to site until nothing new is reached."""
    inner = is_site[destination]
    product, origin, destination = product[inner], origin[inner], destination[inner]
    while True:
        reach = available[product, origin] & ~available[product, destination]
        if not reach.any():
            return available
        available[product[reach], destination[reach]] = True


def _mentioned(case: Case) -> Flags:
    """Pairs that need a balance even if nothing arrives: those of the stock table, components in production."""
    named = np.zeros((len(case.products), len(case.places)), np.bool_)
    named[case.stock.product, case.stock.site] = True
    makes = np.zeros_like(named)
    makes[case.production.product, case.production.site] = True
    use = case.component_use
    np.logical_or.at(named, use.component, makes[use.product])
    return named


def _numbered(mask: Flags) -> Ints:
    """Running numbers of the true cells, -1 elsewhere."""
    numbers = np.full(mask.shape, -1, np.int64)
    numbers[mask] = np.arange(int(mask.sum()))
    return numbers


def matches(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Places (i, j) of all equal pairs left[i] == right[j], by i, then j."""
    order = np.argsort(right, kind="stable")
    low = np.searchsorted(right[order], left, "left")
    count = np.searchsorted(right[order], left, "right") - low
    i = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[low[i] + within]
