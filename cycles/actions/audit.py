"""The audit log: every act worth proving later, hash-chained so that tampering is found."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cycles.models import AuditEvent, AuditHead, User

GENESIS = "0" * 64


@transaction.atomic
def record_act(
    *, by: User | None, act: str, subject: str, detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Appends one act to the log, in the caller's transaction: no act without row, no row without act."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(
        number=head.last_number + 1,
        at=timezone.now(),
        by=by,
        by_name=by.username if by else "",
        act=act,
        subject=subject[:200],
        detail=dict(detail or {}),
        previous_hash=head.last_hash,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    head.last_number, head.last_hash = event.number, event.hash
    head.save()
    return event


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over the hash before and the canonical JSON of the row."""
    content = {
        "number": event.number,
        "at": event.at.isoformat(),
        "by": event.by_id,
        "by_name": event.by_name,
        "act": event.act,
        "subject": event.subject,
        "detail": event.detail,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((event.previous_hash + canonical).encode()).hexdigest()


@dataclass(frozen=True)
class ChainBreak:
    """The first row that does not fit, and why."""

    number: int
    reason: str


def verify_chain() -> ChainBreak | None:
    """Walks the whole log; the first row that was changed, removed or put in, or None where all holds."""
    expected_number, previous = 1, GENESIS
    for event in _events():
        if event.number != expected_number:
            return ChainBreak(
                expected_number, f"row {expected_number} is missing; row {event.number} follows"
            )
        if event.previous_hash != previous:
            return ChainBreak(event.number, "it does not continue the row before it")
        if event_hash(event) != event.hash:
            return ChainBreak(event.number, "its content does not match its hash")
        expected_number, previous = expected_number + 1, event.hash
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.last_number, head.last_hash) != (expected_number - 1, previous):
        return ChainBreak(
            expected_number, f"the log ends at row {expected_number - 1}, its head says {head.last_number}"
        )
    return None


def _events() -> Iterator[AuditEvent]:
    return AuditEvent.objects.order_by("number").iterator(chunk_size=2000)
