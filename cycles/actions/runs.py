"""Background runs: asking for one, claiming, finishing, failing, cancelling, sweeping.

The row is the job and the message only a bell: a lost or doubled message changes nothing, since a run is
claimed by one conditional update and its results commit together with "done".
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from cycles.choices import RunState
from cycles.heartbeat import Heartbeat
from cycles.models import Cycle, Run, User
from cycles.registry import RunKind, registry, resolve
from cycles.work import RunCancelled, RunFenced, Work
from sop.errors import InvalidInput, NotAllowed, SopError

log = logging.getLogger(__name__)

# By name: tasks stand above actions and import them.
EXECUTE_RUN = "cycles.tasks.task_execute_run"


def request_run(
    *,
    kind: str,
    key: str,
    by: User | None,
    cycle: Cycle | None = None,
    params: Mapping[str, Any] | None = None,
) -> Run:
    """The run of this kind and key: the one that is there already, or a new one whose bell rings on commit.

    ``key`` carries the identity of the inputs, so that a wanted second run has another key.
    """
    if kind not in registry.run_kinds:
        raise InvalidInput(f"There is no kind of run called {kind!r}.")
    try:
        with transaction.atomic():
            run = Run.objects.create(
                kind=kind, key=key, by=by, cycle=cycle, params=dict(params or {}), enqueued_at=timezone.now()
            )
    except IntegrityError:
        existing = (
            Run.objects.filter(kind=kind, key=key)
            .exclude(state__in=[RunState.DEAD, RunState.CANCELLED])
            .first()
        )
        if existing is None:
            raise
        return existing
    ring(run.pk)
    return run


def ring(*run_ids: int) -> None:
    """Wakes a worker for each run once the transaction commits. A broker that is down costs only time."""

    def send() -> None:
        for run_id in run_ids:
            try:
                current_app.send_task(EXECUTE_RUN, kwargs={"run_id": run_id})
            except (OperationalError, OSError) as error:
                log.warning(
                    "the broker does not answer (%s); the sweeper will send run %s again", error, run_id
                )

    transaction.on_commit(send)


def claim(run_id: int) -> Run | None:
    """Takes a waiting run for this worker; None where somebody else has it or it has ended."""
    now = timezone.now()
    token = uuid.uuid4()
    claimed = Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(
        state=RunState.RUNNING, token=token, lease_until=now + _lease(), started_at=now, error=""
    )
    if not claimed:
        return None
    return Run.objects.select_related("cycle", "by", "parent").get(pk=run_id)


def execute_run(run_id: int, *, with_heartbeat: bool = True) -> None:
    """Carries out one run from claim to result; returns at once where it is not to be had."""
    run = claim(run_id)
    if run is None:
        return
    with Outcome(run), Heartbeat(run, active=with_heartbeat):
        _carry_out(run, registry.run_kinds[run.kind])


def _carry_out(run: Run, kind: RunKind) -> None:
    work = Work(run)
    if kind.split and run.parent_id is None:
        if run.parts.exists():
            _finish(run, resolve(kind.join)(work, _part_results(run)))  # type: ignore[arg-type]
        else:
            _split(run, resolve(kind.split)(run))
        return
    if kind.handler is None:
        raise InvalidInput(f"Runs of kind {run.kind} have no handler.")
    _finish(run, resolve(kind.handler)(work))


def _split(run: Run, parts: list[dict[str, Any]]) -> None:
    if not parts:
        raise InvalidInput("There is nothing to compute: no part came out of the split.")
    now = timezone.now()
    with transaction.atomic():
        _hold(run, state=RunState.WAITING, progress_total=len(parts), lease_until=None)
        children = Run.objects.bulk_create(
            Run(
                kind=run.kind,
                key=f"{run.pk}:{number}",
                parent=run,
                cycle=run.cycle,
                by=run.by,
                params=params,
                enqueued_at=now,
            )
            for number, params in enumerate(parts)
        )
        ring(*[child.pk for child in children])


def _part_results(run: Run) -> list[dict[str, Any]]:
    return list(run.parts.order_by("pk").values_list("result", flat=True))


def _finish(run: Run, store: Any) -> None:
    """Results and "done" in one transaction; the row is taken first, so nobody can claim it meanwhile."""
    with transaction.atomic():
        _hold(run, state=RunState.DONE, finished_at=timezone.now(), message="")
        result = store() if store else {}
        Run.objects.filter(pk=run.pk).update(result=result or {}, progress_done=F("progress_total"))
        if run.parent_id:
            _tell_parent(run.parent_id)


def _hold(run: Run, **values: Any) -> None:
    mine = Run.objects.filter(pk=run.pk, token=run.token, state=RunState.RUNNING, cancel_asked=False)
    if not mine.update(**values):
        raise RunCancelled if Run.objects.filter(pk=run.pk, cancel_asked=True).exists() else RunFenced


def _tell_parent(parent_id: int) -> None:
    # The lock makes the last two parts wait for each other: exactly one of them sees all parts done.
    parent = Run.objects.select_for_update().get(pk=parent_id)
    states = list(parent.parts.values_list("state", flat=True))
    done = states.count(RunState.DONE)
    Run.objects.filter(pk=parent_id).update(progress_done=done)
    if done == len(states) and parent.state == RunState.WAITING:
        Run.objects.filter(pk=parent_id).update(state=RunState.QUEUED, enqueued_at=timezone.now())
        ring(parent_id)


class Outcome:
    """Writes down how a run ended when it did not end well; the exception goes on to the worker's log.

    A refusal in words (SopError) is final, for a second try would be refused as well. Anything else is
    tried again, at most ``RUN_MAX_ERRORS`` times. Losing the lease is nobody's error.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    def __enter__(self) -> "Outcome":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, RunFenced):
            return True
        if isinstance(error, RunCancelled):
            _end(self.run, RunState.CANCELLED, "")
            return True
        if isinstance(error, SopError):
            _end(self.run, RunState.DEAD, error.message)
            return True
        if not isinstance(error, Exception):
            _release(self.run)  # the worker is told to stop: not the run's fault
            return False
        note_error(self.run, in_words(error))
        return False


def in_words(error: BaseException) -> str:
    """An unforeseen error as a person can pass it on."""
    if isinstance(error, MemoryError):
        return "The worker ran out of memory. Ask the administrator for more, or plan a shorter horizon."
    if isinstance(error, DatabaseError):
        return f"The database refused: {error}"
    if type(error).__name__ == "SoftTimeLimitExceeded":
        return "It took longer than the time limit. Ask the administrator to raise it, or plan less at once."
    return f"Something unforeseen went wrong ({type(error).__name__}: {error}). The log has the details."


def note_error(run: Run, reason: str) -> None:
    """Counts an error: back into the queue, or dead with the reason after the last try."""
    errors = run.errors_seen + 1
    if errors >= settings.RUN_MAX_ERRORS:
        _end(run, RunState.DEAD, reason)
        return
    back = _mine(run).update(
        state=RunState.QUEUED,
        token=None,
        lease_until=None,
        errors_seen=errors,
        error=reason,
        enqueued_at=timezone.now(),
    )
    if back:
        ring(run.pk)


def _release(run: Run) -> None:
    _mine(run).update(state=RunState.QUEUED, token=None, lease_until=None, losses_seen=F("losses_seen") + 1)


def _mine(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, token=run.token, state=RunState.RUNNING)


def _end(run: Run, state: RunState, reason: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        ended = _mine(run).update(
            state=state,
            error=reason,
            finished_at=now,
            errors_seen=F("errors_seen") + int(state == RunState.DEAD),
        )
        if ended and run.parent_id:
            _end_family(run.parent_id, state, reason)


def _end_family(parent_id: int, state: RunState, reason: str) -> None:
    """One part failed for good: the whole fails with its reason, and the other parts are not started."""
    now = timezone.now()
    Run.objects.filter(pk=parent_id, state__in=RunState.active()).update(
        state=state, error=reason, finished_at=now
    )
    Run.objects.filter(parent_id=parent_id, state=RunState.QUEUED).update(
        state=RunState.CANCELLED, finished_at=now
    )
    Run.objects.filter(parent_id=parent_id, state=RunState.RUNNING).update(cancel_asked=True)


@transaction.atomic
def cancel_run(*, run: Run, by: User) -> None:
    """Stops a run: at once while it waits, at its next step while it runs. NotAllowed for other people's."""
    from cycles.permissions import can_run_cycle

    if run.by_id != by.pk and not can_run_cycle(by):
        raise NotAllowed("Only who started a run, or the process owner, can cancel it.")
    now = timezone.now()
    everybody = Run.objects.filter(pk=run.pk) | Run.objects.filter(parent=run)
    everybody.filter(state__in=[RunState.QUEUED, RunState.WAITING]).update(
        state=RunState.CANCELLED, cancel_asked=True, finished_at=now
    )
    everybody.filter(state=RunState.RUNNING).update(cancel_asked=True)


def sweep_runs(*, now: datetime | None = None) -> int:
    """Brings back what was lost: expired leases, bells nobody heard, parents whose parts are all done.

    Harmless if run twice. Returns how many runs were sent again.
    """
    moment = now or timezone.now()
    sent = [*_expired(moment), *_unheard(moment), *_complete_parents()]
    if sent:
        ring(*sent)
    return len(sent)


def _expired(now: datetime) -> list[int]:
    revived = []
    for run in Run.objects.filter(state=RunState.RUNNING, lease_until__lt=now):
        if run.losses_seen + 1 >= settings.RUN_MAX_LOSSES:
            _end(
                run,
                RunState.DEAD,
                f"Its worker was lost {run.losses_seen + 1} times, perhaps for want of memory.",
            )
            continue
        if run.cancel_asked:
            _end(run, RunState.CANCELLED, "")
            continue
        if Run.objects.filter(pk=run.pk, token=run.token, state=RunState.RUNNING, lease_until__lt=now).update(
            state=RunState.QUEUED,
            token=None,
            lease_until=None,
            losses_seen=run.losses_seen + 1,
            enqueued_at=now,
        ):
            revived.append(run.pk)
    return revived


def _unheard(now: datetime) -> list[int]:
    stale = now - timedelta(seconds=settings.RUN_RESEND_SECONDS)
    waiting = Run.objects.filter(state=RunState.QUEUED, enqueued_at__lt=stale)
    ids = list(waiting.values_list("pk", flat=True))
    waiting.update(enqueued_at=now)
    return ids


def _complete_parents() -> list[int]:
    ready = []
    for parent in Run.objects.filter(state=RunState.WAITING):
        states = set(parent.parts.values_list("state", flat=True))
        if states == {RunState.DONE} and Run.objects.filter(pk=parent.pk, state=RunState.WAITING).update(
            state=RunState.QUEUED, enqueued_at=timezone.now()
        ):
            ready.append(parent.pk)
    return ready


def _lease() -> timedelta:
    return timedelta(seconds=settings.RUN_LEASE_SECONDS)
