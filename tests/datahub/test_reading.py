"""Files as people really send them: encodings, marks, dates, and what must be refused in words."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from datahub import files
from datahub.checking import FileReading
from datahub.context import LoadContext
from datahub.files import FileRefused, guarded, open_table
from datahub.number_marks import Marks, parse_numbers
from datahub.registry import dataset_named
from tests.datahub.conftest import Write

pytestmark = pytest.mark.django_db


def read(name: str, path: Path) -> tuple[pd.DataFrame, FileReading]:
    dataset = dataset_named(name)
    assert dataset is not None
    reading = FileReading(dataset, path)
    frames = list(reading.frames(LoadContext()))
    return (pd.concat(frames) if frames else pd.DataFrame()), reading


def messages(reading: FileReading) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.column, finding.message) for finding in reading.findings.kept]


RATES = "month,currency,rate\n2026-01,USD,0.92\n2026-02,USD,0.93\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_give_the_same_table(write: Write, encoding: str, separator: str) -> None:
    path = write("fx.csv", RATES.replace(",", separator), encoding)
    frame, reading = read("fx", path)
    assert reading.findings.count == 0
    assert frame["rate"].tolist() == [0.92, 0.93]
    assert frame["month"].dt.date.tolist() == [date(2026, 1, 1), date(2026, 2, 1)]


def test_umlauts_of_windows_files_survive(write: Write) -> None:
    text = "customer;name;channel;region;otif_early_days;otif_late_days;under_tol;over_tol;market\n"
    path = write("customers.csv", text + "C1;Müller & Söhne;;;1;0;0;2,5;DE\n", "cp1252")
    frame, _ = read("customers", path)
    assert frame["name"].tolist() == ["Müller & Söhne"]
    assert frame["over_tol"].tolist() == [2.5]


def test_packed_files_are_read(write: Write) -> None:
    frame, reading = read("fx", write("fx.csv.gz", RATES))
    assert (len(frame), reading.findings.count) == (2, 0)


@pytest.mark.parametrize(
    ("cells", "separator", "numbers"),
    [
        (["1.5", "1.234"], ",", [1.5, 1.234]),
        (["1,5", "1,234"], ";", [1.5, 1.234]),
        (["1,234.5", "1,234"], ",", [1234.5, 1234.0]),
        (["1.234,5", "1.234"], ";", [1234.5, 1234.0]),
        (["1.234.567", "1.234"], ";", [1234567.0, 1234.0]),
        (["1 234,5", "12"], ";", [1234.5, 12.0]),
        (["1'234.5", "0.125"], ",", [1234.5, 0.125]),
        (["0,0833333333"], ";", [0.0833333333]),
        (["-7", "+3", "1e3"], ",", [-7.0, 3.0, 1000.0]),
        (["1,234"], ",", [1234.0]),  # nothing else tells: as the separator suggests
        (["1,234"], ";", [1.234]),
    ],
)
def test_the_decimal_mark_is_decided_by_all_cells(
    cells: list[str], separator: str, numbers: list[float]
) -> None:
    marks = Marks()
    column = pd.Series(cells, dtype=object)
    marks.learn("qty", column)
    values, bad = parse_numbers(column, marks.decimal_mark("qty", separator))
    assert not bad.any()
    assert values.tolist() == numbers


def test_an_unclear_decimal_mark_is_reported(write: Write) -> None:
    _, reading = read("fx", write("fx.csv", "month;currency;rate\n2026-01;USD;1,234\n"))
    assert any("“1,234” was read as 1.234" in note for note in reading.notes)


@pytest.mark.parametrize(
    "cell", ["nan", "inf", "-Infinity", "1e309", "0x1F", "12a", "1,2,3.4.5", "=1+1", "1e15", "--5"]
)
def test_what_is_no_number_is_named_with_row_and_column(write: Write, cell: str) -> None:
    _, reading = read("fx", write("fx.csv", f'month,currency,rate\n2026-01,USD,0.9\n2026-02,USD,"{cell}"\n'))
    assert [(row, column) for row, column, _ in messages(reading)] == [(3, "rate")]
    assert "no number" in messages(reading)[0][2]


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_numbers_come_back_as_they_were_written(number: float) -> None:
    for text, mark in ((repr(number), "."), (repr(number).replace(".", ","), ",")):
        values, bad = parse_numbers(pd.Series([text], dtype=object), mark)
        assert not bad.any()
        assert values[0] == number


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", 11),
        ("2026-11-01", 11),
        ("01.11.2026", 11),
        ("11.2026", 11),
        ("11/2026", 11),
        ("46327", 11),
    ],
)
def test_months_are_understood_as_people_write_them(write: Write, text: str, month: int) -> None:
    frame, reading = read("fx", write("fx.csv", f"month,currency,rate\n{text},USD,1\n"))
    assert reading.findings.count == 0
    assert frame["month"].iloc[0].month == month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "31.02.2026", "soon", "1/2/2026", "0001-01", "2026-1-x"]
)
def test_what_is_no_month_is_refused(write: Write, text: str) -> None:
    _, reading = read("fx", write("fx.csv", f"month,currency,rate\n{text},USD,1\n"))
    assert messages(reading)[0][:2] == (2, "month")
    assert "yyyy-mm" in messages(reading)[0][2]


def test_codes_keep_leading_zeros_and_words_that_look_like_nothing(write: Write) -> None:
    text = "item_code,uom,std_cost,list_price,status\n007,EA,1,2,active\nNA,EA,1,2,\nNULL,KG,,,\n"
    frame, reading = read("prior_item_master", write("prior_item_master.csv", text))
    assert frame["item_code"].tolist() == ["007", "NA", "NULL"]
    assert reading.findings.count == 0


def test_a_missing_column_is_named_and_an_unknown_one_left_out(write: Write) -> None:
    _, reading = read("fx", write("fx.csv", "month,currency\n2026-01,USD\n"))
    assert "rate of the template fx is missing" in messages(reading)[0][2]
    frame, reading = read("fx", write("fx.csv", "note,month,currency,rate\nx,2026-01,USD,1\n"))
    assert (len(frame), reading.findings.count) == (1, 0)
    assert any("left out: note" in note for note in reading.notes)


def test_a_key_that_stands_twice_names_both_rows(write: Write) -> None:
    _, reading = read("fx", write("fx.csv", RATES + "2026-01,USD,0.95\n"))
    assert messages(reading) == [
        (4, "month", "Row 2 has the same month, currency: keep one of the two rows.")
    ]


def test_rows_of_another_width_and_open_quotation_marks_are_named(write: Write) -> None:
    _, reading = read("fx", write("fx.csv", "month,currency,rate\n2026-01,USD,1,9\n2026-02,USD\n"))
    assert {row for row, _, _ in messages(reading)} == {2, 3}
    _, reading = read("fx", write("fx.csv", 'month,currency,rate\n2026-01,"USD,1\n'))
    assert "quotation mark" in messages(reading)[0][2]


def test_row_numbers_are_those_of_the_file_although_lines_are_empty(write: Write) -> None:
    _, reading = read("fx", write("fx.csv", "\n\nmonth,currency,rate\n\n2026-01,USD,x\n"))
    assert messages(reading)[0][0] == 5


def sheet(tmp_path: Path, rows: list[list[object]], first_row: int = 0) -> Path:
    path = tmp_path / "fx.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"})
    hidden = book.add_worksheet("Hidden")
    hidden.hide()
    page = book.add_worksheet("Rates")
    page.activate()
    for number, row in enumerate(rows, start=first_row):
        for place, cell in enumerate(row):
            page.write(number, place, cell)
    book.close()
    return path


def test_sheets_with_real_dates_and_numbers(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [["month", "currency", "rate"], [date(2026, 11, 1), "USD", 0.9214], ["2026-12", "USD", "x"]],
        2,
    )
    frame, reading = read("fx", path)
    assert frame["rate"].iloc[0] == 0.9214
    assert [(row, column) for row, column, _ in messages(reading)] == [(5, "rate")]
    assert any("Hidden" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0rest", "password"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x1f\x8bbroken", "damaged"),
        (b"a\x00b\x00,", "no text file"),
        (b"\n\n\n", "no header"),
    ],
)
def test_files_that_are_no_tables_are_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "fx.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=words):
        open_table(path)


def test_a_small_workbook_that_unpacks_to_gigabytes_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_SHEET_BYTES", 100_000)
    path, content = tmp_path / "fx.xlsx", io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 1_000_000)
    path.write_bytes(content.getvalue())
    with pytest.raises(FileRefused, match="larger than"):
        open_table(path)


def test_a_packed_file_that_unpacks_to_gigabytes_stops_at_the_limit(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(FileRefused, match="larger than"):
        open_table(write("fx.csv.gz", RATES + "x" * 100_000))


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_that_people_download_starts_a_formula(lead: str) -> None:
    assert guarded(f"{lead}cmd") == f"'{lead}cmd"
    assert guarded("plain") == "plain"
