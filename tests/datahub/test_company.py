"""The generator makes companies that add up, and the same one each time."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from datahub.company import SIZES, Company, generate_company

KEYS = {
    "sales_orders": ["order_no", "line_no"],
    "shipments": ["order_no", "line_no", "ship_date"],
    "inventory": ["snapshot_date", "item_code", "site"],
    "production": ["order_no"],
    "purchase_receipts": ["po", "line"],
    "forecast": ["cycle", "version", "item_code", "market", "month"],
    "item_master": ["item_code"],
    "budget": ["family", "month"],
}


@pytest.fixture(scope="module")
def small() -> Company:
    return generate_company(SIZES["small"], seed=5)


def test_the_same_seed_gives_the_same_company(tiny: Company) -> None:
    again = generate_company(SIZES["tiny"], seed=3)
    for name, frame in tiny.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[name])
    other = generate_company(SIZES["tiny"], seed=4)
    assert not other.tables["sales_orders"]["qty_ordered"].equals(tiny.tables["sales_orders"]["qty_ordered"])


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_unique(small: Company, name: str) -> None:
    assert not small.tables[name].duplicated(KEYS[name]).any()


def test_stock_of_every_item_rolls_forward_in_every_month(small: Company) -> None:
    tables = small.tables
    stock = tables["inventory"].pivot_table(index="item_code", columns="snapshot_date", values="qty")
    stock.columns = stock.columns.to_period("M")
    lines = tables["sales_orders"].set_index(["order_no", "line_no"])["item_code"]
    shipments = tables["shipments"].join(lines, on=["order_no", "line_no"])
    bom = tables["bom"]
    used = tables["production"].merge(bom, left_on="item_code", right_on="parent")
    used["qty"] = (used["qty_good"] + used["qty_scrap"]) * used["qty_per"] / (1 - used["scrap_pct"] / 100)

    def monthly(frame: pd.DataFrame, item: str, day: str, quantity: str) -> pd.DataFrame:
        table = frame.dropna(subset=[day]).assign(month=lambda rows: rows[day].dt.to_period("M"))
        wide = table.pivot_table(index=item, columns="month", values=quantity, aggfunc="sum")
        return wide.reindex(index=stock.index, columns=stock.columns).fillna(0)

    moved = (
        monthly(tables["production"], "item_code", "date", "qty_good")
        + monthly(tables["purchase_receipts"], "item_code", "receipt_date", "qty")
        - monthly(shipments, "item_code", "ship_date", "qty")
        - monthly(used, "component", "date", "qty")
    )
    gap = (stock.diff(axis=1) - moved).iloc[:, 1:]
    assert np.abs(gap.to_numpy()).max() < 0.01
    assert (stock.to_numpy() >= 0).all()


def test_the_company_is_awkward(small: Company) -> None:
    """Late lines, overdue lines, a short supplier, lines beyond their regular hours, a launch, phase-outs."""
    tables, close = small.tables, small.tables["inventory"]["snapshot_date"].max()
    orders = tables["sales_orders"]
    overdue = orders[(orders["requested_date"] <= close) & (orders["status"] != "closed")]
    assert 0 < len(overdue) < 0.02 * len(orders)
    shipped = tables["shipments"].groupby(["order_no", "line_no"])["delivery_date"].max().rename("arrived")
    both = orders.join(shipped, on=["order_no", "line_no"]).dropna(subset=["arrived"])
    assert 0.85 < (both["arrived"] <= both["requested_date"]).mean() < 0.97
    terms = tables["supplier_item"]
    assert terms["item_code"].duplicated().sum() == 1
    assert terms["lead_time_days"].max() == 150
    assert set(tables["item_master"]["status"]) == {"active", "new", "phase_out"}
    route = tables["production"].merge(tables["routing"], on="item_code")
    units = route["qty_good"] + route["qty_scrap"]
    route["hours"] = units * route["hours_per_unit"] + np.ceil(units / route["lot"]) * route["setup_hours"]
    used = route.groupby(["resource", route["date"].dt.strftime("%Y-%m")])["hours"].sum()
    usable = tables["resource"].set_index(["resource", "period"])["available_hours"] * 0.92
    share = (used / usable.reindex(used.index)).dropna()
    assert (share > 1).sum() >= 3
    assert share.max() < 1.3


def test_earlier_forecasts_are_too_high(small: Company) -> None:
    forecast, orders = small.tables["forecast"], small.tables["sales_orders"]
    month = orders["requested_date"].dt.strftime("%Y-%m")
    actual = orders.groupby(month)["qty_ordered"].sum()
    ahead = forecast[forecast["cycle"] == forecast["month"]].groupby("month")["qty"].sum()
    closed = [name for name in ahead.index if name < f"{small.first_cycle:%Y-%m}"]
    bias = ahead[closed].sum() / actual[closed].sum() - 1
    assert 0.01 < bias < 0.15


def test_later_months_continue_where_the_files_end(small: Company) -> None:
    base = small.tables["sales_orders"].set_index(["order_no", "line_no"])
    first = next(iter(small.later))
    later = small.later[first]["sales_orders"].set_index(["order_no", "line_no"])
    known = later.index.intersection(base.index)
    assert len(known) > 0
    assert (base.loc[known, "qty_ordered"] == later.loc[known, "qty_ordered"]).all()
    assert len(small.later) >= 3
    assert set(small.later[first]) == {
        "sales_orders", "shipments", "inventory", "production", "purchase_receipts", "gl_balance", "fx",
    }  # fmt: skip


def test_files_are_written_with_a_folder_for_each_later_month(tiny: Company, tiny_folder: Path) -> None:
    assert {path.name.split(".")[0] for path in tiny_folder.glob("*.csv*")} == set(tiny.tables)
    assert sorted(path.name for path in (tiny_folder / "actuals_later").iterdir()) == sorted(tiny.later)
