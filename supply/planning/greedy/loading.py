"""Loading routes into the book: when each leg leaves and each start begins, and what a unit takes there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from supply.planning.case import Flags, Floats, Ints
from supply.planning.greedy.bills import Bills
from supply.planning.greedy.book import Book, Entries, latest_start
from supply.planning.greedy.routes import BOUGHT, LEGS, MADE, STOCKED, Routes
from supply.planning.network import matches

_PASSES = 2  # over the same routes: the first leaves what earlier routes asked for and did not get


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """Routes of one kind, each for one month's need; a route may stand there once for each of many months."""

    routes: Routes
    wanted: Ints  # month whose need is served
    arrival: Ints  # month of arrival, later than wanted for what is served late
    hold: int = 0  # months in stock at the source; for routes from stock: the lot (0 opening, 1 first month)
    overtime: bool = False  # overtime, extra hours and spot freight are open

    def only(self, chosen: Flags | Ints) -> Loads:
        """These of the loads."""
        return replace(
            self, routes=self.routes.only(chosen), wanted=self.wanted[chosen], arrival=self.arrival[chosen]
        )

    def __len__(self) -> int:
        return len(self.wanted)


class Loader:
    """Loads routes in their order, as far as every capacity allows."""

    def __init__(self, book: Book, bills: Bills) -> None:
        case = book.case
        self.book, self.bills = book, bills
        self._departure = latest_start(case.lanes.possible, case.lanes.lead_time_months)
        self._start = {
            MADE: latest_start(case.production.possible, case.production.lead_time_months),
            BOUGHT: latest_start(case.subcontract.possible, case.subcontract.lead_time_months),
        }

    def load(self, loads: Loads) -> None:
        """Serve what is still needed, earlier loads first."""
        book, target = self.book, loads.routes.target
        loads = loads.only(book.left["need"][target, loads.wanted] > book.dust[target])
        if not len(loads):
            return
        leaves = self._leaves(loads)
        start = self._starts(loads, leaves[:, LEGS])
        going = (leaves >= 0).all(axis=1) & (start >= 0)
        if int(loads.routes.kind[0]) == MADE:
            going[self._lacking_parts(loads.routes, start, going)] = False
        loads, leaves, start = loads.only(going), leaves[going], start[going]
        if not len(loads):
            return
        entries = self._entries(loads, leaves, start)
        demands = book.gathered(entries)
        for _ in range(_PASSES):
            granted = book.granted(demands, len(loads))
            if not granted.any():
                return
            book.take(entries, granted)
            self._ship(loads, leaves, granted)

    def _leaves(self, loads: Loads) -> Ints:
        """(loads, LEGS + 1): when each leg leaves, the last one first; then when the unit leaves its source."""
        month, legs = loads.arrival, loads.routes.legs
        leaves = np.empty((len(loads), LEGS + 1), np.int64)
        for leg in range(LEGS):
            flow = legs[:, leg]
            if (flow >= 0).any():
                departs = self._departure[self.book.network.flow_lane[flow], month]
                month = np.where(flow >= 0, np.where(month >= 0, departs, -1), month)
            leaves[:, leg] = month
        leaves[:, LEGS] = month
        return leaves

    def _starts(self, loads: Loads, leaves: Ints) -> Ints:
        """Month of the start; for a lot, its place; -1 where there is none or the unit would be too old."""
        routes, hold = loads.routes, loads.hold
        life, kind = self.book.life[routes.pair], int(routes.kind[0])
        if kind == STOCKED:
            age = leaves - (hold - 1)
            return np.where((age >= (hold == 0)) & (age <= life), hold, -1)
        arrives = leaves - hold
        start = self._start[kind][routes.source, np.maximum(arrives, 0)]
        return np.where((arrives >= 0) & (hold <= life), start, -1)

    def _entries(self, loads: Loads, leaves: Ints, start: Ints) -> list[Entries]:
        routes, every, one = loads.routes, np.arange(len(loads)), np.ones(len(loads))
        kind = int(routes.kind[0])
        entries = [Entries("need", every, routes.target, loads.wanted, one)]
        entries += self._legs(loads, leaves)
        if kind == STOCKED:
            return [*entries, Entries("lots", every, routes.pair, start, one)]
        entries += [
            Entries("ceiling", every, routes.pair, leaves[:, LEGS] - back, one)
            for back in range(1, loads.hold + 1)
        ]
        if kind == BOUGHT:
            return [*entries, Entries("subcontract", every, routes.source, start, one)]
        return entries + self._bill(loads, start)

    def _legs(self, loads: Loads, leaves: Ints) -> list[Entries]:
        """Volume on every lane and through every door."""
        network, entries, arrives = self.book.network, [], loads.arrival
        for leg in range(LEGS):
            route = np.nonzero(loads.routes.legs[:, leg] >= 0)[0]
            flow = loads.routes.legs[route, leg]
            volume = self.book.case.products.volume[network.flow_product[flow]]
            route, flow, volume = route[volume > 0], flow[volume > 0], volume[volume > 0]
            lane = "lane_or_spot" if loads.overtime else "lane"
            entries.append(Entries(lane, route, network.flow_lane[flow], leaves[route, leg], volume))
            entries.append(Entries("inbound", route, network.flow_destination[flow], arrives[route], volume))
            arrives = leaves[:, leg]
        return entries

    def _bill(self, loads: Loads, start: Ints) -> list[Entries]:
        """Starts of the unit and its parts, their hours, materials and parts from stock."""
        bills = self.bills
        route, node = matches(loads.routes.source, bills.root)
        month = self._part_starts(route, node, start)
        entries = [Entries("production", route, bills.row[node], month, bills.units[node])]
        at, step = matches(node, bills.step_node)
        later = month[at] + bills.step_lag[step]
        kept = later < self.book.months
        hours = "all_hours" if loads.overtime else "regular_hours"
        resource = bills.step_resource[step[kept]]
        entries.append(_positive(hours, route[at[kept]], resource, later[kept], bills.step_hours[step[kept]]))
        at, use = matches(node, bills.use_node)
        entries.append(
            _positive("material", route[at], bills.use_material[use], month[at], bills.use_units[use])
        )
        at, part = matches(node, bills.part_node)
        opening = np.zeros(len(at), np.int64)
        entries.append(_positive("lots", route[at], bills.part_pair[part], opening, bills.part_units[part]))
        return entries

    def _lacking_parts(self, routes: Routes, start: Ints, going: Flags) -> Ints:
        """Routes of which a part cannot be made in time, or is too old in stock."""
        bills = self.bills
        if not bills.level.any() and not len(bills.part_node):
            return np.zeros(0, np.int64)
        ours = np.nonzero(going)[0]
        route, node = matches(routes.source[ours], bills.root)
        month = self._part_starts(route, node, start[ours])
        at, part = matches(node, bills.part_node)
        old = month[at] + 1 > self.book.life[bills.part_pair[part]]
        barred: Ints = ours[np.unique(np.concatenate([route[month < 0], route[at[old]]]))]
        return barred

    def _part_starts(self, route: Ints, node: Ints, start: Ints) -> Ints:
        """Month of every start: parts arrive in stock when their parent starts."""
        bills = self.bills
        place = route * (len(bills.root) + 1) + node
        month = np.where(bills.level[node] == 0, start[route], -1)
        for level in range(1, int(bills.level[node].max(initial=0)) + 1):
            ours = np.nonzero(bills.level[node] == level)[0]
            above = np.searchsorted(place, route[ours] * (len(bills.root) + 1) + bills.parent[node[ours]])
            needed = month[above]
            month[ours] = np.where(needed >= 0, self._start[MADE][bills.row[node[ours]], needed], -1)
        return month

    def _ship(self, loads: Loads, leaves: Ints, granted: Floats) -> None:
        """Book shipments, stock held on the way, and units served late."""
        book, routes = self.book, loads.routes
        for leg in range(LEGS):
            with_leg = routes.legs[:, leg] >= 0
            at = (routes.legs[with_leg, leg], leaves[with_leg, leg])
            np.add.at(book.shipments, at, granted[with_leg])
        if int(routes.kind[0]) == STOCKED:
            self._hold(routes.pair, leaves[:, LEGS], np.full(len(granted), book.months), -granted)
        elif loads.hold:
            self._hold(routes.pair, leaves[:, LEGS] - loads.hold, leaves[:, LEGS], granted)
        streams = len(book.case.demand)
        kept = routes.target >= streams
        pair = routes.target[kept] - streams
        self._hold(pair, loads.arrival[kept], np.full(len(pair), book.months), granted[kept])
        late = np.nonzero(~kept & (loads.arrival > loads.wanted))[0]
        for owed in range(int((loads.arrival - loads.wanted)[late].max(initial=0))):
            still = late[loads.wanted[late] + owed < loads.arrival[late]]
            np.add.at(book.served_late, (routes.target[still], loads.wanted[still] + owed), granted[still])

    def _hold(self, pair: Ints, first: Ints, end: Ints, units: Floats) -> None:
        """Closing stock of the months from `first` to before `end` changes by so many units."""
        change = np.zeros((len(self.book.closing), self.book.months + 1))
        np.add.at(change, (pair, first), units)
        np.subtract.at(change, (pair, end), units)
        self.book.closing += np.cumsum(change, axis=1)[:, :-1]


def _positive(name: str, route: Ints, row: Ints, month: Ints, units: Floats) -> Entries:
    kept: Flags = (units > 0) & (month >= 0)
    return Entries(name, route[kept], row[kept], month[kept], units[kept])
