"""Changes that follow from other data (launches, phase-outs, promotions), kept in step with the ledger.

What still holds stays as it is; what no longer holds is undone, what is new is recorded: the ledger
tells every time that a launch moved the plan.
"""

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cycles.actions.ledger import record_change
from cycles.choices import Measure, Operation, ReasonCode
from cycles.models import Change, ChangeLine, User, Version
from demand.actions.recording import PlannedChange, record
from demand.queries.blocks import Block
from demand.queries.ledger import is_active, last_word, undo_map

if TYPE_CHECKING:
    from datetime import date

    from demand.lifecycle import Effect
    from demand.queries.rules import PromotionRule
    from demand.queries.streams import StreamTable
    from demand.steps import Floats, Step, Whole

SYNC = (
    "baseline"  # the source of undos that this module writes; a person's own undo of a promotion is respected
)
REASONS = {
    "launch": ReasonCode.LAUNCH,
    "phase_out": ReasonCode.PHASE_OUT,
    "push": ReasonCode.DECISION,
}
Key = tuple[str, str, str, str, "date"]


@dataclass
class SystemChanges:
    """What the system's part of the ledger comes to: steps to replay, changes to undo and to record."""

    steps: list["Step"] = field(default_factory=list)
    undo: list[Change] = field(default_factory=list)
    planned: list[PlannedChange] = field(default_factory=list)


def from_effects(effects: "list[Effect]", block: Block, prices: "Floats") -> list[PlannedChange]:
    """Effects of launches and phase-outs as changes of the product step."""
    changes = []
    for effect in effects:
        code = effect.key.partition(":")[0]
        change = PlannedChange(
            function="product",
            measure=Measure.PRODUCT,
            operation=effect.operation,
            level="product",
            scope={"node": "", "name": code, "code": code, "market": ""},
            rows=effect.rows,
            months=effect.months,
            old=effect.old,
            new=effect.new,
            source=effect.source,
            source_key=effect.key,
            reason_code=REASONS[effect.source],
        )
        change.weigh(effect.new, prices)
        changes.append(change)
    return changes


def from_promotions(
    rules: "list[PromotionRule]", block: Block, table: "StreamTable", prices: "Floats"
) -> list[PlannedChange]:
    """Events as changes of the marketing step, each on what the ones before it left."""
    places = table.rows_of(block.streams)
    products, markets = table.products[places], table.markets[places]
    column = block.plan[1].copy()
    changes = []
    for rule in rules:
        if change := _promotion(rule, block, column, products, markets):
            change.weigh(change.new, prices)
            changes.append(change)
    return changes


def _promotion(
    rule: "PromotionRule", block: Block, column: "Whole", products: "Whole", markets: "Whole"
) -> PlannedChange | None:
    import numpy as np

    from demand.steps import rounded

    chosen = products == rule.product
    if rule.market is not None:
        chosen &= markets == rule.market
    place = block.month_place(rule.month)
    rows = np.flatnonzero(chosen & (column[:, place] > 0))
    if not len(rows):
        return None
    old = column[rows, place]
    new = rounded(old * rule.factor)
    column[rows, place] = new
    return PlannedChange(
        function="marketing",
        measure=Measure.MARKETING,
        operation=Operation.MULTIPLY,
        level="product",
        scope={"node": f"product:{rule.product}", "name": rule.code, "code": rule.code, "market": ""},
        rows=rows,
        months=np.full(len(rows), place, dtype=np.int64),
        old=old,
        new=new,
        operand=rule.factor,
        source="promotion",
        source_key=rule.code,
        reason_code="promotion",
    )


def compare(
    version: Version, block: Block, desired: list[PlannedChange], sources: tuple[str, ...]
) -> SystemChanges:
    """Which of the desired changes are recorded already, which are new, and which recorded ones no longer hold."""
    undone = undo_map(version)
    known = list(
        Change.objects.filter(version=version, source__in=sources)
        .exclude(operation=Operation.UNDO)
        .order_by("pk")
    )
    active = {_key_of(change): change for change in known if is_active(change.pk, undone)}
    refused = _refused(known, undone)
    result = SystemChanges()
    for change in desired:
        key = _key(change, block)
        if (*key, change.operand) in refused:
            continue
        result.steps.append(_as_step(change))
        same = active.get(key)
        if same is not None and _equal(same, change, block):
            del active[key]
        else:
            result.planned.append(change)
    result.undo = [change for change in known if change in active.values()]
    return result


def _refused(known: list[Change], undone: dict[int, int]) -> set[tuple[object, ...]]:
    """Promotions that a person took back: they stay out until their lift changes."""
    people = Change.objects.filter(pk__in=[last_word(change.pk, undone) for change in known]).exclude(
        source=SYNC
    )
    by_person = set(people.values_list("pk", flat=True))
    return {
        (*_key_of(change), change.operand)
        for change in known
        if not is_active(change.pk, undone) and last_word(change.pk, undone) in by_person
    }


def _key(change: PlannedChange, block: Block) -> Key:
    month = block.months[int(change.months.min())]
    return (change.source, change.source_key, str(change.measure), str(change.operation), month)


def _key_of(change: Change) -> Key:
    return (change.source, change.source_key, change.measure, change.operation, change.first_month)


def _equal(recorded: Change, change: PlannedChange, block: Block) -> bool:
    if change.operation == Operation.MULTIPLY:
        return recorded.operand == change.operand
    lines = set(ChangeLine.objects.filter(change=recorded).values_list("stream_id", "month", "old", "new"))
    streams = block.streams.tolist()
    cells = zip(
        change.rows.tolist(), change.months.tolist(), change.old.tolist(), change.new.tolist(), strict=True
    )
    return lines == {(streams[row], block.months[month], old, new) for row, month, old, new in cells}


def _as_step(change: PlannedChange) -> "Step":
    from demand.steps import Step

    return Step(
        change.measure, change.operation, change.rows, change.months, change.old, change.new, change.operand
    )


def store(changes: SystemChanges, *, version: Version, block: Block, by: User | None) -> list[Change]:
    """Writes the undos and the new changes, all as one action of the system. Inside the caller's transaction."""
    action = uuid.uuid4()
    for change in changes.undo:
        lines = ChangeLine.objects.filter(change=change).values_list("stream_id", "month", "new", "old")
        record_change(
            version=version,
            by=by,
            function=change.function,
            measure=Measure(change.measure),
            operation=Operation.UNDO,
            level=change.level,
            scope=change.scope,
            first_month=change.first_month,
            last_month=change.last_month,
            lines=lines,
            action_id=action,
            source=SYNC,
            source_key=f"undo:{change.pk}",
            undoes=_head(change),
            delta_value=-change.delta_value,
        )
    return record(version=version, by=by, block=block, planned=changes.planned, action_id=action)


def _head(change: Change) -> Change:
    while undoing := Change.objects.filter(undoes=change).first():
        change = undoing
    return change
