"""The book of what is left of every capacity by month, and of what has been loaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats, Ints
from supply.planning.network import Network
from supply.planning.profit import Quantities, overtime_limit, regular_limit
from supply.planning.variables import Parts

_DUST = 1e-9  # of a usual quantity

# Tables of the same thing without and with its dear part: what is taken of one is taken of the other.
_TWINS = {
    "regular_hours": "all_hours",
    "all_hours": "regular_hours",
    "lane": "lane_or_spot",
    "lane_or_spot": "lane",
}


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Route i of a load takes `units` of the book's table `name` in a row and month; routes ascend."""

    name: str
    route: Ints
    row: Ints
    month: Ints
    units: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Demands:
    """All entries of a load in one: route i takes `units` of the cell numbered `cell`, shared by its `group`."""

    route: Ints
    cell: Ints
    group: Ints
    units: Floats


class Book:
    """Tables (rows, months) of what is left, and of the plan made so far."""

    def __init__(self, parts: Parts) -> None:
        case, network = parts.case, parts.network
        self.case, self.network, self.months = case, network, case.months
        scale = parts.scales.product
        self.dust = _DUST * np.concatenate([scale[case.demand.product], scale[network.pair_product]])
        self.life = case.products.shelf_life_months[network.pair_product]
        self.left, self._cells, self._first = _laid_out(_capacities(parts))
        self.stock_of_material = _material_at_most(case)
        self._least_ahead()
        self.production = np.zeros(case.production.unit_cost.shape)
        self.subcontract = np.zeros(case.subcontract.unit_cost.shape)
        self.shipments = np.zeros((len(network.flow_lane), case.months))
        self.served_late = np.zeros((len(case.demand), case.months))  # units owed at each month's end
        self.closing = np.cumsum(_given_stock(case, network), axis=1)

    def gathered(self, entries: list[Entries]) -> Demands:
        """The entries in one. Those of a material form one group whatever their month, since its stock is one."""
        cells, groups = [], []
        for e in entries:
            row = self._first[e.name] + e.row * self.left[e.name].shape[1]
            cells.append(row + e.month)
            groups.append(row if e.name == "material" else cells[-1])
        return Demands(
            route=np.concatenate([e.route for e in entries]),
            cell=np.concatenate(cells),
            group=np.concatenate(groups),
            units=np.concatenate([e.units for e in entries]),
        )

    def granted(self, demands: Demands, count: int) -> Floats:
        """Units of each of `count` routes: all it could have alone, cut where earlier routes have taken theirs."""
        route, units, left = demands.route, demands.units, self._cells[demands.cell]
        asked = np.full(count, INF)
        np.minimum.at(asked, route, np.maximum(left, 0.0) / units)
        if not asked.any():
            return asked
        open_yet = np.nonzero(asked[route] > 0)[0]
        order = open_yet[np.argsort(demands.group[open_yet], kind="stable")]
        route, units, left = route[order], units[order], left[order]
        before = _sum_before(asked[route] * units, demands.group[order])
        granted = asked.copy()
        np.minimum.at(granted, route, (left - before) / units)
        return np.asarray(np.maximum(granted, 0.0))

    def take(self, entries: list[Entries], granted: Floats) -> None:
        """Book what was granted."""
        for e in entries:
            amount = granted[e.route] * e.units
            if e.name == "material":
                self._take_material(e.row, e.month, amount)
                continue
            np.subtract.at(self.left[e.name], (e.row, e.month), amount)
            if e.name in _TWINS:
                twin = self.left[_TWINS[e.name]]
                np.subtract.at(twin, (e.row, e.month), amount)
                np.maximum(twin, 0.0, out=twin)
            elif e.name == "production":
                np.add.at(self.production, (e.row, e.month), amount)
            elif e.name == "subcontract":
                np.add.at(self.subcontract, (e.row, e.month), amount)

    def _take_material(self, material: Ints, month: Ints, amount: Floats) -> None:
        """Material taken in a month is missing ever after."""
        taken = np.zeros(self.stock_of_material.shape)
        np.add.at(taken, (material, month), amount)
        self.stock_of_material -= np.cumsum(taken, axis=1)
        self._least_ahead()

    def _least_ahead(self) -> None:
        """What may be taken in a month is the least that would be there from then on."""
        backwards = np.minimum.accumulate(self.stock_of_material[:, ::-1], axis=1)
        self.left["material"][:] = backwards[:, ::-1]


def _sum_before(amounts: Floats, shared: Ints) -> Floats:
    """For sorted groups: the sum of the amounts before each in its group."""
    total = np.cumsum(amounts) - amounts
    fresh = np.ones(len(shared), np.bool_)
    fresh[1:] = shared[1:] != shared[:-1]
    return np.asarray(total - total[np.nonzero(fresh)[0]][np.cumsum(fresh) - 1])


def _capacities(parts: Parts) -> dict[str, Floats]:
    case, network = parts.case, parts.network
    heads = kept_people(case)["heads"]
    regular = regular_limit(case, heads)
    spot = np.where(np.isfinite(case.lanes.spot_cost), INF, case.lanes.capacity)
    given = _given_stock(case, network)
    lots = np.concatenate([network.by_pair(case.stock.opening_stock)[:, None], given], axis=1)
    lots[:, 1] -= lots[:, 0]
    ceiling = network.by_pair(case.stock.max_stock, INF) - np.cumsum(given, axis=1)
    return {
        "need": np.zeros((len(case.demand) + len(network.pair_site), case.months)),
        "production": case.production.max_quantity,
        "subcontract": case.subcontract.capacity,
        "lane": case.lanes.capacity,
        "lane_or_spot": spot,
        "inbound": case.places.inbound_capacity,
        "regular_hours": regular,
        "all_hours": regular + overtime_limit(case, heads) + case.resources.extra_hours,
        "ceiling": ceiling,
        "material": np.zeros(case.materials.receipts.shape),  # see Book._least_ahead
        "lots": lots,  # (pairs, months + 1): opening stock, then receipts of each month
    }


def _laid_out(tables: dict[str, Floats]) -> tuple[dict[str, Floats], Floats, dict[str, int]]:
    """The tables as views of one vector of cells, the vector, and the first cell of each."""
    cells = np.concatenate([table.ravel() for table in tables.values()])
    views, first, end = {}, {}, 0
    for name, table in tables.items():
        first[name], end = end, end + table.size
        views[name] = cells[first[name] : end].reshape(table.shape)
    return views, cells, first


def kept_people(case: Case) -> Quantities:
    """Heads as they are; where they must be whole, half a person leaves in the first month."""
    opening = case.workforce.opening_heads
    kept = np.floor(opening) if case.settings.whole_heads else opening
    heads = np.repeat(kept[:, None], case.months, axis=1)
    laid_off = np.zeros_like(heads)
    laid_off[:, 0] = opening - kept
    return {"heads": heads, "hired": np.zeros_like(heads), "laid_off": laid_off}


def _given_stock(case: Case, network: Network) -> Floats:
    """(pairs, months): opening stock and receipts."""
    given = network.by_pair(case.stock.receipts)
    given[:, 0] += network.by_pair(case.stock.opening_stock)
    return given


def _material_at_most(case: Case) -> Floats:
    """(materials, months): what could be there in all by the month if everything were bought."""
    arriving = case.materials.receipts.copy()
    arriving[:, 0] += case.materials.opening_stock
    bought = case.suppliers
    month = np.arange(case.months) + bought.lead_time_months
    row, t = np.nonzero(bought.possible & (month < case.months))
    np.add.at(arriving, (bought.material[row], month[row, t]), bought.capacity[row, t])
    return np.cumsum(arriving, axis=1)


def latest_start(possible: Flags, lead_time: Ints) -> Ints:
    """(rows, months): the latest month whose start arrives in the month, -1 where there is none."""
    months = possible.shape[1]
    latest = np.full(possible.shape, -1, np.int64)
    row, start = np.nonzero(possible & (np.arange(months) + lead_time < months))
    np.maximum.at(latest, (row, start + lead_time[row, start]), start)
    return latest
