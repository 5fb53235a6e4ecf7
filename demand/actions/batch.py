"""One action on the plan while it is computed: which cells it reaches, and what they become."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cycles.choices import Measure, Operation
from cycles.models import Company
from demand.actions.entries import Cause, Edit
from demand.actions.recording import PlannedChange
from demand.queries.blocks import history_table, load_block, locked_cells
from demand.queries.conflicts import conflict_of
from demand.queries.ledger import load_steps, measures_after
from demand.queries.nodes import node_words
from demand.queries.reasons import annual_revenue, is_large_change, is_very_large_change
from demand.queries.units import rates_of, unit_named
from demand.queries.views import ALL, Node, PlanView, parse_node
from sop.errors import Conflict, InvalidInput, Locked, ReasonNeeded, WrongState
from sop.periods import add_months, month_key, month_name, month_range
from sop.quantities import QUANTA_PER_UNIT, to_quanta

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Step, Whole

# What was before the person's eyes may have been rounded by the page, to the unit's digits.
AS_SEEN = 0.6


@dataclass
class Group:
    """Consecutive edits of one node and measure that make one change of the ledger."""

    node: Node
    measure: str
    operation: str
    edits: list[Edit] = field(default_factory=list)

    title: str = ""

    def takes(self, edit: Edit) -> bool:
        """Whether an edit belongs to the same change: no cell twice, and one factor for all."""
        if (self.measure, self.operation) != (edit.measure, edit.operation):
            return False
        factor = edit.operation != Operation.MULTIPLY or self.edits[-1].value == edit.value
        cleared = (self.edits[-1].value is None) == (edit.value is None)
        if self.title:
            return factor and cleared
        here = edit.node == str(self.node) and all(edit.month != known.month for known in self.edits)
        return here and factor and cleared


class Batch:
    """One action while it is computed: the figures before and after, and the changes made."""

    def __init__(self, view: PlanView, edits: Sequence[Edit], unit: str) -> None:
        import numpy as np

        self.view, self.unit = view, unit_named(unit)
        self.months = sorted({edit.month for edit in edits})
        nodes = {edit.node: parse_node(edit.node) for edit in edits}
        masks = {name: view.require(node) for name, node in nodes.items()}
        touched = np.logical_or.reduce(list(masks.values()))
        self.block = load_block(view.version, view.table.streams[touched], self.months)
        if not self.block.has_figures:
            raise WrongState(
                "This plan has no baseline yet. Start the forecast first; then its figures can be changed."
            )
        # A stream that entered after the last forecast has no figures to change yet.
        known = (self.block.keys > 0).any(axis=1)
        self.rows = {name: np.flatnonzero(mask[touched] & known) for name, mask in masks.items()}
        self.before = self.block.plan.copy()
        self.words = node_words(view, list(nodes.values()))
        self.prices = view.table.prices[view.table.rows_of(self.block.streams)]
        rates = rates_of(view, self.unit, self.block.streams)
        self.unknown = np.isnan(rates)  # not convertible into the unit: no part of what the person sees
        self.rates = np.nan_to_num(rates)
        company = Company.current()
        self.locked = locked_cells(self.block, company.fence_months, view.version.cycle.month)
        self.company = company
        self.planned: list[PlannedChange] = []
        self.reasons_missing: list[str] = []
        self.comments_missing: list[str] = []
        self.cells = self.locked_count = self.unknown_count = 0
        self._history: Floats | None = None
        self.revenue: int | None = None
        self._check_seen(edits)
        first = min((edit.measure for edit in edits), key=Measure.values.index)
        self.steps: list[Step] = load_steps(self.block, measures_after(first))

    def _check_seen(self, edits: Sequence[Edit]) -> None:
        conflicts = []
        for edit in edits:
            now = self.figure(edit)
            if edit.check_seen and _differs(edit.seen, now, AS_SEEN * 10**-self.unit.digits):
                streams = self.block.streams[self.rows[edit.node]]
                who = conflict_of(self.view.version, streams.tolist(), edit.month, edit.measure)
                conflicts.append(
                    {
                        "node": edit.node,
                        "measure": edit.measure,
                        "month": month_key(edit.month),
                        "seen": edit.seen,
                        "now": now,
                        **who,
                    }
                )
        if conflicts:
            words = "One figure was" if len(conflicts) == 1 else f"{len(conflicts)} figures were"
            raise Conflict(
                f"{words} changed by somebody else meanwhile. Nothing was saved.", errors=conflicts
            )

    def figure(self, edit: Edit) -> float | None:
        """What stands in the edited cell before this action, in the person's unit."""
        return self._figure(edit, self.before)

    def figure_after(self, edit: Edit) -> float | None:
        """What stands there once the batch was applied."""
        return self._figure(edit, self.block.plan)

    def _figure(self, edit: Edit, plan: "Whole") -> float | None:
        from demand.steps import EMPTY, money

        rows = self.rows[edit.node]
        rows = rows[~self.unknown[rows]]
        cells = plan[Measure.values.index(edit.measure)][rows, self.block.month_place(edit.month)]
        if not len(cells) or (cells == EMPTY).all():
            return None
        if self.unit.is_units:
            return int(cells[cells != EMPTY].sum()) / QUANTA_PER_UNIT
        return int(money(cells, self.rates[rows]).sum()) / self.unit.scale

    def value_moved(self) -> int:
        """What the batch changes of the consensus in money, minor units."""
        from demand.steps import money

        after, before = (money(plan[-1], self.prices[:, None]) for plan in (self.block.plan, self.before))
        return int((after - before).sum())

    def apply(self, edits: Sequence[Edit], cause: Cause) -> None:
        """Computes the batch: each group of edits, then the steps that build on it."""
        groups: list[Group] = []
        for edit in edits:
            if not groups or not groups[-1].takes(edit):
                node = ALL if cause.title else parse_node(edit.node)
                groups.append(Group(node, edit.measure, edit.operation, title=cause.title))
            groups[-1].edits.append(edit)
        for number, group in enumerate(groups):
            self._apply_group(group, number, cause)

    def _apply_group(self, group: Group, number: int, cause: Cause) -> None:
        import numpy as np

        from demand.steps import replay

        parts = [self._cells_of(edit) for edit in group.edits]
        rows, months, old, new = (np.concatenate(column) for column in zip(*parts, strict=True))
        if not len(rows):
            return
        index = Measure.values.index(group.measure)
        change = self._planned(group, number, cause, (rows, months, old, new))
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
        locked = self.locked[rows, place] | self.unknown[rows]
        self.locked_count += int(self.locked[rows, place].sum())
        self.unknown_count += int(self.unknown[rows].sum())
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
            total = self._total(edit, rows=rows, now=now, locked=locked, history=history)
            added = edit.operation == Operation.ADD and not self.unit.is_units
            operation = "set" if added else edit.operation
            return changed_cells(
                now, operation=operation, total=total, factor=value, locked=locked, history=history
            )
        except ValueError as problem:
            raise InvalidInput(f"{month_name(edit.month)}: {problem}") from problem

    def _total(self, edit: Edit, *, rows: "Whole", now: "Whole", locked: "Flags", history: "Floats") -> int:
        """The entered figure in quanta; of money or another measure, the units that come to it."""
        from demand.steps import money, units_for_money

        value = edit.value or 0.0
        if edit.operation == Operation.MULTIPLY:
            return 0
        if self.unit.is_units:
            return to_quanta(value)
        rates = self.rates[rows]
        wanted = math.floor(value * self.unit.scale + 0.5)
        wanted += int(money(now, rates).sum()) if edit.operation == Operation.ADD else 0
        return units_for_money(now, value_minor=wanted, prices=rates, locked=locked, history=history)

    def _weights(self, rows: "Whole") -> "Floats":
        """What the streams sold over the last twelve closed months: how to spread where nothing is planned."""
        if self._history is None:
            last = self.view.version.cycle.last_closed_month
            months = month_range(add_months(last, -11), 12)
            self._history = history_table(self.block.streams, months).sum(axis=1).clip(0)
        return self._history[rows]

    def _planned(
        self, group: Group, number: int, cause: Cause, cells: tuple["Whole", "Whole", "Whole", "Whole"]
    ) -> PlannedChange:
        values = {edit.value for edit in group.edits}
        return PlannedChange(
            function=cause.function or group.measure,
            measure=group.measure,
            operation=group.operation,
            level="workbook" if group.title else group.node.kind,
            scope={**self._words(group), **cause.note},
            rows=cells[0],
            months=cells[1],
            old=cells[2],
            new=cells[3],
            operand=values.pop() if len(values) == 1 else None,
            source=cause.source,
            source_key=f"{group.node}#{number}",
            reason_code=cause.code,
            comment=cause.comment,
            assumption=cause.assumption,
        )

    def _words(self, group: Group) -> dict[str, Any]:
        if group.title:
            return {"node": str(ALL), "name": group.title, "code": "", "market": self.view.filters.market}
        return self.words[str(group.node)]

    def _note_reason(self, change: PlannedChange) -> None:
        is_explained = bool(change.comment) or change.assumption is not None
        if change.reason_code and (is_explained or not self.company.comment_percent):
            return
        old = int(change.old.clip(0).sum())
        if self.revenue is None:
            self.revenue = annual_revenue(self.view.version.cycle)
        moved = {"old": old, "new": old + change.delta_quanta, "value": change.delta_value}
        if not change.reason_code and is_large_change(self.company, self.revenue, **moved):
            self.reasons_missing.append(change.scope["name"])
        elif not is_explained and is_very_large_change(self.company, self.revenue, **moved):
            self.comments_missing.append(change.scope["name"])

    def require_reason(self) -> None:
        """Raises ReasonNeeded where a change is large and nobody said why, or very large and without a comment."""
        share = f"{self.company.reason_revenue_percent:g} % of the annual revenue"
        if self.reasons_missing:
            names = ", ".join(dict.fromkeys(self.reasons_missing))
            raise ReasonNeeded(f"{names}: more than {self.company.reason_percent:g} % and {share}. Say why.")
        if self.comments_missing:
            names = ", ".join(dict.fromkeys(self.comments_missing))
            raise ReasonNeeded(
                f"{names}: more than {self.company.comment_percent:g} % and {share}. "
                "Give a reason and a comment, or the assumption behind it."
            )

    def message(self) -> str:
        """What was done, in words; raises Locked where every cell was locked."""
        if not self.planned and self.locked_count:
            raise Locked("These cells are locked. Unlock them first, or choose later months.")
        if not self.planned and self.unknown_count:
            raise InvalidInput(f"Nothing here converts into {self.unit.label}. Enter units.")
        if not self.planned:
            return "Nothing changed: the figures are so already."
        parts = [
            f"{self.cells:,} cell{'s' if self.cells != 1 else ''} changed",
            f"{self.locked_count:,} locked left as they were" if self.locked_count else "",
            f"{self.unknown_count:,} without a factor to {self.unit.label} left as they were"
            if self.unknown_count
            else "",
        ]
        return ", ".join(part for part in parts if part)


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
