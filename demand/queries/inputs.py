"""The identity of everything that a baseline is made from."""

import hashlib

from django.db.models import Count, Max, Sum

from cycles.models import Cycle
from demand.models import DemandHistory
from demand.queries.rules import promotion_rules
from demand.queries.streams import history_start, sold_streams

ENGINE_VERSION = "baseline 1"


def inputs_key(cycle: Cycle) -> str:
    """The same key for the same history, streams, events, engine and months of plan."""
    history = DemandHistory.objects.filter(month__lte=cycle.last_closed_month).aggregate(
        count=Count("pk"), last=Max("pk"), total=Sum("quantity")
    )
    start = history_start(cycle.last_closed_month)
    # Launches and phase-outs are no part of it: the plan takes them over without a new forecast.
    streams = sold_streams(start).values_list("pk", flat=True)
    parts = (
        ENGINE_VERSION,
        cycle.month,
        cycle.horizon_months,
        sorted(history.items()),
        list(streams),
        promotion_rules(cycle),
    )
    return f"{cycle.month:%Y-%m}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"
