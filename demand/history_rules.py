"""Rules of data quality for histories and forecasts. Pure functions over frames."""

from typing import Any

import numpy as np
import pandas as pd

from datahub.frames import Frames
from datahub.rulebook import Outcome, by_item, judge, long_form, month_of
from portfolio.rules import living

X_LIMIT = 0.5  # coefficient of variation up to which demand counts as regular
OUTLIER_SPREADS = 8.0
OUTLIER_SHARE = 1.5
FORECAST_JUMP = 0.5
TRACKING_LIMIT = 4.0
BIAS_LIMIT = 0.10
TRACKING_MONTHS = 6
FLAT_MONTHS = 12
STREAM = ["item_code", "market"]


def monthly_demand(frames: Frames) -> pd.DataFrame:
    """Ordered units by item and market (rows) and requested month (columns), closed months only."""

    def make() -> pd.DataFrame:
        orders = frames["sales_orders"].dropna(subset=["requested_date"])
        orders = orders[(orders["requested_date"] <= frames.close) & (orders["qty_ordered"] > 0)]
        markets = frames["customers"].drop_duplicates("customer").set_index("customer")["market"]
        table = orders.assign(
            month=month_of(orders["requested_date"]), market=orders["customer"].map(markets)
        )
        first = (
            max(table["month"].min(), frames.start - pd.DateOffset(months=35)) if len(table) else frames.start
        )
        months = pd.date_range(first, frames.start, freq="MS")
        wide = table.pivot_table(index=STREAM, columns="month", values="qty_ordered", aggfunc="sum")
        return wide.reindex(columns=months).fillna(0.0)

    demand: pd.DataFrame = frames.shared("monthly demand", make)
    return demand


def history_gaps(frames: Frames) -> Outcome:
    """DQ35: a month of the last year without any order of a regular product.

    Regular: the coefficient of variation of the other months is at most 0.5. Months before the first order
    and products that end are not judged.
    """
    items = monthly_demand(frames).groupby(level="item_code").sum()
    year = items.reindex(columns=frames.year).fillna(0)
    sold = year.where(year > 0)
    regular = (sold.std(axis=1) / sold.mean(axis=1) <= X_LIMIT) & ((year > 0).sum(axis=1) >= 9)
    status = by_item(frames["item_master"], "status")
    regular &= np.array([status.get(str(code)) == "active" for code in items.index], dtype=bool)
    started = items.cumsum(axis=1).reindex(columns=frames.year) > 0
    gaps = long_form(((year == 0) & started)[regular], "month", "gap")
    return judge(
        gaps,
        gaps["gap"].astype(bool),
        "sales_orders",
        ["item_code", "month"],
        "{item_code} has no order in {month}.",
    )


def outliers(frames: Frames) -> Outcome:
    """DQ36: a month of the last year far from its neighbours, the family's season taken out, no promotion known."""
    demand = monthly_demand(frames)
    if demand.shape[1] < 13:
        return Outcome(0)
    level = demand / _season(frames, demand)
    usual = level.T.rolling(12, center=True, min_periods=6).median().T
    gap = level - usual
    spread = gap.abs().median(axis=1)
    wild = (
        (gap.abs().gt(OUTLIER_SPREADS * spread, axis=0)) & (gap.abs() > OUTLIER_SHARE * usual) & (usual > 0)
    )
    wild = wild.reindex(columns=frames.year).fillna(False).astype(bool)
    found = long_form(wild, "month", "wild")
    found["wild"] = found["wild"].astype(bool) & ~_promoted(frames, found)
    return judge(
        found,
        found["wild"],
        "sales_orders",
        [*STREAM, "month"],
        "{item_code} in {market}: {month} stands out.",
    )


def _season(frames: Frames, demand: pd.DataFrame) -> pd.DataFrame:
    """Season of the family by month of the year (mean 1), as wide as the demand."""
    family = by_item(frames["item_master"], "family")
    rows = [family.get(str(code), "") for code in demand.index.get_level_values("item_code")]
    families = demand.groupby(np.array(rows, dtype=object)).sum()
    trend = families.T.rolling(12, center=True, min_periods=6).mean().T
    ratio = (families / trend.where(trend > 0)).T
    month_numbers = pd.DatetimeIndex(demand.columns).month
    index = ratio.groupby(np.asarray(month_numbers)).mean().clip(0.3, 3.0).fillna(1.0)
    season = index.reindex(index=month_numbers, columns=rows).to_numpy().T
    return pd.DataFrame(season, index=demand.index, columns=demand.columns)


def _promoted(frames: Frames, cells: pd.DataFrame) -> "pd.Series[Any]":
    events = frames["promotions"].dropna(subset=["start", "end"])
    marked = {
        (item, market, month)
        for item, market, start, end in zip(
            events["item_code"], events["customer_group"], events["start"], events["end"], strict=True
        )
        for month in pd.date_range(start.to_period("M").to_timestamp(), end, freq="MS")
    }
    return pd.Series(
        [key in marked for key in zip(*(cells[name] for name in [*STREAM, "month"]), strict=True)],
        index=cells.index,
        dtype=bool,
    )


def _outlook(frames: Frames, months_back: int = 0) -> pd.DataFrame:
    forecast = frames["forecast"]
    return forecast[forecast["cycle"] == frames.plan[0] - pd.DateOffset(months=months_back)]


def forecast_missing(frames: Frames) -> Outcome:
    """DQ37: living finished good without a forecast in the horizon; judged where the cycle brought a forecast."""
    outlook = _outlook(frames)
    if outlook.empty:
        return Outcome(0)
    items = living(frames["item_master"])
    goods = items[(items["item_type"] == "FG") & items["status"].isin(["active", "new"])]
    have = set(outlook.loc[outlook["qty"] > 0, "item_code"])
    return judge(
        goods, ~goods["item_code"].isin(have), "forecast", ["item_code"], "{item_code} has no forecast."
    )


def forecast_jumps(frames: Frames) -> Outcome:
    """DQ38: forecast of a product and market changed by more than half since the last cycle, unexplained."""
    key = [*STREAM, "month"]
    both = _outlook(frames).merge(_outlook(frames, 1)[[*key, "qty"]], on=key, suffixes=("", "_then"))
    if both.empty:
        return Outcome(0)
    both["unexplained"] = both["assumption_id"] == ""
    sums = both.groupby(STREAM).agg({"qty": "sum", "qty_then": "sum", "unexplained": "all"}).reset_index()
    failed = (
        sums["unexplained"]
        & ((sums["qty"] - sums["qty_then"]).abs() > FORECAST_JUMP * sums["qty_then"])
        & (sums["qty_then"] > 0)
    )
    message = "{item_code} in {market}: {qty} now, {qty_then} in the last cycle, and no assumption."
    return judge(sums, failed, "forecast", STREAM, message)


def forecast_flat(frames: Frames) -> Outcome:
    """DQ39: twelve equal months in the forecast of an A or B item (the first 95 % of last year's revenue)."""
    outlook = _outlook(frames)
    wide = outlook.pivot_table(index=STREAM, columns="month", values="qty", aggfunc="sum")
    if wide.shape[1] < FLAT_MONTHS:
        return Outcome(0)
    same = wide.diff(axis=1).eq(0).T.rolling(FLAT_MONTHS - 1).sum().max().ge(FLAT_MONTHS - 1) & (
        wide.max(axis=1) > 0
    )
    items = same.groupby(level="item_code").all().rename("same").reset_index()
    items = items[items["item_code"].isin(_important(frames))]
    return judge(
        items,
        items["same"],
        "forecast",
        ["item_code"],
        "{item_code}: the forecast is the same in every month.",
    )


def _important(frames: Frames) -> set[str]:
    price = frames["item_master"].drop_duplicates("item_code").set_index("item_code")["list_price"]
    units = monthly_demand(frames).reindex(columns=frames.year).sum(axis=1).groupby(level="item_code").sum()
    value = (units * price.reindex(units.index).fillna(0)).sort_values(ascending=False)
    before = (value.cumsum() - value) / max(float(value.sum()), 1e-9)
    return set(value.index[before < 0.95])


def persistent_bias(frames: Frames) -> Outcome:
    """DQ40: tracking signal beyond 4 over the last six months, by the forecast made a month ahead.

    Six months all a little too high make a large signal; a bias of up to a tenth is left alone.
    """
    forecast = frames["forecast"]
    ahead = forecast[forecast["cycle"] == forecast["month"] - pd.DateOffset(months=1)]
    planned = ahead.pivot_table(index="item_code", columns="month", values="qty", aggfunc="sum")
    months = frames.year[-TRACKING_MONTHS:]
    planned = planned.reindex(columns=months).dropna()
    actual = (
        monthly_demand(frames)
        .groupby(level="item_code")
        .sum()
        .reindex(index=planned.index, columns=months)
        .fillna(0)
    )
    error = actual - planned
    spread = error.abs().mean(axis=1)
    signal = (error.sum(axis=1) / spread.where(spread > 0)).fillna(0.0)
    share = -error.sum(axis=1) / actual.sum(axis=1).where(actual.sum(axis=1) > 0)
    table = signal.rename("signal").rename_axis("item_code").reset_index()
    table["way"] = np.where(share > 0, "over", "under")
    table["percent"] = (100 * share.abs().fillna(1.0)).round().to_numpy()
    biased = table["percent"] > 100 * BIAS_LIMIT
    message = (
        "{item_code} was {way}-forecast by {percent:.0f} % over six months (tracking signal {signal:.1f})."
    )
    return judge(table, (table["signal"].abs() > TRACKING_LIMIT) & biased, "forecast", ["item_code"], message)


def family_totals(frames: Frames) -> Outcome:
    """DQ48: the family total of a signed forecast is not the sum of its products."""
    families = frames["forecast_family"]
    family = frames["item_master"].drop_duplicates("item_code").set_index("item_code")["family"]
    lines = frames["forecast"]
    key = ["cycle", "version", "family", "month"]
    named = lines.assign(family=lines["item_code"].map(family).fillna("").astype(object))
    sums = named.groupby(key, as_index=False)["qty"].sum()
    both = families.merge(sums, on=key, how="left", suffixes=("", "_sum"))
    failed = (both["qty"] - both["qty_sum"].fillna(0)).abs() > 0.5
    message = "{family} {month} in cycle {cycle}: {qty} for the family, {qty_sum} by products."
    return judge(both, failed, "forecast_family", ["family", "month"], message)
