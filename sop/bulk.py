"""One bulk writer for both databases: COPY on PostgreSQL, many rows a statement on SQLite.

Callers pass ready column values (quanta, minor units, ids); model defaults and signals do not run.
"""

import io
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connections, models, router

BATCH = 10_000


def bulk_insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, plain: bool = False
) -> int:
    """Insert rows of field values into ``model``'s table; returns how many.

    ``columns`` are field names (``version`` or ``version_id`` alike). ``plain`` rows hold whole numbers,
    floats and texts alone and are written as they are. Run it inside a transaction.
    Raises IntegrityError like any insert.
    """
    connection = connections[router.db_for_write(model)]
    fields = [_field(model, name) for name in columns]
    prepared = rows if plain else (_prepare(fields, row, connection) for row in rows)
    if connection.vendor == "postgresql":
        return _copy(connection, model, fields, prepared)
    return _insert(connection, model, fields, prepared)


def _field(model: type[models.Model], name: str) -> Any:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise ValueError(f"{model.__name__} has no column {name!r}")


def _prepare(fields: Sequence[Any], row: Sequence[Any], connection: Any) -> list[Any]:
    # Whole numbers and texts, nearly all cells, need no conversion: skip the field machinery for them.
    return [
        value
        if value is None or type(value) in (int, str, float)
        else field.get_db_prep_save(value, connection)
        for field, value in zip(fields, row, strict=True)
    ]


def _insert(
    connection: Any, model: type[models.Model], fields: Sequence[Any], rows: Any, conflict: str = ""
) -> int:
    # Many rows a statement: SQLite keeps a journal of every statement that a trigger may abort, and inside a
    # savepoint closing one takes time in proportion to all that was written before it.
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - names from the model
    at_once = max(1, connection.features.max_query_params // len(fields))

    def statement(count: int) -> str:
        return f"{insert}{', '.join([marks] * count)}{conflict}"

    full, count = statement(at_once), 0
    with connection.cursor() as cursor:
        source = iter(rows)
        while batch := list(islice(source, at_once)):
            cursor.execute(
                full if len(batch) == at_once else statement(len(batch)), list(chain.from_iterable(batch))
            )
            count += len(batch)
    return count


def _copy(connection: Any, model: type[models.Model], fields: Sequence[Any], rows: Any) -> int:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        return _copy_into(cursor, quote(model._meta.db_table), names, rows)


def _copy_into(cursor: Any, table: str, names: str, rows: Any) -> int:
    count = 0
    while batch := list(islice(rows, BATCH)):
        text = io.StringIO("".join("\t".join(map(_copy_text, row)) + "\n" for row in batch))
        cursor.cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)
        count += len(batch)
    return count


def _copy_text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    adapted = getattr(value, "dumps", None)  # JSON fields arrive wrapped for psycopg2
    text = adapted(value.adapted) if adapted and hasattr(value, "adapted") else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def bulk_upsert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] | None = None,
    ready: bool = False,
) -> int:
    """Insert rows, or update those whose ``key`` columns (a unique constraint) are there already.

    ``update`` are the columns that an existing row takes over; all but the key by default. ``ready`` says that
    the values are such as the database takes them (numbers, texts, ISO dates). Returns how many rows were
    written. Run it inside a transaction; a key may stand only once among the rows.
    """
    connection = connections[router.db_for_write(model)]
    fields = [_field(model, name) for name in columns]
    names = {name: field.column for name, field in zip(columns, fields, strict=True)}
    taken = [names[name] for name in (columns if update is None else update) if name not in key]
    conflict = _on_conflict(connection, [names[name] for name in key], taken)
    prepared: Iterable[Sequence[Any]] = rows if ready else (_prepare(fields, row, connection) for row in rows)
    if connection.vendor == "postgresql":
        return _copy_and_merge(connection, model, fields, iter(prepared), conflict)
    return _insert(connection, model, fields, iter(prepared), conflict)


def _on_conflict(connection: Any, key: Sequence[str], taken: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    target = ", ".join(quote(column) for column in key)
    if not taken:
        return f" ON CONFLICT ({target}) DO NOTHING"
    changes = ", ".join(f"{quote(column)} = excluded.{quote(column)}" for column in taken)
    return f" ON CONFLICT ({target}) DO UPDATE SET {changes}"


def _copy_and_merge(
    connection: Any, model: type[models.Model], fields: Sequence[Any], rows: Any, conflict: str
) -> int:
    """COPY knows no conflicts: it fills a temporary table, which one statement then merges."""
    quote = connection.ops.quote_name
    table, staging = quote(model._meta.db_table), quote(f"staging_{model._meta.db_table}"[:60])
    names = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {staging}")
        like = f"SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608 - names from the model
        cursor.execute(f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS {like}")
        count = _copy_into(cursor, staging, names, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging}{conflict}")  # noqa: S608 - names from the model
        cursor.execute(f"DROP TABLE {staging}")
    return count
