"""Is a worker there? Part of /ready."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from cycles.choices import RunState
from cycles.models import Run, WorkerBeat

# A few beats may be missed before people are told.
BEATS_MISSED = 4


def check_workers() -> str:
    """Nothing while workers show life, else what to do.

    Heartbeats queue behind long runs, so a run whose lease is being extended counts as life too.
    """
    now = timezone.now()
    oldest = now - timedelta(seconds=BEATS_MISSED * settings.WORKER_HEARTBEAT_SECONDS)
    try:
        beats = WorkerBeat.objects.filter(name__startswith="worker@", at__gte=oldest).exists()
        alive = beats or Run.objects.filter(state=RunState.RUNNING, lease_until__gt=now).exists()
    except DatabaseError:
        return "cannot be told: the database does not answer"
    return "" if alive else "no worker has shown life lately; runs wait in the queue until one is started"
