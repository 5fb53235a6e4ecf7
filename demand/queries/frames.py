"""Rows as frames of units (floats), for the engines and reports of higher rooms."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from cycles.models import Cycle, Version
from demand.models import DemandFact, DemandHistory, DemandSummary, OrderLine
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

if TYPE_CHECKING:
    import pandas as pd


def history_frame(first: date, last: date, streams: Iterable[int] | None = None) -> "pd.DataFrame":
    """stream_id, product_id, market_id, month, units, value (major): demand by requested month.

    Months without an order have no row.
    """
    import pandas as pd

    rows = DemandHistory.objects.filter(month__gte=first, month__lte=last)
    if streams is not None:
        rows = rows.filter(stream_id__in=list(streams))
    columns = ["stream_id", "stream__product_id", "stream__market_id", "month", "quantity", "value"]
    frame = pd.DataFrame(list(rows.values_list(*columns)), columns=columns)
    frame = frame.rename(columns={"stream__product_id": "product_id", "stream__market_id": "market_id"})
    frame["units"] = frame.pop("quantity").astype(float) / QUANTA_PER_UNIT
    frame["value"] = frame["value"].astype(float) / MINOR_PER_MAJOR
    return frame


def plan_frame(version: Version, column: str = "consensus") -> "pd.DataFrame":
    """stream_id, product_id, market_id, month, units of a version's consensus (or another column)."""
    import pandas as pd

    columns = ["stream_id", "stream__product_id", "stream__market_id", "month", column]
    rows = DemandFact.objects.filter(version=version, **{f"{column}__isnull": False}).values_list(*columns)
    frame = pd.DataFrame(list(rows), columns=["stream_id", "product_id", "market_id", "month", "units"])
    frame["units"] = frame["units"].astype(float) / QUANTA_PER_UNIT
    return frame


def demand_by_family_month(version: Version) -> "pd.DataFrame":
    """family_id, market_id, month, units, value (major): the consensus by family and market, from the summary."""
    import pandas as pd

    columns = ["family_id", "market_id", "month", "consensus", "consensus_value"]
    rows = DemandSummary.objects.filter(version=version).values_list(*columns)
    frame = pd.DataFrame(list(rows), columns=["family_id", "market_id", "month", "units", "value"])
    frame["units"] = frame["units"].astype(float) / QUANTA_PER_UNIT
    frame["value"] = frame["value"].astype(float) / MINOR_PER_MAJOR
    return frame


def overdue_frame(cycle: Cycle) -> "pd.DataFrame":
    """stream_id, units: what is still open of order lines requested before the cycle's first month.

    Open is the ordered quantity less what was shipped before that month; closed lines count nothing.
    """
    import pandas as pd

    lines = (
        OrderLine.objects.filter(requested_date__lt=cycle.month, status__in=["open", "partial"])
        .annotate(
            shipped=Coalesce(Sum("shipments__quantity", filter=Q(shipments__ship_date__lt=cycle.month)), 0)
        )
        .values_list("stream_id", "quantity", "shipped")
    )
    frame = pd.DataFrame(list(lines), columns=["stream_id", "quantity", "shipped"])
    frame["units"] = (frame["quantity"] - frame["shipped"]).clip(lower=0).astype(float) / QUANTA_PER_UNIT
    return frame[["stream_id", "units"]].groupby("stream_id", as_index=False).sum().query("units > 0")
