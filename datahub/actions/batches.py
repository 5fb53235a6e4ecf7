"""Checking and loading a batch: all of its files or nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cycles.actions.audit import record_act
from cycles.models import Cycle, User
from datahub.choices import ImportState
from datahub.models import DatasetLoad, ImportBatch, ImportFile, RowError
from datahub.registry import Dataset, dataset_named, derived_for, function_at
from sop.errors import InvalidInput, WrongState

if TYPE_CHECKING:
    from datahub.checking import FileReading
    from datahub.context import LoadContext
    from datahub.preview import Preview

Progress = Callable[[int, int, str], None]
SHOWN_ERRORS = 20


def no_progress(done: int, total: int, message: str) -> None:
    """For callers without anybody who watches."""


def files_in_order(batch: ImportBatch) -> list[tuple[ImportFile, Dataset]]:
    """Files with their datasets, masters before what refers to them, whole files before what comes along."""
    known = [(file, dataset_named(file.dataset)) for file in batch.files.all()]
    pairs = [(file, dataset) for file, dataset in known if dataset is not None]
    return sorted(pairs, key=lambda pair: (pair[1].order, pair[0].along, pair[0].pk))


def reading_of(file: ImportFile, dataset: Dataset) -> "FileReading":
    """The file with the way in which its columns were matched."""
    from datahub.checking import FileReading

    return FileReading(dataset, Path(file.stored_path), file.sources or None, file.along)


# --- Check


class BatchCheck:
    """The result of reading every file of a batch against what is stored and against each other."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.readings: list[tuple[ImportFile, FileReading, Preview]] = []

    @property
    def error_count(self) -> int:
        return sum(reading.findings.count for _, reading, _ in self.readings)

    @property
    def state(self) -> ImportState:
        return ImportState.REJECTED if self.error_count or not self.readings else ImportState.READY


def check_batch(*, batch: ImportBatch, progress: Progress = no_progress) -> BatchCheck:
    """Read all files; nothing is written. Store the outcome with :func:`store_check`."""
    from datahub.context import LoadContext
    from datahub.preview import Preview

    context = LoadContext()
    result = BatchCheck(batch)
    files = files_in_order(batch)
    for done, (file, dataset) in enumerate(files):
        progress(done, len(files), f"Reading {file.file_name}")
        reading = reading_of(file, dataset)
        preview = Preview(dataset)
        for frame in reading.frames(context):
            preview.take(frame)
        result.readings.append((file, reading, preview))
    return result


def store_check(check: BatchCheck) -> None:
    """Write down what checking found: counts, preview, notes and row errors."""
    batch = check.batch
    RowError.objects.filter(file__batch=batch).delete()
    for file, reading, preview in check.readings:
        file.row_count, file.new_count, file.changed_count = reading.rows, preview.new, preview.changed
        file.error_count = reading.findings.count
        file.control_total = reading.control_total if reading.dataset.control else None
        file.preview, file.notes = preview.as_dict(), reading.notes
        file.save()
        RowError.objects.bulk_create(
            RowError(file=file, row=f.row, column=f.column[:80], value=f.value, message=f.message)
            for f in reading.findings.kept
        )
    batch.state = check.state
    batch.message = _outcome(check)
    batch.save(update_fields=["state", "message"])


def _outcome(check: BatchCheck) -> str:
    if not check.readings:
        return "No file of this batch belongs to a dataset: name files like their templates, such as sales_orders.csv."
    rows = sum(reading.rows for _, reading, _ in check.readings)
    if check.error_count:
        files = sum(1 for _, reading, _ in check.readings if reading.findings.count)
        errors = "1 error" if check.error_count == 1 else f"{check.error_count:,} errors"
        return f"{errors} in {files} of {len(check.readings)} files. Nothing was loaded."
    return f"{rows:,} rows in {len(check.readings)} files can be loaded."


# --- Load


def load_batch(
    *, batch: ImportBatch, by: User | None, cycle: Cycle | None = None, progress: Progress = no_progress
) -> dict[str, Any]:
    """Load a checked batch in one transaction: every row of every file, or nothing.

    Files are checked once more while they are read, since other loads may have come between. Raises
    WrongState where the batch is not ready and InvalidInput, with the row errors, where a row is refused.
    """
    from datahub.context import LoadContext

    context = LoadContext(by=by, cycle=cycle)
    with transaction.atomic():
        _take(batch)
        total, files = 0, files_in_order(batch)
        for done, (file, dataset) in enumerate(files):
            progress(done, len(files), f"Loading {file.file_name}")
            total += _load_file(file, dataset, context)
            context.loaded.add(dataset.name)
        for derived in derived_for(context.loaded):
            function_at(derived.func)(context)
        batch.state, batch.committed_at = ImportState.COMMITTED, timezone.now()
        batch.message = f"{total:,} rows of {len(context.loaded)} datasets were loaded."
        batch.save(update_fields=["state", "committed_at", "message"])
        detail = {"rows": total, "datasets": sorted(context.loaded)}
        record_act(by=by, act="load data", subject=str(batch), detail=detail)
    return detail


def _take(batch: ImportBatch) -> None:
    ready = [ImportState.READY, ImportState.LOADING]
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=ready).update(state=ImportState.LOADING):
        batch.refresh_from_db()
        raise WrongState(f"This batch cannot be loaded: it is in the state “{batch.get_state_display()}”.")


def _load_file(file: ImportFile, dataset: Dataset, context: "LoadContext") -> int:
    from datahub.writing import write_frame

    reading = reading_of(file, dataset)
    for frame in reading.frames(context):
        if reading.findings.count:
            break
        write_frame(dataset, frame, context)
    if reading.findings.count:
        raise _refusal(file, reading)
    file.row_count = reading.rows
    file.control_total = reading.control_total if dataset.control else None
    file.save(update_fields=["row_count", "control_total"])
    _note_load(file, context)
    return reading.rows


def _note_load(file: ImportFile, context: "LoadContext") -> None:
    cycle = context.cycle
    DatasetLoad.objects.create(
        dataset=file.dataset,
        cycle=cycle,
        cycle_month=cycle.last_closed_month if cycle else None,
        loaded_date=timezone.localdate(),
        rows=file.row_count,
        control_total=file.control_total,
        file=file,
    )


def _refusal(file: ImportFile, reading: "FileReading") -> InvalidInput:
    errors = [error_dict(file.file_name, f.row, f.column, f.value, f.message) for f in reading.findings.kept]
    return InvalidInput(
        f"{file.file_name} has {reading.findings.count:,} errors; nothing was loaded.",
        errors=errors[:SHOWN_ERRORS],
    )


def error_dict(file: str, row: int, column: str, value: str, message: str) -> dict[str, Any]:
    """A row error as pages, the API and refusals show it."""
    return {"file": file, "row": row, "column": column, "value": value, "message": message}
