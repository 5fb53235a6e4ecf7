"""Versions: drafts are edited, frozen ones are copies that never change."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from cycles.choices import VersionKind, VersionState
from cycles.models import Cycle, User, Version
from cycles.registry import Facts, registry
from sop.errors import Locked


def open_draft(*, cycle: Cycle, kind: VersionKind, by: User | None, name: str) -> Version:
    """The draft of a kind for a cycle; made where there is none yet."""
    draft, _ = Version.objects.get_or_create(
        cycle=cycle, kind=kind, state=VersionState.DRAFT, defaults={"name": name, "created_by": by}
    )
    return draft


def require_draft(version: Version) -> None:
    """Raises Locked unless the version may still be edited."""
    if version.state != VersionState.DRAFT:
        raise Locked(f"{version.name} is frozen; its figures never change. Edit the draft of the open cycle.")


@transaction.atomic
def freeze_draft(
    *,
    draft: Version,
    by: User | None,
    name: str,
    params: Mapping[str, Any] | None = None,
    inputs_hash: str = "",
    engine_version: str = "",
) -> Version:
    """A frozen copy of a draft and its facts. The draft stays, for when its stage re-opens."""
    require_draft(draft)
    with writing_version(
        cycle=draft.cycle,
        kind=VersionKind(draft.kind),
        name=name,
        by=by,
        parent=draft,
        params=params or draft.params,
        inputs_hash=inputs_hash or draft.inputs_hash,
        engine_version=engine_version or draft.engine_version,
    ) as frozen:
        for facts in registry.facts.get(VersionKind(draft.kind), []):
            copy_facts(facts, source=draft, target=frozen)
    return frozen


@contextmanager
def writing_version(
    *,
    cycle: Cycle,
    kind: VersionKind,
    name: str,
    by: User | None,
    parent: Version | None = None,
    params: Mapping[str, Any] | None = None,
    inputs_hash: str = "",
    engine_version: str = "",
) -> Iterator[Version]:
    """A version whose facts are written inside the block; hashed and frozen at its end, or not there."""
    with transaction.atomic():
        version = Version.objects.create(
            cycle=cycle,
            kind=kind,
            name=name,
            created_by=by,
            parent=parent,
            params=dict(params or {}),
            inputs_hash=inputs_hash,
            engine_version=engine_version,
            state=VersionState.WRITING,
        )
        yield version
        version.content_hash = content_hash(version)
        version.state = VersionState.FROZEN
        version.frozen_at = timezone.now()
        version.save()


def copy_facts(facts: Facts, *, source: Version, target: Version) -> None:
    """INSERT ... SELECT of one fact table from one version to another."""
    quote = connection.ops.quote_name
    names = [_column(facts.model, name) for name in facts.copied]
    columns = ", ".join(map(quote, names))
    table = quote(facts.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (version_id, {columns}) "  # noqa: S608 - names come from the model
            f"SELECT %s, {columns} FROM {table} WHERE version_id = %s",
            [target.pk, source.pk],
        )


def content_hash(version: Version) -> str:
    """SHA-256 over the version's facts in a fixed order: the same figures give the same hash."""
    digest = hashlib.sha256()
    for facts in registry.facts.get(VersionKind(version.kind), []):
        rows = facts.model._default_manager.filter(version=version).order_by(*facts.columns)
        if facts.sparse and not rows.exists():
            continue
        digest.update(facts.model._meta.label_lower.encode())
        for row in rows.values_list(*facts.columns).iterator(chunk_size=5000):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def is_untouched(version: Version) -> bool:
    """Whether a frozen version's figures still give the hash that it was frozen with."""
    return version.content_hash == content_hash(version)


def touch_draft(version: Version) -> None:
    """Counts a change of a draft's figures, so that later readers see that it moved."""
    Version.objects.filter(pk=version.pk).update(rev=models.F("rev") + 1)


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    column = getattr(field, "column", None)
    if not column:
        raise ValueError(f"{model.__name__}.{name} is no column")
    return str(column)
