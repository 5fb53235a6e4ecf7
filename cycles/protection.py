"""Database triggers that keep frozen figures and append-only logs as they are, on both databases.

The service refuses first and in words; the triggers are there for everything that goes around it.
"""

from collections.abc import Iterator

from django.db import connection

from cycles.models import AuditEvent, Change, ChangeLine, SignOff, Version
from cycles.registry import registry

FROZEN = "the figures of a frozen version never change"
APPEND_ONLY = "rows of this table are never changed or removed"


def install_protection() -> None:
    """Creates all triggers anew; safe to repeat (it runs after every migrate)."""
    _run(_drop_statements())
    _run(_create_statements())


def remove_protection() -> None:
    """Drops the triggers: for restoring a backup row by row, and for tests that empty the tables."""
    _run(_drop_statements())


def _run(statements: Iterator[tuple[str, str]]) -> None:
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, statement in statements:
            if table in existing:
                cursor.execute(statement)


def fact_tables() -> list[str]:
    """Tables whose rows belong to a version."""
    models = {facts.model for kind in registry.facts.values() for facts in kind}
    return sorted(model._meta.db_table for model in models)


def append_only_tables() -> list[str]:
    return [model._meta.db_table for model in (AuditEvent, Change, ChangeLine, SignOff)]


def _create_statements() -> Iterator[tuple[str, str]]:
    build = _postgresql if connection.vendor == "postgresql" else _sqlite
    yield from build()


def _drop_statements() -> Iterator[tuple[str, str]]:
    postgresql = connection.vendor == "postgresql"
    for table in [*fact_tables(), *append_only_tables(), Version._meta.db_table]:
        for event in ("insert", "update", "delete"):
            suffix = f' ON "{table}"' if postgresql else ""
            yield table, f'DROP TRIGGER IF EXISTS "guard_{table}_{event}"{suffix}'


def _sqlite() -> Iterator[tuple[str, str]]:
    version = Version._meta.db_table
    for table in fact_tables():
        for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            yield (
                table,
                (
                    f'CREATE TRIGGER "guard_{table}_{event}" BEFORE {event.upper()} ON "{table}" '  # noqa: S608 - names of our own tables
                    f"WHEN (SELECT state FROM {version} WHERE id = {row}.version_id) = 'frozen' "
                    f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
                ),
            )
    for table in append_only_tables():
        for event in ("update", "delete"):
            yield (
                table,
                (
                    f'CREATE TRIGGER "guard_{table}_{event}" BEFORE {event.upper()} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
                ),
            )
    for event in ("update", "delete"):
        yield (
            version,
            (
                f'CREATE TRIGGER "guard_{version}_{event}" BEFORE {event.upper()} ON "{version}" '
                f"WHEN OLD.state = 'frozen' BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            ),
        )


def _postgresql() -> Iterator[tuple[str, str]]:
    version = Version._meta.db_table
    yield (
        version,
        _function("guard_append_only", f"RAISE EXCEPTION '{APPEND_ONLY}';"),
    )
    yield (
        version,
        _function(
            "guard_frozen_rows",
            f"IF EXISTS (SELECT 1 FROM {version} v WHERE v.state = 'frozen' AND v.id IN "  # noqa: S608 - names of our own tables
            f"(SELECT DISTINCT version_id FROM touched)) THEN "
            f"RAISE EXCEPTION '{FROZEN}'; END IF; RETURN NULL;",
        ),
    )
    yield (
        version,
        _function(
            "guard_frozen_version",
            f"IF OLD.state = 'frozen' THEN RAISE EXCEPTION '{FROZEN}'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
        ),
    )
    for table in fact_tables():
        # One check per statement over the rows it touched, so that bulk loads stay quick.
        for event, rows in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            yield (
                table,
                (
                    f'CREATE TRIGGER "guard_{table}_{event}" AFTER {event.upper()} ON "{table}" '
                    f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION guard_frozen_rows()"
                ),
            )
    for table in append_only_tables():
        for event in ("update", "delete"):
            yield (
                table,
                (
                    f'CREATE TRIGGER "guard_{table}_{event}" BEFORE {event.upper()} ON "{table}" '
                    f"FOR EACH ROW EXECUTE FUNCTION guard_append_only()"
                ),
            )
    for event in ("update", "delete"):
        yield (
            version,
            (
                f'CREATE TRIGGER "guard_{version}_{event}" BEFORE {event.upper()} ON "{version}" '
                f"FOR EACH ROW EXECUTE FUNCTION guard_frozen_version()"
            ),
        )


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
