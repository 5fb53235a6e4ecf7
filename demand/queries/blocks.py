"""Parts of a demand plan as arrays: what edits compute on, without an object per figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from cycles.models import Version
from demand.models import CellLock, RowLock

if TYPE_CHECKING:
    from demand.steps import Flags, Floats, Whole

# Up to so many streams are asked for by their keys; of more, all are read and cut down.
MANY = 900
CHUNK_MANY = 5_000


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
    SELECT stream_id, CAST(month AS text), id, rev,
           COALESCE(baseline, -1), COALESCE(product, -1), COALESCE(marketing, -1),
           COALESCE(sales, -1), COALESCE(planner, -1), COALESCE(consensus, -1)
    FROM demand_demandfact WHERE version_id = %s AND month IN ({months}){streams}
"""


def load_block(version: Version, streams: "Whole", months: Sequence[date]) -> Block:
    """The figures of these streams (sorted keys) and months of a version."""
    import numpy as np

    from demand.steps import EMPTY

    shape = (len(streams), len(months))
    block = Block(
        version,
        streams,
        list(months),
        np.full((6, *shape), EMPTY, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
    )
    if not shape[0] or not shape[1]:
        return block
    columns = _fetch(LOAD, version.pk, streams, months)
    if columns:
        wanted, places = located(columns[0], columns[1], streams, months)
        figures = np.array(columns[2:], dtype=np.int64)[:, wanted]
        block.keys[places], block.revs[places] = figures[:2]
        block.plan[(slice(None), *places)] = figures[2:]
    return block


BANDS = """
    SELECT stream_id, CAST(month AS text),
           COALESCE(low_80, 0), COALESCE(high_80, 0), COALESCE(low_95, 0), COALESCE(high_95, 0)
    FROM demand_demandfact WHERE version_id = %s AND month IN ({months}){streams}
"""


def load_bands(version: Version, streams: "Whole", months: Sequence[date]) -> "Floats":
    """Intervals of the baseline (4, n, m) in quanta: low 80, high 80, low 95, high 95; NaN where there is none."""
    import numpy as np

    bands = np.full((4, len(streams), len(months)), np.nan)
    if bands.size:
        columns = _fetch(BANDS, version.pk, streams, months)
        if columns:
            wanted, places = located(columns[0], columns[1], streams, months)
            bands[(slice(None), *places)] = np.array(columns[2:], dtype=np.float64)[:, wanted]
    return bands


def _fetch(statement: str, version: int, streams: "Whole", months: Sequence[date]) -> list[tuple[Any, ...]]:
    """The result column by column; nothing where no row was found."""
    few = len(streams) <= MANY
    marks = ", ".join(["%s"] * len(months))
    chosen = f" AND stream_id IN ({', '.join(map(str, streams.tolist()))})" if few else ""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(months=marks, streams=chosen),
            [version, *(month.isoformat() for month in months)],
        )
        return list(zip(*cursor.fetchall(), strict=True))


def located(
    keys: Sequence[int], in_months: Sequence[Any], streams: "Whole", months: Sequence[date]
) -> tuple["Flags", tuple["Whole", "Whole"]]:
    """Which rows (stream key and month each) are wanted, and the places (row, month) of these in the block."""
    import numpy as np

    month_places = {month.isoformat(): place for place, month in enumerate(months)}
    rows = np.array(keys, dtype=np.int64)
    places = streams.searchsorted(rows)
    wanted = streams[np.minimum(places, len(streams) - 1)] == rows
    columns = np.array(list(map(month_places.__getitem__, map(str, in_months))), dtype=np.int64)
    return wanted, (places[wanted], columns[wanted])


def locked_cells(block: Block, fence_months: int, first_month: date) -> "Flags":
    """Cells (n, m) that spreading leaves alone: locked by a person, or inside the time fence."""
    from sop.periods import months_between

    cells, rows = people_locks(block.version, block.streams, block.months)
    locked: Flags = cells | rows[:, None]
    for place, month in enumerate(block.months):
        locked[:, place] |= months_between(first_month, month) < fence_months
    return locked


def people_locks(version: Version, streams: "Whole", months: Sequence[date]) -> tuple["Flags", "Flags"]:
    """Cells (n, m) of streams (sorted keys) and months that people locked one by one, and whole locked rows (n)."""
    import numpy as np

    cells = np.zeros((len(streams), len(months)), dtype=bool)
    if not cells.size:
        return cells, np.zeros(len(streams), dtype=bool)
    single = CellLock.objects.filter(version=version, month__in=months).values_list("stream_id", "month")
    if found := list(single):
        keys, in_months = zip(*found, strict=True)
        _, places = located(keys, in_months, streams, months)
        cells[places] = True
    rows = RowLock.objects.filter(version=version).values_list("stream_id", flat=True)
    return cells, np.isin(streams, np.array(list(rows), dtype=np.int64))


# One row per stream, its months and quantities as text: half a million figures are read in a fraction of
# the time that a row per figure takes. Both texts of a stream are put together in the same order.
IN_ROWS = """
    SELECT stream_id, {join}(CAST(month AS text), ','), {join}(CAST(quantity AS text), ',')
    FROM {table} WHERE {which}month >= %s AND month <= %s{streams} GROUP BY stream_id
"""


def history_table(streams: "Whole", months: Sequence[date]) -> "Floats":
    """Ordered quantity in quanta (n, m) of streams (sorted keys) in consecutive months; zero where there was none."""
    import numpy as np

    table = np.zeros((len(streams), len(months)), dtype=np.float64)
    _fill(table, _rows("demand_demandhistory", streams, months), streams, months)
    return table


def imported_table(cycle_month: date, label: str, streams: "Whole", months: Sequence[date]) -> "Floats":
    """An imported forecast in quanta (n, m) of streams (sorted keys) in consecutive months; NaN for no figure."""
    import numpy as np

    table = np.full((len(streams), len(months)), np.nan)
    which = "cycle_month = %s AND label = %s AND "
    rows = _rows("demand_forecastline", streams, months, which, [cycle_month.isoformat(), label])
    _fill(table, rows, streams, months)
    return table


def _fill(
    table: "Floats", found: list[tuple[int, str, str]], streams: "Whole", months: Sequence[date]
) -> None:
    import numpy as np

    rows = {key: place for place, key in enumerate(streams.tolist())}
    known: dict[str, Whole] = {}
    month_places = {month.isoformat(): place for place, month in enumerate(months)}
    for key, in_months, quantities in found:
        if key not in rows:
            continue
        if in_months not in known:  # most streams were sold in the same months
            known[in_months] = np.array([month_places[text] for text in in_months.split(",")], dtype=np.int64)
        table[rows[key], known[in_months]] = np.fromstring(quantities, dtype=np.float64, sep=",")


def _rows(
    table: str, streams: "Whole", months: Sequence[date], which: str = "", given: Sequence[str] = ()
) -> list[tuple[int, str, str]]:
    if not len(streams) or not months:
        return []
    join = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    few = len(streams) <= CHUNK_MANY
    chosen = f" AND stream_id IN ({', '.join(map(str, streams.tolist()))})" if few else ""
    statement = IN_ROWS.format(join=join, table=table, which=which, streams=chosen)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, months[0].isoformat(), months[-1].isoformat()])
        rows: list[tuple[int, str, str]] = cursor.fetchall()
    return rows
