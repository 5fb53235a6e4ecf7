"""Helps tests and management commands to carry out background runs in their own process."""

from cycles.actions.runs import execute_run
from cycles.choices import RunState
from cycles.models import Run


def run_pending(*, most: int = 10_000) -> int:
    """Carries out waiting runs, oldest first, until none is left; returns how many. Errors pass through."""
    count = 0
    while count < most:
        run_id = Run.objects.filter(state=RunState.QUEUED).order_by("pk").values_list("pk", flat=True).first()
        if run_id is None:
            return count
        execute_run(run_id, with_heartbeat=False)
        count += 1
    raise RuntimeError(f"More than {most} runs are waiting.")
