"""Changing plan figures at any level."""

import math
import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from cycles.actions.stages import note_editor
from cycles.actions.versions import require_draft
from cycles.choices import Measure, Operation, ReasonCode, StageKind
from cycles.models import Assumption, Change, Stage, User, Version
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from demand.actions.batch import Batch
from demand.actions.entries import Cause, Edit, EditResult
from demand.actions.recording import Overtaken, record, write_block
from demand.actions.summary import shift_summary
from demand.permissions import may_change
from demand.queries.views import Filters, plan_view
from sop.errors import Conflict, InvalidInput
from sop.periods import month_name

__all__ = ["Edit", "EditResult", "edit_cells", "preview_edits", "repeated_action"]

ATTEMPTS = 5
MOST = 1e12  # units or money in one entry


def edit_cells(
    *,
    version: Version,
    by: User,
    edits: Sequence[Edit],
    function: str = "",
    reason_code: str = "",
    comment: str = "",
    assumption: Assumption | None = None,
    action_id: uuid.UUID | None = None,
    unit: str = "units",
    filters: Mapping[str, str] | None = None,
    source: str = "grid",
    title: str = "",
    note: Mapping[str, str] | None = None,
) -> EditResult:
    """Applies a batch of edits in their order as one action: facts, summary and ledger in one transaction.

    A node's figure is spread over the streams that the person sees below it (within ``filters``), in
    proportion to what they have; locked cells keep theirs. The same ``action_id`` again changes nothing
    more. With a ``title`` (a workbook's name) the entries, each on a row of its own, are one change.
    Raises NotAllowed, Locked, WrongState, InvalidInput, Conflict (a figure is no longer the one ``seen``)
    or ReasonNeeded, and then has saved nothing.
    """
    stage = stage_of(version.cycle, StageKind.DEMAND)
    require_editable(by, stage)
    require_draft(version)
    cause = Cause(reason_code, comment.strip(), assumption, function, source, title, note or {})
    _check(by, version, edits, cause)
    action = action_id or uuid.uuid4()
    chosen = Filters(**(filters or {}))
    for _ in range(ATTEMPTS):
        if repeated := repeated_action(version, action):
            return repeated
        batch = Batch(plan_view(version, by, chosen), edits, unit)
        batch.apply(edits, cause)
        try:
            return _store(batch, stage=stage, by=by, action=action)
        except Overtaken:
            continue
    raise Conflict("These figures are being changed by many people at once. Wait a moment and try again.")


def preview_edits(
    *,
    version: Version,
    by: User,
    edits: Sequence[Edit],
    unit: str = "units",
    filters: Mapping[str, str] | None = None,
) -> Batch:
    """What a batch of edits would do, computed as ``edit_cells`` does and saved nowhere. Raises what that raises."""
    require_editable(by, stage_of(version.cycle, StageKind.DEMAND))
    require_draft(version)
    cause = Cause()
    _check(by, version, edits, cause)
    batch = Batch(plan_view(version, by, Filters(**(filters or {}))), edits, unit)
    batch.apply(edits, cause)
    return batch


def _check(by: User, version: Version, edits: Sequence[Edit], cause: Cause) -> None:
    if not edits:
        raise InvalidInput("There is nothing to change.")
    if cause.code and cause.code not in ReasonCode.values:
        raise InvalidInput(f"{cause.code!r} is no reason code. Known are: {', '.join(ReasonCode.values)}.")
    if cause.assumption and cause.assumption.cycle_id != version.cycle_id:
        raise InvalidInput("The assumption belongs to another cycle. Choose one of this cycle.")
    months = set(version.cycle.months)
    for edit in edits:
        _check_edit(by, edit, months)


def _check_edit(by: User, edit: Edit, months: set[date]) -> None:
    if edit.measure not in Measure.values or edit.measure in (Measure.BASELINE, Measure.PRODUCT):
        raise InvalidInput(
            f"{edit.measure!r} cannot be changed here. Marketing, sales, planner and consensus can; "
            "product changes are made in the product review."
        )
    require(
        may_change(by, edit.measure), f"Your role may not change the {Measure(edit.measure).label} figures."
    )
    if edit.operation not in (Operation.SET, Operation.ADD, Operation.MULTIPLY):
        raise InvalidInput(f"{edit.operation!r} is no operation: use set, add or multiply.")
    if edit.month not in months:
        raise InvalidInput(f"{month_name(edit.month)} is not a month of this plan.")
    if edit.value is None and edit.operation != Operation.SET:
        raise InvalidInput("An empty value can only be set: it takes the input back.")
    if edit.value is not None and not (math.isfinite(edit.value) and abs(edit.value) <= MOST):
        raise InvalidInput(f"{edit.value} is not a figure that a plan can hold.")
    if edit.value is not None and edit.value < 0 and edit.operation != Operation.ADD:
        raise InvalidInput("A plan cannot go below zero.")


def repeated_action(version: Version, action: uuid.UUID) -> EditResult | None:
    """What an action did, if it was saved before: the same one sent twice counts once."""
    changes = list(Change.objects.filter(version=version, action_id=action).order_by("pk"))
    if not changes:
        return None
    version.refresh_from_db(fields=["rev"])
    return EditResult(changes, version.rev, "This was saved before; nothing more was changed.")


def _store(batch: Batch, *, stage: Stage, by: User, action: uuid.UUID) -> EditResult:
    version = batch.block.version
    with transaction.atomic():
        # One writer at a time per draft: whoever waited writes only if its figures are still the ones it read.
        Version.objects.select_for_update().get(pk=version.pk)
        require_editable(by, Stage.objects.select_related("cycle").get(pk=stage.pk))
        batch.require_reason()
        if batch.planned:
            write_block(batch.block, batch.before)
            shift_summary(batch.block, batch.before, batch.view.table)
            note_editor(stage=stage, user=by)
        changes = record(version=version, by=by, block=batch.block, planned=batch.planned, action_id=action)
    version.refresh_from_db(fields=["rev"])
    return EditResult(changes, version.rev, batch.message(), batch.cells, batch.locked_count)
