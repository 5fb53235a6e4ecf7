"""A few products of a large plan, all others as planned: small enough to be solved whole and to try levers on.

What the others take of hours, materials, lanes and doors is taken off; the rest is the part's. So every plan of
the part, with the others' as it is, is a plan of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from supply.planning.case import Case, Flags, Floats, Ints, Materials, Resources, Workforce
from supply.planning.completion import material_use
from supply.planning.families.gathering import joined_families
from supply.planning.families.planner import completed
from supply.planning.families.sharing import FamilyPart, own_rows
from supply.planning.names import Limit, limit_name
from supply.planning.plan import Plan
from supply.planning.profit import overtime_limit, regular_limit
from supply.planning.solution import load_hours
from supply.planning.tightness import arriving_volume

MOST_PRODUCTS = 120
"""Products planned anew together: some ten CPU-seconds at four sites, four markets and two years."""


def contested_products(case: Case, plan: Plan, *, gapped: int = 25, most: int = MOST_PRODUCTS) -> Ints:
    """Products with the largest gaps, then those that use most of the hours in their way; with all their parts."""
    value = np.zeros(len(case.products))
    for gap in plan.gaps:
        value[case.demand.product[gap.stream]] += max(gap.gap_value, 1e-9)
    ranked = np.argsort(-value, kind="stable")[: min(gapped, int((value > 0).sum()))]
    together = joined_families(case, np.arange(len(value)))
    chosen: dict[int, None] = {}
    for product in (*ranked.tolist(), *_competitors(case, plan)):
        members = np.nonzero(together == together[product])[0].tolist()
        if len(chosen.keys() | set(members)) <= most:
            chosen.update(dict.fromkeys(members))
    return np.array(sorted(chosen), np.int64)


def _competitors(case: Case, plan: Plan) -> Iterator[int]:
    """Products by the hours they take of resources that stand in the way of a gap, most first."""
    binding = {name.partition("@")[0] for gap in plan.gaps for name in gap.binding}
    names = [
        limit_name(case, Limit("resource", row, 0)).partition("@")[0] for row in range(len(case.resources))
    ]
    barring = np.array([name in binding for name in names], np.bool_)
    made, routing = case.production, case.routing
    units = np.zeros((len(case.products), len(case.places)))
    units[made.product, made.site] = plan.production.sum(axis=1)
    taken = np.zeros(len(case.products))
    steps = barring[routing.resource] if len(routing) else np.zeros(0, np.bool_)
    product, site = routing.product[steps], case.resources.site[routing.resource[steps]]
    np.add.at(taken, product, units[product, site] * routing.hours_per_unit[steps])
    order = np.argsort(-taken, kind="stable")
    yield from order[taken[order] > 0].tolist()


def focused_part(case: Case, plan: Plan, products: Ints) -> FamilyPart:
    """The case of these products within what the others leave of every common capacity. `plan` has a network."""
    rows, tables = own_rows(case, products)
    ours = np.zeros(len(case.products), np.bool_)
    ours[products] = True
    lanes, doors = _others_volume(case, plan, ours)
    common = tables["lanes"].product < 0
    left = np.maximum(case.lanes.capacity - lanes, 0.0)[rows["lanes"]]
    others = np.where(ours[case.production.product, None], 0.0, plan.production)
    bought = _others_purchases(case, plan, others)
    tables |= {
        "lanes": replace(
            tables["lanes"], capacity=np.where(common[:, None], left, case.lanes.capacity[rows["lanes"]])
        ),
        "places": replace(
            case.places, inbound_capacity=np.maximum(case.places.inbound_capacity - doors, 0.0)
        ),
        "resources": _hours_left(case, plan, others),
        "materials": _materials_left(case, others, bought),
        "suppliers": replace(case.suppliers, capacity=np.maximum(case.suppliers.capacity - bought, 0.0)),
        "workforce": Workforce.empty(case.months),
    }
    return FamilyPart(replace(case, **tables), products, rows)


def put_back(case: Case, plan: Plan, part: FamilyPart, found: Plan) -> Plan:
    """The whole plan with the part's plan in place of what it had for these products."""
    network = plan.network
    if network is None:
        raise ValueError("there is no plan to put a part back into")
    ours = np.isin(np.arange(len(case.products)), part.products)
    others = np.where(ours[case.production.product, None], 0.0, plan.production)
    whole = {
        "production": others,
        "subcontract": plan.subcontract.copy(),
        "shipments": np.where(ours[network.flow_product, None], 0.0, plan.shipments),
        "scrap": np.where(ours[network.pair_product, None], 0.0, plan.scrap),
        "lost": plan.lost.copy(),
        "backlog": plan.backlog.copy(),
        "purchases": _others_purchases(case, plan, others),
        "heads": plan.heads,
        "hired": plan.hired,
        "laid_off": plan.laid_off,
    }
    part.put_into(whole, found, case, network)
    return completed(case, network, whole, plan.solver_seconds + found.solver_seconds)


def _hours_left(case: Case, plan: Plan, others: Floats) -> Resources:
    """Hours of each kind; the others take regular hours first, then overtime."""
    left, taken = [], load_hours(case, others)
    for limit in (
        regular_limit(case, plan.heads),
        overtime_limit(case, plan.heads),
        case.resources.extra_hours,
    ):
        left.append(np.maximum(limit - taken, 0.0))
        taken = np.maximum(taken - limit, 0.0)
    return replace(case.resources, regular_hours=left[0], overtime_hours=left[1], extra_hours=left[2])


def _others_volume(case: Case, plan: Plan, ours: Flags) -> tuple[Floats, Floats]:
    """(lanes, months) volume leaving and (places, months) volume arriving of the other products."""
    network = plan.network
    if network is None:
        raise ValueError("a plan that was not found has no volume")
    volume = case.products.volume[network.flow_product][:, None] * plan.shipments
    volume = np.where(ours[network.flow_product, None], 0.0, volume)
    leaving = np.zeros(case.lanes.capacity.shape)
    np.add.at(leaving, network.flow_lane, volume)
    return leaving, arriving_volume(case, network.flow_destination, network.flow_lane, volume)


def _others_purchases(case: Case, plan: Plan, others: Floats) -> Floats:
    """(suppliers, months) of the plan's purchases what the other products need, as late as it may come."""
    bought, months = case.suppliers, case.months
    arrival = np.arange(months) + bought.lead_time_months
    row, order = np.nonzero(plan.purchases)
    arriving = np.zeros((len(case.materials), months))
    np.add.at(arriving, (bought.material[row], arrival[row, order]), plan.purchases[row, order])
    lacking = np.maximum(np.cumsum(material_use(case, others) - _given(case), axis=1), 0.0)
    needed = np.maximum.accumulate(lacking, axis=1)
    for month in range(months - 1, 0, -1):
        needed[:, month - 1] = np.maximum(needed[:, month - 1], needed[:, month] - arriving[:, month])
    theirs = np.diff(needed, axis=1, prepend=0.0)
    share = np.divide(theirs, arriving, out=np.zeros_like(theirs), where=arriving > 0)
    taken = np.zeros_like(plan.purchases)
    taken[row, order] = plan.purchases[row, order] * share[bought.material[row], arrival[row, order]]
    return taken


def _materials_left(case: Case, others: Floats, bought: Floats) -> Materials:
    """What is there without more purchases, once the others have theirs: the least from each month on."""
    arrival = np.arange(case.months) + case.suppliers.lead_time_months
    row, order = np.nonzero(bought)
    arriving = _given(case)
    np.add.at(arriving, (case.suppliers.material[row], arrival[row, order]), bought[row, order])
    left = np.cumsum(arriving - material_use(case, others), axis=1)
    least = np.maximum(np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1], 0.0)
    return replace(
        case.materials,
        opening_stock=np.zeros(len(case.materials)),
        receipts=np.diff(least, axis=1, prepend=0.0),
    )


def _given(case: Case) -> Floats:
    """(materials, months): opening stock and open orders."""
    given = case.materials.receipts.copy()
    given[:, 0] += case.materials.opening_stock
    return given
