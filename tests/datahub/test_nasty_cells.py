"""Whatever stands in a cell, a load ends in words or in rows; never in a broken program or half a load."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datahub.actions.imports import import_folder
from datahub.checking import FileReading
from datahub.company import Company
from datahub.context import LoadContext
from datahub.registry import Dataset, datasets
from datahub.writing import write_frame

NASTY = [
    "", " ", "=1+1", "@x", "-5", "+5", "1e309", "NaN", "inf", "1,5", "1.234,5", "999999999999", "1e12", "-1e12",
    "1e13", "0",
    "2026-13-01", "2026-02-30", "30.02.2026", "46327", "9999-12-31", "0000-00-00", "NULL", "None", "true", "\u0000",
    "x" * 5_000, "Ω≈ç√", "😀", "'; DROP TABLE x; --", "<script>alert(1)</script>", "a\tb", "007", "1/2/2026", "½",
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tiny_folder: Path) -> Iterator[None]:
    """The smallest company, loaded once for all tests of this module and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_folder(folder=tiny_folder, by=None)
        yield
        transaction.set_rollback(True)


def rows_of(folder: Path, dataset: Dataset) -> list[dict[str, str]]:
    """The first rows of the company's file; the template's example where it keeps no such data."""
    path = folder / f"{dataset.name}.csv"
    if not path.exists():
        return [{column.name: column.example for column in dataset.columns}]
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row, _ in zip(csv.DictReader(stream), range(2), strict=False)]


def load(dataset: Dataset, rows: list[dict[str, str]], path: Path) -> FileReading:
    """Read rows, write them if they are taken, and take that back."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=dataset.names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    reading, context = FileReading(dataset, path), LoadContext()
    frames = list(reading.frames(context))
    if not reading.findings.count:
        with transaction.atomic():
            for frame in frames:
                write_frame(dataset, frame, context)
            transaction.set_rollback(True)
    return reading


@pytest.mark.parametrize("dataset", datasets(), ids=lambda dataset: dataset.name)
def test_every_cell_takes_nasty_texts(
    loaded: None, tiny_folder: Path, tmp_path: Path, dataset: Dataset
) -> None:
    good = rows_of(tiny_folder, dataset)[:1]
    path = tmp_path / f"{dataset.name}.csv"
    assert load(dataset, good, path).findings.count == 0
    refused = 0
    for place, column in enumerate(dataset.columns):
        for text in NASTY[place % 6 :: 6]:  # over all columns and datasets every text is tried many times
            reading = load(dataset, [{**good[0], column.name: text}], path)
            for finding in reading.findings.kept:
                refused += 1
                assert finding.message
                assert finding.row == 2 or (finding.row == 0 and "\u0000" in text)
                assert "{" not in finding.message
    assert refused > 0


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_bytes_that_are_no_table_end_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fx.csv"
    path.write_bytes(content)
    dataset = next(one for one in datasets() if one.name == "fx")
    reading = FileReading(dataset, path)
    list(reading.frames(LoadContext()))
    assert reading.findings.count > 0


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6))
def test_texts_in_a_table_end_in_words_or_rows(tiny: Company, tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "fx.csv"
    with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:
        csv.writer(stream).writerows([["month", "currency", "rate"], *rows])
    dataset = next(one for one in datasets() if one.name == "fx")
    reading = FileReading(dataset, path)
    list(reading.frames(LoadContext()))
    assert reading.findings.count >= 0
