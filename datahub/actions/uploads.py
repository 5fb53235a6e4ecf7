"""Files that people send: stored within limits, unpacked, assigned to datasets, checked in the background."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings
from django.db import transaction

from cycles.models import User
from cycles.permissions import require
from datahub.actions.folders import ENDINGS, add_file, folder_of
from datahub.actions.matching import guess
from datahub.actions.recognising import recognise
from datahub.actions.runs import request_check
from datahub.choices import ImportState
from datahub.files import MAX_UNPACKED_BYTES
from datahub.models import ImportBatch, ImportFile
from datahub.permissions import can_handle, can_load, can_upload
from datahub.registry import dataset_named
from sop.errors import InvalidInput, SopError, WrongState

MOST_FILES = 100


class Upload(Protocol):
    """What Django's uploaded files offer."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


@dataclass
class _Limit:
    """Bytes that a batch may still unpack."""

    left: int = MAX_UNPACKED_BYTES

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InvalidInput(
                f"Unpacked, the files are larger than {MAX_UNPACKED_BYTES // 1_000_000} MB: load them in parts."
            )


def receive_files(*, uploads: Iterable[Upload], by: User, ask: bool = False) -> ImportBatch:
    """Store uploaded files (or the files of a zip archive) as a batch and ask for its check.

    Files of people's own names are matched as the last one of that name was. What no name tells is refused or,
    with ``ask``, left for the person to say: the batch waits for its columns to be matched. Raises InvalidInput
    for files that are too large, empty, or belong to no dataset, NotAllowed for datasets of another role.
    """
    require(can_upload(by), "Your role loads no data.")
    sent = list(uploads)
    if not sent:
        raise InvalidInput(
            "Choose at least one file: CSV, packed CSV (.csv.gz), XLSX, or a zip archive of them."
        )
    _check_sizes(sent)
    batch = ImportBatch.objects.create(by=by)
    try:
        paths = _store(sent, folder_of(batch))
        with transaction.atomic():
            for name, path in paths:
                recognise(add_file(batch, path, name=name))
            open_questions = _guess(batch, by) if ask else False
            _check_files(list(batch.files.all()), by, ask=ask)
    except SopError:
        discard(batch)
        raise
    if open_questions:
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.MATCHING)
        batch.refresh_from_db()
    else:
        request_check(batch=batch, by=by)
    return batch


def _guess(batch: ImportBatch, by: User) -> bool:
    """Guess what files hold whose names tell nothing; whether there are any."""
    unnamed = list(batch.files.filter(dataset=""))
    guess(unnamed, by)
    return bool(unnamed)


def discard(batch: ImportBatch) -> None:
    """Forget a batch that never came to be."""
    shutil.rmtree(folder_of(batch), ignore_errors=True)
    batch.delete()


def drop_batch(*, batch: ImportBatch, by: User) -> None:
    """Throw the files of a batch away; its record stays."""
    require(can_handle(by, batch), "Only who uploaded this batch, or the process owner, drops it.")
    open_states = [
        ImportState.UPLOADED,
        ImportState.MATCHING,
        ImportState.CHECKING,
        ImportState.READY,
        ImportState.REJECTED,
    ]
    changed = ImportBatch.objects.filter(pk=batch.pk, state__in=open_states).update(
        state=ImportState.DROPPED, message=f"Dropped by {by}."
    )
    if not changed:
        raise WrongState("This batch is loaded or being loaded; it cannot be dropped any more.")
    shutil.rmtree(folder_of(batch), ignore_errors=True)


def _check_sizes(sent: list[Upload]) -> None:
    most = settings.UPLOAD_LIMIT_BYTES
    for upload in sent:
        if (upload.size or 0) > most:
            raise InvalidInput(
                f"{upload.name} is larger than {most // (1024 * 1024)} MB: pack it (.csv.gz), or load it in parts."
            )
    if len(sent) > MOST_FILES:
        raise InvalidInput(f"A batch takes at most {MOST_FILES} files.")


def _store(sent: list[Upload], folder: Path) -> list[tuple[str, Path]]:
    """Name and place of every file; only the last part of a name is used, never its folders."""
    shutil.rmtree(folder, ignore_errors=True)  # what a restored database no longer knows of
    folder.mkdir(parents=True, mode=0o700)
    limit, stored = _Limit(), []
    for number, upload in enumerate(sent):
        name = PurePosixPath((upload.name or "").replace("\\", "/")).name
        path = folder / f"{number:03d}-{_safe(name)}"
        with path.open("wb") as out:
            for piece in upload.chunks():
                limit.take(len(piece))
                out.write(piece)
        stored += _unpack(path, limit) if name.lower().endswith(".zip") else [(name, path)]
    return stored


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)[-80:]


def _unpack(path: Path, limit: _Limit) -> list[tuple[str, Path]]:
    """The import files in an archive; anything else in it is left alone."""
    stored = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m for m in archive.infolist() if not m.is_dir() and m.filename.lower().endswith(ENDINGS)
            ]
            if len(members) > MOST_FILES:
                raise InvalidInput(f"The archive holds more than {MOST_FILES} files.")
            for number, member in enumerate(members):
                limit.take(member.file_size)
                name = PurePosixPath(member.filename).name
                target = path.with_name(f"{path.stem}-{number:03d}-{_safe(name)}")
                with archive.open(member) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
                stored.append((name, target))
    except (zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise InvalidInput("The archive is damaged or has a password: pack it again.") from error
    path.unlink()
    return stored


def _check_files(files: list[ImportFile], by: User, *, ask: bool = False) -> None:
    if not files:
        raise InvalidInput("The archive holds no import file.")
    unknown = [file.file_name for file in files if not file.dataset]
    if unknown and not ask:
        raise InvalidInput(
            f"{', '.join(unknown[:5])} belongs to no dataset: name files like their templates, "
            "such as sales_orders.csv, or load it once on the page Data, where its columns can be matched."
        )
    names = [file.dataset for file in files if file.dataset and not file.along]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"There are two files of {', '.join(twice)}: join them, or load them one after the other."
        )
    foreign = [
        file.dataset
        for file in files
        if (dataset := dataset_named(file.dataset)) and not can_load(by, dataset)
    ]
    require(not foreign, f"Your role does not load {', '.join(foreign)}. Ask the owner of that data.")
