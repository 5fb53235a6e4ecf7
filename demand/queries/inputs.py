"""The identity of everything that a baseline is made from."""

import hashlib

from cycles.models import Cycle
from demand.queries.corrections import correction_in_use
from demand.queries.known import known_stamp
from demand.queries.rules import promotion_rules
from demand.queries.stamp import history_stamp
from demand.queries.streams import history_start, sold_streams

ENGINE_VERSION = "baseline 2"
LONGEST_HISTORY = 144


def inputs_key(cycle: Cycle) -> str:
    """The same key for the same history, streams, events, outside facts, engine, correction and months of plan."""
    start = history_start(cycle.last_closed_month)
    # Launches and phase-outs are no part of it: the plan takes them over without a new forecast.
    streams = sold_streams(start).values_list("pk", flat=True)
    parts = (
        ENGINE_VERSION,
        cycle.month,
        cycle.horizon_months,
        history_stamp(),
        list(streams),
        promotion_rules(cycle),
        known_stamp(cycle, LONGEST_HISTORY),
        correction_in_use(cycle).sha256,
    )
    return f"{cycle.month:%Y-%m}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"
