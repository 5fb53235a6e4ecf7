"""Rules of data quality for orders, shipments, pipeline and promotions. Pure functions over frames."""

import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Failure, Outcome, judge

ORDER_KEY = ["order_no", "line_no"]
OVERDUE_DAYS = 90
FAR_AHEAD_DAYS = 731
STAGE_CHANCE = {"lead": 10, "qualified": 25, "proposal": 50, "negotiation": 75, "commit": 90}
CHANCE_OFF = 20


def unknown_codes(frames: Frames) -> Outcome:
    """DQ30: order line with unknown item, customer or site."""
    orders = frames["sales_orders"]
    sites = set(frames["item_location"]["site"]) | {""}
    known = (
        orders["item_code"].isin(set(frames["item_master"]["item_code"]))
        & orders["customer"].isin(set(frames["customers"]["customer"]))
        & orders["site"].isin(sites)
    )
    message = "{order_no}/{line_no}: item {item_code}, customer {customer} or site {site} is not known."
    return judge(orders, ~known, "sales_orders", ORDER_KEY, message)


def line_values(frames: Frames) -> Outcome:
    """DQ31: order line twice, or with a quantity or price of zero or below."""
    orders = frames["sales_orders"]
    failed = orders.duplicated(ORDER_KEY) | ~(orders["qty_ordered"] > 0) | ~(orders["net_price"] > 0)
    message = "{order_no}/{line_no}: twice, or quantity {qty_ordered}, price “{net_price}”."
    return judge(orders, failed, "sales_orders", ORDER_KEY, message)


def line_dates(frames: Frames) -> Outcome:
    """DQ32: requested date missing, before entry, or more than two years ahead."""
    orders = frames["sales_orders"]
    ahead = orders["requested_date"] > frames.close + pd.Timedelta(days=FAR_AHEAD_DAYS)
    failed = orders["requested_date"].isna() | (orders["requested_date"] < orders["entry_date"]) | ahead
    message = "{order_no}/{line_no}: requested “{requested_date}”, entered {entry_date}."
    return judge(orders, failed, "sales_orders", ORDER_KEY, message)


def shipped_too_much(frames: Frames) -> Outcome:
    """DQ33: more shipped than ordered plus tolerance, or a shipment without order."""
    lines = frames["sales_orders"].drop_duplicates(ORDER_KEY)
    tolerance = frames["customers"].set_index("customer")["over_tol"]
    most = lines["qty_ordered"] * (1 + lines["customer"].map(tolerance).fillna(0) / 100)
    shipped = frames["shipments"].groupby(ORDER_KEY, as_index=False)["qty"].sum()
    both = shipped.merge(
        lines.assign(most=most)[[*ORDER_KEY, "qty_ordered", "most"]], on=ORDER_KEY, how="left"
    )
    failed = both["most"].isna() | (both["qty"] > both["most"] + 0.001)
    message = "{order_no}/{line_no}: {qty} shipped, “{qty_ordered}” ordered."
    return judge(both, failed, "shipments", ORDER_KEY, message)


def long_overdue(frames: Frames) -> Outcome:
    """DQ34: line said to be open that is more than 90 days overdue."""
    orders = frames["sales_orders"]
    undone = orders[orders["status"].isin(["open", "partial"])]
    failed = undone["requested_date"] < frames.close - pd.Timedelta(days=OVERDUE_DAYS)
    message = "{order_no}/{line_no} is open and was requested for {requested_date}."
    return judge(undone, failed, "sales_orders", ORDER_KEY, message, checked=len(orders))


def pipeline_stale(frames: Frames) -> Outcome:
    """DQ43: close month past, chance outside 0 to 100, or one that does not fit the stage."""
    deals = frames["pipeline"]
    usual = deals["stage"].str.lower().map(STAGE_CHANCE)
    off = (deals["probability"] - usual).abs() > CHANCE_OFF
    failed = (deals["close_month"] <= frames.start) | ~deals["probability"].between(0, 100) | off
    message = "{opp}: {stage} with {probability} %, to be decided in {close_month}."
    return judge(deals, failed, "pipeline", ["opp"], message)


def promotions_overlap(frames: Frames) -> Outcome:
    """DQ44: promotion without lift or period, or two of the same product and market at once."""
    events = frames["promotions"]
    lacking = events["lift_pct"].isna() | events["start"].isna() | events["end"].isna()
    pairs = events.merge(events, on=["item_code", "customer_group"], suffixes=("", "_2"))
    pairs = pairs[
        (pairs["promo"] < pairs["promo_2"])
        & (pairs["start"] <= pairs["end_2"])
        & (pairs["start_2"] <= pairs["end"])
    ]
    found = [
        Failure("promotions", f"{one}|{other}", f"{one} and {other} overlap.")
        for one, other in zip(pairs["promo"], pairs["promo_2"], strict=True)
    ]
    message = "{promo}: from {start} to “{end}”, lift “{lift_pct}”."
    return judge(events, lacking, "promotions", ["promo"], message) + Outcome(0, found)
