"""The rows of the model: one function per family, its balance told in words."""

from __future__ import annotations

import numpy as np

from supply.planning.case import Flags, Floats, Ints
from supply.planning.network import matches
from supply.planning.variables import Parts


def balance_stock(parts: Parts) -> None:
    """Last closing stock + receipts + production, subcontract and lanes arriving
    - units leaving by lane - use as component - scrap - closing stock = 0."""
    case, network, model = parts.case, parts.network, parts.model
    pairs = np.arange(len(network.pair_site))
    given = network.by_pair(case.stock.receipts)
    given[:, 0] += network.by_pair(case.stock.opening_stock)
    scale = parts.scales.product[network.pair_product]
    model.add_rows("stock", np.ones(given.shape, np.bool_), lower=-given, upper=-given, scale=scale)
    put_arrivals(parts, "stock")
    model.put("stock", network.flow_pair, "shipments", np.arange(len(network.flow_lane)), -1.0)
    model.put("stock", *_component_use(parts))
    model.put("stock", pairs, "scrap", pairs, -1.0)
    for part in ("safe_stock", "stock"):
        model.put("stock", pairs, part, pairs, -1.0)
        model.put("stock", pairs, part, pairs, 1.0, lag=1)


def put_arrivals(
    parts: Parts, row: str, *, only: Flags | None = None, later: int = 0, sign: float = 1.0
) -> None:
    """What arrives at the pairs (`only` these), entered in the row of `later` months after its arrival."""
    case, network, lane = parts.case, parts.network, parts.network.flow_lane
    made, sub = case.production, case.subcontract
    for column, pair, lead_time in (
        ("production", network.pair_of[made.product, made.site], made.lead_time_months),
        ("subcontract", network.pair_of[sub.product, sub.site], sub.lead_time_months),
        ("shipments", network.flow_pair_to, case.lanes.lead_time_months[lane]),
    ):
        links = np.nonzero((pair >= 0) if only is None else (pair >= 0) & only[pair])[0]
        parts.model.put(row, pair[links], column, links, sign, lag=lead_time[links] + later)


def _component_use(parts: Parts) -> tuple[Ints, str, Ints, Floats]:
    """(pair of the component, "production", production row, - quantity) for every use from stock."""
    use, made = parts.case.component_use, parts.case.production
    bill, row = matches(use.product, made.product)
    pair = parts.network.pair_of[use.component[bill], made.site[row]]
    return pair, "production", row, -use.quantity_per_unit[bill]


def limit_age(parts: Parts) -> None:
    """Shelf life of S months: closing stock <= what arrived in the last S months.

    With the stock balance this says the same as "closing stock of t leaves by t + S", in fewer cells.
    """
    case, network, model = parts.case, parts.network, parts.model
    life = case.products.shelf_life_months[network.pair_product]
    perishable = np.nonzero(life <= case.months)[0]
    where = np.zeros((len(life), case.months), np.bool_)
    where[perishable] = np.arange(case.months) >= life[perishable, None] - 1
    fresh = _last_months(network.by_pair(case.stock.receipts), life)
    model.add_rows("age", where, lower=-np.inf, upper=fresh, scale=parts.scales.product[network.pair_product])
    for part in ("safe_stock", "stock"):
        model.put("age", perishable, part, perishable)
    longest = int(life[perishable].max()) if len(perishable) else 0
    for later in range(longest):
        put_arrivals(parts, "age", only=(later < life) & (life <= case.months), later=later, sign=-1.0)


def _last_months(values: Floats, life: Floats) -> Floats:
    """(pairs, months): sum of the last `life` months' values."""
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    month = np.arange(values.shape[1])
    before = np.maximum(month + 1 - np.minimum(life, values.shape[1])[:, None], 0).astype(int)
    return np.asarray(total[:, 1:] - np.take_along_axis(total, before, axis=1))


def balance_demand(parts: Parts) -> None:
    """Units arriving + owed at the end = demand - lost + owed at the last month's end."""
    case, network, model = parts.case, parts.network, parts.model
    demand, streams = case.demand, np.arange(len(case.demand))
    every = np.ones(demand.quantity.shape, np.bool_)
    scale = parts.scales.product[demand.product]
    model.add_rows("demand", every, lower=demand.quantity, upper=demand.quantity, scale=scale)
    outer = np.nonzero(network.flow_stream >= 0)[0]
    lead_time = case.lanes.lead_time_months[network.flow_lane[outer]]
    model.put("demand", network.flow_stream[outer], "shipments", outer, lag=lead_time)
    model.put("demand", streams, "lost", streams)
    model.put("demand", streams, "backlog", streams)
    model.put("demand", streams, "backlog", streams, -1.0, lag=1)


def limit_lateness(parts: Parts) -> None:
    """What is owed at a month's end stems from the last K months: owed <= their demand - lost.

    At the end of the horizon only the last month's own demand may be owed.
    """
    case, model = parts.case, parts.model
    demand, streams = case.demand, np.arange(len(case.demand))
    late = demand.max_backlog_months.copy()
    late[:, -1] = np.minimum(late[:, -1], 1.0)
    month = np.arange(case.months)
    where = (model.columns["backlog"].index >= 0) & (late <= month)
    wanted = np.concatenate([np.zeros((len(streams), 1)), np.cumsum(demand.quantity, axis=1)], axis=1)
    before = np.where(where, month + 1 - np.where(where, late, 0), 0).astype(int)
    recent = wanted[:, 1:] - np.take_along_axis(wanted, before, axis=1)
    scale = parts.scales.product[demand.product]
    model.add_rows("lateness", where, lower=-np.inf, upper=recent, scale=scale)
    model.put("lateness", streams, "backlog", streams)
    longest = int(late[where].max()) if where.any() else 0
    for age in range(longest):
        reaches = np.zeros(where.shape)
        reaches[:, : case.months - age] = (late > age)[:, age:]
        model.put("lateness", streams, "lost", streams, reaches, lag=age)


def balance_hours(parts: Parts) -> None:
    """Hours of all units started, each in its month = regular + overtime + extra hours."""
    case, model, network = parts.case, parts.model, parts.network
    routing, means = case.routing, np.arange(len(case.resources))
    every = np.ones(case.resources.regular_hours.shape, np.bool_)
    model.add_rows("hours", every, lower=0.0, upper=0.0, scale=parts.scales.resource)
    row_of = np.full(network.pair_of.shape, -1, np.int64)
    row_of[case.production.product, case.production.site] = np.arange(len(case.production))
    made = row_of[routing.product, case.resources.site[routing.resource]]
    used = np.nonzero(made >= 0)[0]
    model.put(
        "hours",
        routing.resource[used],
        "production",
        made[used],
        routing.hours_per_unit[used],
        lag=routing.lag_months[used],
    )
    for kind in ("regular_hours", "overtime_hours", "extra_hours"):
        model.put("hours", means, kind, means, -1.0)


def limit_staffed_hours(parts: Parts) -> None:
    """With people: regular hours <= the resource's own + hours per head x heads; overtime likewise."""
    case, model, people = parts.case, parts.model, parts.case.workforce
    rows, scale = np.arange(len(people)), parts.scales.resource[people.resource]
    for kind, own, per_head in (
        ("regular_hours", case.resources.regular_hours, people.hours_per_head),
        ("overtime_hours", case.resources.overtime_hours, people.overtime_hours_per_head),
    ):
        limit = f"{kind}_limit"
        model.add_rows(limit, per_head > 0, lower=-np.inf, upper=own[people.resource], scale=scale)
        model.put(limit, rows, kind, people.resource)
        model.put(limit, rows, "heads", rows, -per_head)


def balance_heads(parts: Parts) -> None:
    """Heads = last month's heads (the opening ones at first) + hired - laid off."""
    people, model = parts.case.workforce, parts.model
    rows = np.arange(len(people))
    given = np.zeros(people.wage.shape)
    given[:, 0] = people.opening_heads
    model.add_rows("heads", np.ones(given.shape, np.bool_), lower=given, upper=given, scale=parts.scales.head)
    model.put("heads", rows, "heads", rows)
    model.put("heads", rows, "heads", rows, -1.0, lag=1)
    model.put("heads", rows, "hired", rows, -1.0)
    model.put("heads", rows, "laid_off", rows)


def balance_material(parts: Parts) -> None:
    """Last closing stock + open orders + purchases arriving - use by the bills - closing stock = 0."""
    case, model = parts.case, parts.model
    use, bought, made = case.material_use, case.suppliers, case.production
    rows = np.arange(len(case.materials))
    given = case.materials.receipts.copy()
    given[:, 0] += case.materials.opening_stock
    every = np.ones(given.shape, np.bool_)
    model.add_rows("material", every, lower=-given, upper=-given, scale=parts.scales.material)
    model.put("material", bought.material, "purchases", np.arange(len(bought)), lag=bought.lead_time_months)
    bill, row = matches(use.product, made.product)
    model.put("material", use.material[bill], "production", row, -use.quantity_per_unit[bill])
    model.put("material", rows, "material_stock", rows, -1.0)
    model.put("material", rows, "material_stock", rows, 1.0, lag=1)


def limit_lanes(parts: Parts) -> None:
    """Volume leaving by a lane's row <= its capacity + spot freight."""
    case, network, model = parts.case, parts.network, parts.model
    lanes = np.arange(len(case.lanes))
    limited = np.isfinite(case.lanes.capacity) & case.lanes.possible
    model.add_rows("lane", limited, lower=-np.inf, upper=case.lanes.capacity, scale=parts.scales.lane)
    volume = case.products.volume[network.flow_product]
    model.put("lane", network.flow_lane, "shipments", np.arange(len(volume)), volume)
    model.put("lane", lanes, "spot", lanes, -1.0)


def limit_inbound(parts: Parts) -> None:
    """Volume arriving at a place by lanes in a month <= its inbound capacity."""
    case, network, model = parts.case, parts.network, parts.model
    capacity = case.places.inbound_capacity
    model.add_rows("inbound", np.isfinite(capacity), lower=-np.inf, upper=capacity, scale=parts.scales.place)
    volume = case.products.volume[network.flow_product]
    lead_time = case.lanes.lead_time_months[network.flow_lane]
    flows = np.arange(len(volume))
    model.put("inbound", network.flow_destination, "shipments", flows, volume, lag=lead_time)
