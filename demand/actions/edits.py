"""Changing plan figures at any level, and taking changes back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from cycles.actions.stages import note_editor
from cycles.actions.versions import require_draft
from cycles.choices import Measure, Operation, ReasonCode, StageKind
from cycles.models import Assumption, Change, Company, Stage, User, Version
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from demand.actions.recording import Overtaken, PlannedChange, record, write_block
from demand.actions.summary import shift_summary
from demand.permissions import may_change
from demand.queries.blocks import history_table, load_block, locked_cells
from demand.queries.conflicts import conflict_of
from demand.queries.ledger import load_steps, measures_after
from demand.queries.nodes import node_words
from demand.queries.reasons import is_large_change
from demand.queries.views import Filters, Node, PlanView, parse_node, plan_view
from sop.errors import Conflict, InvalidInput, Locked, ReasonNeeded, WrongState
from sop.periods import add_months, month_key, month_name, month_range
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT, to_minor, to_quanta

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Step, Whole

ATTEMPTS = 5
# What was before the person's eyes may have been rounded by the page: three places of a unit, two of money.
UNITS_AS_SEEN = 0.0006
MONEY_AS_SEEN = 0.006


@dataclass(frozen=True)
class Edit:
    """One entry: ``value`` in units (or money) for set and add, the factor for multiply; None takes an input back.

    ``seen`` is the figure that the person had before her eyes, None for an empty one; it is compared
    only where ``check_seen``.
    """

    node: str
    measure: str
    month: date
    operation: str
    value: float | None
    seen: float | None = None
    check_seen: bool = False


@dataclass
class EditResult:
    """What an action did: its changes, the version's new revision, and the sentence for the person."""

    changes: list[Change]
    rev: int
    message: str
    cells: int = 0
    locked: int = 0


@dataclass
class Reason:
    """Why: a reason code, a comment, an assumption; all may be empty below the threshold."""

    code: str = ""
    comment: str = ""
    assumption: Assumption | None = None


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
) -> EditResult:
    """Applies a batch of edits in their order as one action: facts, summary and ledger in one transaction.

    A node's figure is spread over the streams that the person sees below it (within ``filters``), in
    proportion to what they have; locked cells keep theirs. The same ``action_id`` again changes nothing
    more. Raises NotAllowed, Locked, WrongState, InvalidInput, Conflict (a figure is no longer the one
    ``seen``) or ReasonNeeded, and then has saved nothing.
    """
    stage = stage_of(version.cycle, StageKind.DEMAND)
    require_editable(by, stage)
    require_draft(version)
    reason = Reason(reason_code, comment.strip(), assumption)
    _check(by, version, edits, reason)
    action = action_id or uuid.uuid4()
    chosen = Filters(**(filters or {}))
    for _ in range(ATTEMPTS):
        if repeated := repeated_action(version, action):
            return repeated
        batch = _Batch(plan_view(version, by, chosen), edits, unit)
        batch.apply(edits, function, source, reason)
        try:
            return _store(batch, stage=stage, by=by, action=action)
        except Overtaken:
            continue
    raise Conflict("These figures are being changed by many people at once. Wait a moment and try again.")


def _check(by: User, version: Version, edits: Sequence[Edit], reason: Reason) -> None:
    if not edits:
        raise InvalidInput("There is nothing to change.")
    if reason.code and reason.code not in ReasonCode.values:
        raise InvalidInput(f"{reason.code!r} is no reason code. Known are: {', '.join(ReasonCode.values)}.")
    if reason.assumption and reason.assumption.cycle_id != version.cycle_id:
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
    require(may_change(by, edit.measure), f"Your role may not change the {Measure(edit.measure).label} figures.")
    if edit.operation not in (Operation.SET, Operation.ADD, Operation.MULTIPLY):
        raise InvalidInput(f"{edit.operation!r} is no operation: use set, add or multiply.")
    if edit.month not in months:
        raise InvalidInput(f"{month_name(edit.month)} is not a month of this plan.")
    if edit.value is None and edit.operation != Operation.SET:
        raise InvalidInput("An empty value can only be set: it takes the input back.")
    if edit.value is not None and (edit.value != edit.value or abs(edit.value) > 1e12):  # noqa: PLR0124 - not a number
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


def _store(batch: "_Batch", *, stage: Stage, by: User, action: uuid.UUID) -> EditResult:
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


@dataclass
class _Group:
    """Consecutive edits of one node and measure that make one change of the ledger."""

    node: Node
    measure: str
    operation: str
    edits: list[Edit] = field(default_factory=list)

    def takes(self, edit: Edit) -> bool:
        same = (str(self.node), self.measure, self.operation) == (edit.node, edit.measure, edit.operation)
        factor = edit.operation != Operation.MULTIPLY or self.edits[-1].value == edit.value
        cleared = (self.edits[-1].value is None) == (edit.value is None)
        return same and factor and cleared and all(edit.month != known.month for known in self.edits)


class _Batch:
    """One action while it is computed: the figures before and after, and the changes made."""

    def __init__(self, view: PlanView, edits: Sequence[Edit], unit: str) -> None:
        import numpy as np

        self.view, self.unit = view, unit
        self.months = sorted({edit.month for edit in edits})
        nodes = {edit.node: parse_node(edit.node) for edit in edits}
        masks = {name: view.require(node) for name, node in nodes.items()}
        touched = np.logical_or.reduce(list(masks.values()))
        self.block = load_block(view.version, view.table.streams[touched], self.months)
        if not self.block.has_figures:
            raise WrongState("This plan has no baseline yet. Start the forecast first; then its figures can be changed.")
        # A stream that entered after the last forecast has no figures to change yet.
        known = (self.block.keys > 0).any(axis=1)
        self.rows = {name: np.flatnonzero(mask[touched] & known) for name, mask in masks.items()}
        self.before = self.block.plan.copy()
        self.words = node_words(view, list(nodes.values()))
        self.prices = view.table.prices[view.table.rows_of(self.block.streams)]
        company = Company.current()
        self.locked = locked_cells(self.block, company.fence_months, view.version.cycle.month)
        self.company = company
        self.planned: list[PlannedChange] = []
        self.reasons_missing: list[str] = []
        self.cells = self.locked_count = 0
        self._history: Floats | None = None
        self._check_seen(edits)
        first = min((edit.measure for edit in edits), key=Measure.values.index)
        self.steps: list[Step] = load_steps(self.block, measures_after(first))

    def _check_seen(self, edits: Sequence[Edit]) -> None:
        conflicts = []
        for edit in edits:
            now = self.figure(edit)
            if edit.check_seen and _differs(edit.seen, now, MONEY_AS_SEEN if self.unit == "money" else UNITS_AS_SEEN):
                streams = self.block.streams[self.rows[edit.node]]
                who = conflict_of(self.view.version, streams.tolist(), edit.month, edit.measure)
                conflicts.append({
                    "node": edit.node, "measure": edit.measure, "month": month_key(edit.month),
                    "seen": edit.seen, "now": now, **who,
                })
        if conflicts:
            words = "One figure was" if len(conflicts) == 1 else f"{len(conflicts)} figures were"
            raise Conflict(f"{words} changed by somebody else meanwhile. Nothing was saved.", errors=conflicts)

    def figure(self, edit: Edit) -> float | None:
        """What stands in the edited cell before this action, in the person's unit."""
        from demand.steps import EMPTY, money

        rows = self.rows[edit.node]
        cells = self.before[Measure.values.index(edit.measure)][rows, self.block.month_place(edit.month)]
        if not len(cells) or (cells == EMPTY).all():
            return None
        if self.unit == "money":
            return int(money(cells, self.prices[rows]).sum()) / MINOR_PER_MAJOR
        return int(cells[cells != EMPTY].sum()) / QUANTA_PER_UNIT

    def apply(self, edits: Sequence[Edit], function: str, source: str, reason: Reason) -> None:
        """Computes the batch: each group of edits, then the steps that build on it."""
        groups: list[_Group] = []
        for edit in edits:
            if not groups or not groups[-1].takes(edit):
                groups.append(_Group(parse_node(edit.node), edit.measure, edit.operation))
            groups[-1].edits.append(edit)
        for number, group in enumerate(groups):
            self._apply_group(group, number, function, source, reason)

    def _apply_group(self, group: _Group, number: int, function: str, source: str, reason: Reason) -> None:
        import numpy as np

        from demand.steps import replay

        parts = [self._cells_of(edit) for edit in group.edits]
        rows, months, old, new = (np.concatenate(column) for column in zip(*parts, strict=True))
        if not len(rows):
            return
        index = Measure.values.index(group.measure)
        change = self._planned(group, number, function, source, reason, (rows, months, old, new))
        after = self._after_clearing(index, rows, months, new)
        change.weigh(after, self.prices)
        self.planned.append(change)
        self.cells += len(rows)
        self._note_reason(change)
        self.block.plan[index][rows, months] = after
        self.steps.append(_as_step(change))
        replay(self.block.plan, self.steps, index + 1)

    def _after_clearing(self, index: int, rows: "Whole", months: "Whole", new: "Whole") -> "Whole":
        import numpy as np

        from demand.steps import EMPTY

        return np.where(new == EMPTY, self.block.plan[index - 1][rows, months], new)

    def _cells_of(self, edit: Edit) -> tuple["Whole", "Whole", "Whole", "Whole"]:
        """Rows, months, old and new figures of the cells that one edit changes."""
        import numpy as np

        from demand.steps import EMPTY

        place = self.block.month_place(edit.month)
        rows = self.rows[edit.node]
        locked = self.locked[rows, place]
        self.locked_count += int(locked.sum())
        if locked.all():
            return _nothing()
        now = self.block.plan[Measure.values.index(edit.measure)][rows, place]
        new = np.full_like(now, EMPTY) if edit.value is None else self._spread(edit, rows, now, locked)
        changed = (new != now) & ~locked
        return rows[changed], np.full(int(changed.sum()), place, dtype=np.int64), now[changed], new[changed]

    def _spread(self, edit: Edit, rows: "Whole", now: "Whole", locked: "Flags") -> "Whole":
        from demand.steps import changed_cells

        value = edit.value or 0.0
        history = self._weights(rows) if not now[~locked].clip(0).any() else now.clip(0).astype(float)
        try:
            total = self._total(edit, value, rows, now, locked, history)
            operation = "set" if self.unit == "money" and edit.operation == Operation.ADD else edit.operation
            return changed_cells(
                now, operation=operation, total=total, factor=value, locked=locked, history=history
            )
        except ValueError as problem:
            raise InvalidInput(f"{month_name(edit.month)}: {problem}") from problem

    def _total(
        self, edit: Edit, value: float, rows: "Whole", now: "Whole", locked: "Flags", history: "Floats"
    ) -> int:
        from demand.steps import money, units_for_money

        if edit.operation == Operation.MULTIPLY:
            return 0
        if self.unit != "money":
            return to_quanta(value)
        prices = self.prices[rows]
        wanted = to_minor(value) + (int(money(now, prices).sum()) if edit.operation == Operation.ADD else 0)
        return units_for_money(now, value_minor=wanted, prices=prices, locked=locked, history=history)

    def _weights(self, rows: "Whole") -> "Floats":
        """What the streams sold over the last twelve closed months: how to spread where nothing is planned."""
        if self._history is None:
            last = self.view.version.cycle.last_closed_month
            months = month_range(add_months(last, -11), 12)
            self._history = history_table(self.block.streams, months).sum(axis=1).clip(0)
        return self._history[rows]

    def _planned(
        self, group: _Group, number: int, function: str, source: str, reason: Reason,
        cells: tuple["Whole", "Whole", "Whole", "Whole"],
    ) -> PlannedChange:
        values = {edit.value for edit in group.edits}
        return PlannedChange(
            function=function or group.measure, measure=group.measure, operation=group.operation,
            level=group.node.kind, scope=self.words[str(group.node)], rows=cells[0], months=cells[1],
            old=cells[2], new=cells[3], operand=values.pop() if len(values) == 1 else None, source=source,
            source_key=f"{group.node}#{number}", reason_code=reason.code, comment=reason.comment,
            assumption=reason.assumption,
        )

    def _note_reason(self, change: PlannedChange) -> None:
        if change.reason_code:
            return
        old = int(change.old.clip(0).sum())
        new = old + change.delta_quanta
        if is_large_change(self.company, self.view.version.cycle, old=old, new=new, value=change.delta_value):
            self.reasons_missing.append(change.scope["name"])

    def require_reason(self) -> None:
        """Raises ReasonNeeded where a change is large and nobody said why."""
        if self.reasons_missing:
            raise ReasonNeeded(
                f"{', '.join(dict.fromkeys(self.reasons_missing))}: more than {self.company.reason_percent:g} % and "
                f"{self.company.reason_revenue_percent:g} % of the annual revenue. Say why."
            )

    def message(self) -> str:
        """What was done, in words; raises Locked where every cell was locked."""
        if not self.planned and self.locked_count:
            raise Locked("These cells are locked. Unlock them first, or choose later months.")
        if not self.planned:
            return "Nothing changed: the figures are so already."
        cells = f"{self.cells:,} cell{'s' if self.cells != 1 else ''} changed"
        return f"{cells}, {self.locked_count:,} locked left as they were" if self.locked_count else cells


def _differs(seen: float | None, now: float | None, tolerance: float) -> bool:
    if seen is None or now is None:
        return seen is not now
    return abs(seen - now) > tolerance


def _nothing() -> tuple["Whole", "Whole", "Whole", "Whole"]:
    import numpy as np

    empty = np.zeros(0, dtype=np.int64)
    return empty, empty, empty, empty


def _as_step(change: PlannedChange) -> "Step":
    from demand.steps import Step

    factor = change.operand if change.operation == Operation.MULTIPLY else None
    return Step(change.measure, change.operation, change.rows, change.months, change.old, change.new, factor)
