"""/ready says whether a worker is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.choices import RunState
from cycles.models import Run, WorkerBeat
from cycles.readiness import check_workers

pytestmark = pytest.mark.django_db


def ago(**units: int):
    return timezone.now() - timedelta(**units)


def test_no_worker_was_ever_there() -> None:
    assert "no worker" in check_workers()


def test_a_worker_beats() -> None:
    WorkerBeat.objects.create(name="worker@here", at=ago(seconds=10))
    assert check_workers() == ""


def test_a_worker_that_went_silent_is_missed() -> None:
    WorkerBeat.objects.create(name="worker@here", at=ago(minutes=10))
    WorkerBeat.objects.create(name="sweeper@here", at=ago(seconds=1))
    assert "no worker" in check_workers()


@pytest.mark.parametrize(("lease", "alive"), [(-5, True), (5, False)])
def test_a_worker_busy_with_a_long_run_is_there(lease: int, alive: bool) -> None:
    Run.objects.create(
        kind="demand.baseline",
        key="k",
        state=RunState.RUNNING,
        enqueued_at=ago(minutes=9),
        lease_until=ago(seconds=lease),
    )
    assert (check_workers() == "") is alive
