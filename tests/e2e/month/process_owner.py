"""The process owner: loads the company, opens the cycles, keeps the gates, sends out the brief."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.month.desk import Desk
from tests.e2e.month.loading import all_files, load_files, send_files

REASON = "Known and small: it is mended in the source system this week."


def finds_nothing_yet(desk: Desk) -> None:
    """Before there is a cycle, the first page and the cycle's page say how to begin."""
    desk.open("/")
    desk.sees("There is no cycle yet")
    desk.keep("home-first")
    desk.open("/cycle/")
    desk.keep("cycle-first")


def sends_a_wrong_file(desk: Desk, folder: Path) -> None:
    """The refusal names file, row and column, and nothing of the file is kept."""
    wrong = folder / "sales_orders.csv"
    wrong.write_text(
        "order_no,line_no,customer,item_code,site,qty_ordered,uom,requested_date,promised_date,net_price,currency,"
        "entry_date,status\nX-1,1,NOBODY,NOTHING,S1,many,EA,2007-02-31,2007-02-28,1.5,EUR,2007-02-01,open\n",
        encoding="utf-8",
    )
    send_files(desk, [wrong])
    desk.sees("These files have errors; nothing was loaded")
    table = desk.page.get_by_role("region", name="Table of rejected rows")
    for column in ("qty_ordered", "requested_date"):
        row = table.get_by_role("row").filter(has=desk.page.get_by_role("cell", name=column, exact=True))
        expect(row).to_contain_text("sales_orders.csv")
        expect(row.get_by_role("cell", name="2", exact=True)).to_be_visible()
    desk.keep("load-rejected")
    desk.press("Drop")


def loads_the_company(desk: Desk, folder: Path) -> None:
    load_files(desk, all_files(folder))


def opens_the_first_cycle(desk: Desk, month: str) -> None:
    desk.open("/cycle/")
    desk.fill(month=month)
    desk.press("Open the cycle")
    desk.open("/cycle/")
    desk.keep("cycle")


def opens_the_next_cycle(desk: Desk) -> None:
    desk.open("/cycle/")
    desk.press("Close this month, open the next")
    desk.sees("Open")


def runs_the_rules(desk: Desk) -> None:
    desk.open("/data/")
    desk.press("Run the rules")
    desk.wait_for_runs()
    desk.keep("data")
    desk.open("/data/issues/")
    desk.keep("issues")
    desk.open("/data/templates/")
    desk.keep("templates")


def signs_the_data(desk: Desk) -> None:
    desk.open("/data/")
    desk.act("Sign")
    desk.sees("The data is signed")


def waives_what_is_known(desk: Desk) -> None:
    """A check that blocks is set aside with a reason that everybody sees."""
    fold = desk.page.locator("details:has(> summary:text('Waive it for this cycle'))").first
    while fold.count():
        fold.locator("summary").click()
        fold.locator("textarea").fill(REASON)
        desk.press(re.compile("^Waive"), within=fold, exact=False)
        desk.sees(f"Waived by Orla Brandt: {REASON}")


def sends_out_the_brief(desk: Desk) -> None:
    desk.open("/executive/")
    make = desk.page.get_by_role("button", name=re.compile("Make the brief|Bring up to date"))
    if make.count():
        desk.press(re.compile("Make the brief|Bring up to date"), exact=False)
    desk.press("Send to the executives")
    desk.sees("Before the executives")


def looks_back(desk: Desk) -> None:
    """What happened in the month, and who did what."""
    desk.open("/cycle/")
    desk.keep("cycle-approved")
    desk.open("/audit/")
    desk.keep("audit")
