"""What runs by itself each month: the backtest and the refit, in the first night after the data are in."""

import logging

from cycles.choices import RunState
from cycles.models import Cycle, Run
from cycles.queries import open_cycle_or_none
from demand.actions import backtests, refits
from demand.models import DemandHistory
from sop.errors import SopError

log = logging.getLogger(__name__)


def learn_from_the_past() -> list[Run]:
    """The runs asked for: at most one of each kind per cycle, none before its last closed month is loaded.

    A person may run both as often as they like; what a night did is not repeated. Refusals (too little history)
    are for the page of the person who asks, and here only noted.
    """
    cycle = open_cycle_or_none()
    if cycle is None or not DemandHistory.objects.filter(month=cycle.last_closed_month).exists():
        return []
    asked = []
    for kind, request in (
        (backtests.KIND, backtests.request_backtest),
        (refits.KIND, refits.request_refit),
    ):
        if _was_run(kind, cycle):
            continue
        try:
            asked.append(request(cycle=cycle, by=None))
        except SopError as refusal:
            log.info("%s is not run: %s", kind, refusal)
    return asked


def _was_run(kind: str, cycle: Cycle) -> bool:
    runs = Run.objects.filter(kind=kind, cycle=cycle, parent=None)
    return runs.exclude(state__in=[RunState.DEAD, RunState.CANCELLED]).exists()
