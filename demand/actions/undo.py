"""Taking changes of the plan back, and bringing them in again: an undo is a change of its own."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from cycles.actions.stages import note_editor
from cycles.actions.versions import require_draft
from cycles.choices import Measure, Operation, StageKind
from cycles.models import Change, ChangeLine, Company, Stage, User, Version
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from demand.actions.edits import ATTEMPTS, EditResult, repeated_action
from demand.actions.recording import Overtaken, PlannedChange, record, write_block
from demand.actions.summary import shift_summary
from demand.permissions import may_change
from demand.queries.blocks import Block, load_block, locked_cells
from demand.queries.ledger import SYSTEM_SOURCES, is_active, last_word, load_steps, undo_map
from demand.queries.views import PlanView, plan_view
from sop.errors import Conflict, InvalidInput, Locked, NotAllowed, NotFound, WrongState

if TYPE_CHECKING:
    from demand.steps import Floats


def undo_changes(
    *, version: Version, by: User, change_ids: Sequence[int], action_id: uuid.UUID | None = None
) -> EditResult:
    """Takes changes out of the plan: every figure becomes what the remaining changes make of it.

    An undo can be undone in turn, which brings the change back. Raises NotFound, NotAllowed (another
    function's change, or figures outside the scope), WrongState (undone already), Locked or Conflict.
    """
    stage = stage_of(version.cycle, StageKind.DEMAND)
    require_editable(by, stage)
    require_draft(version)
    action = action_id or uuid.uuid4()
    for _ in range(ATTEMPTS):
        if repeated := repeated_action(version, action):
            return repeated
        taken_back = _Undo(version, by, change_ids)
        taken_back.compute()
        try:
            return _store(taken_back, stage=stage, by=by, action=action)
        except Overtaken:
            continue
    raise Conflict("These figures are being changed by many people at once. Wait a moment and try again.")


def _store(taken_back: "_Undo", *, stage: Stage, by: User, action: uuid.UUID) -> EditResult:
    version, block = taken_back.version, taken_back.block
    with transaction.atomic():
        Version.objects.select_for_update().get(pk=version.pk)
        require_editable(by, Stage.objects.select_related("cycle").get(pk=stage.pk))
        _require_still(taken_back.targets, version)
        write_block(block, taken_back.before)
        shift_summary(block, taken_back.before, taken_back.view.table)
        note_editor(stage=stage, user=by)
        changes = record(version=version, by=by, block=block, planned=taken_back.planned, action_id=action)
    version.refresh_from_db(fields=["rev"])
    cells = sum(len(change.rows) for change in taken_back.planned)
    return EditResult(changes, version.rev, f"Taken back: {cells:,} cell{'s' if cells != 1 else ''}", cells)


def _require_still(targets: list[Change], version: Version) -> None:
    undone = undo_map(version)
    if any(change.pk in undone for change in targets):
        raise WrongState("Somebody else has just taken this change back.")


class _Undo:
    """One undo while it is computed."""

    def __init__(self, version: Version, by: User, change_ids: Sequence[int]) -> None:
        self.version, self.by = version, by
        self.undone = undo_map(version)
        self.targets = self._targets(change_ids)
        self.view: PlanView = plan_view(version, by)
        self.cells = self._cells()
        self.block = self._block()
        self.before = self.block.plan.copy()
        self.planned: list[PlannedChange] = []

    def _targets(self, change_ids: Sequence[int]) -> list[Change]:
        if not change_ids:
            raise InvalidInput("There is nothing to take back.")
        found = Change.objects.filter(version=self.version).in_bulk(list(change_ids))
        if len(found) < len(set(change_ids)):
            raise NotFound("This change is not in the plan that you are working on.")
        for change in found.values():
            self._require_right(change)
        heads = {last_word(change.pk, self.undone) for change in found.values()}
        # The latest first, as a person would take them back one by one.
        return list(Change.objects.filter(pk__in=heads).select_related("undoes").order_by("-pk"))

    def _require_right(self, change: Change) -> None:
        if change.source in SYSTEM_SOURCES and change.measure == Measure.PRODUCT:
            raise NotAllowed("This follows from the product review. Change the launch or phase-out there.")
        require(
            may_change(self.by, change.measure),
            f"Your role may not take back changes of the {Measure(change.measure).label} figures.",
        )
        if not is_active(change.pk, self.undone):
            raise WrongState("This change was taken back already.")

    def _cells(self) -> dict[int, list[tuple[int, int]]]:
        """The cells of each target, as places of the block; the block's streams and months with them."""
        import numpy as np

        rows = list(
            ChangeLine.objects.filter(change__in=self.targets).values_list("change_id", "stream_id", "month")
        )
        if not rows:
            raise WrongState("This change moved no figure, so there is nothing to take back.")
        self.streams = np.array(sorted({row[1] for row in rows}), dtype=np.int64)
        self.months = sorted({row[2] for row in rows})
        stream_places = {stream: place for place, stream in enumerate(self.streams.tolist())}
        month_places = {month: place for place, month in enumerate(self.months)}
        cells: dict[int, list[tuple[int, int]]] = {change.pk: [] for change in self.targets}
        for change_id, stream, month in rows:
            cells[change_id].append((stream_places[stream], month_places[month]))
        return cells

    def _block(self) -> Block:
        import numpy as np

        if not np.isin(self.streams, self.view.table.streams).all():
            raise NotAllowed("This change reaches figures outside your part of the company.")
        block = load_block(self.version, self.streams, self.months)
        locked = locked_cells(block, Company.current().fence_months, self.version.cycle.month)
        count = sum(bool(locked[place]) for cells in self.cells.values() for place in cells)
        if count:
            raise Locked(
                f"{count:,} of these cells are locked. Unlock them first, then take the change back."
            )
        return block

    def compute(self) -> None:
        """Replays the cells without the targets and notes what each of them moved."""
        from demand.steps import replay

        first = min((change.measure for change in self.targets), key=Measure.values.index)
        measures = Measure.values[Measure.values.index(first) :]
        assume: dict[int, bool] = {}
        for change in self.targets:
            original, counts = self._turned(change)
            assume[original] = counts
        replay(self.block.plan, load_steps(self.block, measures, assume=assume), Measure.values.index(first))
        self.planned = [self._planned(change) for change in self.targets]

    def _turned(self, change: Change) -> tuple[int, bool]:
        """The original change at the bottom of a chain of undos, and whether it counts afterwards."""
        counts = False
        while change.undoes is not None:
            change, counts = change.undoes, not counts
        return change.pk, counts

    def _planned(self, change: Change) -> PlannedChange:
        import numpy as np

        cells = np.array(self.cells[change.pk], dtype=np.int64)
        rows, months = cells[:, 0], cells[:, 1]
        index = Measure.values.index(change.measure)
        old, new = (plan[index][rows, months] for plan in (self.before, self.block.plan))
        planned = PlannedChange(
            function=change.function,
            measure=change.measure,
            operation=Operation.UNDO,
            level=change.level,
            scope=change.scope,
            rows=rows,
            months=months,
            old=old,
            new=new,
            source=change.source,
            source_key=f"undo:{change.pk}",
            undoes=change,
        )
        planned.weigh(new, self._prices())
        return planned

    def _prices(self) -> "Floats":
        table = self.view.table
        prices: Floats = table.prices[table.rows_of(self.block.streams)]
        return prices
