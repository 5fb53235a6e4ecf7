"""What follows from the flows of a plan that no solver has completed: spot freight, hours by kind, stock."""

from __future__ import annotations

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.network import Network, matches
from supply.planning.profit import Quantities, overtime_limit, regular_limit
from supply.planning.solution import load_hours

_DUST = 1e-12  # of a sum: its rounding


def spot_volume(case: Case, network: Network, shipments: Floats) -> Floats:
    """(lanes, months): volume above capacity, where there is spot freight."""
    volume = np.zeros(case.lanes.capacity.shape)
    np.add.at(volume, network.flow_lane, case.products.volume[network.flow_product][:, None] * shipments)
    above = volume - case.lanes.capacity
    real = np.isfinite(case.lanes.spot_cost) & (above > _DUST * volume)
    return np.where(real, above, 0.0)


def split_hours(case: Case, production: Floats, heads: Floats) -> Quantities:
    """Regular hours first, then overtime, then extra hours."""
    load = load_hours(case, production)
    regular = np.minimum(load, regular_limit(case, heads))
    above = np.where(load - regular > _DUST * load, load - regular, 0.0)
    overtime = np.minimum(above, overtime_limit(case, heads))
    extra = np.where(above - overtime > _DUST * load, above - overtime, 0.0)
    return {"regular_hours": regular, "overtime_hours": overtime, "extra_hours": extra}


def material_use(case: Case, production: Floats) -> Floats:
    """(materials, months): what the starts take."""
    use = np.zeros(case.materials.receipts.shape)
    bill, row = matches(case.material_use.product, case.production.product)
    units = case.material_use.quantity_per_unit[bill, None] * production[row]
    np.add.at(use, case.material_use.material[bill], units)
    return use


def closing_stock(case: Case, network: Network, plan: Quantities) -> Floats:
    """(pairs, months): what came in less what went out."""
    change = network.by_pair(case.stock.receipts) - plan["scrap"]
    change[:, 0] += network.by_pair(case.stock.opening_stock)
    made, sub, lane = case.production, case.subcontract, network.flow_lane
    inner = network.flow_pair_to >= 0
    for pair, units, lead_time in (
        (network.pair_of[made.product, made.site], plan["production"], made.lead_time_months),
        (network.pair_of[sub.product, sub.site], plan["subcontract"], sub.lead_time_months),
        (network.flow_pair_to[inner], plan["shipments"][inner], case.lanes.lead_time_months[lane[inner]]),
    ):
        row, start = np.nonzero(units)
        np.add.at(change, (pair[row], start + lead_time[row, start]), units[row, start])
    np.subtract.at(change, network.flow_pair, plan["shipments"])
    bill, row = matches(case.component_use.product, made.product)
    part = network.pair_of[case.component_use.component[bill], made.site[row]]
    used = case.component_use.quantity_per_unit[bill, None] * plan["production"][row]
    np.subtract.at(change, part, used)
    return np.cumsum(change, axis=1)
