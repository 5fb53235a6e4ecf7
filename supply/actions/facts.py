"""A rounded plan as rows of the fact tables. Imports numpy: for workers only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT, quanta_array
from supply.actions.needs import needed_hours, production_shares
from supply.actions.rounding import RoundedPlan, round_plan
from supply.planning.case import Floats, Ints
from supply.planning.network import Network
from supply.planning.plan import Duals, Plan
from supply.planning.profit import overtime_limit, regular_limit
from supply.queries.case.built import BuiltCase

Row = tuple[Any, ...]

SMALLEST_GAP = 50
"""Quanta (0.05 units): less is what rounding leaves over."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap worth telling: row of the stream, month of the horizon, what binds, and what was tried."""

    stream: int
    month: int
    binding: list[str]
    cause: str
    levers: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class PlanRows:
    """A plan ready to be stored: the built case, the solved plan and its rounded figures."""

    built: BuiltCase
    plan: Plan
    rounded: RoundedPlan
    network: Network
    gaps: list[GapRow] = field(default_factory=list)

    @property
    def price_minor(self) -> Floats:
        """Planned price of each stream and month, minor units per unit."""
        return self.built.case.demand.price * MINOR_PER_MAJOR

    @property
    def gap_quanta(self) -> Ints:
        """Lost or owed of each stream and month."""
        return self.rounded.lost + self.rounded.backlog


def plan_rows(built: BuiltCase, plan: Plan) -> PlanRows:
    """Round the plan and keep what its rows are made of."""
    if plan.network is None:
        raise ValueError("Only a plan that was found can be stored.")
    return PlanRows(built, plan, round_plan(built.case, plan), plan.network)


def money(quanta: Ints, price_minor: Floats) -> Ints:
    """Minor units of quantities at prices in minor units per unit, each rounded half away from zero."""
    exact = quanta * price_minor / QUANTA_PER_UNIT
    return (np.sign(exact) * np.floor(np.abs(exact) + 0.5)).astype(np.int64)


def product_site_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns: product, site, month and the figures of :class:`supply.models.ProductSiteFact`."""
    built, network, balances = rows.built, rows.network, rows.rounded.balances
    stock_rows = built.case.stock
    safety = quanta_array(network.by_pair(stock_rows.safety_stock))
    opening = np.empty_like(balances.stock)
    opening[:, 1:] = balances.stock[:, :-1]
    opening[:, 0] = quanta_array(network.by_pair(stock_rows.opening_stock))
    started = _by_pair(rows, rows.rounded.flows.production, built.case.production)
    bought = _by_pair(rows, rows.rounded.flows.subcontract, built.case.subcontract)
    cost = _by_pair(
        rows,
        money(rows.rounded.flows.subcontract, built.case.subcontract.unit_cost * MINOR_PER_MAJOR),
        built.case.subcontract,
    )
    columns = [
        opening,
        started,
        balances.completed,
        balances.receipts,
        balances.shipped,
        balances.used,
        balances.stock,
        safety,
        bought,
        cost,
    ]
    keys = [
        (built.product_ids[product], built.site_ids[site])
        for product, site in zip(network.pair_product.tolist(), network.pair_site.tolist(), strict=True)
    ]
    return _rows(rows, keys, columns)


def _by_pair(rows: PlanRows, quanta: Ints, table: Any) -> Ints:
    total = np.zeros((len(rows.network.pair_product), rows.built.case.months), np.int64)
    np.add.at(total, rows.network.pair_of[table.product, table.site], quanta)
    return total


def stream_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns: stream, month, demand, supplied, lost, backlog, price in minor units per unit."""
    rounded = rows.rounded
    columns = [rounded.demand, rounded.balances.supplied, rounded.lost, rounded.backlog, rows.price_minor]
    return _rows(rows, [(stream,) for stream in rows.built.stream_ids], columns)


def resource_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns of :class:`supply.models.ResourceFact`: hours from the rounded production."""
    resources = rows.built.case.resources
    load = load_hours(rows)
    overtime, extra = hours_above(rows, load)
    premium = overtime * resources.overtime_cost_per_hour + extra * resources.extra_cost_per_hour
    regular, overtime_limit = hour_limits(rows)
    worth = rows.plan.duals.regular_hours if isinstance(rows.plan.duals, Duals) else np.zeros_like(load)
    columns = [
        needed_hours(rows.built.case, rows.plan),
        load,
        regular,
        overtime_limit,
        overtime,
        extra,
        _whole(premium * MINOR_PER_MAJOR),
        worth * MINOR_PER_MAJOR,
    ]
    return _rows(rows, [(resource,) for resource in rows.built.resource_ids], columns, empty_too=True)


def hour_limits(rows: PlanRows) -> tuple[Floats, Floats]:
    """(resources, months): regular and overtime limits, with the hours of the people that the plan employs."""
    case, heads = rows.built.case, rows.plan.heads
    if not len(case.workforce):
        return case.resources.regular_hours, case.resources.overtime_hours
    return regular_limit(case, heads), overtime_limit(case, heads)


def workforce_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns of :class:`supply.models.WorkforceFact`; cost = wages + hiring + laying off."""
    people, plan = rows.built.case.workforce, rows.plan
    if not len(people):
        return iter(())
    cost = (
        plan.heads * people.wage + plan.hired * people.hire_cost + plan.laid_off * people.layoff_cost
    ) * MINOR_PER_MAJOR
    keys = [(rows.built.resource_ids[resource],) for resource in people.resource]
    return _rows(rows, keys, [plan.heads, plan.hired, plan.laid_off, _whole(cost)], empty_too=True)


def resource_use_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns: resource, product, hours per unit, share of the product's demand that falls to the site."""
    case, built = rows.built.case, rows.built
    share_of = production_shares(case, rows.plan)
    routing = case.routing
    for product, resource, hours in zip(
        routing.product, routing.resource, routing.hours_per_unit, strict=True
    ):
        share = share_of.get((int(product), int(case.resources.site[resource])))
        if share is not None:
            yield built.resource_ids[resource], built.product_ids[product], float(hours), share


def load_hours(rows: PlanRows) -> Floats:
    """(resources, months): hours that the rounded production takes."""
    case = rows.built.case
    load = np.zeros((len(case.resources), case.months))
    units = rows.rounded.flows.production / QUANTA_PER_UNIT
    made = {
        pair: row for row, pair in enumerate(zip(case.production.product, case.production.site, strict=True))
    }
    routing = case.routing
    for product, resource, lag, hours in zip(
        routing.product, routing.resource, routing.lag_months, routing.hours_per_unit, strict=True
    ):
        row = made.get((product, case.resources.site[resource]))
        if row is not None and lag < case.months:
            load[resource, lag:] += units[row, : case.months - lag] * hours
    return load


def hours_above(rows: PlanRows, load: Floats) -> tuple[Floats, Floats]:
    """Overtime and extra hours that a load takes, the cheaper first."""
    resources = rows.built.case.resources
    regular, overtime = hour_limits(rows)
    above = np.maximum(0.0, load - regular)
    cheap_overtime = resources.overtime_cost_per_hour <= resources.extra_cost_per_hour
    first = np.where(cheap_overtime, overtime, resources.extra_hours)
    used_first = np.minimum(above, first)
    second = np.where(cheap_overtime, resources.extra_hours, overtime)
    used_second = np.minimum(above - used_first, second)
    return (
        np.where(cheap_overtime, used_first, used_second),
        np.where(cheap_overtime, used_second, used_first),
    )


def material_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns of :class:`supply.models.MaterialFact`."""
    built, balances, case = rows.built, rows.rounded.balances, rows.built.case
    opening = np.empty_like(balances.material_stock)
    opening[:, 1:] = balances.material_stock[:, :-1]
    opening[:, 0] = quanta_array(case.materials.opening_stock)
    purchases = rows.rounded.flows.purchases
    backup = purchases * np.array(built.backup, np.int64)[:, None] if len(purchases) else purchases
    cost = money(purchases, case.suppliers.price * MINOR_PER_MAJOR)
    bought, dearer, paid = (_by_material(rows, column) for column in (purchases, backup, cost))
    columns = [
        opening,
        quanta_array(case.materials.receipts),
        balances.material_arriving,
        bought,
        dearer,
        balances.material_used,
        balances.material_stock,
        paid,
    ]
    return _rows(rows, built.materials, columns)


def _by_material(rows: PlanRows, quanta: Ints) -> Ints:
    case = rows.built.case
    total = np.zeros((len(case.materials), case.months), np.int64)
    np.add.at(total, case.suppliers.material, quanta)
    return total


def lane_rows(rows: PlanRows) -> Iterator[Row]:
    """Columns: lane, product, month, quantity, spot quantity, freight in minor units; known lanes only."""
    built, network, lanes = rows.built, rows.network, rows.built.case.lanes
    flows = rows.rounded.flows.shipments
    spot = spot_quanta(rows)
    lane = network.flow_lane
    rate = lanes.unit_cost[lane]
    spot_rate = np.where(np.isfinite(lanes.spot_cost[lane]), lanes.spot_cost[lane], 0.0)
    freight = money(flows, rate * MINOR_PER_MAJOR) + money(spot, spot_rate * MINOR_PER_MAJOR)
    kept = [flow for flow in range(len(lane)) if built.lane_ids[lane[flow]] is not None]
    keys = [(built.lane_ids[lane[flow]], built.product_ids[network.flow_product[flow]]) for flow in kept]
    return _rows(rows, keys, [flows[kept], spot[kept], freight[kept]])


def spot_quanta(rows: PlanRows) -> Ints:
    """(flows, months): volume above a lane's capacity, laid on its largest flows first."""
    case, network, flows = rows.built.case, rows.network, rows.rounded.flows.shipments
    spot = np.zeros_like(flows)
    for lane in range(len(case.lanes)):
        mine = np.nonzero(network.flow_lane == lane)[0]
        for month in np.nonzero(np.isfinite(case.lanes.capacity[lane]))[0]:
            above = int(flows[mine, month].sum() - case.lanes.capacity[lane, month] * QUANTA_PER_UNIT)
            if above > len(mine) and np.isfinite(case.lanes.spot_cost[lane, month]):
                _lay_on_largest(spot, flows, mine, int(month), above)
    return spot


def _lay_on_largest(spot: Ints, flows: Ints, mine: NDArray[np.int64], month: int, above: int) -> None:
    for flow in mine[np.argsort(-flows[mine, month], kind="stable")]:
        spot[flow, month] = min(above, int(flows[flow, month]))
        above -= int(spot[flow, month])
        if above <= 0:
            return


def _whole(values: Floats) -> Ints:
    return np.floor(values + 0.5).astype(np.int64)


def _rows(
    rows: PlanRows, keys: list[tuple[Any, ...]], columns: list[Any], *, empty_too: bool = False
) -> Iterator[Row]:
    """(version-less) rows ``(*key, month, *figures)``; cells in which every figure is zero are left out."""
    lists = [column.tolist() for column in columns]
    for place, key in enumerate(keys):
        for month, day in enumerate(rows.built.months):
            figures = [column[place][month] for column in lists]
            if empty_too or any(figures):
                yield (*key, day, *figures)
