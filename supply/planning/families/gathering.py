"""The small case of families: sums of quantities, means weighted by demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supply.planning.case import (
    INF,
    Case,
    Demand,
    Floats,
    Ints,
    Lanes,
    MaterialUse,
    Production,
    Products,
    Routing,
    Stock,
    Subcontract,
)
from supply.planning.greedy.bills import Bills, explode
from supply.planning.network import build_network

_MUST = 100.0  # of the price: what losing a must-serve unit costs among families


def joined_families(case: Case, family: Ints) -> Ints:
    """(products,) groups numbered from 0: products of a family made at the same sites; sharers of parts are one.

    A family as a whole could otherwise be planned at a site that makes only some of it.
    """
    made = np.zeros((len(family), len(case.places)), np.int64)
    made[case.production.product, case.production.site] = 1
    _, joined = np.unique(np.column_stack([family, made]), axis=0, return_inverse=True)
    joined = joined.ravel()
    use = case.component_use
    while True:
        low = np.minimum(joined[use.product], joined[use.component])
        high = np.maximum(joined[use.product], joined[use.component])
        if not len(low) or (low == high).all():
            break
        first = int(np.argmax(low != high))
        joined = np.where(joined == high[first], low[first], joined)
    return np.asarray(np.unique(joined, return_inverse=True)[1])


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows of a table gathered by key: `of[row]` is the group's place, `keys[k]` its k-th key."""

    of: Ints
    keys: list[Ints]

    def __len__(self) -> int:
        return len(self.keys[0])

    def total(self, values: NDArray[Any]) -> Floats:
        """Sum of a column by group."""
        result = np.zeros((len(self), *values.shape[1:]))
        np.add.at(result, self.of, values)
        return result

    def mean(self, values: NDArray[Any], weights: NDArray[Any]) -> Floats:
        """Mean of a column by group, weighted by row."""
        by_row = weights if values.ndim == 1 else weights[:, None]
        weight = self.total(by_row)
        return self.total(values * by_row) / np.where(weight > 0, weight, 1.0)

    def least(self, values: NDArray[Any]) -> Floats:
        """Least value of a column by group."""
        result = np.full((len(self), *values.shape[1:]), INF)
        np.minimum.at(result, self.of, values)
        return result


def gathered(*keys: Ints) -> Grouping:
    """Groups of rows with equal keys."""
    unique, of = np.unique(np.stack(keys), axis=1, return_inverse=True)
    return Grouping(of.ravel(), list(unique))


def family_case(case: Case, family: Ints) -> Case:
    """The case with one product for every family; parts are exploded onto hours and materials."""
    months, count = case.months, int(family.max(initial=-1)) + 1
    need = np.bincount(case.demand.product, case.demand.quantity.mean(axis=1), len(family)) + 1e-9
    sold = np.zeros(len(family), np.bool_)
    sold[case.demand.product] = True
    members = gathered(family)
    bills = explode(case, build_network(case))
    made = np.nonzero(sold[case.production.product])[0]
    rows = gathered(family[case.production.product[made]], case.production.site[made])
    return replace(
        case,
        products=Products.make(
            months,
            name=[f"family {i}" for i in range(count)],
            volume=members.mean(case.products.volume, need),
            shelf_life_months=np.where(
                np.isfinite(members.least(-case.products.shelf_life_months)),
                -members.least(-case.products.shelf_life_months),
                INF,
            ),
            scrap_cost=members.mean(case.products.scrap_cost, need),
        ),
        demand=_demand(case, family),
        production=_production(case, made, rows, need),
        routing=_routing(case, bills, made, rows, need),
        material_use=_material_use(case, bills, family, need),
        component_use=type(case.component_use).empty(months),
        stock=_stock(case, family, need, sold),
        lanes=_lanes(case, family, need),
        subcontract=_subcontract(case, family, need),
    )


def _demand(case: Case, family: Ints) -> Demand:
    demand = case.demand
    group = gathered(family[demand.product], demand.market)
    units = group.total(demand.quantity)
    some = np.where(units > 0, units, 1.0)

    def mean(values: NDArray[Any]) -> Floats:
        return group.total(values * demand.quantity) / some

    finite = np.isfinite(demand.backorder_cost)
    may_wait = group.total(~finite & (demand.quantity > 0)) == 0
    forced = _MUST * demand.price * demand.must_serve
    return Demand.make(
        case.months,
        product=group.keys[0],
        market=group.keys[1],
        quantity=units,
        price=mean(demand.price),
        lost_sale_penalty=mean(demand.lost_sale_penalty + forced),
        priority_weight=mean(demand.priority_weight),
        backorder_cost=np.where(may_wait, mean(np.where(finite, demand.backorder_cost, 0.0)), INF),
        max_backlog_months=group.least(demand.max_backlog_months),
        end_backlog_allowed=group.least(demand.end_backlog_allowed) > 0,
    )


def _production(case: Case, made: Ints, rows: Grouping, need: NDArray[Any]) -> Production:
    table = case.production
    weight = need[table.product[made]]
    return Production.make(
        case.months,
        product=rows.keys[0],
        site=rows.keys[1],
        possible=rows.total(table.possible[made]) > 0,
        unit_cost=rows.mean(table.unit_cost[made], weight),
        max_quantity=rows.total(table.max_quantity[made]),
        lead_time_months=rows.least(table.lead_time_months[made]).astype(int),
    )


def _routing(case: Case, bills: Bills, made: Ints, rows: Grouping, need: NDArray[Any]) -> Routing:
    """Hours of a family's usual unit, parts included; parts' earlier months are not told apart."""
    group_of = np.full(len(case.production), -1)
    group_of[made] = rows.of
    root = bills.root[bills.step_node]
    kept = group_of[root] >= 0
    root, weight = root[kept], need[case.production.product]
    hours = bills.step_hours[kept] * weight[root]
    steps = gathered(group_of[root], bills.step_resource[kept], bills.step_lag[kept])
    base = rows.total(weight[made])
    return Routing.make(
        case.months,
        product=rows.keys[0][steps.keys[0]],
        resource=steps.keys[1],
        lag_months=steps.keys[2],
        hours_per_unit=steps.total(hours) / base[steps.keys[0]],
    )


def _material_use(case: Case, bills: Bills, family: Ints, need: NDArray[Any]) -> MaterialUse:
    """Materials of a family's usual unit, parts included, over its first site each."""
    made = case.production
    first = np.unique(made.product, return_index=True)[1]
    chosen = np.isin(bills.root[bills.use_node], first)
    product = made.product[bills.root[bills.use_node[chosen]]]
    weight = need * np.isin(np.arange(len(family)), made.product)
    uses = gathered(family[product], bills.use_material[chosen])
    base = np.bincount(family, weight, int(family.max(initial=-1)) + 1)
    units = uses.total(bills.use_units[chosen] * need[product]) / base[uses.keys[0]]
    return MaterialUse.make(case.months, product=uses.keys[0], material=uses.keys[1], quantity_per_unit=units)


def _stock(case: Case, family: Ints, need: NDArray[Any], sold: NDArray[np.bool_]) -> Stock:
    table = case.stock
    rows = np.nonzero(sold[table.product])[0]
    group = gathered(family[table.product[rows]], table.site[rows])
    weight = need[table.product[rows]]
    safety = table.safety_stock[rows]
    missed = group.total(safety * table.safety_penalty[rows])
    target = group.total(safety)
    return Stock.make(
        case.months,
        product=group.keys[0],
        site=group.keys[1],
        opening_stock=group.total(table.opening_stock[rows]),
        receipts=group.total(table.receipts[rows]),
        holding_cost=group.mean(table.holding_cost[rows], weight),
        safety_stock=target,
        safety_penalty=missed / np.where(target > 0, target, 1.0),
        max_stock=group.total(table.max_stock[rows]),
    )


def _lanes(case: Case, family: Ints, need: NDArray[Any]) -> Lanes:
    """Common lanes as they are; lanes of single products gathered by family."""
    table = case.lanes
    whose = np.where(table.product >= 0, family[table.product], -1)
    group = gathered(table.origin, table.destination, whose)
    weight = np.where(table.product >= 0, need[table.product], 1.0)
    spot = np.isfinite(table.spot_cost)
    priced = group.mean(np.where(spot, table.spot_cost, 0.0), weight)
    return Lanes.make(
        case.months,
        origin=group.keys[0],
        destination=group.keys[1],
        product=group.keys[2],
        possible=group.total(table.possible) > 0,
        unit_cost=group.mean(table.unit_cost, weight),
        capacity=group.total(table.capacity),
        spot_cost=np.where(group.total(~spot) > 0, INF, priced),
        lead_time_months=group.least(table.lead_time_months).astype(int),
    )


def _subcontract(case: Case, family: Ints, need: NDArray[Any]) -> Subcontract:
    table = case.subcontract
    names, who = np.unique(table.subcontractor, return_inverse=True)
    group = gathered(who, family[table.product], table.site)
    return Subcontract.make(
        case.months,
        subcontractor=names[group.keys[0]],
        product=group.keys[1],
        site=group.keys[2],
        possible=group.total(table.possible) > 0,
        unit_cost=group.mean(table.unit_cost, need[table.product]),
        capacity=group.total(table.capacity),
        lead_time_months=group.least(table.lead_time_months).astype(int),
    )
