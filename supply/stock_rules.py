"""Rules of data quality for stock: counts, roll-forward, ledger. Pure functions over frames."""

import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Outcome, judge
from supply.rules import component_use

BREAK_SHARE, BREAK_UNITS = 0.005, 1.0
STALE_DAYS = 3
LEDGER_OFF = 0.01
PLACE = ["item_code", "site"]


def negative_stock(frames: Frames) -> Outcome:
    """DQ25: negative stock on hand in the last count."""
    stock = _last_counts(frames)
    keys = ["snapshot_date", "item_code", "site"]
    return judge(stock, stock["qty"] < 0, "inventory", keys, "{item_code} at {site}: {qty} on hand.")


def roll_forward(frames: Frames) -> Outcome:
    """DQ26: opening + in - out is not the closing stock, by more than 0.5 % and more than one unit.

    Judged where the company records movements and has counted before.
    """
    stock = frames["inventory"]
    opening = stock[stock["snapshot_date"] == frames.start - pd.Timedelta(days=1)].set_index(PLACE)["qty"]
    moves = any(not frames[name].empty for name in ("shipments", "production", "purchase_receipts"))
    if not moves or (stock["snapshot_date"] >= frames.start).all():
        return Outcome(0)
    closing = _last_counts(frames)
    expected = opening.add(_movements(frames), fill_value=0).rename("expected")
    both = closing.merge(expected.reset_index(), on=PLACE, how="left").fillna({"expected": 0.0})
    gap = (both["qty"] - both["expected"]).abs()
    failed = (gap > BREAK_UNITS) & (gap > BREAK_SHARE * both["expected"].abs())
    keys = ["snapshot_date", "item_code", "site"]
    return judge(
        both, failed, "inventory", keys, "{item_code} at {site}: counted {qty}, by movements {expected}."
    )


def _movements(frames: Frames) -> "pd.Series[float]":
    """Production + receipts - shipments - components used of the last closed month, by item and site."""
    parts = [
        _in_month(frames, frames["production"], "date", "qty_good"),
        _in_month(frames, _receipts_with_site(frames), "receipt_date", "qty"),
        -_in_month(frames, _shipments_with_item(frames), "ship_date", "qty"),
        -_in_month(frames, component_use(frames), "date", "qty"),
    ]
    moved: pd.Series[float] = pd.concat(parts).groupby(level=PLACE).sum()
    return moved


def _in_month(frames: Frames, frame: pd.DataFrame, day: str, quantity: str) -> "pd.Series[float]":
    return frame[frame[day].between(frames.start, frames.close)].groupby(PLACE)[quantity].sum()


def _receipts_with_site(frames: Frames) -> pd.DataFrame:
    """An item is bought for one site; its suppliers or stock policies say which."""
    terms = pd.concat([frames["supplier_item"][PLACE], frames["item_location"][PLACE]])
    return frames["purchase_receipts"].merge(terms.drop_duplicates("item_code"), on="item_code")


def _shipments_with_item(frames: Frames) -> pd.DataFrame:
    lines = frames["sales_orders"].drop_duplicates(["order_no", "line_no"])
    return frames["shipments"].merge(
        lines[["order_no", "line_no", "item_code", "site"]], on=["order_no", "line_no"]
    )


def stale_counts(frames: Frames) -> Outcome:
    """DQ27: the last stock count of a site is more than three days before the close, or there is none."""
    sites = sorted(set(frames["item_location"]["site"]) - {""})
    last = frames["inventory"].groupby("site")["snapshot_date"].max().reindex(sites)
    table = last.rename_axis("site").reset_index()
    failed = ~(table["snapshot_date"] >= frames.close - pd.Timedelta(days=STALE_DAYS))
    return judge(table, failed, "inventory", ["site"], "{site}: the last stock count is of {snapshot_date}.")


def stock_without_place(frames: Frames) -> Outcome:
    """DQ28: stock of an item at a site for which no policies are kept."""
    stock = _last_counts(frames)
    stock = stock[stock["qty"] > 0]
    places = set(zip(frames["item_location"]["item_code"], frames["item_location"]["site"], strict=True))
    known = [place in places for place in zip(stock["item_code"], stock["site"], strict=True)]
    failed = ~pd.Series(known, index=stock.index, dtype=bool)
    return judge(
        stock, failed, "item_location", PLACE, "{item_code} has stock at {site}, but no policies there."
    )


def ledger_differs(frames: Frames) -> Outcome:
    """DQ29: the stock at standard cost differs from the ledger by more than 1 %."""
    stock = frames["inventory"]
    cost = frames["item_master"].drop_duplicates("item_code").set_index("item_code")["std_cost"]
    counted = stock[stock["snapshot_date"].between(frames.start, frames.close)]
    worth = (counted["qty"] * counted["item_code"].map(cost)).groupby(counted["site"]).sum()
    books = frames["gl_balance"]
    books = books[books["month"] == frames.start].assign(worth=lambda rows: rows["site"].map(worth).fillna(0))
    failed = (books["worth"] - books["inventory_value"]).abs() > LEDGER_OFF * books["inventory_value"].abs()
    message = "{site}: stock at standard cost and the ledger of {month} are more than 1 % apart."
    return judge(books, failed, "gl_balance", ["site", "month"], message)


def _last_counts(frames: Frames) -> pd.DataFrame:
    """The last count of each item and site in the closed month, also where it was not made on its last day."""
    stock = frames["inventory"]
    month = stock[stock["snapshot_date"].between(frames.start, frames.close)]
    return month.sort_values("snapshot_date").drop_duplicates(PLACE, keep="last")
