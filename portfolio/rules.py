"""Rules of data quality for products, units, rates and customers. Pure functions over frames."""

from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Failure, Outcome, judge, month_of

PLANNING_UNITS = {"EA", "KG"}
SIMILAR = 0.9
COST_JUMP = 0.30


def living(items: pd.DataFrame) -> pd.DataFrame:
    """Items that are not obsolete, each once, however its code is written."""
    items = items[(items["status"] != "obsolete") & (items["item_code"] != "")]
    return items[~items["item_code"].str.upper().duplicated()]


def double_codes(frames: Frames) -> Outcome:
    """DQ01: item code missing, twice, or differing only by case or blanks."""
    items = frames["item_master"]
    missing = [
        Failure("item_master", f"row {row}", "The item code is missing.")
        for row, code in enumerate(items["item_code"], start=1)
        if not code
    ]
    plain = items["item_code"].str.replace(" ", "").str.upper()
    twice = items.assign(code=plain)[(plain != "") & plain.duplicated()]
    return Outcome(len(items), missing) + judge(
        twice,
        slice(None),
        "item_master",
        ["code"],
        "{code} stands more than once, perhaps in other letters.",
        checked=0,
    )


def without_family(frames: Frames) -> Outcome:
    """DQ02: finished good without family."""
    goods = _goods(frames)
    return judge(goods, goods["family"] == "", "item_master", ["item_code"], "{item_code} has no family.")


def without_cost(frames: Frames) -> Outcome:
    """DQ03: living item with standard cost of zero, below, or none."""
    items = living(frames["item_master"])
    failed = ~(items["std_cost"] > 0)
    return judge(items, failed, "item_master", ["item_code"], "{item_code} has no standard cost above zero.")


def price_below_cost(frames: Frames) -> Outcome:
    """DQ04: product without list price, or priced below its cost."""
    goods = _goods(frames)
    failed = ~(goods["list_price"] > 0) | (goods["list_price"] < goods["std_cost"])
    message = "{item_code}: the list price is missing or below the standard cost."
    return judge(goods, failed, "item_master", ["item_code"], message)


def cost_jumps(frames: Frames) -> Outcome:
    """DQ05: standard cost changed by more than 30 % since the last cycle."""
    both = living(frames["item_master"]).merge(
        frames["prior_item_master"][["item_code", "std_cost"]], on="item_code", suffixes=("", "_then")
    )
    both = both[both["std_cost_then"] > 0]
    failed = (both["std_cost"].fillna(0) / both["std_cost_then"] - 1).abs() > COST_JUMP
    message = "{item_code}: the standard cost moved by more than 30 % since the last cycle."
    return judge(both, failed, "item_master", ["item_code"], message)


def unit_unknown(frames: Frames) -> Outcome:
    """DQ06: no unit of measure, or none that converts to a planning unit."""
    items, units = living(frames["item_master"]), frames["uom_conversion"]
    ways = units[units["to_uom"].isin(PLANNING_UNITS) & (units["factor"] > 0)]
    general = PLANNING_UNITS | set(ways.loc[ways["item_code"] == "", "from_uom"])
    own = set(zip(ways["item_code"], ways["from_uom"], strict=True))
    known = [
        unit in general or (code, unit) in own
        for code, unit in zip(items["item_code"], items["uom"], strict=True)
    ]
    failed = ~pd.Series(known, index=items.index, dtype=bool)
    return judge(
        items, failed, "item_master", ["item_code"], "{item_code}: unit “{uom}” does not convert to EA or KG."
    )


def unit_not_reciprocal(frames: Frames) -> Outcome:
    """DQ07: conversion factor 0, or there and back is not the same."""
    units = frames["uom_conversion"]
    key = ["item_code", "from_uom", "to_uom"]
    zero = ~(units["factor"] > 0)
    back = units.rename(columns={"from_uom": "to_uom", "to_uom": "from_uom", "factor": "back"})
    pairs = units[~zero].merge(back[back["back"] > 0], on=key)
    pairs = pairs[pairs["factor"] >= pairs["back"]]
    failed = (pairs["factor"] * pairs["back"] - 1).abs() > 0.001
    return judge(
        units, zero, "uom_conversion", key, "The factor from {from_uom} to {to_uom} is {factor}."
    ) + judge(
        pairs,
        failed,
        "uom_conversion",
        key,
        "{from_uom} to {to_uom} is {factor}, back it is {back}.",
        checked=0,
    )


def same_description(frames: Frames) -> Outcome:
    """DQ08: nearly the same description under two codes. Descriptions are compared within equal starts or ends."""
    goods = _goods(frames)
    texts = dict(zip(goods["item_code"], goods["description"].str.lower(), strict=True))
    blocks: dict[str, list[str]] = {}
    for code, text in texts.items():
        for end in {f"<{text[:4]}", f"{text[-4:]}>"} if len(text) > 4 else set():
            blocks.setdefault(end, []).append(code)
    pairs = {pair for codes in blocks.values() if len(codes) <= 60 for pair in combinations(sorted(codes), 2)}
    found = [
        Failure(
            "item_master", f"{one}|{other}", f"{one} and {other} are described nearly alike: {texts[one]}."
        )
        for one, other in sorted(pairs)
        if _alike(texts[one], texts[other])
    ]
    return Outcome(len(goods), found)


def _alike(one: str, other: str) -> bool:
    """Alike but for a letter or two; another number (a pack size) makes another product."""
    if "".join(filter(str.isdigit, one)) != "".join(filter(str.isdigit, other)):
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() > SIMILAR and matcher.ratio() > SIMILAR


def ends_before_start(frames: Frames) -> Outcome:
    """DQ09: end of life before launch, or still forecast after the end of life."""
    items = frames["item_master"].drop_duplicates("item_code")
    ends = dict(zip(items["item_code"], items["eol_date"], strict=True))
    outlook = latest_forecast(frames)
    last = pd.to_datetime(outlook["item_code"].map(ends))
    after = outlook[(outlook["qty"] > 0) & (outlook["month"] > last)]
    failed = (items["eol_date"] < items["launch_date"]) | items["item_code"].isin(set(after["item_code"]))
    return judge(
        items,
        failed,
        "item_master",
        ["item_code"],
        "{item_code} ends on {eol_date}: launched {launch_date}, or forecast after it.",
    )


def launch_incomplete(frames: Frames) -> Outcome:
    """DQ10: launch without date, or without a like item and its percent."""
    items = living(frames["item_master"])
    new = items[items["status"] == "new"]
    failed = new["launch_date"].isna() | (new["like_item"] == "") | ~(new["like_pct"] > 0)
    return judge(
        new,
        failed,
        "item_master",
        ["item_code"],
        "{item_code}: launch “{launch_date}”, like item “{like_item}” {like_pct}.",
        checked=len(items),
    )


def obsolete_alive(frames: Frames) -> Outcome:
    """DQ11: obsolete, but with stock, open orders or a forecast."""
    items = frames["item_master"]
    obsolete = items[items["status"] == "obsolete"]
    stock = frames["inventory"]
    last = stock[(stock["snapshot_date"] == stock["snapshot_date"].max()) & (stock["qty"] > 0)]
    orders = frames["sales_orders"]
    due = orders[(orders["status"] != "closed") | (orders["requested_date"] > frames.close)]
    outlook = latest_forecast(frames)
    alive = set(last["item_code"]) | set(due["item_code"]) | set(outlook.loc[outlook["qty"] > 0, "item_code"])
    message = "{item_code} is obsolete and still has stock, orders or a forecast."
    return judge(
        obsolete, obsolete["item_code"].isin(alive), "item_master", ["item_code"], message, checked=len(items)
    )


def successor_loops(frames: Frames) -> Outcome:
    """DQ12: an item that follows itself, directly or in a circle."""
    items = frames["item_master"].drop_duplicates("item_code")
    follows = {
        code: after for code, after in zip(items["item_code"], items["successor"], strict=True) if after
    }
    found = {}
    for code in follows:
        path = [code]
        while (after := follows.get(path[-1])) and after not in path:
            path.append(after)
        if after:
            circle = path[path.index(after) :]
            message = f"Successors run in a circle: {' to '.join([*circle, circle[0]])}."
            found[frozenset(circle)] = Failure("item_master", "|".join(circle), message)
    return Outcome(len(follows), list(found.values()))


def rate_missing(frames: Frames) -> Outcome:
    """DQ42: no exchange rate for a currency and month in which orders are requested."""
    orders, rates = frames["sales_orders"], frames["fx"]
    foreign = orders[
        ~orders["currency"].isin({"", frames.currency}) & (orders["requested_date"] <= frames.close)
    ]
    used = foreign.assign(month=month_of(foreign["requested_date"]))[["currency", "month"]].drop_duplicates()
    have = set(zip(rates["currency"], rates["month"], strict=True))
    failed = [pair not in have for pair in zip(used["currency"], used["month"], strict=True)]
    return judge(
        used,
        pd.Series(failed, index=used.index, dtype=bool),
        "fx",
        ["currency", "month"],
        "No rate for {currency} in {month}.",
    )


def customer_incomplete(frames: Frames) -> Outcome:
    """DQ45: customer without channel, region or delivery window, of those that the company keeps at all."""
    customers = frames["customers"]
    failed = pd.Series(False, index=customers.index)
    for name in ("channel", "region"):
        filled = customers[name] != ""
        failed |= ~filled & bool(filled.any())
    windows = customers[["otif_early_days", "otif_late_days"]].notna()
    failed |= ~windows.all(axis=1) & bool(windows.to_numpy().any())
    return judge(
        customers,
        failed,
        "customers",
        ["customer"],
        "{customer}: channel, region or delivery window is missing.",
    )


def latest_forecast(frames: Frames) -> pd.DataFrame:
    """The imported forecast of the cycle that follows the close; empty where that cycle brought none."""
    forecast = frames["forecast"]
    return forecast[forecast["cycle"] == frames.plan[0]]


def _goods(frames: Frames) -> pd.DataFrame:
    items = living(frames["item_master"])
    goods: Any = items[items["item_type"] == "FG"]
    return goods
