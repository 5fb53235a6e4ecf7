"""The gaps of a plan: what is lost or owed, and what stands in the way of serving it."""

from __future__ import annotations

import numpy as np

from supply.planning.forced import ForcedTargets
from supply.planning.names import LEAD_TIME, PRICE, SHELF_LIFE, Limit, limit_name
from supply.planning.plan import Gap, Plan
from supply.planning.trace import Tracer
from supply.planning.variables import Parts, loss_cost
from supply.planning.ways import Way

SMALLEST_GAP = 1e-6  # units

_TIED = 1e-6  # relative: ways whose limits are worth the same


def find_gaps(parts: Parts, plan: Plan) -> tuple[Gap, ...]:
    """Every stream and month with something lost or owed, by stream and month."""
    case, demand = parts.case, parts.case.demand
    short = plan.lost + plan.backlog
    cells = np.argwhere(short > SMALLEST_GAP)
    if not len(cells):
        return ()
    tracer, forced, cost_of_loss = Tracer(parts, plan), ForcedTargets(parts, plan), loss_cost(case)
    hard_targets = bool(demand.must_serve.any() or (case.production.min_quantity > 0).any())
    gaps = []
    for stream, month in cells.tolist():
        worth = float(cost_of_loss[stream, month]) if plan.lost[stream, month] > SMALLEST_GAP else None
        if worth is None and plan.duals is not None:
            worth = float(plan.duals.arrival[stream, month])
        sets = barring_sets(tracer.ways_to_market(stream, month), worth)
        if hard_targets:
            sets += [[limit] for limit in forced.holding(stream, month, worth or 0.0, sets[0])]
        names = [tuple(limit_name(case, limit) for limit in limits) for limits in sets]
        units = float(short[stream, month])
        gaps.append(
            Gap(
                stream=stream,
                month=month,
                demand=float(demand.quantity[stream, month]),
                supplied=float(plan.supplied[stream, month]),
                gap_units=units,
                gap_value=units * float(demand.price[stream, month]),
                binding=names[0],
                instead=tuple(names[1:]),
            )
        )
    return tuple(gaps)


def barring_sets(ways: list[Way], worth: float | None) -> list[list[Limit]]:
    """Sets of limits, each of which must give way together: the best way's, then those that would do as well.

    A way that costs more than the unit is worth, even with its limits out of the way, is barred by price.
    """
    value = float("inf") if worth is None else worth
    slack = 0.0 if worth is None else _TIED * abs(value)
    paying = [way for way in ways if way.free < value - slack and (way.hard or way.soft)]
    movable = [way for way in paying if not way.fixed]
    timed = [way for way in paying if way.fixed and _is_timed(way) and way.total < value - slack]
    dear = [[PRICE]] if any(not way.fixed and not way.hard for way in ways) else []
    if movable:
        tied = [way for way in movable if way.total <= movable[0].total + slack]
        sets = [_barring(way, value - slack) for way in (*tied, *timed)] + dear
    else:
        sets = dear or [sorted(way.hard) for way in paying] or [[PRICE]]
    return [
        limits for i, limits in enumerate(sets) if not any(set(other) <= set(limits) for other in sets[:i])
    ]


def _is_timed(way: Way) -> bool:
    """But for the time it takes, or the time the product keeps, the way would be open and pay."""
    return SHELF_LIFE in way.hard or way.hard.keys() == {LEAD_TIME}


def _barring(way: Way, value: float) -> list[Limit]:
    """Hard limits; and where the dearer source would cost too much, the used-up one and the price."""
    if way.hard and way.now < value:
        return sorted(way.hard)
    return [*sorted(way.hard.keys() | way.soft.keys()), *([PRICE] if way.soft else [])]
