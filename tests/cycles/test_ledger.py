"""The change ledger and frozen versions keep what was written."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cycles.actions.ledger import record_change
from cycles.actions.versions import open_draft, writing_version
from cycles.choices import Measure, Operation, VersionKind
from cycles.models import Change, Cycle, User, Version
from sop.errors import Locked

DECEMBER = date(2026, 12, 1)


def change(version: Version, by: User, action_id: uuid.UUID | None = None) -> Change:
    return record_change(
        version=version,
        by=by,
        function="sales",
        measure=Measure.SALES,
        operation=Operation.SET,
        level="stream",
        scope={"stream": 7},
        first_month=DECEMBER,
        last_month=DECEMBER,
        operand=12.0,
        action_id=action_id,
        lines=[(7, DECEMBER, 10_000, 12_000), (8, DECEMBER, None, 500)],
    )


@pytest.fixture
def draft(cycle: Cycle, people: dict[str, User]) -> Version:
    return open_draft(cycle=cycle, kind=VersionKind.DEMAND, by=people["owner"], name="Demand plan")


def test_a_change_keeps_old_and_new(draft: Version, people: dict[str, User]) -> None:
    made = change(draft, people["sales"])
    assert (made.line_count, made.delta_quanta) == (2, 2_500)
    lines = list(made.lines.order_by("stream_id").values_list("stream_id", "old", "new"))
    assert lines == [(7, 10_000, 12_000), (8, None, 500)]
    before, draft.rev = draft.rev, 0
    draft.refresh_from_db()
    assert draft.rev == before + 1


def test_the_same_action_counts_once(draft: Version, people: dict[str, User]) -> None:
    action_id = uuid.uuid4()
    change(draft, people["sales"], action_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(draft, people["sales"], action_id)


def test_a_frozen_version_takes_no_change(cycle: Cycle, people: dict[str, User]) -> None:
    with writing_version(cycle=cycle, kind=VersionKind.DEMAND, name="Signed", by=people["sales"]) as frozen:
        pass
    frozen.refresh_from_db()
    assert frozen.is_frozen
    assert len(frozen.content_hash) == 64
    with pytest.raises(Locked, match="frozen"):
        change(frozen, people["sales"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cycles_changeline SET new = 1",
        "DELETE FROM cycles_changeline",
        "UPDATE cycles_change SET comment = 'x'",
    ],
)
def test_triggers_keep_the_ledger_append_only(
    draft: Version, people: dict[str, User], statement: str
) -> None:
    change(draft, people["sales"])
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_triggers_keep_frozen_versions(cycle: Cycle, people: dict[str, User]) -> None:
    with writing_version(cycle=cycle, kind=VersionKind.SUPPLY, name="Plan", by=people["supply"]):
        pass
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cycles_version SET content_hash = 'x' WHERE state = 'frozen'")
