"""The stages of the greedy plan: least starts, closing targets, demand month by month, lateness, safety stock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.gaps import find_gaps
from supply.planning.greedy.bills import explode
from supply.planning.greedy.book import Book
from supply.planning.greedy.finish import broken_targets, finished_quantities
from supply.planning.greedy.loading import Loader, Moment
from supply.planning.greedy.priorities import Priorities
from supply.planning.greedy.routes import MADE, STOCKED
from supply.planning.matrix import Model
from supply.planning.network import build_network
from supply.planning.plan import Plan, Status
from supply.planning.scales import usual_sizes
from supply.planning.solution import priced_plan
from supply.planning.variables import Parts, arrives_in_time, may_be_owed

_LATEST = 3  # months a unit may be late here


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
        for month in range(self.case.months):
            self._serve(Moment(month, month))
        for late in range(1, _LATEST + 1):
            for month in range(self.case.months - late):
                self._serve_late(month, month + late)
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
            self.loader.load(ours, Moment(arrival, arrival, overtime=True))
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
        for month in range(self.case.months):
            for overtime in (False, True):
                for hold in range(min(month, 3) + 1):
                    moment = Moment(month, month, hold=hold, overtime=overtime)
                    self.loader.load(self.order.to_stock, moment)
        self.need[self.streams :] = 0.0

    def _serve(self, moment: Moment, late_cost: Floats | None = None) -> None:
        """One month's demand through all stages."""
        book = self.book
        for stage in self.order.stages:
            if stage.kind == STOCKED and not (
                stage.hold <= moment.arrival + 1 and book.left["lots"][:, stage.hold].any()
            ):
                continue
            needed = self.need[: self.streams, moment.wanted] > book.dust[: self.streams]
            if not needed.any():
                return
            chosen = stage.chosen[needed[self.order.routes.target[stage.chosen]]]
            if len(chosen):
                now = replace(moment, hold=stage.hold, overtime=stage.overtime)
                self.loader.load(self.order.paying(chosen, now, late_cost), now)

    def _serve_late(self, wanted: int, arrival: int) -> None:
        """What is still needed of a month, later, where it may be owed so long."""
        demand, months = self.case.demand, slice(wanted, arrival)
        age = np.arange(1, arrival - wanted + 1)
        owed = may_be_owed(self.case)[:, months] & (demand.max_backlog_months[:, months] >= age)
        barred = ~owed.all(axis=1)
        waiting = np.where(barred, self.need[: self.streams, wanted], 0.0)
        self.need[: self.streams, wanted] -= waiting
        cost = np.where(owed, demand.backorder_cost[:, months], 0.0).sum(axis=1)
        self._serve(Moment(wanted, arrival), cost)
        self.need[: self.streams, wanted] += waiting

    def _fill_safety_stock(self) -> None:
        """In regular hours, where the penalties saved to the end of the horizon pay for a unit."""
        stock, routes = self.case.stock, self.order.to_stock
        target = self.network.by_pair(stock.safety_stock)
        penalty = self.network.by_pair(stock.safety_penalty)
        holding = self.network.by_pair(stock.holding_cost)
        cost = np.full(len(target), np.inf)
        np.minimum.at(cost, routes.target - self.streams, routes.cost)
        for month in range(self.case.months):
            short = np.maximum(target - self.book.closing, 0.0)[:, month:]
            saved = (np.where(short > 0, penalty[:, month:], 0.0) - holding[:, month:]).sum(axis=1)
            self.need[self.streams :, month] = np.where((saved > cost) & self.keeps, short[:, 0], 0.0)
            self.loader.load(routes.only(routes.kind == MADE), Moment(month, month))
