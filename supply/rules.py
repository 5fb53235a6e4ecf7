"""Rules of data quality for bills, routings, suppliers and policies. Pure functions over frames."""

from typing import Any

import numpy as np
import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Failure, Outcome, judge, long_form, month_of
from portfolio.rules import living

LEAD_TIME_OFF = 0.25
RECEIPTS_NEEDED = 5
MONTHS_OF_COVER = 6
FAR_FROM_MEDIAN = 5
DEMONSTRATED = 0.80
A_SHARE = 0.80
B_SHARE = 0.95


def made_without_bill(frames: Frames) -> Outcome:
    """DQ13: made item without bill of material or routing; each judged where the company keeps any."""
    items = living(frames["item_master"])
    made = items[(items["source"] != "buy") & items["item_type"].isin(["FG", "SFG"])]
    bill = ~made["item_code"].isin(set(frames["bom"]["parent"]))
    route = ~made["item_code"].isin(set(frames["routing"]["item_code"]))
    bills = judge(made, bill, "bom", ["item_code"], "{item_code} is made, but has no bill of material.")
    routes = judge(
        made, route, "routing", ["item_code"], "{item_code} is made, but has no routing.", checked=0
    )
    keeps_bills, keeps_routings = not frames["bom"].empty, not frames["routing"].empty
    if keeps_bills and keeps_routings:
        return bills + routes
    if keeps_bills:
        return bills
    return Outcome(len(made), routes.failures) if keeps_routings else Outcome(0)


def bill_cycles(frames: Frames) -> Outcome:
    """DQ14: a product that, over its components, contains itself. Leaves are taken away until none is left."""
    links = set(zip(frames["bom"]["parent"], frames["bom"]["component"], strict=True))
    count = len(links)
    while True:
        parents, components = {parent for parent, _ in links}, {component for _, component in links}
        inner = {(p, c) for p, c in links if c in parents and p in components}
        if len(inner) == len(links):
            break
        links = inner
    message = "{0} contains {1}, which contains {0} again."
    found = {
        frozenset(link): Failure("bom", "|".join(link), message.format(*link))
        for link in sorted(links, reverse=True)
    }
    return Outcome(count, list(found.values()))


def bill_values(frames: Frames) -> Outcome:
    """DQ15: quantity or scrap out of range, or an inactive component."""
    bom, items = frames["bom"], frames["item_master"]
    obsolete = set(items.loc[items["status"] == "obsolete", "item_code"])
    scrap = (bom["scrap_pct"] < 0) | (bom["scrap_pct"] >= 100)
    failed = ~(bom["qty_per"] > 0) | scrap | bom["component"].isin(obsolete)
    message = "{parent} needs {qty_per} of {component}, {scrap_pct} % scrap: out of range, or an obsolete component."
    return judge(bom, failed, "bom", ["parent", "component"], message)


def bill_validity(frames: Frames) -> Outcome:
    """DQ16: gap or overlap between the validities of a bill line."""
    bom = frames["bom"].sort_values(["parent", "component", "valid_from"])
    ends = bom["valid_to"].fillna(pd.Timestamp("2199-12-31"))
    same = (bom["parent"] == bom["parent"].shift(-1)) & (bom["component"] == bom["component"].shift(-1))
    days = (bom["valid_from"].shift(-1) - ends).dt.days
    message = "{component} in {parent}: the validities leave a gap or overlap after {valid_to}."
    return judge(bom, same & (days != 1), "bom", ["parent", "component"], message)


def bought_without_supplier(frames: Frames) -> Outcome:
    """DQ17: bought item without supplier, or a supplier without lead time; judged where suppliers are kept."""
    if frames["supplier_item"].empty:
        return Outcome(0)
    items, suppliers = living(frames["item_master"]), frames["supplier_item"]
    bought = items[items["source"] == "buy"]
    alone = ~bought["item_code"].isin(set(suppliers["item_code"]))
    instant = ~(suppliers["lead_time_days"] > 0)
    return judge(
        bought, alone, "supplier_item", ["item_code"], "{item_code} is bought, but has no supplier."
    ) + judge(
        suppliers,
        instant,
        "supplier_item",
        ["supplier", "item_code"],
        "{supplier}, {item_code}: no lead time.",
        checked=0,
    )


def lead_time_off(frames: Frames) -> Outcome:
    """DQ18: the lead time of the master differs by more than 25 % from the median of at least 5 receipts."""
    receipts = frames["purchase_receipts"].dropna(subset=["receipt_date", "order_date"])
    days = (receipts["receipt_date"] - receipts["order_date"]).dt.days
    grouped = receipts.assign(days=days).groupby(["supplier", "item_code"])["days"]
    actual = grouped.agg(["median", "size"]).reset_index()
    both = frames["supplier_item"].merge(actual, on=["supplier", "item_code"])
    both = both[(both["size"] >= RECEIPTS_NEEDED) & (both["lead_time_days"] > 0)]
    failed = (both["lead_time_days"] / both["median"] - 1).abs() > LEAD_TIME_OFF
    message = "{supplier}, {item_code}: {lead_time_days} days in the master, {median} by {size} receipts."
    return judge(both, failed, "supplier_item", ["supplier", "item_code"], message)


def order_sizes(frames: Frames) -> Outcome:
    """DQ19: minimum order of more than 6 months, or a multiple above the minimum."""
    suppliers = frames["supplier_item"]
    use = suppliers["item_code"].map(monthly_use(frames)).fillna(0)
    long = (use > 0) & (suppliers["moq"] > MONTHS_OF_COVER * use)
    failed = long | (suppliers["multiple"] > suppliers["moq"])
    message = "{supplier}, {item_code}: minimum {moq}, multiple {multiple}."
    return judge(suppliers, failed, "supplier_item", ["supplier", "item_code"], message)


def safety_stocks(frames: Frames) -> Outcome:
    """DQ20: safety stock negative, missing on an A item where any are kept, or of more than 6 months."""
    places = frames["item_location"]
    use = places["item_code"].map(monthly_use(frames)).fillna(0)
    best = places["item_code"].isin(abc_items(frames)[0]) & bool((places["safety_stock"] > 0).any())
    high = (use > 0) & (places["safety_stock"] > MONTHS_OF_COVER * use)
    failed = (places["safety_stock"] < 0) | (best & ~(places["safety_stock"] > 0)) | high
    return judge(
        places,
        failed,
        "item_location",
        ["item_code", "site"],
        "{item_code} at {site}: safety stock “{safety_stock}”.",
    )


def capacity_missing(frames: Frames) -> Outcome:
    """DQ21: no hours in a plan month, or more than a month has."""
    hours = frames["resource"]
    months = frames.plan[frames.plan <= hours["period"].max()] if len(hours) else frames.plan[:0]
    wanted = pd.MultiIndex.from_product([sorted(set(hours["resource"])), months])
    have = pd.MultiIndex.from_frame(hours[["resource", "period"]])
    gaps = wanted.difference(have).to_frame(index=False, name=["resource", "period"])
    most = 24 * hours["period"].dt.days_in_month
    wrong = (hours["available_hours"] > most) | (hours["available_hours"] < 0)
    return judge(
        gaps,
        slice(None),
        "resource",
        ["resource", "period"],
        "{resource}: no hours in {period}.",
        checked=len(wanted),
    ) + judge(
        hours,
        wrong,
        "resource",
        ["resource", "period"],
        "{resource}: {available_hours} hours in {period}.",
        checked=0,
    )


def routing_hours(frames: Frames) -> Outcome:
    """DQ22: hours of zero or below, or more than five times the family's median."""
    items = frames["item_master"].drop_duplicates("item_code")
    routes = frames["routing"].merge(items[["item_code", "item_type", "family"]], on="item_code", how="left")
    usual = routes.groupby(["family", "item_type"])["hours_per_unit"].transform("median")
    failed = ~(routes["hours_per_unit"] > 0) | (routes["hours_per_unit"] > FAR_FROM_MEDIAN * usual)
    return judge(
        routes,
        failed,
        "routing",
        ["item_code", "resource"],
        "{item_code} on {resource}: {hours_per_unit} hours per unit.",
    )


def capacity_not_shown(frames: Frames) -> Outcome:
    """DQ23: what a line has shown it can do is less than 80 % of what is stated for the last three months.

    Shown is the best month of the last year. Lines that never came near their hours had too little work to
    show anything, and are not judged.
    """
    months = frames.year
    usable = _usable_hours(frames).reindex(columns=months)
    used = used_hours(frames).reindex(index=usable.index, columns=months).fillna(0)
    best = used.max(axis=1)
    was_full = ((used[months[:-3]] / usable[months[:-3]]).max(axis=1) >= DEMONSTRATED).to_numpy()
    short = (best.to_numpy()[:, None] < DEMONSTRATED * usable[months[-3:]].to_numpy()).all(axis=1)
    lines = pd.DataFrame(
        {"resource": usable.index, "best": best.to_numpy(), "stated": usable[months[-1]].to_numpy()}
    )
    message = "{resource} never worked more than {best} hours in a month, {stated} are stated."
    return judge(lines, short & was_full, "resource", ["resource"], message)


def calendar_gaps(frames: Frames) -> Outcome:
    """DQ24: a site without calendar or without a working day in a month of the horizon."""
    calendar = frames["calendar"]
    months = frames.plan[frames.plan <= calendar["date"].max()] if len(calendar) else frames.plan[:0]
    days = calendar.assign(month=month_of(calendar["date"])).pivot_table(
        index="site", columns="month", values="working", aggfunc="sum"
    )
    counts = long_form(days.reindex(columns=months).fillna(0), "month", "days")
    return judge(
        counts, counts["days"] <= 0, "calendar", ["site", "month"], "{site} has no working day in {month}."
    )


# --- What rules share


def used_hours(frames: Frames) -> pd.DataFrame:
    """Hours that production orders took, by resource and month."""
    production = frames["production"].merge(frames["routing"], on="item_code")
    units = production["qty_good"] + production["qty_scrap"].fillna(0)
    lots = np.ceil(units / production["lot"].where(production["lot"] > 0, np.inf))
    hours = units * production["hours_per_unit"] + lots * production["setup_hours"].fillna(0)
    return production.assign(hours=hours, month=month_of(production["date"])).pivot_table(
        index="resource", columns="month", values="hours", aggfunc="sum"
    )


def _usable_hours(frames: Frames) -> pd.DataFrame:
    hours = frames["resource"]
    usable = hours["available_hours"] * hours["efficiency_pct"].fillna(100) / 100
    return hours.assign(usable=usable).pivot_table(
        index="resource", columns="period", values="usable", aggfunc="sum"
    )


def component_use(frames: Frames) -> pd.DataFrame:
    """Components used by production orders: item_code, site, date, qty (backflushed, scrap included)."""

    def make() -> pd.DataFrame:
        orders = frames["production"].merge(frames["bom"], left_on="item_code", right_on="parent")
        valid = ~(orders["date"] < orders["valid_from"]) & ~(orders["date"] > orders["valid_to"])
        orders = orders[valid & (orders["scrap_pct"].fillna(0) < 100)]
        made = orders["qty_good"] + orders["qty_scrap"].fillna(0)
        needed = made * orders["qty_per"] / (1 - orders["scrap_pct"].fillna(0) / 100)
        return pd.DataFrame(
            {"item_code": orders["component"], "site": orders["site"], "date": orders["date"], "qty": needed}
        )

    use: pd.DataFrame = frames.shared("component use", make)
    return use


def monthly_use(frames: Frames) -> "pd.Series[Any]":
    """Mean use of each item in a month of the last year: ordered by customers or used in production."""

    def make() -> "pd.Series[Any]":
        orders = frames["sales_orders"]
        ordered = (
            orders[orders["requested_date"].between(frames.year[0], frames.close)]
            .groupby("item_code")["qty_ordered"]
            .sum()
        )
        use = component_use(frames)
        used = use[use["date"].between(frames.year[0], frames.close)].groupby("item_code")["qty"].sum()
        return ordered.add(used, fill_value=0) / 12

    use: pd.Series[Any] = frames.shared("monthly use", make)
    return use


def abc_items(frames: Frames) -> tuple[set[str], set[str]]:
    """Finished goods of class A, and of classes A and B, by units x standard cost of the last year.

    An item belongs to A while the share before it is below 80 %, to B below 95 %.
    """
    items = living(frames["item_master"])
    goods = items[items["item_type"] == "FG"].set_index("item_code")["std_cost"]
    value = (monthly_use(frames).reindex(goods.index).fillna(0) * goods.fillna(0)).sort_values(
        ascending=False
    )
    before = (value.cumsum() - value) / max(float(value.sum()), 1e-9)
    best, good = (before < A_SHARE) & (value > 0), (before < B_SHARE) & (value > 0)
    return set(value.index[best]), set(value.index[good])
