"""The family x market x month summary, kept in step with the facts inside the same transaction."""

from typing import TYPE_CHECKING

from django.db import connection

from cycles.choices import CycleState, VersionKind, VersionState
from cycles.models import Version
from demand.models import DemandSummary
from demand.queries.blocks import Block, load_bands, load_block
from demand.queries.streams import StreamTable, stream_table
from demand.queries.views import planned_stream_keys
from sop.bulk import bulk_insert

if TYPE_CHECKING:
    from demand.steps import Floats, Whole

QUANTITIES = ("baseline", "product", "marketing", "sales", "planner", "consensus")
VALUES = tuple(f"{name}_value" for name in QUANTITIES)
COLUMNS = (*QUANTITIES, *VALUES)

SHIFT = (
    f"UPDATE demand_demandsummary SET {', '.join(f'{name} = {name} + %s' for name in COLUMNS)} "  # noqa: S608
    "WHERE version_id = %s AND family_id = %s AND market_id = %s AND month = %s"
)


def rebuild_summary(version: Version) -> int:
    """Sums the whole version anew, for instance after prices have changed. Returns the number of rows."""
    block = load_block(version, planned_stream_keys(version), version.cycle.months)
    low, high = load_bands(version, block.streams, block.months)[:2]
    return write_summary(block, stream_table(), high - low)


def revalue_drafts() -> None:
    """Sums the draft of the open cycle anew at the prices of now; frozen plans keep the prices they were signed at."""
    drafts = Version.objects.filter(
        kind=VersionKind.DEMAND, state=VersionState.DRAFT, cycle__state=CycleState.OPEN
    ).select_related("cycle")
    for draft in drafts:
        if DemandSummary.objects.filter(version=draft).exists():
            rebuild_summary(draft)


def write_summary(block: Block, table: StreamTable, widths_80: "Floats") -> int:
    """Replaces the summary of a version by the sums of a block that holds all of it.

    ``widths_80`` (n, m) are the widths of the streams' 80 % intervals in quanta.
    """
    DemandSummary.objects.filter(version=block.version).delete()
    pairs, totals = _totals(block, block.plan, table)
    squares = _squares(block, table, pairs, widths_80)
    rows = (
        (
            block.version.pk,
            family,
            market,
            month.isoformat(),
            *totals[:, group, place].tolist(),
            float(squares[group, place]),
        )
        for group, (family, market) in enumerate(pairs)
        if family
        for place, month in enumerate(block.months)
    )
    return bulk_insert(DemandSummary, ("version", "family", "market", "month", *COLUMNS, "squares_80"), rows)


def _squares(block: Block, table: StreamTable, pairs: list[tuple[int, int]], widths: "Floats") -> "Floats":
    import numpy as np

    places = table.rows_of(block.streams)
    groups = {pair: group for group, pair in enumerate(pairs)}
    keys = zip(table.families[places].tolist(), table.markets[places].tolist(), strict=True)
    squares = np.zeros((len(pairs), len(block.months)))
    np.add.at(
        squares, np.array([groups[key] for key in keys], dtype=np.int64), (np.nan_to_num(widths) / 2) ** 2
    )
    return squares


def shift_summary(block: Block, before: "Whole", table: StreamTable) -> None:
    """Moves the summary by what changed between ``before`` (6, n, m) and the block's plan."""
    import numpy as np

    touched = (block.plan != before).any(axis=(0, 2))
    months = np.flatnonzero((block.plan != before).any(axis=(0, 1)))
    if not touched.any():
        return
    small = Block(
        block.version,
        block.streams[touched],
        [block.months[place] for place in months],
        block.plan[:, touched][:, :, months],
        block.keys[touched][:, months],
        block.revs[touched][:, months],
    )
    pairs, new = _totals(small, small.plan, table)
    _, old = _totals(small, before[:, touched][:, :, months], table)
    moved = new - old
    rows = [
        [*moved[:, group, place].tolist(), block.version.pk, family, market, month.isoformat()]
        for group, (family, market) in enumerate(pairs)
        for place, month in enumerate(small.months)
        if moved[:, group, place].any()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SHIFT, rows)


def _totals(block: Block, plan: "Whole", table: StreamTable) -> tuple[list[tuple[int, int]], "Whole"]:
    """(family, market) pairs (g) and totals (12, g, m): quanta, then money in minor units."""
    import numpy as np

    from demand.steps import money

    places = table.rows_of(block.streams)
    families, markets, prices = table.families[places], table.markets[places], table.prices[places]
    pairs, groups = np.unique(np.stack([families, markets]), axis=1, return_inverse=True)
    order = groups.ravel()
    totals = np.zeros((12, pairs.shape[1], len(block.months)), dtype=np.int64)
    for index in range(len(QUANTITIES)):
        np.add.at(totals[index], order, np.maximum(plan[index], 0))
        np.add.at(totals[index + len(QUANTITIES)], order, money(plan[index], prices[:, None]))
    return [(int(family), int(market)) for family, market in pairs.T], totals
