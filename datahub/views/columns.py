"""Matching the columns of people's own files to the templates."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import Role
from cycles.http import person
from cycles.permissions import roles_required
from datahub.actions.matching import choose_dataset, match_columns, offers, require_open
from datahub.actions.recognising import header_of
from datahub.matching import Source, Sources, same_names
from datahub.models import ImportBatch, ImportFile
from datahub.permissions import can_load
from datahub.registry import Column, dataset_named, datasets
from datahub.synonyms import COUNTED
from sop.errors import InvalidInput

COUNT = "#"  # no column of a file: the rows are numbered


@dataclass
class Line:
    """A column of a template with where it comes from now."""

    column: Column
    needed: bool
    countable: bool
    source: Source

    @property
    def is_shown(self) -> bool:
        """Whether it stands on the page at once, or folded among the others."""
        return self.needed or bool(self.source)

    @property
    def chosen(self) -> str:
        return COUNT if self.source.get("count") else str(self.source.get("from", ""))

    @property
    def text(self) -> str:
        return str(self.source.get("value", ""))


@require_safe
@roles_required(*Role.planning())
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each file holds, and where the columns of its template come from."""
    batch, user = _batch(pk), person(request)
    require_open(batch, user)
    files = list(batch.files.all())
    loadable = [one for one in datasets() if can_load(user, one)]
    context = {
        "batch": batch,
        "files": [(file, _lines(file), _alongs(file, files, request)) for file in files if not file.along],
        "alongs": [(file, dataset_named(file.dataset), _lines(file)) for file in files if file.along],
        "datasets": loadable,
        "complete": all(file.dataset for file in files),
        "count": COUNT,
    }
    return render(request, "datahub/columns.html", context)


def _lines(file: ImportFile) -> list[Line]:
    """The template's columns, those that must be filled first."""
    dataset, header = dataset_named(file.dataset), header_of(file)
    if dataset is None:
        return []
    sources = file.sources or same_names(dataset, header)
    lines = [
        Line(one, one.name in dataset.needed, (dataset.name, one.name) in COUNTED, sources.get(one.name, {}))
        for one in dataset.columns
    ]
    return sorted(lines, key=lambda line: (not line.is_shown, not line.needed))


def _alongs(file: ImportFile, files: list[ImportFile], request: HttpRequest) -> list[tuple[Any, bool]]:
    """What may come along with a file, and whether it does."""
    dataset = dataset_named(file.dataset)
    if dataset is None:
        return []
    taken = {one.dataset for one in files if one.along and one.stored_path == file.stored_path}
    return [(one, one.name in taken) for one in offers(file, dataset, person(request))]


@require_POST
@roles_required(*Role.planning())
def choose(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Say what a file holds; its columns are suggested anew."""
    batch, user = _batch(pk), person(request)
    require_open(batch, user)
    found = get_object_or_404(batch.files.filter(along=False), pk=file)
    dataset = dataset_named(request.POST.get("dataset", ""))
    if dataset is None or not can_load(user, dataset):
        raise InvalidInput(f"Choose what {found.file_name} holds.")
    wanted = set(request.POST.getlist("along"))
    choose_dataset(found, dataset, along=[one for one in offers(found, dataset, user) if one.name in wanted])
    return redirect("datahub:columns", pk)


@require_POST
@roles_required(*Role.planning())
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep where the columns come from, and check the files."""
    batch = _batch(pk)
    sources = {
        file.pk: _sources(request, file) for file in batch.files.all() if f"shown-{file.pk}" in request.POST
    }
    match_columns(batch=batch, by=person(request), sources=sources)
    return redirect("datahub:batch", pk)


def _sources(request: HttpRequest, file: ImportFile) -> Sources:
    """What the form says: a column of the file, numbers, or a text for every row."""
    dataset, sources = dataset_named(file.dataset), Sources()
    if dataset is None:
        return sources
    for name in dataset.names:
        chosen = request.POST.get(f"from-{file.pk}-{name}", "")
        text = request.POST.get(f"text-{file.pk}-{name}", "").strip()
        if chosen == COUNT:
            sources[name] = {"count": True}
        elif chosen:
            sources[name] = {"from": chosen}
        elif text:
            sources[name] = {"value": text}
    return sources


def _batch(pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.prefetch_related("files"), pk=pk)
