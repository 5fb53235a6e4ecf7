"""Writing computed plan figures back: facts by compare-and-set, the summary, and the ledger."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from cycles.actions.ledger import record_change
from cycles.choices import Measure, Operation
from cycles.models import Assumption, Change, User, Version
from demand.queries.blocks import Block

if TYPE_CHECKING:
    from demand.steps import Floats, Whole


@dataclass
class PlannedChange:
    """A change of the ledger before it is written: cells (n) of a block, with old and new quanta."""

    function: str
    measure: str
    operation: str
    level: str
    scope: dict[str, Any]
    rows: "Whole"
    months: "Whole"
    old: "Whole"
    new: "Whole"
    operand: float | None = None
    source: str = "grid"
    source_key: str = ""
    reason_code: str = ""
    comment: str = ""
    assumption: Assumption | None = None
    undoes: Change | None = None
    delta_value: int = 0
    delta_quanta: int = 0

    def weigh(self, after: "Whole", prices: "Floats") -> None:
        """Notes what it moves in quanta and money: ``after`` (n) is what the cells come to, prices by row."""
        from demand.steps import money

        cell_prices = prices[self.rows]
        self.delta_quanta = int((after.clip(0) - self.old.clip(0)).sum())
        self.delta_value = int((money(after, cell_prices) - money(self.old, cell_prices)).sum())


class Overtaken(Exception):
    """Somebody else wrote the same figures between reading and writing; computed again on what is there now."""


def write_block(block: Block, before: "Whole") -> int:
    """Stores the figures that differ from ``before`` (6, n, m); raises Overtaken where one was changed meanwhile.

    Runs inside the caller's transaction, which holds the version's row. Returns how many cells changed.
    """
    import numpy as np

    from demand.steps import COLUMNS, EMPTY

    rows, months = np.nonzero((block.plan != before).any(axis=0) & (block.keys > 0))
    if not len(rows):
        return 0
    figures = [block.plan[index][rows, months] for index in range(1, len(COLUMNS))]
    values = [[None if value == EMPTY else value for value in column.tolist()] for column in figures]
    keys, revs = block.keys[rows, months].tolist(), block.revs[rows, months].tolist()
    if _update(values, keys, revs) != len(keys):
        raise Overtaken
    return len(keys)


UPDATE_ONE = """
    UPDATE demand_demandfact SET product = %s, marketing = %s, sales = %s, planner = %s, consensus = %s, rev = rev + 1
    WHERE id = %s AND rev = %s
"""
UPDATE_MANY = """
    UPDATE demand_demandfact AS fact
    SET product = news.product, marketing = news.marketing, sales = news.sales, planner = news.planner,
        consensus = news.consensus, rev = fact.rev + 1
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS news(product, marketing, sales, planner, consensus, id, rev)
    WHERE fact.id = news.id AND fact.rev = news.rev
"""


def _update(values: list[list[int | None]], keys: list[int], revs: list[int]) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(UPDATE_MANY, [*values, keys, revs])
        else:
            cursor.executemany(UPDATE_ONE, list(zip(*values, keys, revs, strict=True)))
        return int(cursor.rowcount)


def record(
    *, version: Version, by: User | None, block: Block, planned: list[PlannedChange], action_id: uuid.UUID
) -> list[Change]:
    """Appends the changes to the ledger in order, all as one action."""
    streams = block.streams
    return [
        record_change(
            version=version,
            by=by,
            function=change.function,
            measure=Measure(change.measure),
            operation=Operation(change.operation),
            level=change.level,
            scope=change.scope,
            first_month=block.months[int(change.months.min())],
            last_month=block.months[int(change.months.max())],
            lines=_lines(change, streams.tolist(), block.months),
            operand=change.operand,
            reason_code=change.reason_code,
            comment=change.comment,
            assumption=change.assumption,
            action_id=action_id,
            source=change.source,
            source_key=change.source_key[:64],
            undoes=change.undoes,
            delta_value=change.delta_value,
            delta_quanta=change.delta_quanta,
        )
        for change in planned
    ]


def _lines(
    change: PlannedChange, streams: list[int], months: list[date]
) -> list[tuple[int, date, int | None, int | None]]:
    from demand.steps import EMPTY

    def known(value: int) -> int | None:
        return None if value == EMPTY else value

    cells = zip(
        change.rows.tolist(), change.months.tolist(), change.old.tolist(), change.new.tolist(), strict=True
    )
    return [(streams[row], months[month], known(old), known(new)) for row, month, old, new in cells]
