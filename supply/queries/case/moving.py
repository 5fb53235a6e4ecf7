"""Places, stock at sites and lanes."""

import numpy as np

from sop.periods import days_to_months
from supply.planning.case import INF, Floats, Lanes, Places, Stock
from supply.queries.case.layout import Layout, Pair
from supply.queries.inputs import LaneRow, PolicyRow

DAYS_A_MONTH = 365.25 / 12
END_WORTH = 1.1
"""Of the standard cost: without it a plan would sell its safety stock out in the last month."""


def place_table(layout: Layout) -> Places:
    """Sites first, then markets; a market named like a site says so."""
    sites, markets = list(layout.inputs.sites.values()), list(layout.inputs.markets.values())
    apart = [f"{code} (market)" if code in sites else code for code in markets]
    is_site = [True] * len(sites) + [False] * len(markets)
    return Places.make(layout.horizon, name=[*sites, *apart], is_site=is_site)


def stock_table(layout: Layout) -> Stock:
    """Opening stock, receipts, holding cost and soft safety stock of each product and site."""
    pairs = _stock_pairs(layout)
    opening, receipts = layout.opening_and_receipts({pair: row for row, pair in enumerate(pairs)})
    return Stock.make(
        layout.horizon,
        product=[layout.row_of[product] for product, _ in pairs],
        site=[layout.site_row[site] for _, site in pairs],
        opening_stock=opening,
        receipts=receipts,
        holding_cost=[layout.holding_cost(product) for product, _ in pairs],
        safety_stock=_safety_stocks(layout, pairs),
        safety_penalty=_safety_penalties(layout, pairs),
        max_stock=_ceilings(layout, pairs, opening, receipts),
    )


def _safety_penalties(layout: Layout, pairs: list[Pair]) -> Floats:
    """(pairs, months). At the horizon's end a missing unit costs what making it again would cost."""
    penalty = np.array([layout.safety_penalty(product) for product, _ in pairs])
    costs = np.array([layout.cost(product) for product, _ in pairs])
    penalties = np.repeat(penalty[:, None], layout.horizon, axis=1)
    penalties[:, -1] = np.maximum(penalty, costs * END_WORTH)
    return penalties


def _safety_stocks(layout: Layout, pairs: list[Pair]) -> Floats:
    """(pairs, months): the larger of the fixed safety stock and the days of cover."""
    policies = [layout.inputs.policies.get(pair) for pair in pairs]
    fixed = np.array([_safety_stock(policy) for policy in policies])
    targets = np.repeat(fixed[:, None], layout.horizon, axis=1)
    for row, (pair, policy) in enumerate(zip(pairs, policies, strict=True)):
        if policy is not None and policy.safety_days:
            targets[row] = np.maximum(targets[row], _cover(layout, pair, policy.safety_days))
    return targets


def _safety_stock(policy: PolicyRow | None) -> float:
    return max(0.0, policy.safety_stock or 0.0) if policy else 0.0


def _cover(layout: Layout, pair: Pair, days: float) -> Floats:
    """(months,): units wanted in the ``days`` after each month's end, even within a month.

    Beyond the horizon demand goes on at the mean of its last three months. Sites that keep days of cover of the
    same product share its demand evenly.
    """
    product = pair[0]
    sharing = sum(
        1 for (other, _), policy in layout.inputs.policies.items() if other == product and policy.safety_days
    )
    wanted = layout.demand_of(product) / max(1, sharing)
    after = np.append(wanted[1:], [wanted[-3:].mean()] * (1 + int(days // DAYS_A_MONTH)))
    whole, part = divmod(days / DAYS_A_MONTH, 1)
    return np.array(
        [after[t : t + int(whole)].sum() + part * after[t + int(whole)] for t in range(layout.horizon)]
    )


def _ceilings(layout: Layout, pairs: list[Pair], opening: Floats, receipts: Floats) -> Floats:
    """(pairs, months): most closing stock. What is there or on its way anyway may stay, or there were no plan."""
    policies = [layout.inputs.policies.get(pair) for pair in pairs]
    ceilings = np.array(
        [INF if policy is None or policy.ceiling is None else policy.ceiling for policy in policies]
    )
    unavoidable = opening[:, None] + np.cumsum(receipts, axis=1)
    highest: Floats = np.maximum(ceilings[:, None], unavoidable)
    return highest


def _stock_pairs(layout: Layout) -> list[Pair]:
    """Where a product may lie: at every site where lanes join sites, else where some record says so."""
    inputs = layout.inputs
    if any(lane.site_id is not None for lane in inputs.lanes):
        return [(product, site) for product in layout.product_ids for site in inputs.sites]
    known = {*layout.makes(), *inputs.policies}
    known |= {(row.product_id, row.site_id) for row in inputs.stock}
    known |= {(row.product_id, row.site_id) for row in inputs.supplier_products}
    return [
        (product, site) for product in layout.product_ids for site in inputs.sites if (product, site) in known
    ]


def lane_table(layout: Layout) -> tuple[Lanes, list[int | None]]:
    """All lanes, each for every product, and the ids of their rows."""
    known = layout.inputs.lanes
    reached = {lane.market_id for lane in known}
    free = [
        lane
        for market in _served_markets(layout)
        if market not in reached
        for lane in _free_lanes(layout, market)
    ]
    rows = [*known, *free]
    lanes = Lanes.make(
        layout.horizon,
        origin=[layout.site_row[lane.origin_id] for lane in rows],
        destination=[_destination(layout, lane) for lane in rows],
        product=[-1] * len(rows),
        unit_cost=[lane.unit_cost for lane in rows],
        capacity=[INF if lane.capacity is None else lane.capacity for lane in rows],
        spot_cost=[INF if lane.spot_cost is None else lane.spot_cost for lane in rows],
        lead_time_months=[days_to_months(lane.lead_time_days) for lane in rows],
    )
    return lanes, [*(lane.id for lane in known), *(None for _ in free)]


def _destination(layout: Layout, lane: LaneRow) -> int:
    return (
        layout.market_row[lane.market_id]
        if lane.market_id is not None
        else layout.site_row[lane.site_id or 0]
    )


def _served_markets(layout: Layout) -> list[int]:
    return sorted({market for _, market in layout.inputs.streams.values()})


def _free_lanes(layout: Layout, market: int) -> list[LaneRow]:
    """A market that no lane reaches is served from every site, free of charge."""
    words = "Without a lane: served from every site free of charge"
    layout.findings.add("no_lane", words, layout.inputs.markets[market])
    return [LaneRow(0, site, market, None, 0.0, None, 0.0, None) for site in layout.inputs.sites]
