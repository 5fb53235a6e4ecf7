"""Finance: scenarios side by side, one recommended, the comparison as a workbook; a second person signs."""

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e.month.desk import Desk

GROWTH, FAILURE = "Growth with overtime", "A supplier fails"
SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9}


def makes_scenarios(desk: Desk) -> None:
    """More demand at a higher price with overtime; and a supplier that is shut while a line is extended."""
    desk.open("/reconciliation/")
    desk.keep("reconciliation-first")
    _make(desk, GROWTH, "Do we pay for overtime to grow?")
    _add(desk, "Demand change", percent="3")
    _add(desk, "Price change", percent="1", elasticity="-0.2")
    _add(desk, "Added overtime", resource=1, hours_per_month="20")
    _make(desk, FAILURE, "What if our first supplier is shut for two months?")
    _add(desk, "Supplier shut", supplier=1, last_month=2)
    _add(desk, "Added capacity", resource=1, hours_per_month="40", cost_per_hour="90", one_off_cost="15000")


def makes_one_scenario(desk: Desk) -> None:
    """A second month asks a single question."""
    _make(desk, GROWTH, "Do we go on growing?")
    _add(desk, "Demand change", percent="2")


def _make(desk: Desk, name: str, question: str) -> None:
    desk.open("/reconciliation/scenarios/new/")
    desk.keep("scenario-form")
    desk.fill(name=name, question=question)
    desk.press("Make it")


def _add(desk: Desk, kind: str, **values: str | int) -> None:
    """A difference through its form; a number chooses by place in the list."""
    with desk.new_page():
        desk.page.get_by_role("link", name=kind, exact=True).click()
    desk.keep(f"difference-{kind.lower().replace(' ', '-')}")
    for name, value in values.items():
        if isinstance(value, int):
            desk.page.locator(f"main [name={name}]").select_option(index=value)
        else:
            desk.fill(**{name: value})
    desk.press("Add it")


def computes_side_by_side(desk: Desk) -> None:
    desk.open("/reconciliation/")
    _show(desk, GROWTH)
    desk.press("All that are not up to date")
    desk.wait_for_runs()
    expect(desk.page.get_by_role("heading", name="Profit and loss", exact=True)).to_be_visible()


def recommends(desk: Desk, name: str = GROWTH) -> None:
    desk.open("/reconciliation/")
    _show(desk, name)
    desk.press("Recommend this one")
    desk.keep("reconciliation")


def _show(desk: Desk, name: str) -> None:
    with desk.new_page():
        desk.page.get_by_role("navigation", name="Scenarios").get_by_role(
            "link", name=re.compile(name[:15])
        ).click()


def exports_the_comparison(desk: Desk, folder: Path) -> None:
    """Revenue in the workbook is that of the page, and the year is the sum of its months."""
    desk.open("/reconciliation/")
    _show(desk, GROWTH)
    shown = _scorecard_row(desk, "Revenue")
    with desk.page.expect_download() as started:
        desk.page.get_by_role("link", name="Export").click()
    path = folder / "scenarios.xlsx"
    started.value.save_as(path)
    book = load_workbook(path, data_only=True)
    rows = list(book["Comparison"].iter_rows(min_row=3, values_only=True))
    revenue = next(row for row in rows if row[0] == "Revenue")
    scale = _scale(desk)
    heads = [str(head) for head in rows[0]]
    mine = next(place for place, head in enumerate(heads) if GROWTH in head)
    for place, text in ((1, shown[0]), (2, shown[1]), (mine, shown[2])):
        digits = len(text.partition(".")[2])
        assert abs(float(revenue[place] or 0) / scale - float(text)) <= 0.5 * 10**-digits + 1e-9, (
            revenue,
            shown,
        )


def _scorecard_row(desk: Desk, label: str) -> list[str]:
    """Budget, the plan as it is, this scenario, as the page writes them."""
    row = desk.page.locator(
        "table.score tbody tr", has=desk.page.get_by_role("rowheader", name=label, exact=True)
    )
    texts = row.locator("td").all_inner_texts()
    return [re.sub(r"[^0-9.−-]", "", text).replace("−", "-") for text in texts]


def _scale(desk: Desk) -> float:
    words = desk.page.locator("section[aria-labelledby=h-score] header .end").inner_text()
    found = re.match(r"[A-Z]{3} (k|m|bn)\b", words)
    return SCALES[found[1]] if found else 1.0


def submits(desk: Desk) -> None:
    desk.open("/reconciliation/")
    desk.act("Submit for signature")


def signs(desk: Desk) -> None:
    desk.open("/reconciliation/")
    desk.act("Sign")
    desk.sees("Signed")
