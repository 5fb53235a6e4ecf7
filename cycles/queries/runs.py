"""Background runs as pages show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cycles.choices import RunState
from cycles.models import Run, User
from cycles.permissions import can_run_cycle
from cycles.registry import registry


@dataclass(frozen=True)
class RunCard:
    """What the progress part of a page needs."""

    pk: int
    title: str
    state: str
    state_word: str
    progress: int
    time_left: str
    message: str
    error: str
    is_active: bool
    can_cancel: bool
    took: str


def run_card(run: Run, user: User | None, now: datetime | None = None) -> RunCard:
    """A run in words: how far, how long still, and what went wrong."""
    kind = registry.run_kinds.get(run.kind)
    return RunCard(
        pk=run.pk,
        title=kind.label if kind else run.kind,
        state=run.state,
        state_word=str(RunState(run.state).label),
        progress=run.progress_percent,
        time_left=_time_left(run, now or timezone.now()),
        message=run.message,
        error=run.error if run.state == RunState.DEAD else "",
        is_active=run.is_active,
        can_cancel=run.is_active and user is not None and (run.by_id == user.pk or can_run_cycle(user)),
        took=in_words(run.finished_at - run.started_at) if run.started_at and run.finished_at else "",
    )


def _time_left(run: Run, now: datetime) -> str:
    """Straight on from the speed so far; nothing before a twentieth is done."""
    share = run.progress_done / run.progress_total if run.progress_total else 0.0
    if run.started_at is None or share < 0.05:
        return ""
    left = (now - run.started_at) * ((1 - share) / share)
    return in_words(left)


def in_words(span: timedelta) -> str:
    """A span as people say it: 40 s, 3 min, 2 h."""
    seconds = max(1, round(span.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{round(minutes / 60)} h"


def latest_run(kind: str, cycle_id: int | None = None) -> Run | None:
    """The newest run of a kind (of a cycle), parts left out."""
    runs = Run.objects.filter(kind=kind, parent=None)
    if cycle_id is not None:
        runs = runs.filter(cycle_id=cycle_id)
    return runs.order_by("-pk").first()
