"""How the company serves its orders: production, stock, shipments, purchases, month by month.

Everything rolls forward: opening + production + receipts - shipments - components used = closing.
"""

from dataclasses import dataclass

import numpy as np

from datahub.company.calendar import Ints, Timeline, random_days
from datahub.company.demand import Orders
from datahub.company.materials import Materials, Purchases, purchase_lines, use_materials
from datahub.company.network import Flags, Floats, Network, Rng, mixer_of

EFFICIENCY = 0.92


@dataclass
class Production:
    """Production orders as arrays; ``item`` counts products first, then mixes."""

    item: Ints
    month: Ints
    planned: Ints
    good: Ints
    scrap: Ints
    day: Ints


@dataclass
class Shipments:
    """Shipments as arrays; ``line`` is the order line."""

    line: Ints
    shipped: Ints
    delivered: Ints
    quantity: Ints


@dataclass
class Operations:
    """The simulated company. Stocks are month ends, column 0 the opening before the first month."""

    product_stock: Floats
    production: Production
    shipments: Shipments
    materials: Materials
    purchases: Purchases  # of materials and of bought products
    safety: Floats
    hours: Floats  # regular hours by resource and month
    overtime: Floats


def simulate(network: Network, timeline: Timeline, orders: Orders, demand: Floats, rng: Rng) -> Operations:
    """Run the company from the first month to the end of the timeline."""
    total = demand.sum(axis=1)
    hours, overtime = _capacity(network, timeline, total, rng)
    safety = safety_stock(timeline, total)
    made, stock, ship_month = _run_plants(
        network, timeline, orders=orders, total=total, safety=safety, hours=hours, overtime=overtime, rng=rng
    )
    shipments = _ship(orders, timeline, ship_month, rng)
    production = _production_orders(network, timeline, made, rng)
    materials, mixes = use_materials(
        network, timeline, item=production.item, month=production.month, planned=production.planned, rng=rng
    )
    production = _with_mixes(network, timeline, production, mixes, rng)
    purchases = _all_purchases(network, timeline, made, materials, rng)
    return Operations(stock, production, shipments, materials, purchases, safety, hours, overtime)


def safety_stock(timeline: Timeline, total: Floats) -> Floats:
    """A third of a usual month, in whole units."""
    history = total[:, : timeline.history]
    usual = np.maximum(np.median(history, axis=1), history.mean(axis=1))
    safety: Floats = np.ceil(0.35 * usual)
    return safety


def supplier_of(network: Network, product: Ints) -> Ints:
    """The supplier of each bought product."""
    return (product * 7 + 3) % network.size.suppliers


BOUGHT_LEAD_DAYS = 28


def _all_purchases(
    network: Network, timeline: Timeline, made: Floats, materials: Materials, rng: Rng
) -> Purchases:
    """Purchases of bought products beside those of materials."""
    product, month = np.nonzero((made > 0) & ~network.made[:, None])
    quantity = made[product, month].astype(np.int64)
    day = random_days(rng, timeline, month)
    lead = np.full(len(product), BOUGHT_LEAD_DAYS)
    bought = purchase_lines(
        item=product,
        supplier=supplier_of(network, product),
        lead=lead,
        received=day,
        quantity=quantity,
        rng=rng,
    )
    pairs = zip(vars(materials.purchases).values(), vars(bought).values(), strict=True)
    joined = Purchases(*(np.concatenate(pair) for pair in pairs))
    order = np.argsort(joined.ordered, kind="stable")
    return Purchases(*(values[order] for values in vars(joined).values()))


def _capacity(network: Network, timeline: Timeline, total: Floats, rng: Rng) -> tuple[Floats, Floats]:
    """Regular hours and overtime by resource and month; tight lines cannot serve their peak months."""
    needed = np.zeros((len(network.resources), timeline.simulated))
    per_unit = network.hours + network.setup / network.lot
    np.add.at(needed, network.resource[network.made], (total * per_unit[:, None])[network.made])
    for site in range(len(network.sites)):
        own = network.made & (network.site == site)
        needed[mixer_of(network, site)] = (total * network.mix_quantity[:, None] * MIX_HOURS)[own].sum(axis=0)
    year = slice(timeline.history - 12, timeline.history)
    spare = rng.uniform(1.25, 1.45, len(needed))
    spare[network.tight] = rng.uniform(1.02, 1.08, len(network.tight))
    base = np.maximum(20.0, needed[:, year].mean(axis=1) * spare / EFFICIENCY)
    days = np.array(
        [len(timeline.working_days(month)) for month in range(timeline.history + timeline.horizon)]
    )
    hours = base[:, None] * days[None, :] / 21
    # A tight line stood still for weeks before the close: orders are overdue when the first cycle opens.
    hours[network.tight[-1], timeline.history - 2 : timeline.history] *= 0.3
    return hours.round(1), np.round(hours * rng.uniform(0.05, 0.10, len(hours))[:, None], 1)


MIX_HOURS = 0.004


def _run_plants(
    network: Network,
    timeline: Timeline,
    *,
    orders: Orders,
    total: Floats,
    safety: Floats,
    hours: Floats,
    overtime: Floats,
    rng: Rng,
) -> tuple[Floats, Floats, Ints]:
    """Units made or bought, closing stock, and the month in which each order line is shipped."""
    months, count = timeline.simulated, len(network.codes)
    made, stock = np.zeros((count, months)), np.zeros((count, months + 1))
    stock[:, 0] = np.ceil(safety + 0.8 * total[:, 0])
    ship_month = np.full(len(orders.product), months, dtype=np.int64)
    due_month = timeline.month_of(orders.requested)
    waiting = np.empty(0, dtype=np.int64)
    by_month = [np.flatnonzero(due_month == month) for month in range(months)]
    for month in range(months):
        due = np.concatenate([waiting, by_month[month]])
        needed = np.bincount(orders.product[due], orders.quantity[due], minlength=count)
        ahead = total[:, min(month + 1, months - 1)] * rng.lognormal(0.0, 0.12, count)
        wanted = np.maximum(0, needed + safety + 0.45 * ahead - stock[:, month])
        usable = hours[:, month] * EFFICIENCY + overtime[:, month]
        made[:, month] = _within_capacity(network, wanted, usable)
        served = _serve(orders, due, stock[:, month] + made[:, month])
        ship_month[due[served]] = month
        waiting = due[~served]
        out = np.bincount(orders.product[due[served]], orders.quantity[due[served]], minlength=count)
        stock[:, month + 1] = stock[:, month] + made[:, month] - out
    return made, stock, ship_month


def _within_capacity(network: Network, wanted: Floats, usable: Floats) -> Floats:
    """Whole units that the lines can make; bought products come as wanted."""
    units = np.ceil(wanted)
    load = units * network.hours + np.ceil(units / network.lot) * network.setup
    total = np.bincount(network.resource[network.made], load[network.made], minlength=len(usable))
    share = np.minimum(1.0, usable / np.maximum(total, 1e-9))
    return np.where(network.made, np.floor(units * share[network.resource]), units)


def _serve(orders: Orders, due: Ints, available: Floats) -> Flags:
    """Lines that the stock covers, earliest request first."""
    order = np.lexsort((orders.requested[due], orders.product[due]))
    product, quantity = orders.product[due][order], orders.quantity[due][order]
    running = np.cumsum(quantity)
    first = np.concatenate([[True], product[1:] != product[:-1]]) if len(product) else np.empty(0, dtype=bool)
    before = np.maximum.accumulate(np.where(first, running - quantity, 0)) if len(product) else running
    served = np.empty(len(due), dtype=bool)
    served[order] = running - before <= available[product]
    return served


def _ship(orders: Orders, timeline: Timeline, ship_month: Ints, rng: Rng) -> Shipments:
    """Shipments of the lines that were served: most on the day, some a few days late, a few in two parts."""
    line = np.flatnonzero(ship_month < timeline.simulated)
    month = ship_month[line]
    late = month > timeline.month_of(orders.requested[line])
    day = np.where(late, random_days(rng, timeline, month), orders.requested[line])
    slip = np.where(rng.random(len(line)) < 0.04, rng.integers(1, 5, len(line)), 0)
    ends = np.array([timeline.close(number) for number in range(timeline.simulated)])
    day = np.minimum(day + np.where(late, 0, slip), ends[month])
    quantity = orders.quantity[line]
    parted = (rng.random(len(line)) < 0.03) & (quantity > 10) & (day < ends[month])
    second = np.where(parted, (quantity * rng.uniform(0.2, 0.5, len(line))).astype(np.int64), 0)
    part = np.flatnonzero(second > 0)
    later = np.minimum(day[part] + rng.integers(1, 5, len(part)), ends[month[part]])
    days = np.concatenate([day, later])
    order = np.argsort(days, kind="stable")
    way = np.where(rng.random(len(days)) < 0.03, rng.integers(1, 4, len(days)), 0)
    return Shipments(
        line=np.concatenate([line, line[part]])[order],
        shipped=days[order],
        delivered=(days + way)[order],
        quantity=np.concatenate([quantity - second, second[part]])[order],
    )


def _production_orders(network: Network, timeline: Timeline, made: Floats, rng: Rng) -> Production:
    """One or two orders per product and month, with a little scrap on top of the good units."""
    item, month = np.nonzero((made > 0) & network.made[:, None])
    good = made[item, month].astype(np.int64)
    parts = np.where(good > 2 * network.lot[item], 2, 1)
    cell = np.repeat(np.arange(len(item)), parts)
    second = np.concatenate([[False], cell[1:] == cell[:-1]]) if len(cell) else np.empty(0, dtype=bool)
    half = good[cell] // 2
    quantity = np.where(parts[cell] == 1, good[cell], np.where(second, half, good[cell] - half))
    scrap = np.floor(quantity * rng.uniform(0.0, 0.02, len(cell))).astype(np.int64)
    planned = quantity + scrap
    return Production(
        item[cell], month[cell], planned, quantity, scrap, random_days(rng, timeline, month[cell])
    )


def _with_mixes(
    network: Network, timeline: Timeline, production: Production, mixes: Ints, rng: Rng
) -> Production:
    """Add the production of mixes (group x month)."""
    group, month = np.nonzero(mixes)
    good = mixes[group, month]
    nothing = np.zeros(len(good), dtype=np.int64)
    day = random_days(rng, timeline, month)
    joined = Production(
        item=np.concatenate([production.item, len(network.codes) + group]),
        month=np.concatenate([production.month, month]),
        planned=np.concatenate([production.planned, good]),
        good=np.concatenate([production.good, good]),
        scrap=np.concatenate([production.scrap, nothing]),
        day=np.concatenate([production.day, day]),
    )
    order = np.argsort(joined.day, kind="stable")
    return Production(*(values[order] for values in vars(joined).values()))
