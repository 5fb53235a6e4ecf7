"""The columns of the model: one block per kind of decision, with its limits and its cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats, Ints
from supply.planning.matrix import Model
from supply.planning.network import Network
from supply.planning.scales import Scales


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What every function of the formulation works on."""

    case: Case
    network: Network
    scales: Scales
    model: Model


def arrives_in_time(lead_time: Ints, months: int) -> Flags:
    """(rows, months): a start, order or departure whose arrival lies within the horizon."""
    return np.arange(months) + lead_time < months


def add_making(parts: Parts) -> None:
    """Units started, ordered from subcontractors and ordered from suppliers."""
    case, model, scale = parts.case, parts.model, parts.scales.product
    made, sub, bought = case.production, case.subcontract, case.suppliers
    model.add_columns(
        "production",
        made.possible & arrives_in_time(made.lead_time_months, case.months),
        cost=made.unit_cost,
        lower=made.min_quantity,
        upper=made.max_quantity,
        scale=scale[made.product],
    )
    model.add_columns(
        "subcontract",
        sub.possible & arrives_in_time(sub.lead_time_months, case.months),
        cost=sub.unit_cost,
        upper=sub.capacity,
        scale=scale[sub.product],
    )
    model.add_columns(
        "purchases",
        bought.possible & arrives_in_time(bought.lead_time_months, case.months),
        cost=bought.price,
        upper=bought.capacity,
        scale=parts.scales.material[bought.material],
    )


def add_moving(parts: Parts) -> None:
    """Units leaving by lane, and the volume above a lane's capacity bought as spot freight."""
    case, lane = parts.case, parts.network.flow_lane
    open_lane = case.lanes.possible & arrives_in_time(case.lanes.lead_time_months, case.months)
    parts.model.add_columns(
        "shipments",
        open_lane[lane],
        cost=case.lanes.unit_cost[lane],
        scale=parts.scales.product[parts.network.flow_product],
    )
    priced = np.isfinite(case.lanes.spot_cost)
    parts.model.add_columns(
        "spot",
        open_lane & priced & np.isfinite(case.lanes.capacity),
        cost=np.where(priced, case.lanes.spot_cost, 0.0),
        scale=parts.scales.lane,
    )


def add_holding(parts: Parts) -> None:
    """Closing stock in two parts, up to the safety target and above it; scrap; closing material.

    The first part earns the safety penalty back, so an optimal plan fills it first and no row is needed.
    """
    case, network, model = parts.case, parts.network, parts.model
    scale = parts.scales.product[network.pair_product]
    holding = network.by_pair(case.stock.holding_cost)
    penalty = network.by_pair(case.stock.safety_penalty)
    limit = network.by_pair(case.stock.max_stock, INF)
    least = network.by_pair(case.stock.min_closing_stock)
    safety = safety_part(parts)
    model.add_columns(
        "safe_stock",
        safety > 0,
        cost=holding - penalty,
        lower=np.minimum(least, safety),
        upper=safety,
        scale=scale,
    )
    above_least, above_limit = np.maximum(least - safety, 0.0), limit - safety
    every = np.ones(limit.shape, np.bool_)
    model.add_columns("stock", every, cost=holding, lower=above_least, upper=above_limit, scale=scale)
    model.constant += float((penalty * network.by_pair(case.stock.safety_stock)).sum())
    perishable = np.isfinite(case.products.shelf_life_months[network.pair_product])
    model.add_columns(
        "scrap",
        perishable[:, None] & every,
        cost=case.products.scrap_cost[network.pair_product][:, None],
        scale=scale,
    )
    model.add_columns(
        "material_stock",
        np.ones(case.materials.holding_cost.shape, np.bool_),
        cost=case.materials.holding_cost,
        scale=parts.scales.material,
    )


def safety_part(parts: Parts) -> Floats:
    """(pairs, months): stock that earns the safety penalty back, within the ceiling."""
    stock, network = parts.case.stock, parts.network
    target = network.by_pair(np.where(stock.safety_penalty > 0, stock.safety_stock, 0.0))
    return np.minimum(target, network.by_pair(stock.max_stock, INF))


def add_serving(parts: Parts) -> None:
    """Units lost, and units owed at a month's end.

    An accepted unit earns the price of its own month whenever it arrives, so a lost one costs price and
    penalties, and one owed at the end of the horizon costs the last month's price.
    """
    demand, model = parts.case.demand, parts.model
    scale = parts.scales.product[demand.product]
    model.add_columns(
        "lost",
        (demand.quantity > 0) & ~demand.must_serve,
        cost=loss_cost(parts.case),
        upper=demand.quantity,
        scale=scale,
    )
    model.constant -= float((demand.price * demand.quantity).sum())
    owed = may_be_owed(parts.case)
    cost = np.where(owed, demand.backorder_cost, 0.0)
    cost[:, -1] += demand.price[:, -1]
    model.add_columns("backlog", owed, cost=cost, scale=scale)


def loss_cost(case: Case) -> Floats:
    """(streams, months): what the objective loses with a lost unit."""
    demand = case.demand
    return demand.price * (1.0 + demand.priority_weight) + demand.lost_sale_penalty


def may_be_owed(case: Case) -> Flags:
    """(streams, months): units may be owed at the month's end."""
    demand = case.demand
    owed = np.isfinite(demand.backorder_cost) & (demand.max_backlog_months > 0)
    owed[:, -1] &= demand.end_backlog_allowed[:, -1]
    return owed


def add_hours(parts: Parts) -> None:
    """Regular, overtime and extra hours used; idle regular hours cost what they cost."""
    case, model = parts.case, parts.model
    means, scale = case.resources, parts.scales.resource
    staffed = np.zeros((len(means), 2, case.months), np.bool_)
    staffed[case.workforce.resource, 0] = case.workforce.hours_per_head > 0
    staffed[case.workforce.resource, 1] = case.workforce.overtime_hours_per_head > 0
    model.add_columns(
        "regular_hours",
        (means.regular_hours > 0) | staffed[:, 0],
        cost=regular_hour_cost(case) - means.idle_cost_per_hour,
        upper=np.where(staffed[:, 0], INF, means.regular_hours),
        scale=scale,
    )
    model.constant += float((means.idle_cost_per_hour * means.regular_hours).sum())
    model.add_columns(
        "overtime_hours",
        (means.overtime_hours > 0) | staffed[:, 1],
        cost=means.overtime_cost_per_hour,
        upper=np.where(staffed[:, 1], INF, means.overtime_hours),
        scale=scale,
    )
    model.add_columns(
        "extra_hours",
        means.extra_hours > 0,
        cost=means.extra_cost_per_hour,
        upper=means.extra_hours,
        scale=scale,
    )


def regular_hour_cost(case: Case) -> Floats:
    """(resources, months): what a regular hour used costs; sunk hours cost nothing."""
    return case.resources.regular_cost_per_hour * float(case.settings.charge_regular_hours)


def add_people(parts: Parts) -> None:
    """Heads, hired and laid off; the hours a head adds may stay idle at a cost."""
    case, model = parts.case, parts.model
    people, scale = case.workforce, parts.scales.head
    every = np.ones(people.wage.shape, np.bool_)
    idle = case.resources.idle_cost_per_hour[people.resource]
    model.add_columns("heads", every, cost=people.wage + idle * people.hours_per_head, scale=scale)
    model.add_columns("hired", every, cost=people.hire_cost, scale=scale)
    model.add_columns("laid_off", every, cost=people.layoff_cost, scale=scale)
