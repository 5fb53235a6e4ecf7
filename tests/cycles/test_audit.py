"""The audit log: whatever is changed, removed or put in is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cycles.actions.audit import record_act, verify_chain
from cycles.models import AuditEvent, User
from cycles.protection import remove_protection

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(people: dict[str, User]) -> int:
    for number in range(5):
        record_act(
            by=people["owner"], act="stage.sign", subject=f"Stage {number}", detail={"hash": "ä" * number}
        )
    return AuditEvent.objects.count()


def tamper(statement: str, *params: object) -> None:
    remove_protection()
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_an_untouched_log_is_whole(log: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_chain() is None
    call_command("verify_audit")
    assert f"{log} rows" in capsys.readouterr().out


@pytest.mark.parametrize("column", ["act", "subject", "by_name"])
def test_a_changed_row_is_named(log: int, column: str) -> None:
    tamper(f"UPDATE cycles_auditevent SET {column} = 'other' WHERE number = %s", log - 2)
    found = verify_chain()
    assert found is not None
    assert found.number == log - 2


def test_a_removed_row_is_named(log: int) -> None:
    tamper("DELETE FROM cycles_auditevent WHERE number = %s", log - 3)
    found = verify_chain()
    assert found is not None
    assert (found.number, "missing" in found.reason) == (log - 3, True)


def test_a_cut_tail_is_found(log: int) -> None:
    tamper("DELETE FROM cycles_auditevent WHERE number = %s", log)
    found = verify_chain()
    assert found is not None
    assert found.number == log


def test_a_row_with_a_fresh_hash_breaks_the_next(log: int) -> None:
    tamper("UPDATE cycles_auditevent SET hash = %s WHERE number = %s", "f" * 64, log - 2)
    found = verify_chain()
    assert found is not None
    assert found.number == log - 2


def test_the_command_fails_and_names_the_row(log: int, capsys: pytest.CaptureFixture[str]) -> None:
    tamper("UPDATE cycles_auditevent SET subject = 'x' WHERE number = 2")
    with pytest.raises((SystemExit, CommandError)):
        call_command("verify_audit")
    assert "Row 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "statement", ["UPDATE cycles_auditevent SET act = 'x'", "DELETE FROM cycles_auditevent"]
)
def test_triggers_keep_the_log_append_only(log: int, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
