"""Of a solved plan only the flows are rounded; stocks, loads and losses are computed again from them.

So every balance closes to the quantum. Flows: production, units bought, shipments, purchases of material.
Imports numpy: for workers only.
"""

from dataclasses import dataclass, field

import numpy as np

from sop.quantities import QUANTA_PER_UNIT, quanta_array
from supply.planning.case import Case, Floats, Ints
from supply.planning.network import Network
from supply.planning.plan import Plan

TOLERANCE = 1e-3
"""Quanta below which a solved figure is noise."""


@dataclass(slots=True)
class Flows:
    """Rounded flows in quanta, (rows, months)."""

    production: Ints
    subcontract: Ints
    shipments: Ints
    purchases: Ints


@dataclass(frozen=True, slots=True)
class Balances:
    """What follows from the flows, in quanta, (rows, months); pairs and streams as in the network and case."""

    completed: Ints  # pairs: from production
    receipts: Ints  # pairs: confirmed, bought and transferred in
    shipped: Ints  # pairs
    used: Ints  # pairs: as components
    stock: Ints  # pairs, closing
    material_arriving: Ints
    material_used: Ints
    material_stock: Ints
    supplied: Ints  # streams


@dataclass(frozen=True, slots=True)
class RoundedPlan:
    """Flows, balances, and what is lost or owed of each stream."""

    flows: Flows
    balances: Balances
    demand: Ints
    lost: Ints
    backlog: Ints


def round_plan(case: Case, plan: Plan) -> RoundedPlan:
    """Round the flows of a plan, mend what rounding broke, and compute everything else from them."""
    if plan.network is None:
        raise ValueError("A plan that was not found cannot be rounded.")
    ledger = Ledger(case, plan, plan.network)
    flows = _rounded_flows(case, plan, plan.network)
    ledger.mend(flows)
    balances = ledger.balances(flows)
    lost, backlog = ledger.lost_and_owed(balances.supplied)
    return RoundedPlan(flows, balances, ledger.demand, lost, backlog)


def _rounded_flows(case: Case, plan: Plan, network: Network) -> Flows:
    """What comes in is rounded up, within its capacity; shipments so that each stream's total is nearest."""
    return Flows(
        production=_up(plan.production, case.production.max_quantity),
        subcontract=_up(plan.subcontract, case.subcontract.capacity),
        shipments=_nearest_by_group(plan.shipments, network.flow_stream),
        purchases=_up(plan.purchases, case.suppliers.capacity),
    )


def _up(units: Floats, limit: Floats) -> Ints:
    quanta = np.ceil(units * QUANTA_PER_UNIT - TOLERANCE)
    whole_limit = np.floor(np.minimum(limit, 1e15) * QUANTA_PER_UNIT + TOLERANCE)
    return np.maximum(0, np.minimum(quanta, whole_limit)).astype(np.int64)


def _nearest_by_group(units: Floats, stream: Ints) -> Ints:
    """Flows to one stream rounded so that their sum is the rounded sum; transfers to the nearest."""
    exact = np.maximum(0.0, units) * QUANTA_PER_UNIT
    whole = np.floor(exact + TOLERANCE).astype(np.int64)
    to_market = stream >= 0
    whole[~to_market] = np.floor(exact[~to_market] + 0.5)
    order = np.lexsort((-(exact - whole).max(axis=1, initial=0.0), stream))
    order = order[to_market[order]]
    missing = np.zeros((int(stream.max(initial=-1)) + 1, units.shape[1]), np.int64)
    totals = np.zeros(missing.shape)
    np.add.at(totals, stream[to_market], exact[to_market])
    np.add.at(missing, stream[to_market], -whole[to_market])
    missing += np.floor(totals + 0.5).astype(np.int64)
    for flow in order:
        give = np.clip(missing[stream[flow]], 0, (exact[flow] > whole[flow] + TOLERANCE).astype(np.int64))
        whole[flow] += give
        missing[stream[flow]] -= give
    return whole


@dataclass(slots=True)
class Ledger:
    """The balances of a case in quanta, and the mending of what rounding made negative."""

    case: Case
    plan: Plan
    network: Network
    demand: Ints = field(init=False)
    _opening: Ints = field(init=False)
    _receipts: Ints = field(init=False)
    _material_opening: Ints = field(init=False)
    _material_receipts: Ints = field(init=False)
    _made_pair: Ints = field(init=False)
    _bought_pair: Ints = field(init=False)
    _uses: list[tuple[int, int, float]] = field(init=False)

    def __post_init__(self) -> None:
        case, network = self.case, self.network
        self.demand = quanta_array(case.demand.quantity)
        self._opening = quanta_array(network.by_pair(case.stock.opening_stock))
        self._receipts = quanta_array(network.by_pair(case.stock.receipts))
        self._material_opening = quanta_array(case.materials.opening_stock)
        self._material_receipts = quanta_array(case.materials.receipts)
        self._made_pair = network.pair_of[case.production.product, case.production.site]
        self._bought_pair = network.pair_of[case.subcontract.product, case.subcontract.site]
        self._uses = _component_draws(case, network)

    def balances(self, flows: Flows) -> Balances:
        """Every stock and arrival that follows from the flows."""
        case, network, pairs = self.case, self.network, len(self.network.pair_product)
        months = case.months
        completed = _arrivals(flows.production, case.production.lead_time_months, self._made_pair, pairs)
        receipts = self._receipts + _arrivals(
            flows.subcontract, case.subcontract.lead_time_months, self._bought_pair, pairs
        )
        lead = case.lanes.lead_time_months[network.flow_lane]
        receipts = receipts + _arrivals(flows.shipments, lead, network.flow_pair_to, pairs)
        shipped = _summed(flows.shipments, network.flow_pair, pairs)
        used = np.zeros((pairs, months), np.int64)
        for row, pair, quantity in self._uses:
            used[pair] += _drawn(flows.production[row], quantity)
        stock = self._opening[:, None] + np.cumsum(completed + receipts - shipped - used, axis=1)
        return Balances(
            completed,
            receipts,
            shipped,
            used,
            stock,
            *self._material_balance(flows),
            supplied=_arrivals(flows.shipments, lead, network.flow_stream, len(case.demand)),
        )

    def _material_balance(self, flows: Flows) -> tuple[Ints, Ints, Ints]:
        suppliers, use, count = self.case.suppliers, self.case.material_use, len(self.case.materials)
        arriving = _arrivals(flows.purchases, suppliers.lead_time_months, suppliers.material, count)
        started = _summed(flows.production, self.case.production.product, len(self.case.products))
        used = np.zeros((count, self.case.months), np.int64)
        for product, material, quantity in zip(use.product, use.material, use.quantity_per_unit, strict=True):
            used[material] += _drawn(started[product], quantity)
        change = self._material_receipts + arriving - used
        return arriving, used, self._material_opening[:, None] + np.cumsum(change, axis=1)

    def mend(self, flows: Flows) -> None:
        """Take back single quanta where rounding drew more than there is, first month first.

        Every step makes a flow smaller, so it ends.
        """
        while True:
            balances = self.balances(flows)
            short = [
                *(
                    (self._cut_material_use, row, t, by)
                    for row, t, by in _first_negative(balances.material_stock)
                ),
                *((self._cut_pair_outflow, row, t, by) for row, t, by in _first_negative(balances.stock)),
                *(
                    (self._cut_supply, row, t, by)
                    for row, t, by in _first_negative(self.lost_and_owed(balances.supplied)[0])
                ),
            ]
            if not short:
                return
            for cut, row, month, by in short:
                cut(flows, row, month, by)

    def lost_and_owed(self, supplied: Ints) -> tuple[Ints, Ints]:
        """Split what has not arrived as the solver did; where it owed nothing, the remainder is lost.

        Below zero only where more arrives than was asked for, which mending takes back.
        """
        lost, backlog = np.zeros_like(self.demand), np.zeros_like(self.demand)
        owed = np.zeros(len(self.demand), np.int64)
        planned_lost = quanta_array(self.plan.lost)
        for month in range(self.case.months):
            open_units = owed + self.demand[:, month] - supplied[:, month]
            keeps = self.plan.backlog[:, month] * QUANTA_PER_UNIT > TOLERANCE
            owed = np.where(keeps, np.clip(open_units - planned_lost[:, month], 0, None), 0)
            lost[:, month], backlog[:, month] = open_units - owed, owed
        return lost, backlog

    def _cut_material_use(self, flows: Flows, material: int, month: int, by: int) -> None:
        use = self.case.material_use
        users = {
            int(p): float(q)
            for p, m, q in zip(use.product, use.material, use.quantity_per_unit, strict=True)
            if m == material
        }
        rows = [row for row, product in enumerate(self.case.production.product.tolist()) if product in users]
        self._cut_production(
            flows, [(row, users[int(self.case.production.product[row])]) for row in rows], month, by
        )

    def _cut_pair_outflow(self, flows: Flows, pair: int, month: int, by: int) -> None:
        out = np.nonzero((self.network.flow_pair == pair) & (flows.shipments[:, month] > 0))[0]
        if len(out):
            largest = out[np.argmax(flows.shipments[out, month])]
            flows.shipments[largest, month] -= min(by, flows.shipments[largest, month])
        else:
            self._cut_production(flows, [(row, q) for row, used, q in self._uses if used == pair], month, by)

    def _cut_production(self, flows: Flows, rows: list[tuple[int, float]], month: int, by: int) -> None:
        row, quantity = max(rows, key=lambda one: flows.production[one[0], month])
        flows.production[row, month] -= min(int(np.ceil(by / quantity)), int(flows.production[row, month]))

    def _cut_supply(self, flows: Flows, stream: int, month: int, by: int) -> None:
        lead = self.case.lanes.lead_time_months[self.network.flow_lane]
        serving = np.nonzero(self.network.flow_stream == stream)[0]
        arriving = [
            (int(flows.shipments[flow, t]), flow, t)
            for flow in serving
            for t in range(month + 1)
            if t + lead[flow, t] == month
        ]
        amount, flow, t = max(arriving)
        flows.shipments[flow, t] -= min(by, amount)


def _component_draws(case: Case, network: Network) -> list[tuple[int, int, float]]:
    """(production row, pair it draws from, quantity per unit) of every component use."""
    makes: dict[int, list[int]] = {}
    for row, product in enumerate(case.production.product.tolist()):
        makes.setdefault(product, []).append(row)
    use = case.component_use
    draws = zip(use.product.tolist(), use.component.tolist(), use.quantity_per_unit.tolist(), strict=True)
    return [
        (row, int(network.pair_of[component, case.production.site[row]]), quantity)
        for product, component, quantity in draws
        for row in makes.get(product, [])
    ]


def _drawn(quanta: Ints, quantity: float) -> Ints:
    drawn: Ints = np.floor(quanta * quantity + 0.5).astype(np.int64)
    return drawn


def _summed(quanta: Ints, target: Ints, count: int) -> Ints:
    total = np.zeros((count, quanta.shape[1]), np.int64)
    np.add.at(total, target, quanta)
    return total


def _arrivals(quanta: Ints, lead_months: Ints, target: Ints, count: int) -> Ints:
    """What arrives at each target in each month; a target of -1 is none of these."""
    months = quanta.shape[1] if quanta.ndim == 2 else 0
    total = np.zeros((count, months), np.int64)
    for month in range(months):
        due = month + lead_months[:, month]
        rows = np.nonzero((target >= 0) & (due < months) & (quanta[:, month] > 0))[0]
        np.add.at(total, (target[rows], due[rows]), quanta[rows, month])
    return total


def _first_negative(balance: Ints) -> list[tuple[int, int, int]]:
    """(row, month, missing) of the first month below zero of each row."""
    rows = np.nonzero((balance < 0).any(axis=1))[0]
    months = (balance[rows] < 0).argmax(axis=1)
    return [(int(row), int(t), int(-balance[row, t])) for row, t in zip(rows, months, strict=True)]
