"""The stages of the greedy plan: least starts, closing targets, demand month by month, lateness, safety stock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supply.planning.case import Case, Flags, Floats
from supply.planning.gaps import find_gaps
from supply.planning.greedy.bills import explode
from supply.planning.greedy.book import Book
from supply.planning.greedy.finish import broken_targets, finished_quantities
from supply.planning.greedy.loading import Loader, Loads
from supply.planning.greedy.priorities import Priorities, Stage
from supply.planning.greedy.routes import MADE, STOCKED, Routes
from supply.planning.matrix import Model
from supply.planning.network import build_network
from supply.planning.plan import Plan, Status
from supply.planning.scales import usual_sizes
from supply.planning.solution import priced_plan
from supply.planning.variables import Parts, arrives_in_time, may_be_owed

_LATEST = 3  # months a unit may be late here
_AHEAD = 3  # months that closing targets are built ahead
_FILLS = 2  # a safety stock that finds no hours in its month is tried for once more


def plan_greedily(case: Case, *, with_gaps: bool = False) -> Plan:
    """A plan at once, within every capacity; `reason` names hard targets that it misses, if any."""
    network = build_network(case)
    parts = Parts(case, network, usual_sizes(case, network), Model(case.months))
    quantities = finished_quantities(parts, _Greedy(parts).book)
    reason = broken_targets(parts, quantities)
    plan = priced_plan(case, network, quantities, status=Status.GREEDY, reason=reason)
    return replace(plan, gaps=find_gaps(parts, plan)) if with_gaps else plan


class _Greedy:
    """Loads everything into `book`."""

    def __init__(self, parts: Parts) -> None:
        self.case, self.network, self.book = parts.case, parts.network, Book(parts)
        bills = explode(self.case, self.network)
        self.loader, self.order = Loader(self.book, bills), Priorities(parts, bills)
        self.streams = len(self.case.demand)
        self.need = self.book.left["need"]
        self.keeps = self.book.life > self.case.months
        self._start_least()
        self._reach_closing_targets()
        self.need[: self.streams] = self.case.demand.quantity
        self._serve(np.ones(self.case.demand.quantity.shape, np.bool_))
        for late in range(1, min(_LATEST, self.case.months - 1) + 1):
            self._serve_late(late)
        self._fill_safety_stock()

    def _start_least(self) -> None:
        """Least quantities, whatever they cost; what they make is free stock."""
        made = self.case.production
        pair = self.network.pair_of[made.product, made.site]
        least = np.where(
            made.possible & arrives_in_time(made.lead_time_months, self.case.months), made.min_quantity, 0.0
        )
        for row, start in np.argwhere(least > 0):
            arrival = int(start + made.lead_time_months[row, start])
            routes = self.order.to_stock
            ours = routes.only((routes.source == row) & (routes.pair == routes.target - self.streams))
            cell = (self.streams + pair[row], arrival)
            self.need[cell] = least[row, start]
            when = np.full(len(ours.target), arrival)
            self.loader.load(Loads(ours, when, when, overtime=True))
            self.book.left["lots"][pair[row], arrival + 1] += least[row, start] - self.need[cell]
            self.need[cell] = 0.0

    def _reach_closing_targets(self) -> None:
        """Opening stock and receipts are kept back for closing targets; what they lack is made.

        Not for products with a shelf life, whose stock would have to be turned over.
        """
        least = self.network.by_pair(self.case.stock.min_closing_stock) * self.keeps[:, None]
        if not least.any():
            return
        closing, lots = self.book.closing, self.book.left["lots"]
        kept = np.minimum(least, closing).max(axis=1)
        before = np.cumsum(lots, axis=1) - lots
        lots -= np.clip(kept[:, None] - before, 0.0, lots)
        lacking = np.maximum.accumulate(np.maximum(least - closing, 0.0), axis=1)
        self.need[self.streams :] = np.diff(lacking, axis=1, prepend=0.0)
        for overtime in (False, True):
            for hold in range(min(self.case.months - 1, _AHEAD) + 1):
                self._stock_up(self.order.to_stock, hold=hold, overtime=overtime)
        self.need[self.streams :] = 0.0

    def _stock_up(self, routes: Routes, *, hold: int = 0, overtime: bool = False) -> None:
        """Load what the pairs still need into their stocks, earlier months first."""
        wanted, place = np.nonzero(self.need[routes.target].T > 0)
        self.loader.load(Loads(routes.only(place), wanted, wanted, hold, overtime))

    def _serve(self, allowed: Flags, late: int = 0, late_cost: Floats | None = None) -> None:
        """All months' demand (where allowed) through all stages, arriving so many months late."""
        dust = self.book.dust[: self.streams, None]
        for planned in self.order.stages:
            stage = self._with_lots(planned) if planned.kind == STOCKED else planned
            needed = allowed & (self.need[: self.streams] > dust)
            if not needed.any():
                return
            loads = self.order.loads(stage, needed, late, late_cost)
            if len(loads):
                self.loader.load(loads)

    def _with_lots(self, stage: Stage) -> Stage:
        """The stage's routes from pairs where something of the lot is left."""
        left = self.book.left["lots"][self.order.routes.pair[stage.chosen], stage.hold] > 0
        return replace(stage, chosen=stage.chosen[left])

    def _serve_late(self, late: int) -> None:
        """What is still needed, so many months later, where it may be owed so long."""
        demand = self.case.demand
        allowed = np.zeros(demand.quantity.shape, np.bool_)
        cost = np.zeros(demand.quantity.shape)
        first = slice(0, self.case.months - late)
        allowed[:, first] = True
        owed_at = may_be_owed(self.case)
        backorder = np.where(owed_at, demand.backorder_cost, 0.0)
        for age in range(late):
            then = slice(age, self.case.months - late + age)
            allowed[:, first] &= owed_at[:, then] & (demand.max_backlog_months[:, then] > age)
            cost[:, first] += backorder[:, then]
        self._serve(allowed, late, cost)

    def _fill_safety_stock(self) -> None:
        """In regular hours, where the penalties saved to the end of the horizon pay for a unit."""
        stock, routes = self.case.stock, self.order.to_stock
        target = self.network.by_pair(stock.safety_stock)
        penalty = self.network.by_pair(stock.safety_penalty)
        holding = self.network.by_pair(stock.holding_cost)
        cost = np.full(len(target), np.inf)
        np.minimum.at(cost, routes.target - self.streams, routes.cost)
        made = routes.only(routes.kind == MADE)
        for _ in range(_FILLS):
            short = np.maximum(target - self.book.closing, 0.0)
            kept = np.where(short > 0, penalty, 0.0) - holding
            saved = np.cumsum(kept[:, ::-1], axis=1)[:, ::-1]
            first = np.diff(np.maximum.accumulate(short, axis=1), axis=1, prepend=0.0)
            self.need[self.streams :] = np.where((saved > cost[:, None]) & self.keeps[:, None], first, 0.0)
            self._stock_up(made)
        self.need[self.streams :] = 0.0
