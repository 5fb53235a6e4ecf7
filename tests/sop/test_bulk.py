"""The bulk writer: everything arrives, in few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import Family
from sop.bulk import bulk_insert, bulk_upsert


@pytest.mark.django_db
def test_many_rows_go_in_one_statement() -> None:
    """A statement a row costs SQLite a journal each, which inside a savepoint grows with all that was written."""
    rows = [(f"F{number:04d}", f"Family {number}") for number in range(1_203)]
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert bulk_insert(Family, ("code", "name"), rows) == 1_203
    assert len(made) < 10
    assert set(Family.objects.values_list("code", "name")) == set(rows)


@pytest.mark.django_db
def test_an_upsert_updates_what_is_there() -> None:
    bulk_insert(Family, ("code", "name"), [("A", "Tea")])
    rows = [("A", "Coffee"), *((f"F{number}", "New") for number in range(700))]
    assert bulk_upsert(Family, ("code", "name"), rows, key=("code",)) == 701
    assert Family.objects.get(code="A").name == "Coffee"
    assert Family.objects.count() == 701
