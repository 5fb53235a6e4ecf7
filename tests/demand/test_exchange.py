"""The plan out as a workbook and back: a three-way merge that never overwrites in silence."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from cycles.models import Change, Version
from demand.actions.edits import Edit, edit_cells
from demand.actions.undo import undo_changes
from demand.models import DemandFact
from tests.demand.factories import SmallCompany, figures


@pytest.fixture
def client_of(company: SmallCompany) -> Any:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(company.people[name])
        return client

    return signed_in


def exported(client: Client, **asked: str) -> Any:
    answer = client.get("/demand/export/", asked)
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content))


def row_of(book: Any, node: str) -> int:
    return next(row[0].row for row in book["Plan"].iter_rows(max_col=1) if row[0].value == node)


def column_of(book: Any, month: str) -> int:
    return next(cell.column for cell in book["Plan"][1] if cell.value == month)


def sent_back(client: Client, book: Any) -> Any:
    buffer = BytesIO()
    book.save(buffer)
    return client.post(
        "/demand/workbook/", {"workbook": SimpleUploadedFile("my plan.xlsx", buffer.getvalue())}
    )


def test_changed_figures_come_back_as_one_action(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    client = client_of("planner")
    before = figures(plan)
    book = exported(client, measure="planner")
    sheet, column = book["Plan"], column_of(book, "2027-02")
    sheet.cell(row_of(book, company.stream("P1/DE")), column).value = 111.5
    sheet.cell(row_of(book, company.stream("P3/DE")), column).value = "1,234.5"
    page = sent_back(client, book).content.decode()
    assert "2 figures change" in page
    assert figures(plan) == before
    assert client.post("/demand/workbook/merge/", {}).status_code == 422  # a large change, and no reason
    answer = client.post("/demand/workbook/merge/", {"reason": "customer"})
    assert answer.status_code == 302
    facts = DemandFact.objects.filter(version=plan, month="2027-02-01")
    assert facts.get(stream=company.streams["P1/DE"]).planner == 111_500
    assert facts.get(stream=company.streams["P3/DE"]).planner == 1_234_500
    change = Change.objects.get(version=plan, source="upload")
    assert (change.line_count, change.scope["name"]) == (2, "Workbook my plan.xlsx")
    undo_changes(version=plan, by=company.people["planner"], change_ids=[change.pk])
    assert figures(plan) == before


def test_what_others_changed_meanwhile_is_asked_about(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    client, month = client_of("planner"), "2027-02"
    book = exported(client, measure="planner")
    for name, value in (("P1/DE", 111), ("P1/FR", 55), ("P2/DE", 222)):
        book["Plan"].cell(row_of(book, company.stream(name)), column_of(book, month)).value = value
    february = Edit(company.stream("P1/DE"), "planner", plan.cycle.months[3], "set", 105.0)
    same = Edit(company.stream("P2/DE"), "planner", plan.cycle.months[3], "set", 222.0)
    other = Edit(company.stream("P1/FR"), "planner", plan.cycle.months[3], "set", 52.0)
    edit_cells(
        version=plan, by=company.people["planner"], edits=[february, same, other], reason_code="market"
    )
    page = sent_back(client, book).content.decode()
    assert "2 were changed by others too" in page
    assert "1 stand in the plan already" in page
    client.post(
        "/demand/workbook/merge/", {"mine": [f"{company.stream('P1/DE')}|{month}"], "reason": "market"}
    )
    facts = DemandFact.objects.filter(version=plan, month="2027-02-01")
    assert facts.get(stream=company.streams["P1/DE"]).planner == 111_000
    assert facts.get(stream=company.streams["P1/FR"]).planner == 52_000


def test_sums_are_formulas_and_outlined(client_of: Any, company: SmallCompany, plan: Version) -> None:
    book = exported(client_of("planner"), measure="planner")
    sheet = book["Plan"]
    row, column = row_of(book, company.product("P1")), column_of(book, "2027-02")
    assert sheet.cell(row, column).value == f"=SUBTOTAL(9,I{row + 1}:I{row + 2})"
    assert sheet.row_dimensions[row_of(book, company.stream("P1/DE"))].outlineLevel == 2
    assert len(book["Overview"]._charts) == 1
    scoped = exported(client_of("germany"), measure="sales")
    markets = {row[4].value for row in scoped["Plan"].iter_rows(min_row=2) if row[4].value}
    assert markets == {"DE"}


@pytest.mark.parametrize(
    ("value", "words"),
    [("soon", "is no number"), (-5, "below zero"), ("-5", "below zero"), ("=1+1;", "is no number")],
)
def test_figures_that_cannot_be_read_are_named(
    client_of: Any, company: SmallCompany, plan: Version, value: Any, words: str
) -> None:
    client = client_of("planner")
    book = exported(client, measure="planner")
    cell = book["Plan"].cell(row_of(book, company.stream("P1/DE")), column_of(book, "2027-02"))
    cell.value, cell.data_type = value, "s" if isinstance(value, str) else "n"
    answer = sent_back(client, book)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert f"row {cell.row}, 2027-02" in answer.content.decode()


def test_other_files_and_other_functions_are_refused(
    client_of: Any, company: SmallCompany, plan: Version
) -> None:
    client = client_of("planner")
    wrong = client.post("/demand/workbook/", {"workbook": SimpleUploadedFile("a.xlsx", b"no workbook")})
    assert wrong.status_code == 400
    assert b"no workbook that was exported here" in wrong.content
    assert client.post("/demand/workbook/").status_code == 400
    book = exported(client, measure="sales")
    assert sent_back(client, book).status_code == 403
    assert client.post("/demand/workbook/merge/").status_code == 400
    assert client_of("finance").get("/demand/export/").status_code == 200
    assert client_of("admin").get("/demand/export/").status_code == 403
    assert client.get("/demand/export/", {"measure": "x"}).status_code == 400
