"""The value-added stair-step: the error after each step of the plan, and what each step added to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demand.learning.sums import Errors, Flags, Floats, errors_of, points_added


@dataclass(frozen=True)
class Stair:
    """One step: its errors, and the points of WAPE that it won against the step before (None for the first)."""

    name: str
    errors: Errors
    added: float | None


def stairs(actual: Floats, steps: Mapping[str, Floats]) -> list[Stair]:
    """The steps in the order given, all over the same cells: those known after every step.

    actual, each step: (n, months), NaN where unknown. A step that is known nowhere is left out, since nothing
    can be said of it. Value added is WAPE before less WAPE after (Gilliland 2013, FVA)."""
    present = {name: table for name, table in steps.items() if np.isfinite(table).any()}
    if not present:
        return []
    common = known_in_all(actual, present)
    found: list[Stair] = []
    for name, table in present.items():
        errors = errors_of(np.where(common, actual, np.nan), table)
        found.append(Stair(name, errors, points_added(found[-1].errors, errors) if found else None))
    return found


def known_in_all(actual: Floats, steps: Mapping[str, Floats]) -> Flags:
    """Cells (n, months) whose actual and every step are known: the identical items and months of a comparison."""
    common: Flags = np.isfinite(actual)
    for table in steps.values():
        common = common & np.isfinite(table)
    return common


def total_added(found: list[Stair]) -> float | None:
    """Points of WAPE from the first step to the last; the sum of what the steps added."""
    return points_added(found[0].errors, found[-1].errors) if len(found) > 1 else None
