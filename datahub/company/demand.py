"""What customers order: monthly demand of every product and market, and the order lines that it comes in."""

from dataclasses import dataclass

import numpy as np

from datahub.company.calendar import Ints, Timeline, random_days
from datahub.company.network import Floats, Network, Rng

SHARES = [0.42, 0.25, 0.19, 0.14]
LATEST_ENTRY = 75


@dataclass(frozen=True)
class Promotion:
    """An event of a product in a market; month counted from the start of the history."""

    product: int
    market: int
    month: int
    lift: float


@dataclass
class Orders:
    """Order lines as arrays; days count from the start of the history."""

    product: Ints
    market: Ints
    customer: Ints
    quantity: Ints
    requested: Ints
    promised: Ints
    entered: Ints
    price: Floats
    number: Ints
    line: Ints


def monthly_demand(network: Network, timeline: Timeline, promotions: list[Promotion], rng: Rng) -> Floats:
    """Units by product, market and month (whole numbers): level x trend x season x noise, and what disturbs it."""
    products, months = len(network.codes), timeline.simulated
    shares = rng.dirichlet(np.array(SHARES[: len(network.markets)]) * 25, products)
    demand = network.level[:, None, None] * shares[:, :, None] * _season(network, timeline, rng)[:, None, :]
    demand = demand * rng.lognormal(0.0, 0.16, demand.shape) * np.where(network.slow, 1.6, 1.0)[:, None, None]
    demand[network.slow] *= (rng.random(demand[network.slow].shape) < 0.3) * 3.3
    for promotion in promotions:
        demand[promotion.product, promotion.market, promotion.month] *= 1 + promotion.lift / 100
    _add_tender(network, demand, timeline, rng)
    _add_newcomers(network, demand, rng)
    _fade_out(network, demand, timeline)
    _ramp_up(network, demand, timeline)
    return np.round(demand[:, :, :months])


def _season(network: Network, timeline: Timeline, rng: Rng) -> Floats:
    """Season of the family times the product's own trend, by product and month."""
    families, months = len(network.families), np.arange(timeline.simulated)
    first = int(str(timeline.first)[5:7]) - 1
    peak = rng.permutation(np.arange(families) * 12 // max(families, 1) % 12)
    swing = rng.uniform(0.08, 0.38, families)
    season = 1 + swing[:, None] * np.cos(2 * np.pi * (months[None, :] + first - peak[:, None]) / 12)
    growth = rng.normal(0.03, 0.05, families)[network.family] + rng.normal(0.0, 0.03, len(network.codes))
    centre = timeline.history - 6
    trend = np.exp(np.log1p(np.clip(growth, -0.2, 0.25))[:, None] * (months[None, :] - centre) / 12)
    return season[network.family] * trend


def _add_tender(network: Network, demand: Floats, timeline: Timeline, rng: Rng) -> None:
    """One large order that will not come back: an outlier nobody has tagged."""
    product = int(rng.choice(np.flatnonzero(~network.slow)[: len(network.codes) // 2 + 1]))
    demand[product, 0, timeline.history - 9] *= 4.5


def _add_newcomers(network: Network, demand: Floats, rng: Rng) -> None:
    """A few products came within the history."""
    taken = set(network.launches) | set(network.launches.values()) | set(network.phase_outs)
    free = [
        product for product in range(len(network.codes)) if product not in taken and not network.slow[product]
    ]
    for product in free[3 :: max(6, len(free) // max(1, len(free) // 30))][:40]:
        demand[product, :, : int(rng.integers(demand.shape[2] // 3, demand.shape[2] // 2 + 6))] = 0


def _fade_out(network: Network, demand: Floats, timeline: Timeline) -> None:
    """An ending product loses its volume over the last ten months and the ones to come."""
    fade = np.ones(demand.shape[2])
    start = timeline.history - 10
    fade[start:] = np.maximum(0.03, 0.86 ** np.arange(1, demand.shape[2] - start + 1))
    for number, product in enumerate(network.phase_outs):
        demand[product] *= fade
        demand[product, :, phase_out_end(timeline, number) + 1 :] = 0


def phase_out_end(timeline: Timeline, number: int) -> int:
    """The last month with sales of the phase-out of this number."""
    return timeline.history + 5 + 4 * (number % 3)


def _ramp_up(network: Network, demand: Floats, timeline: Timeline) -> None:
    """A launch takes 5, 10 ... 30 percent of its like product, month by month."""
    start = timeline.history + LAUNCH_AFTER
    for product, like in network.launches.items():
        demand[product] = 0
        for step in range(demand.shape[2] - start):
            taken = demand[like, :, start + step] * min(0.30, 0.05 * (step + 1))
            demand[product, :, start + step] = taken
            demand[like, :, start + step] -= taken


LAUNCH_AFTER = 3  # months after the close in which launches start


def choose_promotions(network: Network, timeline: Timeline, rng: Rng) -> list[Promotion]:
    """Half of the promotions lie behind, half ahead."""
    fit = np.flatnonzero(~network.slow & (network.level > np.median(network.level)))
    fit = np.setdiff1d(fit, [*network.launches, *network.phase_outs])
    count = min(network.size.promotions, len(fit))
    products = rng.choice(fit, count, replace=False)
    return [
        Promotion(
            product=int(product),
            market=number % len(network.markets),
            month=timeline.history + (1 + number % 5 if number % 2 else -4 - 3 * (number // 2) % 15),
            lift=float(rng.choice([15, 20, 25, 30, 40, 50])),
        )
        for number, product in enumerate(products)
    ]


def order_lines(network: Network, timeline: Timeline, demand: Floats, rng: Rng) -> Orders:
    """Cut monthly demand into order lines; their quantities add up to it exactly."""
    product, market, month = np.nonzero(demand)
    units = demand[product, market, month].astype(np.int64)
    wanted = 1 + rng.poisson(
        np.maximum(0.05, network.size.lines - 1) * np.where(network.slow[product], 0.2, 1.0)
    )
    count = np.minimum(units, wanted)
    cell = np.repeat(np.arange(len(units)), count)
    quantity = _split(units, count, rng)
    requested = random_days(rng, timeline, month[cell])
    lead = np.minimum(LATEST_ENTRY, 2 + rng.exponential(13.0, len(cell))).astype(np.int64)
    order = np.lexsort((cell, requested - lead))
    cell, quantity, requested, lead = cell[order], quantity[order], requested[order], lead[order]
    customer = _customers(network, market[cell], rng)
    late = (rng.random(len(cell)) < 0.05) * rng.integers(1, 6, len(cell))
    number, line = _numbers(customer, requested - lead)
    return Orders(
        product=product[cell],
        market=market[cell],
        customer=customer,
        quantity=quantity,
        requested=requested,
        promised=requested + late,
        entered=requested - lead,
        price=_prices(network, product[cell], customer, month[cell]),
        number=number,
        line=line,
    )


def _split(units: Ints, count: Ints, rng: Rng) -> Ints:
    """Whole parts of each number, at least 1 each, that add up to it."""
    cell = np.repeat(np.arange(len(units)), count)
    weight = rng.exponential(1.0, len(cell)) + 0.2
    total = np.bincount(cell, weight, minlength=len(units))
    spare = (units - count)[cell]
    part = 1 + np.floor(spare * weight / total[cell]).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    part[first] += units - np.bincount(cell, part, minlength=len(units)).astype(np.int64)
    return part


def _customers(network: Network, market: Ints, rng: Rng) -> Ints:
    chosen = np.empty(len(market), dtype=np.int64)
    for number in range(len(network.markets)):
        lines = np.flatnonzero(market == number)
        own = np.flatnonzero(network.customer_market == number)
        weight = network.customer_weight[own] / network.customer_weight[own].sum()
        chosen[lines] = rng.choice(own, len(lines), p=weight)
    return chosen


def _numbers(customer: Ints, entered: Ints) -> tuple[Ints, Ints]:
    """Lines of a customer entered on one day make one order; its lines are numbered 10, 20, 30."""
    pair = (entered - entered.min()) * (customer.max() + 1) + customer
    _, first, order = np.unique(pair, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    by_order = np.argsort(order, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(order))[:-1]])
    line = np.empty(len(pair), dtype=np.int64)
    line[by_order] = np.arange(len(pair)) - starts[order[by_order]]
    return rank[order], 10 * (line + 1)


def _prices(network: Network, product: Ints, customer: Ints, month: Ints) -> Floats:
    """Net prices in company currency: list price less discount, a little lower in earlier years."""
    inflation = 1.015 ** ((month - month.max()) / 12)
    return network.price[product] * (1 - network.discount[customer]) * inflation
