"""Celery tasks of the cycle: each fetches by id and calls one function."""

import socket
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection
from django.utils import timezone

from cycles.actions.runs import execute_run, sweep_runs
from cycles.models import WorkerBeat


@shared_task
def task_execute_run(*, run_id: int) -> None:
    """Carries out one background run."""
    execute_run(run_id)


@shared_task
def task_sweep_runs() -> None:
    """Brings back lost runs."""
    sweep_runs()
    _sign_of_life("sweeper")


@shared_task
def task_heartbeat() -> None:
    """Says that a worker takes messages."""
    _sign_of_life("worker")


@worker_ready.connect
def note_start(sender: Any, **_: Any) -> None:
    """The first sign of life at once, and not only with the first tick."""
    _sign_of_life(str(sender.hostname).partition("@")[0])
    connection.close()


def _sign_of_life(role: str) -> None:
    WorkerBeat.objects.update_or_create(
        name=f"{role}@{socket.gethostname()}", defaults={"at": timezone.now()}
    )
