"""The company's own history as the engine is tested and trained on it: a matrix, right-aligned."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min

from cycles.models import Cycle
from demand.models import DemandHistory, DemandStream
from demand.queries.blocks import history_table
from demand.queries.inputs import ENGINE_VERSION, LONGEST_HISTORY
from demand.queries.known import known_stamp
from demand.queries.stamp import history_stamp
from portfolio.choices import ProductKind
from sop.periods import add_months, month_range, months_between
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.steps import Floats, Whole


@dataclass(frozen=True)
class Trial:
    """How a history is tested: months ahead from each origin, and how many origins."""

    horizon: int
    origins: int


# Months of history at least -> how it is tested; a year ahead only where two and more lie before it.
TRIALS = ((48, Trial(12, 3)), (30, Trial(6, 3)), (18, Trial(3, 3)))
LEAST_MONTHS = TRIALS[-1][0]


def trial_for(months: int) -> Trial | None:
    """The longest test that a history of so many months bears; None where it is too short for any."""
    return next((trial for least, trial in TRIALS if months >= least), None)


def history_months(cycle: Cycle) -> list[date]:
    """The closed months that the engine looks at, the last one last."""
    first = DemandHistory.objects.aggregate(first=Min("month"))["first"] or cycle.last_closed_month
    count = min(months_between(first, cycle.last_closed_month) + 1, LONGEST_HISTORY)
    return month_range(add_months(cycle.last_closed_month, 1 - count), max(count, 1))


def tested_streams(cycle: Cycle) -> list[int]:
    """Every stream of a finished good with a family that ever sold, ended ones too, family by family.

    Those that ended count: a test of the survivors alone would flatter.
    """
    sold = DemandHistory.objects.filter(month__lte=cycle.last_closed_month).exclude(quantity=0)
    return list(
        DemandStream.objects.filter(
            product__kind=ProductKind.FINISHED,
            product__family__isnull=False,
            pk__in=sold.values("stream"),
        )
        .order_by("product__family_id", "pk")
        .values_list("pk", flat=True)
    )


def own_series(streams: "Whole", months: list[date]) -> "Floats":
    """Units (n, t) of streams (sorted keys), NaN before the first sale: what was not sold yet is not unsold."""
    import numpy as np

    values = history_table(streams, months) / QUANTA_PER_UNIT
    started = np.cumsum(values != 0, axis=1) > 0
    return np.where(started, values, np.nan)


def data_key(cycle: Cycle, *more: object) -> str:
    """The key of a run on these data: the same history, facts and engine give the same run."""
    parts = (ENGINE_VERSION, history_stamp(), known_stamp(cycle, LONGEST_HISTORY), *more)
    return f"{cycle.month:%Y-%m}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"
