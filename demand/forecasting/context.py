"""What is asked of the engine and what it answers, apart from how it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from demand.forecasting.arrays import WINDOW, Bools, Floats, Ints
from demand.forecasting.cleansing import Repair
from demand.forecasting.routing import Kinds

LEVELS = (0.5, 0.8, 0.95)
LONGEST_HORIZON = 60


class InputError(ValueError):
    """The request cannot be met; the message says what is wrong and how to mend it."""


@dataclass(frozen=True)
class Context:
    """What is known about the series beside their quantities; every field may be left out.

    last_month: calendar month (1-12) of the last column, one for all or (N,). launches: (N,) column of the
    launch month, negative where unknown. ended: (N,) withdrawn from the market. stock_outs, promotions: (N,
    T) marks of months to repair; as_recorded: (N, T) marks of months never to repair. families: N labels
    (None for no family). working_days: (T + horizon,) or (N, T + horizon), column T is the first month
    forecast."""

    last_month: int | Ints | None = None
    launches: Ints | None = None
    ended: Bools | None = None
    stock_outs: Bools | None = None
    promotions: Bools | None = None
    as_recorded: Bools | None = None
    families: Sequence[object] | None = None
    working_days: Floats | None = None


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of N series over H months. mean (N, H); low, high: level -> (N, H); methods, explanations: N
    each."""

    mean: Floats
    low: dict[float, Floats]
    high: dict[float, Floats]
    kinds: Kinds
    methods: list[str]
    explanations: list[str]
    repairs: list[Repair] = field(default_factory=list)


def check_request(values: Floats, horizon: int, levels: Sequence[float]) -> None:
    """Raises InputError unless values are (N, T), 1 <= horizon <= 60 and every level lies between 0 and 1."""
    if values.ndim != 2:
        raise InputError(f"History must be a table, series by months; it has {values.ndim} dimensions.")
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise InputError(f"Horizon is {horizon}; give a number of months from 1 to {LONGEST_HORIZON}.")
    wrong = [level for level in levels if not 0 < level < 1]
    if wrong:
        raise InputError(f"Interval level {wrong[0]} is not a share between 0 and 1, such as 0.95.")


def check_context(context: Context, count: int, width: int, horizon: int) -> None:
    """Raises InputError where the shapes of the context do not fit values (count, width)."""
    shapes: dict[str, tuple[npt.NDArray[Any] | None, tuple[int, ...]]] = {
        "launches": (context.launches, (count,)),
        "ended": (context.ended, (count,)),
        "stock_outs": (context.stock_outs, (count, width)),
        "promotions": (context.promotions, (count, width)),
        "as_recorded": (context.as_recorded, (count, width)),
    }
    for name, (given, wanted) in shapes.items():
        if given is not None and np.shape(given) != wanted:
            raise InputError(f"{name} has shape {np.shape(given)}, expected {wanted} to match the history.")
    if context.families is not None and len(context.families) != count:
        raise InputError(f"families has {len(context.families)} labels for {count} series.")
    days = context.working_days
    if days is not None and np.shape(days) not in ((width + horizon,), (count, width + horizon)):
        raise InputError(
            f"working_days has shape {np.shape(days)}, expected {width} past and {horizon} future months."
        )


def recent(context: Context, width: int) -> Context:
    """The context of the last WINDOW of `width` columns, as the engine sees them."""
    cut = max(width - WINDOW, 0)

    def kept(table: Any) -> Any:
        return None if table is None else np.asarray(table)[..., cut:]

    launches = context.launches
    return replace(
        context,
        launches=None if launches is None else np.maximum(launches - cut, 0),
        stock_outs=kept(context.stock_outs),
        promotions=kept(context.promotions),
        as_recorded=kept(context.as_recorded),
        working_days=kept(context.working_days),
    )
