"""The plan goes out as a workbook and comes back as one action: a three-way merge that asks where people differ."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cycles.actions.audit import record_act
from cycles.choices import Measure, StageKind
from cycles.models import User, Version
from cycles.permissions import can_view_plan, require, require_editable
from cycles.queries import stage_of
from demand.actions.edits import Edit, EditResult, edit_cells
from demand.permissions import may_change
from demand.queries.blocks import load_block
from demand.queries.conflicts import conflict_of
from demand.queries.exported import plan_book
from demand.queries.nodes import node_words
from demand.queries.views import Filters, PlanView, parse_node, plan_view
from demand.workbooks import Entry, NotOurs, Reading, read, write
from sop.errors import InvalidInput, NotFound
from sop.numbers import STYLES
from sop.periods import parse_month
from sop.quantities import QUANTA_PER_UNIT

MOST_CHANGES = 5_000
MOST_PROBLEMS = 50


def export_plan(*, version: Version, by: User, measure: str, filters: Filters, now: datetime) -> bytes:
    """The workbook of one measure, cut to what the person sees; written down in the audit log."""
    require(can_view_plan(by), "Administrators do not take part in the plan.")
    if measure not in Measure.values:
        raise InvalidInput(f"There is no measure {measure!r}.")
    view = plan_view(version, by, filters)
    if not len(view.table.streams):
        raise NotFound("There is nothing in this plan for you.")
    content = write(plan_book(view, measure, by=by, now=now))
    record_act(
        by=by, act="export", subject=version.name, detail={"measure": measure, "revision": version.rev}
    )
    return content


@dataclass(frozen=True)
class Difference:
    """A figure of the workbook against the plan of now; ``by`` and ``at`` say who changed it meanwhile."""

    node: str
    name: str
    month: str
    base: float | None
    value: float | None
    now: float | None
    by: str = ""
    at: str = ""

    @property
    def key(self) -> str:
        return f"{self.node}|{self.month}"


@dataclass(frozen=True)
class Merge:
    """What loading a workbook would do: plain changes, and those where somebody else was there too."""

    measure: str
    changes: list[Difference]
    conflicts: list[Difference]
    already: int
    overtyped: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the session, until the person has decided."""
        return {
            "measure": self.measure,
            "already": self.already,
            "overtyped": self.overtyped[:MOST_PROBLEMS],
            "changes": [vars(one) for one in self.changes],
            "conflicts": [vars(one) for one in self.conflicts],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Merge":
        changes, conflicts = (
            [Difference(**one) for one in stored[name]] for name in ("changes", "conflicts")
        )
        return cls(stored["measure"], changes, conflicts, stored["already"], stored["overtyped"])


def read_plan(*, version: Version, by: User, content: bytes) -> Merge:
    """Compares a workbook with what was exported and with what stands in the plan now; changes nothing.

    Raises InvalidInput with the place of each figure that cannot be read, NotAllowed for a measure of
    another function, Locked or WrongState while the review is shut.
    """
    require_editable(by, stage_of(version.cycle, StageKind.DEMAND))
    if not content:
        raise InvalidInput("Choose the workbook first.")
    marks = STYLES[by.number_format]
    try:
        reading = read(content, decimal=marks.decimal, thousands=marks.thousands)
    except NotOurs as problem:
        raise InvalidInput(str(problem)) from problem
    _check(reading, version, by)
    merge = _merged(plan_view(version, by), reading.identity["measure"], reading.entries)
    return replace(merge, overtyped=reading.overtyped)


def _check(reading: Reading, version: Version, by: User) -> None:
    measure = reading.identity.get("measure", "")
    if reading.identity.get("version") != str(version.pk):
        raise InvalidInput(
            "This workbook was exported from another plan. Export the present one and change that."
        )
    require(may_change(by, measure), f"Your role may not change the figures of this workbook ({measure}).")
    if reading.problems:
        errors = [{"place": place, "message": words} for place, words in reading.problems[:MOST_PROBLEMS]]
        first = "; ".join(f"{place}: {words}" for place, words in reading.problems[:3])
        raise InvalidInput(f"{len(reading.problems)} figures cannot be read. {first}", errors=errors)
    if len(reading.entries) > MOST_CHANGES:
        raise InvalidInput(
            f"{len(reading.entries):,} figures were changed; at most {MOST_CHANGES:,} can be loaded at once. "
            "Change families or products in the grid instead."
        )


def _merged(view: PlanView, measure: str, entries: Sequence[Entry]) -> Merge:
    now = _figures_now(view, measure, entries)
    names = {node: words["name"] for node, words in _names(view, entries).items()}
    changes, conflicts, already = [], [], 0
    for entry in entries:
        present = now[entry.node, entry.month]
        found = Difference(entry.node, names[entry.node], entry.month, entry.base, entry.value, present)
        if present == entry.value:
            already += 1
        elif present == entry.base:
            changes.append(found)
        else:
            conflicts.append(_with_person(view, measure, found))
    return Merge(measure, changes, conflicts, already)


def _names(view: PlanView, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    nodes = [parse_node(text) for text in dict.fromkeys(entry.node for entry in entries)]
    for node in nodes:
        view.require(node)
    return node_words(view, nodes)


def _figures_now(
    view: PlanView, measure: str, entries: Sequence[Entry]
) -> dict[tuple[str, str], float | None]:
    import numpy as np

    from demand.steps import EMPTY, column_index

    months = sorted({parse_month(entry.month) for entry in entries})
    streams = np.array(sorted({parse_node(entry.node).key for entry in entries}), dtype=np.int64)
    block = load_block(view.version, streams, months)
    column = block.plan[column_index(measure)]
    found: dict[tuple[str, str], float | None] = {}
    for entry in entries:
        row = int(streams.searchsorted(parse_node(entry.node).key))
        figure = int(column[row, block.month_place(parse_month(entry.month))])
        found[entry.node, entry.month] = None if figure == EMPTY else figure / QUANTA_PER_UNIT
    return found


def _with_person(view: PlanView, measure: str, found: Difference) -> Difference:
    who = conflict_of(view.version, [parse_node(found.node).key], parse_month(found.month), measure)
    return Difference(**{**vars(found), **who})


def merge_plan(
    *,
    version: Version,
    by: User,
    merge: Merge,
    mine: Collection[str],
    name: str,
    reason_code: str = "",
    comment: str = "",
    action_id: uuid.UUID | None = None,
) -> EditResult:
    """Loads the changes, and those conflicts (by key) in which the person keeps her own figure, as one action.

    Raises what editing raises: Conflict when somebody changed one of the figures since the comparison.
    """
    chosen = [*merge.changes, *(one for one in merge.conflicts if one.key in mine)]
    if not chosen:
        raise InvalidInput(
            "There is nothing to load: the plan holds these figures, or you keep what others entered."
        )
    edits = [
        Edit(one.node, merge.measure, parse_month(one.month), "set", one.value, one.now, check_seen=True)
        for one in chosen
    ]
    return edit_cells(
        version=version, by=by, edits=edits, reason_code=reason_code, comment=comment, action_id=action_id,
        source="upload", title=f"Workbook {name}"[:120],
    )  # fmt: skip
