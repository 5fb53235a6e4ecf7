"""Parts of a demand plan as arrays: what edits compute on, without an object per figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from cycles.models import Version
from demand.models import CellLock, DemandHistory

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Whole

# SQLite and PostgreSQL both take this many parameters; above it, all streams are read and cut down.
MANY = 900


@dataclass
class Block:
    """Some streams (n, sorted) and months (m) of a version: plan (6, n, m), keys and revisions (n, m).

    A key of 0 means that the plan has no figure there.
    """

    version: Version
    streams: "Whole"
    months: list[date]
    plan: "Whole"
    keys: "Whole"
    revs: "Whole"

    @property
    def has_figures(self) -> bool:
        return bool((self.keys > 0).any())

    def month_place(self, month: date) -> int:
        return self.months.index(month)


LOAD = """
    SELECT stream_id, month, id, rev, COALESCE(baseline, -1), COALESCE(product, -1), COALESCE(marketing, -1),
           COALESCE(sales, -1), COALESCE(planner, -1), COALESCE(consensus, -1)
    FROM demand_demandfact WHERE version_id = %s AND month IN ({months}){streams}
"""


def load_block(version: Version, streams: "Whole", months: Sequence[date]) -> Block:
    """The figures of these streams (sorted keys) and months of a version."""
    import numpy as np

    from demand.steps import EMPTY

    shape = (len(streams), len(months))
    block = Block(
        version, streams, list(months), np.full((6, *shape), EMPTY, dtype=np.int64),
        np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64),
    )
    if not shape[0] or not shape[1]:
        return block
    rows, places = located(_fetch(LOAD, version.pk, streams, months), streams, months)
    if len(rows):
        figures = np.array([row[2:] for row in rows], dtype=np.int64)
        block.keys[places] = figures[:, 0]
        block.revs[places] = figures[:, 1]
        block.plan[(slice(None), *places)] = figures[:, 2:].T
    return block


BANDS = """
    SELECT stream_id, month, COALESCE(low_80, 0), COALESCE(high_80, 0), COALESCE(low_95, 0), COALESCE(high_95, 0)
    FROM demand_demandfact WHERE version_id = %s AND month IN ({months}){streams}
"""


def load_bands(version: Version, streams: "Whole", months: Sequence[date]) -> "Floats":
    """Intervals of the baseline (4, n, m) in quanta: low 80, high 80, low 95, high 95; NaN where there is none."""
    import numpy as np

    bands = np.full((4, len(streams), len(months)), np.nan)
    if bands.size:
        rows, places = located(_fetch(BANDS, version.pk, streams, months), streams, months)
        if len(rows):
            bands[(slice(None), *places)] = np.array([row[2:] for row in rows], dtype=np.float64).T
    return bands


def _fetch(statement: str, first: Any, streams: "Whole", months: Sequence[date]) -> list[tuple[Any, ...]]:
    few = len(streams) <= MANY
    marks = ", ".join(["%s"] * len(months))
    chosen = f" AND stream_id IN ({', '.join(map(str, streams.tolist()))})" if few else ""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(months=marks, streams=chosen), [first, *(month.isoformat() for month in months)]
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def located(
    rows: list[tuple[Any, ...]], streams: "Whole", months: Sequence[date]
) -> tuple[list[tuple[Any, ...]], tuple["Whole", "Whole"]]:
    """The rows whose stream is wanted, and their places (row, month) in the block."""
    import numpy as np

    month_places = {month.isoformat(): place for place, month in enumerate(months)}
    keys = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    places = streams.searchsorted(keys)
    wanted = streams[np.minimum(places, len(streams) - 1)] == keys
    kept = rows if wanted.all() else [row for row, is_wanted in zip(rows, wanted.tolist(), strict=True) if is_wanted]
    columns = np.fromiter((month_places[str(row[1])] for row in kept), dtype=np.int64, count=len(kept))
    return kept, (places[wanted], columns)


def locked_cells(block: Block, fence_months: int, first_month: date) -> "Flags":
    """Cells (n, m) that spreading leaves alone: locked by a person, or inside the time fence."""
    import numpy as np

    from sop.periods import months_between

    locked = np.zeros(block.keys.shape, dtype=bool)
    for place, month in enumerate(block.months):
        locked[:, place] = months_between(first_month, month) < fence_months
    rows = list(
        CellLock.objects.filter(version=block.version, month__in=block.months).values_list("stream_id", "month")
    )
    if rows and len(block.streams):
        _, places = located(rows, block.streams, block.months)
        locked[places] = True
    return locked


HISTORY = """
    SELECT stream_id, month, quantity FROM demand_demandhistory WHERE %s = 1 AND month IN ({months}){streams}
"""


def history_table(streams: "Whole", months: Sequence[date]) -> "Floats":
    """Ordered quantity in quanta (n, m) of streams (sorted keys); zero where nothing was ordered."""
    import numpy as np

    table = np.zeros((len(streams), len(months)), dtype=np.float64)
    if table.size:
        rows, places = located(_fetch(HISTORY, 1, streams, months), streams, months)
        table[places] = [row[2] for row in rows]
    return table


def has_history() -> bool:
    """Whether any demand has been loaded."""
    return DemandHistory.objects.exists()
