"""The arithmetic of the demand plan: steps that build on each other, spreading, replaying the ledger.

Pure NumPy. Quantities are whole quanta and never negative; ``EMPTY`` stands for "no figure yet". A plan
is an array (6, streams, months): the result after each column of ``COLUMNS``, each filled from the one
before where nobody changed it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cycles.spreading import spread

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

COLUMNS = ("baseline", "product", "marketing", "sales", "planner", "consensus")
EMPTY = -1


@dataclass(frozen=True)
class Step:
    """One action of the ledger as it is replayed: on which cells of which column, and what it did there.

    ``old`` and ``new`` (n) hold what stood there when it was recorded; a ``new`` of EMPTY takes the
    input back. ``factor`` is the multiplier; None: the ratio of new to old, cell by cell.
    """

    column: str
    operation: str
    rows: Whole
    months: Whole
    old: Whole
    new: Whole
    factor: float | None = None


def column_index(column: str) -> int:
    """Place of a column in a plan array."""
    return COLUMNS.index(column)


def rounded(values: Floats) -> Whole:
    """To whole quanta, half up; values are not negative."""
    return np.floor(values + 0.5).astype(np.int64)


def replay(plan: Whole, steps: Iterable[Step], first: int) -> None:
    """Recomputes the columns from ``first`` (1 to 5) on, in place, from the column before and the steps.

    Steps are applied in the order given. Where a step meets the figure it was recorded on, it gives
    exactly the figure it gave then, so a replay over an unchanged plan changes nothing.
    """
    by_column: dict[str, list[Step]] = {column: [] for column in COLUMNS}
    for step in steps:
        by_column[step.column].append(step)
    for index in range(first, len(COLUMNS)):
        before, after = plan[index - 1], plan[index]
        after[...] = before
        for step in by_column[COLUMNS[index]]:
            after[step.rows, step.months] = _applied(step, after, before)


def _applied(step: Step, after: Whole, before: Whole) -> Whole:
    now = after[step.rows, step.months]
    if step.operation == "set":
        result = step.new
    elif step.operation == "add":
        moved = np.maximum(step.new, 0) - np.maximum(step.old, 0)
        result = np.maximum(np.maximum(now, 0) + moved, 0)
    else:
        result = _multiplied(step, now)
    result = np.where(now == step.old, step.new, result)
    return np.where(step.new == EMPTY, before[step.rows, step.months], result)


def _multiplied(step: Step, now: Whole) -> Whole:
    if step.factor is not None:
        factors = np.full(now.shape, step.factor)
    else:
        factors = np.where(step.old > 0, step.new / np.maximum(step.old, 1), 1.0)
    return np.where(now > 0, rounded(np.maximum(now, 0) * factors), now)


def changed_cells(
    now: Whole, *, operation: str, total: int, factor: float, locked: Flags, history: Floats
) -> Whole:
    """What the cells (n) of one node and month become by one edit; ``locked`` ones keep their figures.

    ``set`` makes the sum of all cells ``total``, ``add`` raises it by ``total``, ``multiply`` takes the
    free cells times ``factor``; each in proportion to the present figures, all-zero ones by ``history``,
    else equally, parts adding up exactly. Raises ValueError in words where that cannot be.
    """
    present = np.maximum(now, 0)
    if operation == "set":
        wanted = total
    elif operation == "add":
        wanted = int(present.sum()) + total
    else:
        fixed, free = int(present[locked].sum()), int(present[~locked].sum())
        wanted = fixed + int(np.floor(free * factor + 0.5))
    if wanted < 0:
        raise ValueError("A plan cannot go below zero.")
    parts = spread(wanted, present, locked=locked, fallback=history)
    return np.where(locked, now, parts)


def money(quanta: Whole, prices: Floats) -> Whole:
    """Value in minor units, rounded per cell; ``prices`` are minor units per unit. EMPTY counts nothing."""
    return np.rint(np.maximum(quanta, 0) * (prices / 1000.0)).astype(np.int64)


def units_for_money(now: Whole, *, value_minor: float, prices: Floats, locked: Flags, history: Floats) -> int:
    """The total in quanta at which the cells (n) are worth ``value_minor``, the mix of free cells unchanged.

    Raises ValueError where no free cell has a price.
    """
    present = np.maximum(now, 0).astype(np.float64)
    fixed_value = float(money(now[locked], prices[locked]).sum())
    free = present[~locked] if present[~locked].any() else history[~locked]
    free = free if free.any() else np.ones(int((~locked).sum()))
    worth = float((free * prices[~locked]).sum()) / 1000.0
    if worth <= 0:
        raise ValueError("There is no planned price here, so this cannot be turned into units. Enter units.")
    scale = (value_minor - fixed_value) / worth
    return int(present[locked].sum()) + round(float(free.sum()) * scale)


def sums(values: Whole, groups: Sequence[int] | Whole, count: int) -> Whole:
    """Sums (count, months) of rows (n, months) by group; a group of EMPTY cells alone stays EMPTY."""
    known = values != EMPTY
    totals = np.zeros((count, values.shape[1]), dtype=np.int64)
    seen = np.zeros((count, values.shape[1]), dtype=bool)
    index = np.asarray(groups, dtype=np.int64)
    np.add.at(totals, index, np.where(known, values, 0))
    np.logical_or.at(seen, index, known)
    return np.where(seen, totals, EMPTY)
