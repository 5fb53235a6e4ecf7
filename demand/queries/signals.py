"""What points at a stream before anybody has looked: bias, a running error, an event, a launch, a missing input."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q

from cycles.models import Cycle
from demand.models import Promotion
from demand.queries.blocks import history_table
from demand.queries.facts import planned_for
from demand.queries.stamp import kept_by_history
from demand.queries.streams import StreamTable, stream_table
from portfolio.models import Launch, PhaseOut
from sop.periods import add_months, last_of_month, month_range

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Whole

LOOKED_BACK = 6


@dataclass(frozen=True)
class PastErrors:
    """Of every stream (n, sorted keys as in the stream table): errors of the plan one month ahead, and what sold.

    ``errors`` (n, months) are plan - actual in quanta over the ``months`` whose plan is known; ``sold`` (n) is the
    demand of the last six closed months.
    """

    keys: "Whole"
    months: int
    errors: "Floats"
    sold: "Floats"

    def rows_of(self, table: StreamTable) -> "Whole":
        places: Whole = self.keys.searchsorted(table.streams)
        return places


def past_errors(cycle: Cycle) -> PastErrors:
    """Read once per history and cycle."""
    return kept_by_history("errors", cycle, lambda: _past_errors(cycle))


def _past_errors(cycle: Cycle) -> PastErrors:
    import numpy as np

    streams = stream_table().streams
    months = month_range(add_months(cycle.last_closed_month, 1 - LOOKED_BACK), LOOKED_BACK)
    actual = history_table(streams, months)
    planned = [planned_for(streams, month) for month in months]
    errors = [plan["consensus"] - actual[:, place] for place, plan in enumerate(planned) if plan is not None]
    table = np.stack(errors, axis=1) if errors else np.zeros((len(streams), 0))
    return PastErrors(streams, table.shape[1], table, actual.sum(axis=1))


@dataclass(frozen=True)
class Coming:
    """Which streams (n) an event, a launch or a phase-out touches in the shown months, and events without a lift."""

    events: "Flags"
    changes: "Flags"
    without_lift: "Flags"


def coming(cycle: Cycle, table: StreamTable, months: list[date]) -> Coming:
    """Three queries, whatever the number of streams."""
    import numpy as np

    first, last = months[0], last_of_month(months[-1])
    promotions = list(
        Promotion.objects.filter(start__lte=last, end__gte=first).values_list(
            "product_id", "market_id", "lift_percent"
        )
    )
    launched = Launch.objects.filter(
        is_dropped=False, month__gte=add_months(first, -3), month__lte=months[-1]
    )
    ending = PhaseOut.objects.filter(
        Q(is_dropped=False) & Q(end_month__gte=first) & Q(end_month__lte=add_months(months[-1], 3))
    )
    products = {*launched.values_list("product_id", flat=True)}
    products |= {*ending.values_list("product_id", flat=True)} | {
        *ending.values_list(F("successor_id"), flat=True)
    }
    return Coming(
        _touched(table, [(product, market) for product, market, _ in promotions]),
        np.isin(table.products, [product for product in products if product]),
        _touched(table, [(product, market) for product, market, lift in promotions if lift is None]),
    )


def _touched(table: StreamTable, events: list[tuple[int, int | None]]) -> "Flags":
    import numpy as np

    everywhere = [product for product, market in events if market is None]
    touched: Flags = np.isin(table.products, everywhere)
    pairs = {(product, market) for product, market in events if market is not None}
    if pairs:
        some = np.flatnonzero(np.isin(table.products, [product for product, _ in pairs]))
        for place in some.tolist():
            if (int(table.products[place]), int(table.markets[place])) in pairs:
                touched[place] = True
    return touched
