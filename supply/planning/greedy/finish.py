"""From the loaded book to a whole plan: hours, purchases, stock, scrap, losses, and targets missed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats
from supply.planning.completion import closing_stock, material_use, split_hours, spot_volume
from supply.planning.greedy.book import Book, kept_people
from supply.planning.names import Limit, limit_name
from supply.planning.profit import Quantities
from supply.planning.solution import arrivals, derived_quantities
from supply.planning.variables import Parts

_CLOSE = 1e-6  # of a usual quantity
_NAMED = 5  # missed targets told by name


def finished_quantities(parts: Parts, book: Book) -> Quantities:
    """All arrays of the plan."""
    case, network = parts.case, parts.network
    demand, people = case.demand.quantity, kept_people(case)
    before = np.concatenate([np.zeros((len(demand), 1)), book.served_late[:, :-1]], axis=1)
    lost = demand + before - book.served_late - arrivals(case, network, book.shipments)
    lost = np.where(lost > book.dust[: len(demand), None], np.minimum(lost, demand), 0.0)
    plan = {
        "production": book.production,
        "subcontract": book.subcontract,
        "shipments": book.shipments,
        "spot": spot_volume(case, network, book.shipments),
        "scrap": _scrap(book),
        "lost": lost,
        "backlog": book.served_late,
        **people,
        **split_hours(case, book.production, people["heads"]),
        **_purchases(case, book.production),
    }
    plan["stock"] = np.maximum(closing_stock(case, network, plan), 0.0)
    return plan | derived_quantities(case, network, plan)


def _scrap(book: Book) -> Floats:
    """Lots that nobody took, when they are too old."""
    scrap = np.zeros(book.closing.shape)
    lots = np.maximum(book.left["lots"], 0.0)
    for lot in range(lots.shape[1]):
        pair = np.nonzero((lots[:, lot] > 0) & (lot - 1 + book.life < book.months))[0]
        scrap[pair, (lot - 1 + book.life[pair]).astype(int)] += lots[pair, lot]
    return scrap


def _purchases(case: Case, production: Floats) -> Quantities:
    """Materials bought as late as their capacity allows, from the cheapest supplier first."""
    bought, need = case.suppliers, material_use(case, production)
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
