"""From the loaded book to a whole plan: hours, purchases, stock, scrap, losses, and targets missed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats
from supply.planning.greedy.book import Book
from supply.planning.names import Limit, limit_name
from supply.planning.network import Network, matches
from supply.planning.profit import Quantities, overtime_limit, regular_limit
from supply.planning.solution import arrivals, derived_quantities, load_hours
from supply.planning.variables import Parts

_CLOSE = 1e-6  # of a usual quantity
_DUST = 1e-12  # of a sum: its rounding
_NAMED = 5  # missed targets told by name


def finished_quantities(parts: Parts, book: Book) -> Quantities:
    """All arrays of the plan."""
    case, network = parts.case, parts.network
    demand = case.demand.quantity
    before = np.concatenate([np.zeros((len(demand), 1)), book.served_late[:, :-1]], axis=1)
    lost = demand + before - book.served_late - arrivals(case, network, book.shipments)
    lost = np.where(lost > book.dust[: len(demand), None], np.minimum(lost, demand), 0.0)
    plan = {
        "production": book.production,
        "subcontract": book.subcontract,
        "shipments": book.shipments,
        "spot": _spot(case, network, book.shipments),
        "scrap": _scrap(book),
        "lost": lost,
        "backlog": book.served_late,
        **_hours_and_people(case, book.production),
        **_purchases(case, book.production),
    }
    plan["stock"] = np.maximum(closing_stock(case, network, plan), 0.0)
    return plan | derived_quantities(case, network, plan)


def _spot(case: Case, network: Network, shipments: Floats) -> Floats:
    volume = np.zeros(case.lanes.capacity.shape)
    np.add.at(volume, network.flow_lane, case.products.volume[network.flow_product][:, None] * shipments)
    above = volume - case.lanes.capacity
    real = np.isfinite(case.lanes.spot_cost) & (above > _DUST * volume)
    return np.where(real, above, 0.0)


def _scrap(book: Book) -> Floats:
    """Lots that nobody took, when they are too old."""
    scrap = np.zeros(book.closing.shape)
    lots = np.maximum(book.left["lots"], 0.0)
    for lot in range(lots.shape[1]):
        pair = np.nonzero((lots[:, lot] > 0) & (lot - 1 + book.life < book.months))[0]
        scrap[pair, (lot - 1 + book.life[pair]).astype(int)] += lots[pair, lot]
    return scrap


def _hours_and_people(case: Case, production: Floats) -> Quantities:
    """Regular hours first, then overtime, then extra; heads as they are."""
    heads = np.repeat(case.workforce.opening_heads[:, None], case.months, axis=1)
    load = load_hours(case, production)
    regular = np.minimum(load, regular_limit(case, heads))
    above = np.where(load - regular > _DUST * load, load - regular, 0.0)
    overtime = np.minimum(above, overtime_limit(case, heads))
    return {
        "heads": heads,
        "hired": np.zeros_like(heads),
        "laid_off": np.zeros_like(heads),
        "regular_hours": regular,
        "overtime_hours": overtime,
        "extra_hours": np.where(above - overtime > _DUST * load, above - overtime, 0.0),
    }


def _purchases(case: Case, production: Floats) -> Quantities:
    """Materials bought as late as their capacity allows, from the cheapest supplier first."""
    use, made, bought = case.material_use, case.production, case.suppliers
    need = np.zeros(case.materials.receipts.shape)
    bill, row = matches(use.product, made.product)
    np.add.at(need, use.material[bill], use.quantity_per_unit[bill, None] * production[row])
    given = case.materials.receipts.copy()
    given[:, 0] += case.materials.opening_stock
    lacking = np.maximum(np.cumsum(need - given, axis=1), 0.0)
    wanted = np.diff(np.maximum.accumulate(lacking, axis=1), axis=1, prepend=0.0)
    ordered, arriving = np.zeros(bought.price.shape), np.zeros(need.shape)
    carried = np.zeros(len(need))
    month = np.arange(case.months) + bought.lead_time_months
    for arrival in range(case.months - 1, -1, -1):
        carried = carried + wanted[:, arrival]
        rows, orders = np.nonzero(bought.possible & (month == arrival))
        for i in np.lexsort((rows, bought.price[rows, orders])):
            row, order, material = rows[i], orders[i], bought.material[rows[i]]
            units = min(carried[material], bought.capacity[row, order])
            ordered[row, order] = units
            arriving[material, arrival] += units
            carried[material] -= units
    stock = np.cumsum(given + arriving - need, axis=1)
    return {"purchases": ordered, "material_stock": np.maximum(stock, 0.0)}


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


def broken_targets(parts: Parts, plan: Quantities) -> str:
    """Hard targets the plan misses, in words; empty if none."""
    missed = [limit_name(parts.case, limit) for limit in _missed(parts, plan)]
    if not missed:
        return ""
    more = f" and {len(missed) - _NAMED} more" if len(missed) > _NAMED else ""
    return f"the greedy plan misses {'; '.join(missed[:_NAMED])}{more}"


def _missed(parts: Parts, plan: Quantities) -> Iterator[Limit]:
    case, network, scale = parts.case, parts.network, parts.scales.product
    pair = network.pair_of[case.stock.product, case.stock.site]
    stock = plan["stock"][pair]
    short_start = np.where(_startable(case), case.production.min_quantity, 0.0) - plan["production"]
    for kind, short, product in (
        ("must_serve", np.where(case.demand.must_serve, plan["lost"], 0.0), case.demand.product),
        ("min_closing_stock", case.stock.min_closing_stock - stock, case.stock.product),
        (
            "max_stock",
            np.where(case.stock.max_stock < INF, stock - case.stock.max_stock, 0.0),
            case.stock.product,
        ),
        ("min_quantity", short_start, case.production.product),
    ):
        for row, month in np.argwhere(short > _CLOSE * scale[product][:, None]):
            yield Limit(kind, int(row), int(month))


def _startable(case: Case) -> Flags:
    made = case.production
    return made.possible & (np.arange(case.months) + made.lead_time_months < case.months)
