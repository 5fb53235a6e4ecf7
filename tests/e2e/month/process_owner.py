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
    head = "order_no,line_no,customer_code,item_code,qty_ordered,uom,requested_date\n"
    wrong.write_text(f"{head}X-1,1,NOBODY,NOTHING,12;5,EA,31.02.2007\n", encoding="utf-8")
    send_files(desk, [wrong])
    desk.sees("These files have errors; nothing was loaded")
    table = desk.page.locator("table.preview").first
    expect(table).to_contain_text("sales_orders.csv")
    expect(table).to_contain_text("requested_date")
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
