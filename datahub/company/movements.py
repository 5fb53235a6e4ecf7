"""Import files of what happened: orders, shipments, stock, production, purchases, as known at a month's close."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from datahub.company.calendar import NEVER, Ints, Timeline
from datahub.company.demand import Orders
from datahub.company.finance import Outlooks
from datahub.company.items import Items
from datahub.company.network import Flags, Floats, Network
from datahub.company.operations import Operations

Tables = dict[str, pd.DataFrame]
TRANSIT_DAYS = 14


@dataclass
class Story:
    """Everything that happened, from which each close shows a part."""

    network: Network
    timeline: Timeline
    items: Items
    orders: Orders
    operations: Operations
    outlooks: Outlooks


def base_movements(story: Story) -> Tables:
    """All movements up to the close of the history."""
    close = story.timeline.close(story.timeline.history - 1)
    orders, shipments = story.orders, story.operations.shipments
    shown = orders.entered <= close
    return {
        "sales_orders": sales_orders(story, shown, close),
        "shipments": shipment_rows(story, shipments.shipped <= close, close),
        "inventory": inventory(story, range(story.timeline.history + 1)),
        "production": production(story, story.operations.production.day <= close),
        "purchase_receipts": purchases(story, story.operations.purchases.ordered <= close, close),
        "gl_balance": ledger(story, range(story.timeline.history)),
        "fx": rates(story, range(story.timeline.history + story.timeline.horizon), story.timeline.history),
    }


def later_movements(story: Story, month: int) -> Tables:
    """What a later month adds: lines entered or shipped in it with their state at its end, and so on."""
    start, close = story.timeline.close(month - 1), story.timeline.close(month)
    orders, operations = story.orders, story.operations
    moved = _within(operations.shipments.shipped, start, close)
    lines = _within(orders.entered, start, close)
    lines[operations.shipments.line[moved]] = True
    arrived = _within(operations.shipments.delivered, start, close)
    bought = _within(operations.purchases.ordered, start, close) | _within(
        operations.purchases.received, start, close
    )
    return {
        "sales_orders": sales_orders(story, lines & (orders.entered <= close), close),
        "shipments": shipment_rows(story, moved | arrived, close),
        "inventory": inventory(story, range(month + 1, month + 2)),
        "production": production(story, _within(operations.production.day, start, close)),
        "purchase_receipts": purchases(story, bought, close),
        "gl_balance": ledger(story, range(month, month + 1)),
        "fx": rates(story, range(month, month + 1), month + 1),
    }


def _within(days: Ints, start: int, close: int) -> Flags:
    return (days > start) & (days <= close)


def _codes(prefix: str, numbers: Ints, width: int) -> Ints:
    return np.char.add(prefix, np.char.zfill(numbers.astype(str), width))  # type: ignore[return-value]


def sales_orders(story: Story, shown: Flags, close: int) -> pd.DataFrame:
    """Order lines with their state at a close, prices in the currency of the market."""
    orders, network = story.orders, story.network
    lines = np.flatnonzero(shown)
    shipments = story.operations.shipments
    sent = shipments.shipped <= close
    shipped = np.bincount(shipments.line[sent], shipments.quantity[sent], minlength=len(shown))[lines]
    product, market = orders.product[lines], orders.market[lines]
    state = np.where(shipped >= orders.quantity[lines], "closed", np.where(shipped > 0, "partial", "open"))
    return pd.DataFrame(
        {
            "order_no": _codes("SO", orders.number[lines] + 1, 7),
            "line_no": orders.line[lines],
            "item_code": np.array(network.codes)[product],
            "customer": np.array(network.customers)[orders.customer[lines]],
            "site": np.array(network.sites)[network.site[product]],
            "qty_ordered": orders.quantity[lines],
            "requested_date": story.timeline.dates(orders.requested[lines]),
            "promised_date": story.timeline.dates(orders.promised[lines]),
            "net_price": np.round(orders.price[lines] / _rate_of(story, market, orders.requested[lines]), 3),
            "currency": np.array(network.currencies)[market],
            "entry_date": story.timeline.dates(orders.entered[lines]),
            "status": state,
        }
    )


def _rate_of(story: Story, market: Ints, days: Ints) -> Floats:
    """Price lists abroad follow the rate, quarter by quarter."""
    rate = np.ones(len(market))
    month = np.maximum(0, story.timeline.month_of(days) // 3 * 3)
    for number, currency in enumerate(story.network.currencies):
        if currency in story.outlooks.rates:
            known = story.outlooks.rates[currency]
            own = market == number
            rate[own] = known[np.minimum(month[own], len(known) - 1)]
    return rate


def shipment_rows(story: Story, shown: Flags, close: int) -> pd.DataFrame:
    """Shipments; what arrives after the close is still under way. Two of a line on one day are one."""
    shipments, orders = story.operations.shipments, story.orders
    rows = np.flatnonzero(shown)
    line = shipments.line[rows]
    arrived = np.where(shipments.delivered[rows] <= close, shipments.delivered[rows], NEVER)
    frame = pd.DataFrame(
        {
            "order_no": _codes("SO", orders.number[line] + 1, 7),
            "line_no": orders.line[line],
            "ship_date": story.timeline.dates(shipments.shipped[rows]),
            "delivery_date": story.timeline.dates(arrived),
            "qty": shipments.quantity[rows],
        }
    )
    key = ["order_no", "line_no", "ship_date"]
    if not frame.duplicated(key).any():
        return frame
    return frame.groupby(key, as_index=False, sort=False).agg({"delivery_date": "max", "qty": "sum"})


def stocks(story: Story) -> Floats:
    """Month-end stock of all items, the opening in column 0."""
    operations = story.operations
    return np.concatenate(
        [operations.product_stock, operations.materials.mix_stock, operations.materials.bought_stock]
    )


def inventory(story: Story, columns: range) -> pd.DataFrame:
    """A stock count of every item at each month's end (column 0: the day before the first month)."""
    items, timeline, count = story.items, story.timeline, len(story.items)
    days = [timeline.close(column - 1) if column else -1 for column in columns]
    stock = stocks(story)[:, columns.start : columns.stop].T
    age = 14 + (np.arange(count) * 7) % 23
    slow = np.concatenate([story.network.slow, np.zeros(count - len(story.network.slow), dtype=bool)])
    return pd.DataFrame(
        {
            "snapshot_date": timeline.dates(np.repeat(np.array(days, dtype=np.int64), count)),
            "item_code": np.tile(np.array(items.codes), len(days)),
            "site": np.tile(np.array(story.network.sites)[items.site], len(days)),
            "qty": np.round(stock, 3).ravel(),
            "qty_blocked": np.round(np.where((np.arange(count) % 41 == 7)[None, :], stock * 0.02, 0))
            .ravel()
            .astype(int),
            "qty_in_transit": np.concatenate([_in_transit(story, day) for day in days]),
            "age_days": np.tile(np.where(slow, age * 6, age), len(days)),
        }
    )


def _in_transit(story: Story, day: int) -> Ints:
    bought = story.operations.purchases
    coming = (bought.ordered <= day) & (bought.received > day) & (bought.due <= day + TRANSIT_DAYS)
    return np.bincount(bought.item[coming], bought.quantity[coming], minlength=len(story.items)).astype(
        np.int64
    )


def production(story: Story, shown: Flags) -> pd.DataFrame:
    orders, items = story.operations.production, story.items
    rows = np.flatnonzero(shown)
    item = orders.item[rows]
    return pd.DataFrame(
        {
            "order_no": _codes("MO", rows + 1, 9),
            "item_code": np.array(items.codes)[item],
            "site": np.array(story.network.sites)[items.site[item]],
            "qty_planned": orders.planned[rows],
            "qty_good": orders.good[rows],
            "qty_scrap": orders.scrap[rows],
            "date": story.timeline.dates(orders.day[rows]),
        }
    )


def purchases(story: Story, shown: Flags, close: int) -> pd.DataFrame:
    bought, items = story.operations.purchases, story.items
    rows = np.flatnonzero(shown)
    received = np.where(bought.received[rows] <= close, bought.received[rows], NEVER)
    return pd.DataFrame(
        {
            "po": _codes("PO", 200_001 + rows, 6),
            "line": 1,
            "item_code": np.array(items.codes)[bought.item[rows]],
            "supplier": _codes("SUP", bought.supplier[rows] + 1, 2),
            "order_date": story.timeline.dates(bought.ordered[rows]),
            "due_date": story.timeline.dates(bought.due[rows]),
            "receipt_date": story.timeline.dates(received),
            "qty": bought.quantity[rows],
        }
    )


def ledger(story: Story, months: range) -> pd.DataFrame:
    """Stock value of the ledger: that of the counts, give or take a few tenths of a percent."""
    stock, items, rows = stocks(story), story.items, []
    for month in months:
        value = np.round(stock[:, month + 1], 3) * items.cost
        for number, site in enumerate(story.network.sites):
            drift = 1 + 0.002 * np.sin(month + number)
            rows.append(
                (story.timeline.text(month), site, round(float(value[items.site == number].sum()) * drift, 2))
            )
    return pd.DataFrame(rows, columns=["month", "site", "inventory_value"])


def rates(story: Story, months: range, known: int) -> pd.DataFrame:
    """Rates of closed months; from month ``known`` on the last one stays as the planning rate."""
    rows = [
        (story.timeline.text(month), currency, float(course[min(month, known - 1)]))
        for month in months
        for currency, course in story.outlooks.rates.items()
    ]
    return pd.DataFrame(rows, columns=["month", "currency", "rate"])


def forecasts(story: Story) -> Tables:
    """Earlier forecasts by product and market, and the family totals of the full ones."""
    network, timeline = story.network, story.timeline
    products, markets = len(network.codes), len(network.markets)
    parts, families = [], []
    for cycle, months, units in story.outlooks.forecasts:
        count = len(months)
        texts = np.array([timeline.text(int(month)) for month in months])
        parts.append(
            pd.DataFrame(
                {
                    "cycle": timeline.text(cycle),
                    "version": "consensus",
                    "item_code": np.repeat(np.array(network.codes), markets * count),
                    "market": np.tile(np.repeat(np.array(network.markets), count), products),
                    "month": np.tile(texts, products * markets),
                    "qty": units.ravel().astype(int),
                    "assumption_id": "",
                }
            )
        )
        if count > 3:
            families.append(_family_totals(story, cycle, texts, units))
    empty = pd.DataFrame(columns=["cycle", "version", "family", "month", "qty"])
    return {"forecast": pd.concat(parts), "forecast_family": pd.concat(families) if families else empty}


def _family_totals(
    story: Story, cycle: int, months: "np.ndarray[tuple[int], np.dtype[np.str_]]", units: Floats
) -> pd.DataFrame:
    network = story.network
    total = np.zeros((len(network.families), len(months)))
    np.add.at(total, network.family, units.sum(axis=1))
    return pd.DataFrame(
        {
            "cycle": story.timeline.text(cycle),
            "version": "consensus",
            "family": np.repeat(np.array(network.families), len(months)),
            "month": np.tile(months, len(network.families)),
            "qty": total.ravel().astype(int),
        }
    )
