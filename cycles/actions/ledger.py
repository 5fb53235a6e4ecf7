"""Writing the change ledger: one action is one change with its lines, never altered afterwards."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from cycles.actions.versions import require_draft, touch_draft
from cycles.choices import Measure, Operation
from cycles.models import Assumption, Change, ChangeLine, User, Version
from sop.bulk import bulk_insert

Line = tuple[int, date, int | None, int | None]


@transaction.atomic
def record_change(
    *,
    version: Version,
    by: User | None,
    function: str,
    measure: Measure,
    operation: Operation,
    level: str,
    scope: Mapping[str, Any],
    first_month: date,
    last_month: date,
    lines: Iterable[Line],
    operand: float | None = None,
    reason_code: str = "",
    comment: str = "",
    assumption: Assumption | None = None,
    action_id: uuid.UUID | None = None,
    source: str = "grid",
    source_key: str = "",
    undoes: Change | None = None,
    delta_value: int = 0,
    delta_quanta: int | None = None,
) -> Change:
    """Appends one change of a draft and its lines (stream, month, old, new in quanta).

    ``delta_value`` is its effect in money, minor units; ``delta_quanta`` that in quanta, where it is not
    the sum over the lines (an input taken back has no new figure of its own). Raises Locked for a frozen version and
    IntegrityError where the same action was recorded before.
    """
    require_draft(version)
    kept = list(lines)
    change = Change.objects.create(
        version=version,
        by=by,
        function=function,
        measure=measure,
        operation=operation,
        level=level,
        scope=dict(scope),
        first_month=first_month,
        last_month=last_month,
        operand=operand,
        reason_code=reason_code,
        comment=comment,
        assumption=assumption,
        action_id=action_id or uuid.uuid4(),
        source=source,
        source_key=source_key,
        undoes=undoes,
        line_count=len(kept),
        delta_quanta=sum((new or 0) - (old or 0) for _, _, old, new in kept),
        delta_value=delta_value,
    )
    bulk_insert(
        ChangeLine,
        ("change", "stream_id", "month", "old", "new"),
        ((change.pk, stream, month.isoformat(), old, new) for stream, month, old, new in kept),
        plain=True,
    )
    touch_draft(version)
    return change


def _moved(lines: list[Line]) -> int:
    return sum((new or 0) - (old or 0) for _, _, old, new in lines)
