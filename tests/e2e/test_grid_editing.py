"""The planning grid: typing, pasting, filling, undo, locks, reasons, conflicts, a lost connection."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.fake_plan import FakePlan
from tests.e2e.grid_driver import GridDriver

pytestmark = pytest.mark.browser

JAN, FEB, MAR = 6, 7, 8


@pytest.fixture
def grid(page: Page) -> GridDriver:
    return GridDriver(page).open()


def edits(plan: FakePlan) -> list[dict]:
    return [body for path, body in plan.requests if path == "/plan/edit"]


# ---- typing ----


def test_a_family_edit_is_spread_so_that_children_add_up(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", FEB) == 1000
    grid.expand("family:Coffee")
    children = plan.nodes["family:Coffee"].children
    assert sum(grid.shown(child, "sales", FEB) for child in children) == 1000
    assert grid.shown("all", "sales", FEB) == plan.value("all", "sales", FEB)
    assert grid.shown("family:Coffee", "consensus", FEB) == 1000


def test_one_action_is_one_request_with_what_the_person_saw(grid: GridDriver, plan: FakePlan) -> None:
    before = plan.value("family:Tea", "sales", FEB)
    grid.go("family:Tea", "sales", FEB)
    grid.enter("900")
    grid.wait_saved()
    [body] = edits(plan)
    assert body["edits"] == [
        {
            "node": "family:Tea",
            "measure": "sales",
            "month": "2027-02",
            "operation": "set",
            "value": 900,
            "seen": before,
        }
    ]
    assert body["unit"] == "units"
    assert "all" in body["expanded"]


@pytest.mark.parametrize(
    ("typed", "operation", "value"),
    [
        ("+10%", "multiply", 1.1),
        ("-5%", "multiply", 0.95),
        ("*1.1", "multiply", 1.1),
        ("+200", "add", 200),
        ("-200", "add", -200),
        ("=900", "set", 900),
        ("1,200", "set", 1200),
        ("1 300", "set", 1300),
        ("1.2k", "set", 1200),
    ],
)
def test_what_can_be_typed(
    grid: GridDriver, plan: FakePlan, typed: str, operation: str, value: float
) -> None:
    grid.go("family:Coffee", "sales", FEB)
    grid.press("F2")
    grid.press("Control+a")
    grid.enter(typed)
    grid.wait_saved()
    [edit] = edits(plan)[0]["edits"]
    assert edit["operation"] == operation
    assert edit["value"] == pytest.approx(value)


def test_what_is_no_number_stays_open_and_says_how_to_write_it(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1.23.4")
    expect(grid.message()).to_contain_text("write it like 1,234.5")
    expect(grid.page.locator(".pg-edit")).to_have_attribute("aria-invalid", "true")
    grid.press("Escape")
    expect(grid.page.locator(".pg-edit")).to_be_hidden()
    assert edits(plan) == []


def test_numbers_are_read_and_shown_in_the_persons_format(page: Page, plan: FakePlan) -> None:
    grid = GridDriver(page).open("/grid-de/")
    expect(grid.cell("all", "sales", FEB)).to_have_text("2.064")
    grid.go("all", "sales", FEB)
    grid.enter("1.800")
    grid.wait_saved()
    assert plan.value("all", "sales", FEB) == 1800
    grid.go("all", "sales", FEB)
    grid.enter("1,800")
    grid.page.wait_for_timeout(200)
    grid.wait_saved()
    assert edits(plan)[-1]["edits"][0]["value"] == pytest.approx(1.8)


def test_enter_and_tab_save_and_move_on(grid: GridDriver) -> None:
    grid.go("family:Coffee", "marketing", FEB)
    grid.enter("900")
    assert grid.cursor() == {"node": "family:Coffee", "measure": "sales", "column": FEB}
    grid.enter("910", "Tab")
    assert grid.cursor()["column"] == MAR
    grid.wait_saved()


def test_control_enter_fills_every_chosen_cell_as_one_action(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "sales", FEB)
    grid.press("Shift+ArrowRight", "Shift+ArrowRight")
    grid.enter("700", "Control+Enter")
    grid.wait_saved()
    assert [edit["value"] for edit in edits(plan)[0]["edits"]] == [700, 700, 700]
    grid.press("Control+z")
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", MAR) != 700


# ---- undo ----


def test_undo_and_redo_take_whole_actions(grid: GridDriver, plan: FakePlan) -> None:
    before = plan.value("family:Coffee", "sales", FEB)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.wait_saved()
    grid.press("Control+z")
    expect(grid.cell("family:Coffee", "sales", FEB)).to_have_text(f"{before:,.0f}")
    assert plan.value("family:Coffee", "sales", FEB) == before
    expect(grid.message()).to_have_text("Undone: Coffee, Sales input, Feb 2027.")
    grid.press("Control+y")
    expect(grid.cell("family:Coffee", "sales", FEB)).to_have_text("1,000")
    grid.wait_saved()
    grid.press("Control+z")
    expect(grid.cell("family:Coffee", "sales", FEB)).to_have_text(f"{before:,.0f}")


def test_undo_with_nothing_done_says_so(grid: GridDriver) -> None:
    grid.go("all", "sales", FEB)
    grid.press("Control+z")
    expect(grid.message()).to_have_text("Nothing to undo.")


# ---- clipboard ----


def test_a_block_from_a_spreadsheet_lands_on_the_inputs_and_skips_locked(
    grid: GridDriver, plan: FakePlan
) -> None:
    grid.page.get_by_role("button", name="Only inputs").click()
    grid.go("family:Coffee", "marketing", 5)
    grid.put_on_clipboard("999\t1,234\t1 300\r\n5\t600\t(7)\r\n")
    before = plan.value("family:Coffee", "marketing", 5)
    grid.press("Control+v")
    expect(grid.message()).to_contain_text("4 cells changed")
    grid.wait_saved()
    assert plan.value("family:Coffee", "marketing", 5) == before
    assert plan.value("family:Coffee", "marketing", JAN) == 1234
    assert plan.value("family:Coffee", "marketing", FEB) == 1300
    assert plan.value("family:Coffee", "sales", JAN) == 600
    assert len(edits(plan)) == 1
    grid.press("Control+z")
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", JAN) != 600


def test_an_html_paste_takes_the_exact_numbers(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "sales", JAN)
    table = '<table><tr><td data-sheets-value=\'{"1":3,"3":812}\'>0.8k</td><td>815</td></tr></table>'
    grid.put_on_clipboard("0.8k\t815", table)
    grid.press("Control+v")
    grid.wait_saved()
    assert [edit["value"] for edit in edits(plan)[0]["edits"]] == [812, 815]


def test_words_and_cells_beyond_the_grid_are_left_out_and_counted(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "sales", 16)
    grid.put_on_clipboard("n/a\t700\t800")
    grid.press("Control+v")
    grid.page.wait_for_timeout(300)
    expect(grid.page.locator("[data-saved]")).to_contain_text("saved")
    assert [edit["value"] for edit in edits(plan)[0]["edits"]] == [700]
    assert edits(plan)[0]["edits"][0]["month"] == "2027-12"


def test_a_paste_over_parent_and_child_sends_parents_first(grid: GridDriver, plan: FakePlan) -> None:
    grid.expand("family:Cocoa")
    grid.page.get_by_role("button", name="Only inputs").click()
    grid.go("family:Cocoa", "sales", FEB)
    grid.put_on_clipboard("500\n\n400")
    grid.press("Control+v")
    grid.wait_saved()
    assert [edit["node"] for edit in edits(plan)[0]["edits"]] == ["family:Cocoa", "product:Drinking cocoa"]
    assert plan.value("family:Cocoa", "sales", FEB) == 400


def test_one_copied_cell_fills_the_selection(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Coffee", "sales", JAN)
    grid.press("Control+c", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Control+v")
    grid.wait_saved()
    source = plan.value("family:Coffee", "sales", JAN)
    assert [edit["value"] for edit in edits(plan)[0]["edits"]] == [source] * 3


def test_copy_gives_a_spreadsheet_rows_and_columns(grid: GridDriver) -> None:
    grid.go("family:Coffee", "marketing", JAN)
    grid.press("Shift+ArrowRight", "Shift+ArrowDown", "Control+c")
    lines = grid.clipboard().split("\n")
    assert len(lines) == 2
    assert lines[0].split("\t") == ["846", "852"]


def test_fill_down_and_right(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "marketing", JAN)
    grid.press("Shift+ArrowDown", "Control+d")
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", JAN) == plan.value("family:Tea", "marketing", JAN)
    grid.go("family:Tea", "sales", JAN)
    grid.press("Shift+ArrowRight", "Shift+ArrowRight", "Control+r")
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", MAR) == plan.value("family:Tea", "sales", JAN)


def test_the_handle_fills_when_it_is_pulled(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "sales", JAN)
    handle = grid.page.locator(".pg-handle").bounding_box()
    target = grid.cell("family:Tea", "sales", MAR).bounding_box()
    mouse = grid.page.mouse
    mouse.move(handle["x"] + 3, handle["y"] + 3)
    mouse.down()
    mouse.move(target["x"] + 20, target["y"] + 10, steps=4)
    mouse.up()
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", MAR) == plan.value("family:Tea", "sales", JAN)


# ---- locks ----


def test_a_locked_cell_says_why_and_takes_nothing(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Coffee", "sales", 4)
    grid.enter("5")
    expect(grid.message()).to_have_text("Inside the time fence, locked.")
    expect(grid.cell("family:Coffee", "sales", 4)).to_have_attribute("aria-readonly", "true")
    grid.go("family:Coffee", "baseline", FEB)
    grid.press("Enter")
    expect(grid.message()).to_contain_text("worked out, not entered")
    assert edits(plan) == []


def test_cells_can_be_locked_and_opened_again(grid: GridDriver, plan: FakePlan) -> None:
    grid.go("family:Tea", "sales", FEB)
    grid.press("Alt+l")
    expect(grid.message()).to_have_text("1 cells locked")
    expect(grid.cell("family:Tea", "sales", FEB)).to_have_class(r"pg-cell  read-only locked")
    grid.press("Alt+l")
    expect(grid.message()).to_have_text("1 cells unlocked")


# ---- reasons ----


def test_a_large_change_asks_why_and_is_sent_again_with_the_reason(grid: GridDriver, plan: FakePlan) -> None:
    plan.reason_above = 950
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    dialog = grid.page.get_by_role("dialog", name="Why this change?")
    expect(dialog).to_contain_text("more than 10 %")
    dialog.get_by_label("Reason").select_option("promotion")
    dialog.get_by_label("Comment").fill("Listing at a discounter")
    dialog.get_by_label("Rests on").select_option("7")
    dialog.get_by_role("button", name="Save", exact=True).click()
    grid.wait_saved()
    first, second = edits(plan)
    assert second["action_id"] == first["action_id"]
    assert (second["reason"], second["comment"], second["assumption"]) == (
        "promotion",
        "Listing at a discounter",
        7,
    )
    assert plan.value("family:Coffee", "sales", FEB) == 1000


def test_without_a_reason_nothing_is_saved_and_the_old_value_is_back(
    grid: GridDriver, plan: FakePlan
) -> None:
    plan.reason_above = 950
    before = grid.shown("family:Coffee", "sales", FEB)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.page.get_by_role("button", name="Do not save").click()
    expect(grid.message()).to_have_text("Not saved: a reason is needed.")
    assert grid.shown("family:Coffee", "sales", FEB) == before


# ---- conflicts ----


def change_by_jonas(plan: FakePlan) -> None:
    plan.put("stream:Espresso:Germany", "sales", FEB, 500)


@pytest.mark.parametrize(("choice", "expected"), [("Mine", 1000), ("Theirs", None)])
def test_a_cell_changed_by_somebody_else_shows_both_values_and_asks(
    grid: GridDriver, plan: FakePlan, choice: str, expected: float | None
) -> None:
    change_by_jonas(plan)
    theirs = plan.value("family:Coffee", "sales", FEB)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    dialog = grid.page.get_by_role("dialog", name="Somebody else changed this too")
    expect(dialog).to_contain_text("Jonas Becker")
    expect(dialog).to_contain_text(f"{theirs:,.0f}")
    expect(dialog).to_contain_text("1,000")
    dialog.locator("label", has_text=choice).click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", FEB) == (expected or theirs)
    expect(grid.cell("family:Coffee", "sales", FEB)).to_have_text(f"{expected or theirs:,.0f}")


def test_a_conflict_can_wait_and_stays_marked(grid: GridDriver, plan: FakePlan) -> None:
    change_by_jonas(plan)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.page.get_by_role("button", name="Decide later").click()
    expect(grid.page.locator(".pg-cell.conflict")).to_have_count(1)
    grid.page.get_by_role("button", name="1 cell changed by somebody else").click()
    grid.page.get_by_role("button", name="Keep all of mine").click()
    grid.page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", FEB) == 1000
    expect(grid.page.locator(".pg-cell.conflict")).to_have_count(0)


def test_two_edits_in_a_row_are_no_conflict_with_oneself(grid: GridDriver, plan: FakePlan) -> None:
    grid.expand("family:Coffee")
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.go("product:Espresso", "sales", FEB)
    grid.enter("321")
    grid.wait_saved()
    assert plan.value("product:Espresso", "sales", FEB) == 321


# ---- refusals and a lost connection ----


def test_a_refusal_is_told_in_words_and_the_old_value_is_back(grid: GridDriver, plan: FakePlan) -> None:
    plan.refusal = (
        423,
        {"message": "Demand was submitted on Wed 11 Nov. Ask the process owner to re-open it."},
    )
    before = grid.shown("family:Coffee", "sales", FEB)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    expect(grid.page.get_by_role("alert")).to_contain_text("Ask the process owner to re-open it")
    assert grid.shown("family:Coffee", "sales", FEB) == before


def test_a_lost_connection_keeps_the_edits_and_sends_them_once(grid: GridDriver, plan: FakePlan) -> None:
    plan.down = True
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.go("family:Tea", "sales", FEB)
    grid.enter("55")
    saved = grid.page.locator("[data-saved]")
    expect(saved).to_contain_text("Connection lost: 2 changes kept here")
    expect(grid.cell("family:Coffee", "sales", FEB)).to_have_text("1,000")
    plan.down = False
    grid.page.get_by_role("button", name="Try now").click()
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", FEB) == 1000
    assert len({body["action_id"] for body in edits(plan)}) == len(plan.answers)


def test_kept_edits_survive_a_reload_of_the_page(grid: GridDriver, plan: FakePlan) -> None:
    plan.down = True
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    expect(grid.page.locator("[data-saved]")).to_contain_text("kept here")
    plan.down = False
    grid.page.on("dialog", lambda dialog: dialog.accept())
    grid.open()
    grid.wait_saved()
    assert plan.value("family:Coffee", "sales", FEB) == 1000


def test_an_edit_that_has_not_left_can_be_taken_back(grid: GridDriver, plan: FakePlan) -> None:
    plan.down = True
    before = grid.shown("family:Tea", "sales", FEB)
    grid.go("family:Coffee", "sales", FEB)
    grid.enter("1000")
    grid.go("family:Tea", "sales", FEB)
    grid.enter("1")
    grid.press("Control+z")
    expect(grid.cell("family:Tea", "sales", FEB)).to_have_text(f"{before:,.0f}")
    plan.down = False
    grid.page.get_by_role("button", name="Try now").click()
    grid.wait_saved()
    assert plan.value("family:Tea", "sales", FEB) == before


# ---- comments ----


def test_comments_and_history_of_a_cell(grid: GridDriver) -> None:
    grid.go("family:Tea", "sales", FEB)
    grid.press("Shift+F2")
    panel = grid.page.get_by_role("dialog", name="Tea · Sales input · Feb 2027")
    expect(panel).to_contain_text("Jonas Becker")
    expect(panel).to_contain_text("100 → 120")
    expect(panel).to_contain_text("helped in 7 of 9 months")
    panel.get_by_label("New comment").fill("Two more shops <b>from</b> May")
    panel.get_by_role("button", name="Comment", exact=True).click()
    expect(panel.get_by_role("listitem").first).to_contain_text("Two more shops <b>from</b> May")
    grid.press("Escape")
    expect(grid.page.locator(".pg-cell.noted")).to_have_count(1)
    assert grid.cursor()["node"] == "family:Tea"
