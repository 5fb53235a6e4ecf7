"""One batch of files: what would change, what is wrong, load or drop."""

import csv

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import Role
from cycles.http import person, say
from cycles.permissions import require, roles_required
from cycles.queries import open_cycle_or_none, run_card
from datahub.actions.matching import OPEN_STATES
from datahub.actions.runs import request_check, request_load
from datahub.actions.uploads import drop_batch
from datahub.choices import ImportState
from datahub.files import guarded
from datahub.models import ImportBatch, RowError
from datahub.permissions import can_handle, can_see_content
from datahub.registry import dataset_named

ERRORS_PER_PAGE = 50


@require_safe
@roles_required(*Role)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Files with their counts; rejected, changed and new rows for those who may see them."""
    found = _batch(pk)
    user = person(request)
    open_content = can_see_content(user, found)
    errors = (
        RowError.objects.filter(file__batch=found).select_related("file")
        if open_content
        else RowError.objects.none()
    )
    context = {
        "batch": found,
        "files": [(file, dataset_named(file.dataset)) for file in found.files.all()],
        "sees_content": open_content,
        "errors": Paginator(errors, ERRORS_PER_PAGE).get_page(request.GET.get("page")),
        "can_handle": can_handle(user, found),
        "can_load": can_handle(user, found) and found.state == ImportState.READY,
        "can_match": can_handle(user, found) and found.state in OPEN_STATES,
        "can_drop": can_handle(user, found) and found.state in OPEN_STATES,
        "run": run_card(found.run, user) if found.run else None,
        "cannot_sign_after": user.has_role(Role.PROCESS_OWNER) and open_cycle_or_none() is not None,
        "stuck": bool(found.run and found.run.state in {"dead", "cancelled"}),
    }
    return render(request, "datahub/batch.html", context)


@require_safe
@roles_required(*Role)
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """All kept row errors as a CSV file; no cell starts a formula."""
    found = _batch(pk)
    require(can_see_content(person(request), found), "Only who loads this data sees its rows.")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="errors-{found.pk}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["file", "row", "column", "value", "message"])
    for error in RowError.objects.filter(file__batch=found).select_related("file"):
        cells = [error.file.file_name, str(error.row), error.column, error.value, error.message]
        writer.writerow([guarded(cell) for cell in cells])
    return response


@require_POST
@roles_required(*Role.planning())
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Load every row of the batch, or nothing."""
    request_load(batch=_batch(pk), by=person(request))
    return redirect("datahub:batch", pk)


@require_POST
@roles_required(*Role.planning())
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the batch once more, after other data was loaded."""
    found = _batch(pk)
    require(
        can_handle(person(request), found), "Only who uploaded this batch, or the process owner, checks it."
    )
    request_check(batch=found, by=person(request))
    return redirect("datahub:batch", pk)


@require_POST
@roles_required(*Role.planning())
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the files away."""
    drop_batch(batch=_batch(pk), by=person(request))
    say(request, "The files were dropped; nothing was loaded.")
    return redirect("datahub:home")


def _batch(pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.select_related("by", "run").prefetch_related("files"), pk=pk)
