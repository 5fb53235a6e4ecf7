"""Checking and loading in the background."""

import shutil
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max

from cycles.actions.runs import request_run
from cycles.actions.stages import note_editor
from cycles.choices import StageKind, StageState
from cycles.models import Run, User
from cycles.permissions import require
from cycles.queries import open_cycle_or_none, stage_of
from cycles.work import Work
from datahub.actions.batches import check_batch, load_batch, store_check
from datahub.actions.folders import folder_of
from datahub.choices import ImportState
from datahub.models import DatasetLoad, ImportBatch
from datahub.permissions import can_handle
from sop.errors import Locked, WrongState

CHECK_RUN, LOAD_RUN = "datahub.check", "datahub.load"


def request_check(*, batch: ImportBatch, by: User) -> Run:
    """Ask for the check of a batch against what is stored now."""
    with transaction.atomic():
        run = request_run(kind=CHECK_RUN, key=_key(batch), by=by, params={"batch": batch.pk})
        batch.run, batch.state, batch.message = run, ImportState.CHECKING, ""
        batch.save(update_fields=["run", "state", "message"])
    return run


def request_load(*, batch: ImportBatch, by: User) -> Run:
    """Ask for the loading of a checked batch.

    Raises WrongState where it is not ready, Locked while the data gate of the open cycle is submitted or
    signed. Who loads data has edited the data stage and does not sign it.
    """
    require(can_handle(by, batch), "Only who uploaded this batch, or the process owner, loads it.")
    with transaction.atomic():
        _note_data_edited(by)
        ready = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READY).update(
            state=ImportState.LOADING
        )
        batch.refresh_from_db()
        if not ready and batch.state != ImportState.LOADING:
            raise WrongState(f"This batch cannot be loaded: {batch.get_state_display().lower()}.")
        run = request_run(kind=LOAD_RUN, key=_key(batch), by=by, params={"batch": batch.pk})
        batch.run = run
        batch.save(update_fields=["run"])
    return run


def _note_data_edited(by: User) -> None:
    cycle = open_cycle_or_none()
    if cycle is None:
        return
    stage = stage_of(cycle, StageKind.DATA)
    if stage.state in {StageState.SUBMITTED, StageState.SIGNED}:
        raise Locked(
            f"The data gate of the {cycle} is {stage.get_state_display().lower()}. "
            "Ask the process owner to re-open it first."
        )
    note_editor(stage=stage, user=by)


def _key(batch: ImportBatch) -> str:
    """A batch is checked and loaded anew once other data came in between, or an earlier try has ended."""
    last = DatasetLoad.objects.aggregate(last=Max("pk"))["last"] or 0
    tries = Run.objects.filter(params__batch=batch.pk, finished_at__isnull=False).count()
    return f"batch {batch.pk}, after load {last}, try {tries + 1}"


def run_check(work: Work) -> Callable[[], dict[str, Any]]:
    """Handler: read all files, then store what was found."""
    check = check_batch(batch=ImportBatch.objects.get(pk=work.params["batch"]), progress=work.progress)

    def store() -> dict[str, Any]:
        store_check(check)
        return {"errors": check.error_count}

    return store


def run_load(work: Work) -> Callable[[], dict[str, Any]]:
    """Handler: check once more outside the transaction, then load everything in it, or keep the new errors."""
    batch = ImportBatch.objects.get(pk=work.params["batch"])
    check = check_batch(batch=batch, progress=work.progress)

    def store() -> dict[str, Any]:
        store_check(check)
        if check.error_count:
            return {"errors": check.error_count}
        loaded = load_batch(batch=batch, by=work.by, cycle=open_cycle_or_none())
        transaction.on_commit(lambda: _clear(batch))
        return loaded

    return store


def _clear(batch: ImportBatch) -> None:
    """Loaded files are not kept."""
    shutil.rmtree(folder_of(batch), ignore_errors=True)
