"""The tracer: from a short unit back along every way it could be had, to the limits that bar it.

It reads one solved plan: which limits are used up, and by the duals what they are worth elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from supply.planning.case import INF, Case, Floats
from supply.planning.names import LEAD_TIME, NO_SOURCE, SHELF_LIFE, Limit
from supply.planning.plan import Plan
from supply.planning.starts import Starts, grouped
from supply.planning.tightness import measure_tightness
from supply.planning.variables import Parts, loss_cost
from supply.planning.ways import Way, best_ways, combined

_TRANSFERS = 3  # moves from site to site looked back along


class Tracer:
    """Answers where one more unit could come from; remembers every answer."""

    def __init__(self, parts: Parts, plan: Plan) -> None:
        self.case, self.network, self.plan = parts.case, parts.network, plan
        self.tight = measure_tightness(parts, plan)
        self.grain = _grains(self.case)
        self._index()
        self._held: dict[tuple[int, int, int], list[Way]] = {}
        self._arrived: dict[tuple[int, int, int], list[Way]] = {}
        self._bought: dict[tuple[int, int], list[Way]] = {}
        self._making_now: set[int] = set()  # production rows being looked at, lest a bill lead in a circle

    def _index(self) -> None:
        """Rows by what they serve."""
        case, network = self.case, self.network
        made, sub, use = case.production, case.subcontract, case.material_use
        pair_of = network.pair_of
        self.lane_starts = Starts(case.lanes.possible, case.lanes.lead_time_months)
        self.production_starts = Starts(made.possible, made.lead_time_months)
        self.subcontract_starts = Starts(sub.possible, sub.lead_time_months)
        self.supplier_starts = Starts(case.suppliers.possible, case.suppliers.lead_time_months)
        self.flows_of_stream = grouped(network.flow_stream)
        self.flows_into = grouped(network.flow_pair_to)
        self.production_of = grouped(pair_of[made.product, made.site])
        self.subcontract_of = grouped(pair_of[sub.product, sub.site])
        self.suppliers_of = grouped(case.suppliers.material)
        self.materials_of = grouped(use.product)
        self.components_of = grouped(case.component_use.product)
        self.routing_of: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row, (product, resource) in enumerate(
            zip(case.routing.product.tolist(), case.routing.resource.tolist(), strict=True)
        ):
            self.routing_of[product, int(case.resources.site[resource])].append(row)

    def _grain_of(self, pair: int) -> float:
        """Money that makes no difference to the pair's product."""
        return float(self.grain[self.network.pair_product[pair]])

    # a unit at a market

    def ways_to_market(self, stream: int, month: int) -> list[Way]:
        """Ways of one more unit of the stream arriving in the month."""
        ways: list[Way] = []
        for flow in self.flows_of_stream.get(stream, []):
            ways.extend(self._by_lane(flow, month, _TRANSFERS))
        grain = float(self.grain[self.case.demand.product[stream]])
        return best_ways(ways, grain) or [Way(fixed=True).barred(NO_SOURCE)]

    def _by_lane(self, flow: int, month: int, transfers: int) -> Iterator[Way]:
        """One more unit of the flow arriving in the month."""
        lane = int(self.network.flow_lane[flow])
        departures = self.lane_starts.arriving(lane, month)
        for departure in departures:
            freight = self._freight(flow, lane, departure, month)
            for way in self.ways_in_stock(int(self.network.flow_pair[flow]), departure, transfers):
                yield way.plus(freight)
        if not departures and self.lane_starts.too_slow(lane, month):
            yield Way(fixed=True).costing(float(self.case.lanes.unit_cost[lane, month])).barred(LEAD_TIME)

    def _freight(self, flow: int, lane: int, departure: int, arrival: int) -> Way:
        """The trip alone: its price, and what bars it at the lane or at the door."""
        case, duals = self.case, self.plan.duals
        volume = float(case.products.volume[self.network.flow_product[flow]])
        place = int(self.network.flow_destination[flow])
        rent = volume * float(duals.lane[lane, departure] + duals.inbound[place, arrival]) if duals else 0.0
        way = Way().costing(float(case.lanes.unit_cost[lane, departure]), rent)
        if volume and self.tight.lane[lane, departure]:
            limit = Limit("lane", lane, departure)
            spot = float(case.lanes.spot_cost[lane, departure])
            barred = spot == INF
            way = way.barred(limit, takes=volume) if barred else way.dearer(limit, volume, volume * spot)
        if volume and self.tight.inbound[place, arrival]:
            way = way.barred(Limit("inbound", place, arrival), takes=volume)
        return way

    # a unit in stock

    def ways_in_stock(self, pair: int, month: int, transfers: int = _TRANSFERS) -> list[Way]:
        """Ways of one more unit of the pair being there to leave in the month."""
        key = (pair, month, transfers)
        if key not in self._held:
            ways = [*self._from_before(*key), *self._from_after(*key)]
            self._held[key] = best_ways(ways, self._grain_of(pair)) or [Way(fixed=True).barred(NO_SOURCE)]
        return self._held[key]

    def _from_before(self, pair: int, month: int, transfers: int) -> Iterator[Way]:
        """Arriving in the month, or before it and kept in stock, as long as it keeps."""
        life = float(self.case.products.shelf_life_months[self.network.pair_product[pair]])
        keeping = Way()
        for arrival in range(month, -1, -1):
            if arrival < month:
                keeping = keeping.plus(self._keeping(pair, arrival))
            too_old = month - arrival > life
            for way in self._arriving(pair, arrival, transfers):
                yield way.plus(keeping).barred(SHELF_LIFE, fixed=True) if too_old else way.plus(keeping)
        yield from self._too_late(pair, month)

    def _keeping(self, pair: int, month: int) -> Way:
        """Holding a unit at the month's end."""
        stock, row = self.case.stock, int(self.network.pair_stock_row[pair])
        cost = float(stock.holding_cost[row, month]) if row >= 0 else 0.0
        way = Way().waiting(cost)
        if row < 0 or not self.tight.ceiling[pair, month]:
            return way
        worth = self.plan.duals.stock[pair] if self.plan.duals else np.zeros(self.case.months)
        rent = max(float(worth[month + 1] - worth[month]) - cost, 0.0)
        return way.costing(0.0, rent).barred(Limit("max_stock", row, month))

    def _from_after(self, pair: int, month: int, transfers: int) -> Iterator[Way]:
        """Taken from stock that is kept for later, and replaced by then; or not at all if it is left over."""
        way = Way()
        for later in range(month, self.case.months):
            if self.tight.floor[pair, later]:
                if not self.tight.kept[pair, later]:
                    return
                way = way.barred(Limit("min_closing_stock", int(self.network.pair_stock_row[pair]), later))
            way = way.waiting(self._released(pair, later))
            if later + 1 < self.case.months:
                for other in self._arriving(pair, later + 1, transfers):
                    if not other.fixed:
                        yield way.plus(other)
        yield way

    def _released(self, pair: int, month: int) -> float:
        """What a unit less in closing stock costs: a safety stock missed, less the holding."""
        stock, row = self.case.stock, int(self.network.pair_stock_row[pair])
        if row < 0:
            return 0.0
        missing = self.plan.stock[pair, month] <= stock.safety_stock[row, month]
        return float(stock.safety_penalty[row, month] * missing - stock.holding_cost[row, month])

    def _arriving(self, pair: int, arrival: int, transfers: int) -> list[Way]:
        """Ways of one more unit arriving in the month: made, subcontracted or moved there."""
        key = (pair, arrival, transfers)
        if key not in self._arrived:
            self._arrived[key] = best_ways(self._sources(*key), self._grain_of(pair))
        return self._arrived[key]

    def _sources(self, pair: int, arrival: int, transfers: int) -> Iterator[Way]:
        for row in self.production_of.get(pair, []):
            for start in self.production_starts.arriving(row, arrival):
                yield from self._making(row, start)
        for row in self.subcontract_of.get(pair, []):
            for start in self.subcontract_starts.arriving(row, arrival):
                yield self._subcontracting(row, start)
        for flow in self.flows_into.get(pair, []) if transfers else []:
            yield from (way for way in self._by_lane(flow, arrival, transfers - 1) if not way.fixed)

    def _too_late(self, pair: int, month: int) -> Iterator[Way]:
        """Sources that are open by the month but cannot deliver by then."""
        for starts, rows in (
            (self.production_starts, self.production_of.get(pair, [])),
            (self.subcontract_starts, self.subcontract_of.get(pair, [])),
            (self.lane_starts, self.network.flow_lane[self.flows_into.get(pair, [])].tolist()),
        ):
            for row in rows:
                if starts.too_slow(row, month):
                    yield Way(fixed=True).barred(LEAD_TIME)

    # a unit made or bought

    def _making(self, row: int, start: int) -> list[Way]:
        """One more unit started in the month, with the hours, materials and components it takes."""
        if row in self._making_now:
            return []
        self._making_now.add(row)
        needs = [*self._materials(row, start), *self._components(row, start)]
        self._making_now.discard(row)
        return combined(self._starting(row, start), needs)

    def _starting(self, row: int, start: int) -> Way:
        """The start alone: its cost, its limit and its hours."""
        made, duals = self.case.production, self.plan.duals
        product, site = int(made.product[row]), int(made.site[row])
        rent = float(duals.max_quantity[row, start]) if duals else 0.0
        base = Way().costing(float(made.unit_cost[row, start]), rent)
        if self.tight.production[row, start]:
            base = base.barred(Limit("production", row, start))
        for link in self.routing_of.get((product, site), []):
            base = self._with_hours(base, link, start)
        return base

    def _materials(self, row: int, start: int) -> Iterator[tuple[float, list[Way]]]:
        """(units, ways) of every material a unit started takes."""
        use = self.case.material_use
        for link in self.materials_of.get(int(self.case.production.product[row]), []):
            if units := float(use.quantity_per_unit[link]):
                yield units, self._material(int(use.material[link]), start)

    def _components(self, row: int, start: int) -> Iterator[tuple[float, list[Way]]]:
        """(units, ways) of every product a unit started takes from stock."""
        use, made = self.case.component_use, self.case.production
        for link in self.components_of.get(int(made.product[row]), []):
            if units := float(use.quantity_per_unit[link]):
                pair = self.network.pair_of[use.component[link], made.site[row]]
                yield units, self.ways_in_stock(int(pair), start)

    def _with_hours(self, way: Way, link: int, start: int) -> Way:
        """The hours of one step of the bill of resources."""
        routing, hours = self.case.routing, self.tight.hours
        resource, month = int(routing.resource[link]), start + int(routing.lag_months[link])
        taken = float(routing.hours_per_unit[link])
        if month >= self.case.months or not taken:
            return way
        cost, now = float(hours.regular_cost[resource, month]), float(hours.cost_now[resource, month])
        if not hours.full[resource, month]:
            return way.costing(taken * min(cost, now))
        worth = float(self.plan.duals.hour[resource, month]) if self.plan.duals else cost
        way = way.costing(taken * cost, taken * max(worth - cost, 0.0))
        limit = Limit("resource", resource, month)
        if now == INF:
            return way.barred(limit, takes=taken)
        return way.dearer(limit, taken, taken * (now - cost))

    def _subcontracting(self, row: int, start: int) -> Way:
        sub, duals = self.case.subcontract, self.plan.duals
        rent = float(duals.subcontract[row, start]) if duals else 0.0
        way = Way().costing(float(sub.unit_cost[row, start]), rent)
        return way.barred(Limit("subcontract", row, start)) if self.tight.subcontract[row, start] else way

    def _material(self, material: int, month: int) -> list[Way]:
        """Ways of one more unit of material being there for the month's starts."""
        if (material, month) not in self._bought:
            ways = [*self._bought_before(material, month), *self._bought_after(material, month)]
            none = Way(fixed=True).barred(self._lacking(material, month), NO_SOURCE)
            self._bought[material, month] = best_ways(ways, float(self.grain.min())) or [none]
        return self._bought[material, month]

    def _bought_before(self, material: int, month: int) -> Iterator[Way]:
        keeping, lacking = Way(), self._lacking(material, month)
        for arrival in range(month, -1, -1):
            if arrival < month:
                keeping = keeping.waiting(float(self.case.materials.holding_cost[material, arrival]))
            for way in self._purchases(material, arrival):
                yield (way.barred(lacking) if way.hard else way).plus(keeping)
        for row in self.suppliers_of.get(material, []):
            if self.supplier_starts.too_slow(row, month):
                yield Way(fixed=True).barred(lacking, LEAD_TIME)

    def _bought_after(self, material: int, month: int) -> Iterator[Way]:
        """From stock kept for later and replaced by then, or left over."""
        way = Way()
        for later in range(month, self.case.months):
            if self.tight.material[material, later]:
                return
            way = way.waiting(-float(self.case.materials.holding_cost[material, later]))
            if later + 1 < self.case.months:
                for other in self._purchases(material, later + 1):
                    lacking = self._lacking(material, later + 1)
                    yield way.plus(other.barred(lacking) if other.hard else other)
        yield way

    def _purchases(self, material: int, arrival: int) -> Iterator[Way]:
        suppliers, duals = self.case.suppliers, self.plan.duals
        for row in self.suppliers_of.get(material, []):
            for order in self.supplier_starts.arriving(row, arrival):
                rent = float(duals.supplier[row, order]) if duals else 0.0
                way = Way().costing(float(suppliers.price[row, order]), rent)
                full = self.tight.supplier[row, order]
                yield way.barred(Limit("supplier", row, order)) if full else way

    def _lacking(self, material: int, month: int) -> Limit:
        """The first month from this one on whose closing stock is 0."""
        empty = np.nonzero(self.tight.material[material, month:])[0]
        return Limit("material", material, month + (int(empty[0]) if len(empty) else 0))


def _grains(case: Case) -> Floats:
    """(products,) money per unit that makes no difference; parts follow the cheapest product."""
    worth = np.zeros(len(case.products))
    np.maximum.at(worth, case.demand.product, loss_cost(case).max(axis=1))
    least = worth[worth > 0].min() if (worth > 0).any() else 1.0
    return 1e-7 * np.where(worth > 0, worth, least)
