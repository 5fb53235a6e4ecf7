"""Hard targets that hold what a gap would need: without them the plan would serve the gap instead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from supply.planning.names import Limit
from supply.planning.plan import Plan
from supply.planning.variables import Parts, loss_cost

_CLOSE = 1e-6  # of a usual quantity


class ForcedTargets:
    """Looks up the targets that compete with a stream, or hold hours of a resource."""

    def __init__(self, parts: Parts, plan: Plan) -> None:
        case = parts.case
        self.case = case
        self._worth = loss_cost(case)
        self._served = case.demand.must_serve & (case.demand.quantity > 0)
        made, scale = case.production, parts.scales.product[case.production.product]
        least = made.min_quantity
        self._at_least = (
            (least > 0) & (plan.production <= least + _CLOSE * scale[:, None]) & (plan.production > 0)
        )

    def holding(self, stream: int, month: int, worth: float, limits: list[Limit]) -> list[Limit]:
        """Targets of the same product that are worth less, from this month on; least starts on full resources."""
        found = list(self._must_serve(stream, month, worth))[:1]
        for limit in limits:
            if limit.kind == "resource":
                found.extend(self._least_starts(limit, int(self.case.demand.product[stream])))
        return list(dict.fromkeys(found))

    def _must_serve(self, stream: int, month: int, worth: float) -> Iterator[Limit]:
        demand = self.case.demand
        rivals = np.nonzero(demand.product == demand.product[stream])[0]
        cheaper = self._served[rivals, month:] & (self._worth[rivals, month:] < worth)
        for later, rival in np.argwhere(cheaper.T):
            if rivals[rival] != stream:
                yield Limit("must_serve", int(rivals[rival]), month + int(later))

    def _least_starts(self, limit: Limit, product: int) -> Iterator[Limit]:
        routing, made = self.case.routing, self.case.production
        site = self.case.resources.site[limit.row]
        for step in np.nonzero(routing.resource == limit.row)[0]:
            start = limit.month - int(routing.lag_months[step])
            ours = (made.product == routing.product[step]) & (made.site == site) & (made.product != product)
            for row in np.nonzero(ours)[0]:
                if start >= 0 and self._at_least[row, start]:
                    yield Limit("min_quantity", int(row), start)
