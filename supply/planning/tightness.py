"""Which limits of a plan are all used up, and what one more hour would cost: what the tracer reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats, Ints
from supply.planning.plan import Plan
from supply.planning.profit import overtime_limit, regular_limit
from supply.planning.variables import Parts, regular_hour_cost

_CLOSE = 1e-6  # of a usual quantity: less than this left is nothing left


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """(resources, months): costs of one more hour; `inf` now means that none is to be had."""

    full: Flags  # regular hours all used
    regular_cost: Floats
    cost_now: Floats  # of the cheapest hour still free: regular, overtime, extra, or of a new head


@dataclass(frozen=True, slots=True, eq=False)
class Tightness:
    """Flags by row and month: all of the limit is used."""

    hours: Hours
    production: Flags
    subcontract: Flags
    supplier: Flags
    material: Flags  # closing stock 0
    lane: Flags
    inbound: Flags  # (places)
    ceiling: Flags  # (pairs) closing stock at max_stock
    floor: Flags  # (pairs) closing stock at its least
    kept: Flags  # (pairs) ... which is a closing target above 0


def measure_tightness(parts: Parts, plan: Plan) -> Tightness:
    """Compare the plan with every limit."""
    case, network, scales = parts.case, parts.network, parts.scales
    stock = case.stock
    pair_scale = scales.product[network.pair_product]
    least = network.by_pair(stock.min_closing_stock)
    made, sub, bought = case.production, case.subcontract, case.suppliers
    volume = case.products.volume[network.flow_product][:, None] * plan.shipments
    arriving = arriving_volume(case, network.flow_destination, network.flow_lane, volume)
    leaving = np.zeros(case.lanes.capacity.shape)
    np.add.at(leaving, network.flow_lane, volume)
    return Tightness(
        hours=_hours(parts, plan),
        production=_full(plan.production, made.max_quantity, scales.product[made.product]),
        subcontract=_full(plan.subcontract, sub.capacity, scales.product[sub.product]),
        supplier=_full(plan.purchases, bought.capacity, scales.material[bought.material]),
        material=plan.material_stock <= _CLOSE * scales.material[:, None],
        lane=_full(leaving, case.lanes.capacity, scales.lane),
        inbound=_full(arriving, case.places.inbound_capacity, scales.place),
        ceiling=_full(plan.stock, network.by_pair(stock.max_stock, INF), pair_scale),
        floor=plan.stock <= least + _CLOSE * pair_scale[:, None],
        kept=least > 0,
    )


def arriving_volume(case: Case, destination: Ints, lane: Ints, volume: Floats) -> Floats:
    """(places, months): volume arriving by lanes."""
    arriving = np.zeros((len(case.places), case.months))
    month = np.arange(case.months) + case.lanes.lead_time_months[lane]
    flow, t = np.nonzero((volume > 0) & (month < case.months))
    np.add.at(arriving, (destination[flow], month[flow, t]), volume[flow, t])
    return arriving


def _full(used: Floats, limit: Floats, scale: Floats) -> Flags:
    return np.asarray(used >= limit - _CLOSE * scale[:, None])


def _hours(parts: Parts, plan: Plan) -> Hours:
    case, scale = parts.case, parts.scales.resource
    means, duals = case.resources, plan.duals
    regular = regular_hour_cost(case) - means.idle_cost_per_hour
    staffed = np.zeros(means.regular_hours.shape, np.bool_)
    staffed[case.workforce.resource] = case.workforce.hours_per_head > 0
    full = _full(plan.regular_hours, regular_limit(case, plan.heads), scale)
    no_overtime = _full(plan.overtime_hours, overtime_limit(case, plan.heads), scale)
    no_extra = _full(plan.extra_hours, means.extra_hours, scale)
    hour = duals.hour if duals is not None else np.full(full.shape, INF)
    cost = np.where(full, INF, regular)
    cost = np.minimum(cost, np.where(no_overtime, INF, means.overtime_cost_per_hour))
    cost = np.minimum(cost, np.where(no_extra, INF, means.extra_cost_per_hour))
    cost = np.minimum(cost, np.where(staffed, hour, INF))
    return Hours(full=full, regular_cost=regular, cost_now=cost)
