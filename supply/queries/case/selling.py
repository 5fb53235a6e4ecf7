"""Demand of the case: streams with price, penalty of a lost sale and cost of a late one."""

import numpy as np

from sop.quantities import QUANTA_PER_UNIT
from supply.planning.case import Demand, Floats, Lanes, Resources
from supply.queries.case.layout import Layout
from supply.queries.case.service import dearest_costs, late_cost, lost_sale_penalty

MAX_BACKLOG_MONTHS = 3
"""An order that cannot be delivered in time waits this long at most; then it is lost."""


def demand_table(layout: Layout, resources: Resources, lanes: Lanes) -> Demand:
    """One row per stream of the demand version, overdue orders added to the first month."""
    inputs, company = layout.inputs, layout.company
    pairs = [inputs.streams[stream] for stream in layout.stream_ids]
    prices = [_price(layout, product, market) for product, market in pairs]
    dearest = dearest_costs(inputs, layout.structure, _hour_rates(layout, resources), _dearest_freight(lanes))
    rows = [
        (inputs.products[product], price, dearest[product])
        for (product, _), price in zip(pairs, prices, strict=True)
    ]
    waiting = [
        late_cost(product, price, dear, layout.safety_penalty(product.id), company)
        for product, price, dear in rows
    ]
    return Demand.make(
        layout.horizon,
        product=[layout.row_of[product] for product, _ in pairs],
        market=[layout.market_row[market] for _, market in pairs],
        quantity=_quantities(layout),
        price=prices,
        lost_sale_penalty=[lost_sale_penalty(product, price, dear, company) for product, price, dear in rows],
        backorder_cost=waiting,
        max_backlog_months=[float(MAX_BACKLOG_MONTHS)] * len(pairs),
    )


def _quantities(layout: Layout) -> Floats:
    row = {stream: number for number, stream in enumerate(layout.stream_ids)}
    column = {month: t for t, month in enumerate(layout.months)}
    quantity = np.zeros((len(row), layout.horizon))
    for stream, month, quanta in layout.inputs.demand:
        if month in column:
            quantity[row[stream], column[month]] = max(0, quanta) / QUANTA_PER_UNIT
    for stream, units in layout.inputs.overdue.items():
        if stream in row:
            quantity[row[stream], 0] += units
    return quantity


def _price(layout: Layout, product: int, market: int) -> float:
    """Planned net price, the list price where there is none."""
    row = layout.inputs.products[product]
    price = layout.inputs.prices.get((product, market), row.list_price)
    if price is None:
        layout.findings.add("no_price", "Without a price; planned as earning nothing", row.code)
    elif row.standard_cost is not None and price < row.standard_cost:
        where = f"{row.code} in {layout.inputs.markets[market]}"
        layout.findings.add("below_cost", "Sold below standard cost, and served all the same", where)
    return price or 0.0


def _hour_rates(layout: Layout, resources: Resources) -> dict[int, float]:
    """The dearest hour of each resource."""
    rates = np.maximum(resources.overtime_cost_per_hour, resources.extra_cost_per_hour).max(
        axis=1, initial=0.0
    )
    return dict(zip(layout.resource_ids, rates.tolist(), strict=True))


def _dearest_freight(lanes: Lanes) -> float:
    spot = np.where(np.isfinite(lanes.spot_cost), lanes.spot_cost, 0.0)
    return float((lanes.unit_cost + spot).max(initial=0.0))
