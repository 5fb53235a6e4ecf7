"""The workbook itself, without a plan: out and in again changes nothing, and a change is exactly what was changed."""

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from demand.workbooks import FIRST_MONTH, Book, PlanRow, read, write

MONTHS = ["2027-01", "2027-02", "2027-03"]
FIGURES = st.lists(
    st.one_of(st.none(), st.integers(0, 10**12).map(lambda quanta: quanta / 1000)), min_size=3, max_size=3
)


def book_of(rows: list[list[float | None]]) -> Book:
    """One family, two products, the given rows as their markets."""
    placed = [(f"P{place % 2}", f"M{place}", figures) for place, figures in enumerate(rows)]
    planned = [PlanRow(0, "family:1", ["F", "", "=Family", ""], _sums(placed))]
    for product in ("P0", "P1"):
        own = [one for one in placed if one[0] == product]
        planned.append(PlanRow(1, f"product:{product[1]}", ["F", product, "Product", ""], _sums(own)))
        planned += [
            PlanRow(2, f"stream:{market[1:]}", ["F", product, "Product", market], figures)
            for _, market, figures in own
        ]
    return Book("Plan", [("How", "-")], MONTHS, planned, [("History", [1.0, None, 2.0])], [("version", "7")])


def _sums(placed: list[tuple[str, str, list[float | None]]]) -> list[float | None]:
    return [sum(figures[place] or 0.0 for _, _, figures in placed) for place in range(3)]


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(FIGURES, min_size=1, max_size=6))
def test_out_and_in_again_unchanged_changes_nothing(rows: list[list[float | None]]) -> None:
    found = read(write(book_of(rows)), decimal=".", thousands=",")
    assert (found.entries, found.problems, found.overtyped) == ([], [], [])
    assert found.identity["version"] == "7"


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(FIGURES, min_size=2, max_size=5),
    changes=st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 2)),
        st.one_of(st.none(), st.integers(0, 10**9).map(lambda quanta: quanta / 1000)),
        max_size=4,
    ),
)
def test_what_comes_back_is_what_was_changed(
    rows: list[list[float | None]], changes: dict[tuple[int, int], float | None]
) -> None:
    book = load_workbook(BytesIO(write(book_of(rows))))
    sheet = book["Plan"]
    lines = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1)}
    wanted = set()
    for (row, month), value in changes.items():
        if row < len(rows):
            sheet.cell(lines[f"stream:{row}"], FIRST_MONTH + 1 + month).value = value
            if value != rows[row][month]:
                wanted.add((f"stream:{row}", MONTHS[month], rows[row][month], value))
    buffer = BytesIO()
    book.save(buffer)
    found = read(buffer.getvalue(), decimal=".", thousands=",")
    assert {(one.node, one.month, one.base, one.value) for one in found.entries} == wanted
    assert found.problems == []


def test_a_sum_that_was_typed_over_is_named_and_not_loaded() -> None:
    book = load_workbook(BytesIO(write(book_of([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))))
    sheet = book["Plan"]
    sheet.cell(2, FIRST_MONTH + 2).value = 100  # the family, in February
    buffer = BytesIO()
    book.save(buffer)
    found = read(buffer.getvalue(), decimal=".", thousands=",")
    assert (found.entries, found.overtyped) == ([], ["row 2, 2027-02"])


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    book = load_workbook(BytesIO(write(book_of([[1.0, 2.0, 3.0]]))))
    assert book["Plan"].cell(2, 4).value == "'=Family"
    assert book["As exported"].sheet_state == "veryHidden"
    assert book["Plan"].column_dimensions["A"].hidden
    assert book["Plan"].freeze_panes == "F2"
