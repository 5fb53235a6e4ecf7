"""What demand data needs beyond the general writer: streams, order lines of shipments, history, prices."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from datahub.context import LoadContext
from datahub.keys import key_hashes
from datahub.stored import stored_keys
from demand.actions.history import rebuild_history
from demand.actions.prices import refresh_planned_prices
from demand.datasets import ORDER_KEY, SALES_ORDERS
from demand.models import DemandStream
from portfolio.choices import ProductStatus
from portfolio.models import Customer, Launch, LaunchReference

Ids = npt.NDArray[np.int64]
PAIR = 1 << 32  # product id x PAIR + market id: one number per stream


def order_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """The demand stream of each line: its product in the market of its customer."""
    markets = _market_of_customer(context)
    product_ids = _mapped(frame["item_code"], context.ids("item"))
    market_ids = _mapped(frame["customer"], markets)
    return {"stream_id": stream_ids(product_ids, market_ids, context).tolist()}


def stream_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """The demand stream of a product and a market."""
    product_ids = _mapped(frame["item_code"], context.ids("item"))
    market_ids = _mapped(frame["market"], context.ids("market"))
    return {"stream_id": stream_ids(product_ids, market_ids, context).tolist()}


def stream_ids(product_ids: Ids, market_ids: Ids, context: LoadContext) -> Ids:
    """Ids of the streams of products and markets; streams that are new are made."""
    pairs = product_ids * PAIR + market_ids
    distinct, places = np.unique(pairs, return_inverse=True)
    known = _streams(context)
    missing = [pair for pair in distinct.tolist() if pair not in known]
    if missing:
        DemandStream.objects.bulk_create(
            [DemandStream(product_id=pair // PAIR, market_id=pair % PAIR) for pair in missing],
            batch_size=5_000,
        )
        context.scratch.pop("streams")
        known = _streams(context)
    return np.array([known[pair] for pair in distinct.tolist()], dtype=np.int64)[places]


def shipment_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """The order line that each shipment belongs to."""
    if "order lines" not in context.scratch:
        context.scratch["order lines"] = stored_keys(SALES_ORDERS, ORDER_KEY)
    lines: pd.Series[Any] = context.scratch["order lines"]
    return {"order_line_id": lines.reindex(key_hashes(frame, ORDER_KEY)).tolist()}


def add_launch_streams(context: LoadContext) -> None:
    """A launch is planned in the markets in which its like products are sold."""
    launches = Launch.objects.filter(
        is_dropped=False, product__status=ProductStatus.NEW, product__streams__isnull=True
    )
    for reference in LaunchReference.objects.filter(launch__in=launches).select_related("launch"):
        markets = DemandStream.objects.filter(product=reference.product_id).values_list(
            "market_id", flat=True
        )
        for market_id in markets:
            DemandStream.objects.get_or_create(product_id=reference.launch.product_id, market_id=market_id)
    context.scratch.pop("streams", None)


def rebuild_demand_history(context: LoadContext) -> None:
    """The history of all months follows the order lines."""
    rebuild_history()


def refresh_prices(context: LoadContext) -> None:
    """Planned prices follow the order lines and rates."""
    refresh_planned_prices()


def _mapped(codes: "pd.Series[str]", ids: dict[str, int]) -> Ids:
    places, distinct = pd.factorize(codes)
    return np.array([ids[code] for code in distinct], dtype=np.int64)[places]


def _market_of_customer(context: LoadContext) -> dict[str, int]:
    if "market of customer" not in context.scratch:
        context.scratch["market of customer"] = dict(Customer.objects.values_list("code", "market_id"))
    markets: dict[str, int] = context.scratch["market of customer"]
    return markets


def _streams(context: LoadContext) -> dict[int, int]:
    if "streams" not in context.scratch:
        rows = DemandStream.objects.values_list("pk", "product_id", "market_id")
        context.scratch["streams"] = {product * PAIR + market: pk for pk, product, market in rows}
    streams: dict[int, int] = context.scratch["streams"]
    return streams
