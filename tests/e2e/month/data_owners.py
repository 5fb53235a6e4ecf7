"""Who owns data loads it: the actuals of a month come from four functions. The planner submits the gate."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.month.desk import Desk, Office
from tests.e2e.month.loading import load_files

# Shipments name lines of orders, so orders come first.
LOADERS = {
    "marketing": ("sales_orders.csv",),
    "operations": ("shipments.csv", "inventory.csv", "production.csv"),
    "supply": ("purchase_receipts.csv",),
    "finance": ("fx.csv", "gl_balance.csv"),
}


def load_the_actuals(office: Office, folder: Path) -> None:
    for person, names in LOADERS.items():
        files = [folder / name for name in names if (folder / name).exists()]
        if files:
            load_files(office.desk(person), files)


def submits_the_data(desk: Desk) -> None:
    desk.open("/data/")
    desk.act("Submit for signature")
    expect(desk.page.locator("main").get_by_role("button", name="Withdraw")).to_be_visible()
