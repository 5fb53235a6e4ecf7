"""Imports from a folder on the server: the command line, the demo, the monthly actuals."""

import hashlib
import re
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from cycles.models import Company, Cycle, User
from cycles.queries import open_cycle_or_none
from datahub.actions.batches import Progress, check_batch, error_dict, load_batch, no_progress, store_check
from datahub.actions.recognising import is_known, recognise
from datahub.choices import ImportState
from datahub.models import ImportBatch, ImportFile, RowError
from datahub.registry import dataset_named, datasets
from sop.errors import InvalidInput

ENDINGS = (".csv", ".csv.gz", ".xlsx", ".xlsm", ".txt")


def dataset_of_file(name: str) -> str:
    """The dataset that a file name belongs to: ``sales_orders.csv``, ``Sales_Orders_2026-10.xlsx``; else empty."""
    lowered = name.lower()
    stem = next(
        (lowered.removesuffix(ending) for ending in (".csv.gz", *ENDINGS) if lowered.endswith(ending)), ""
    )
    fitting = [
        d.name
        for d in datasets()
        if re.match(rf"{d.name}(?![a-z])", stem) and not stem.startswith(f"{d.name}_family")
    ]
    return max(fitting, key=len, default="")


def add_file(batch: ImportBatch, path: Path, *, name: str = "") -> ImportFile:
    """Put a file that lies on the server into a batch."""
    name = name or path.name
    return ImportFile.objects.create(
        batch=batch,
        dataset=dataset_of_file(name),
        file_name=name[:200],
        stored_path=str(path),
        content_hash=_hash_of(path),
        size_bytes=path.stat().st_size,
    )


def _hash_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def import_folder(
    *,
    folder: str | Path,
    by: User | None,
    cycle: Cycle | None = None,
    preview: bool = False,
    progress: Progress = no_progress,
) -> ImportBatch:
    """Check and load every file of a folder that bears a dataset's name or was matched before. Subfolders stay.

    With ``preview`` it counts new and changed rows before it loads, at the price of reading twice. Raises
    InvalidInput, with the row errors, where any row of any file is refused: nothing is loaded then, and the
    batch with its errors stays to be looked at.
    """
    batch = _batch_of(Path(folder), by)
    if preview:
        _check(batch, progress)
    else:
        batch.state = ImportState.READY
        batch.save(update_fields=["state"])
    try:
        load_batch(batch=batch, by=by, cycle=cycle or open_cycle_or_none(), progress=progress)
    except InvalidInput:
        _check(batch, progress)
        raise  # only where a second look finds nothing
    return batch


def _check(batch: ImportBatch, progress: Progress) -> None:
    """Find and keep all errors of all files. Raises InvalidInput where there are any."""
    check = check_batch(batch=batch, progress=progress)
    with transaction.atomic():
        store_check(check)
    if check.state != ImportState.READY:
        raise InvalidInput(batch.message, errors=first_errors(batch))


def _batch_of(folder: Path, by: User | None) -> ImportBatch:
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is no folder: name the folder that holds the import files.")
    paths = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name.lower().endswith(ENDINGS)
        and (dataset_of_file(path.name) or is_known(path.name))
    ]
    if not paths:
        raise InvalidInput(
            f"{folder} holds no import file: files are named like their templates, such as sales_orders.csv."
        )
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            by=by, state=ImportState.CHECKING, message=f"From the folder {folder.name}."
        )
        for path in paths:
            recognise(add_file(batch, path))
    return batch


def first_errors(batch: ImportBatch, most: int = 100) -> list[dict[str, object]]:
    """The first row errors of a batch, as refusals carry them."""
    rows = RowError.objects.filter(file__batch=batch).select_related("file")[:most]
    return [error_dict(e.file.file_name, e.row, e.column, e.value, e.message) for e in rows]


def own_currency() -> str:
    """The company's own currency: the only one of its order lines that has no exchange rate; empty where unclear."""
    used, foreign = (_distinct(name, "currency") for name in ("sales_orders", "fx"))
    own = used - foreign - {""}
    return own.pop() if len(own) == 1 else ""


def _distinct(name: str, column: str) -> set[str]:
    dataset = dataset_named(name)
    if dataset is None:
        return set()
    return set(dataset.model._default_manager.order_by().values_list(column, flat=True).distinct())


def set_up_company(*, name: str = "", currency: str = "") -> Company:
    """Name and currency of the company; a currency that is not given is read from the data, else kept."""
    company = Company.current()
    company.name = name or company.name
    company.currency = (currency or own_currency() or company.currency).upper()
    company.save()
    return company


def folder_of(batch: ImportBatch) -> Path:
    """Where the uploaded files of a batch lie until it is loaded or dropped."""
    return Path(default_storage.path("imports")) / str(batch.pk)
