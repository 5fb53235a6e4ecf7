"""What the engine is told beside the quantities: launches, events, working days, stock-outs, ended products."""

from datetime import date
from typing import TYPE_CHECKING

from cycles.models import Cycle
from demand.models import Promotion
from demand.queries.known import ended_products, engine_months, kept_months, stock_outs, working_days
from demand.queries.rules import covered_months
from demand.queries.streams import StreamTable
from portfolio.models import Launch
from sop.periods import add_months, first_of_month, months_between

if TYPE_CHECKING:
    from demand.forecasting import Context
    from demand.steps import Flags, Whole


def engine_context(
    cycle: Cycle, table: StreamTable, rows: "Whole", months: list[date], horizon: int
) -> "Context":
    """The context of some rows of the stream table over closed ``months`` and the ``horizon`` after them."""
    import numpy as np

    from demand.forecasting import Context

    products = table.products[rows]
    starts = _launch_columns(months)
    days = working_days(engine_months(months, horizon), months[-1])
    return Context(
        last_month=months[-1].month,
        families=table.families[rows].tolist(),
        launches=np.array([starts.get(product, -1) for product in products.tolist()], dtype=np.int64),
        ended=np.isin(products, sorted(ended_products(cycle))),
        promotions=_promotion_marks(table, rows, months),
        stock_outs=_marks(products, stock_outs(months, set(products.tolist())), months),
        as_recorded=_marks(table.streams[rows], kept_months(), months),
        working_days=None if days is None else np.array(days.days),
    )


def _launch_columns(months: list[date]) -> dict[int, int]:
    launches = Launch.objects.filter(month__gte=months[0], month__lte=months[-1]).values_list(
        "product_id", "month"
    )
    return {product: months_between(months[0], first_of_month(month)) for product, month in launches}


def _promotion_marks(table: StreamTable, rows: "Whole", months: list[date]) -> "Flags":
    """Months (n, t) with a past event: their lift is no part of the baseline."""
    import numpy as np

    marks = np.zeros((len(rows), len(months)), dtype=bool)
    products, markets = table.products[rows], table.markets[rows]
    for event in Promotion.objects.filter(start__lte=add_months(months[-1], 1), end__gte=months[0]):
        chosen = products == event.product_id
        if event.market_id is not None:
            chosen &= markets == event.market_id
        for month, _ in covered_months(event.start, event.end):
            if months[0] <= month <= months[-1]:
                marks[chosen, months_between(months[0], month)] = True
    return marks


def _marks(keys: "Whole", cells: list[tuple[int, date]], months: list[date]) -> "Flags":
    """Marks (n, t) on the months of the rows that carry a key; cells outside the months are left out."""
    import numpy as np

    marks = np.zeros((len(keys), len(months)), dtype=bool)
    for key, month in cells:
        if months[0] <= month <= months[-1]:
            marks[keys == key, months_between(months[0], month)] = True
    return marks
