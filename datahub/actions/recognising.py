"""Files read as files of their name were read before."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from datahub.files import FileRefused, open_table
from datahub.matching import Sources, missing, same_names, stem_of, usable
from datahub.models import ColumnMatch, ImportFile
from datahub.registry import dataset_named
from sop.errors import InvalidInput

SAMPLES, SAMPLE_LENGTH = 3, 24


def is_known(file_name: str) -> bool:
    """Whether a file of this name was matched before."""
    return ColumnMatch.objects.filter(stem=stem_of(file_name), along=False).exists()


def header_of(file: ImportFile) -> list[str]:
    """The file's column names, read once and kept with the first cells below each.

    Raises InvalidInput where the file cannot be read at all.
    """
    if not file.header:
        try:
            table = open_table(Path(file.stored_path))
            rows = [row for _, rows in islice(table.chunks(SAMPLES), 1) for row in rows[:SAMPLES]]
        except FileRefused as refusal:
            raise InvalidInput(f"{file.file_name}: {refusal}") from refusal
        file.header = [
            [name, [row[place][:SAMPLE_LENGTH] for row in rows if place < len(row) and row[place].strip()]]
            for place, name in enumerate(table.header)
            if name
        ]
        file.save(update_fields=["header"])
    return [name for name, _ in file.header]


def recognise(file: ImportFile) -> None:
    """Match a file as the last one of its name, or the last one of its dataset, was matched."""
    known = list(ColumnMatch.objects.filter(stem=stem_of(file.file_name)))
    if file.dataset:
        known = known or list(
            ColumnMatch.objects.filter(dataset=file.dataset, along=False).order_by("-at")[:1]
        )
    dataset = dataset_named(file.dataset) if file.dataset else None
    if not known or (dataset and not missing(dataset, same_names(dataset, header_of(file)))):
        return
    known = [match for match in known if usable(match.sources, header_of(file))]
    for match in known:
        if not match.along:
            file.dataset, file.sources = match.dataset, match.sources
            file.save(update_fields=["dataset", "sources"])
    if file.dataset:
        take_along(file, {match.dataset: match.sources for match in known if match.along})


def take_along(file: ImportFile, wanted: Mapping[str, Sources]) -> None:
    """Read a file for these datasets too, of which only what is new is taken."""
    siblings = ImportFile.objects.filter(batch=file.batch_id, stored_path=file.stored_path, along=True)
    siblings.delete()
    for name, sources in wanted.items():
        ImportFile.objects.create(
            batch_id=file.batch_id, dataset=name, file_name=file.file_name, stored_path=file.stored_path,
            content_hash=file.content_hash, size_bytes=file.size_bytes, header=file.header, sources=sources, along=True,
        )  # fmt: skip
