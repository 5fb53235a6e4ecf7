"""What the planner works with, and changing it: hours, people, suppliers, lanes, policies."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.http import person, say
from cycles.permissions import planning_required
from sop.errors import NotFound
from supply.actions.inputs import add_row, change_hours, change_row, change_rows, choose_hours, remove_row
from supply.choices import HoursFrom
from supply.forms import HoursForm
from supply.models import Maintenance, Resource, ResourceMonth, Workforce
from supply.queries.capacity import demonstrated_capacity
from supply.queries.hours import planned_hours
from supply.queries.preview import preview_hours
from supply.views.common import Room, room_of
from supply.views.input_lists import InputList, list_named

ROWS_A_PAGE = 50


@require_safe
@planning_required
def resources(request: HttpRequest) -> HttpResponse:
    """Usable hours of all resources by month."""
    room = room_of(request)
    months = room.cycle.months
    planned = planned_hours(room.cycle)
    people = dict(Workforce.objects.values_list("resource_id", "heads"))
    rows = [
        {
            "resource": resource,
            "cells": planned.get(resource.pk, []),
            "heads": people.get(resource.pk),
            "shown": planned[resource.pk][0].demonstrated_percent if planned.get(resource.pk) else None,
        }
        for resource in Resource.objects.select_related("site").order_by("site__code", "code")
    ]
    return render(request, "supply/resources.html", room.context() | {"rows": rows, "months": months})


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The months of a resource as a table that the supply planner fills."""
    room = room_of(request)
    resource = get_object_or_404(Resource.objects.select_related("site"), pk=pk)
    month_forms = _month_forms(resource, room, request.POST or None)
    valid = [form.is_valid() for form in month_forms]  # all of them, so that each shows what is wrong
    preview = None
    if request.method == "POST" and all(valid):
        months = {form.month: form.cleaned_data for form in month_forms if form.has_changed()}
        if "preview" not in request.POST or room.demand is None:
            why = request.POST.get("reason", "")
            count = change_hours(cycle=room.cycle, resource=resource, months=months, by=room.user, reason=why)
            say(request, f"{resource}: {count} months changed." if count else "Nothing was changed.")
            return redirect("supply:hours", pk=pk)
        preview = preview_hours(cycle=room.cycle, demand=room.demand, resource_id=pk, months=months)
        if request.headers.get("HX-Request"):
            return render(request, "supply/_preview.html", room.context() | {"preview": preview})
    history = ResourceMonth.history.filter(resource=resource).select_related("history_user")[:20]
    context = {
        "resource": resource,
        "forms": month_forms,
        "history": history,
        "can_preview": room.demand,
        "preview": preview,
        "made": planned_hours(room.cycle, resource=resource).get(pk, []),
        "sources": HoursFrom.choices,
        "shown": demonstrated_capacity(room.cycle.last_closed_month, {pk})[pk],
        "people": Workforce.objects.filter(resource=resource).first(),
        "off": Maintenance.objects.filter(resource=resource, month__in=room.cycle.months),
    }
    status = 400 if request.method == "POST" and preview is None else 200
    return render(request, "supply/hours.html", room.context() | context, status=status)


def _month_forms(resource: Resource, room: Room, posted: Any) -> list[HoursForm]:
    known = {row.month: row for row in resource.months.filter(month__in=room.cycle.months)}
    return [
        HoursForm(posted, month=month, initial=_initial(known.get(month)), empty_permitted=month not in known,
                  use_required_attribute=False)
        for month in room.cycle.months
    ]  # fmt: skip


def _initial(row: ResourceMonth | None) -> dict[str, float]:
    if row is None:
        return {}
    return {name: getattr(row, name) for name in HoursForm.base_fields}


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def input_list(request: HttpRequest, name: str) -> HttpResponse:
    """A list of inputs with search; the supply planner changes the rows of a page in place."""
    room, kind = room_of(request), list_named(name)
    words = request.GET.get("q", "").strip()
    page = Paginator(kind.rows(words), ROWS_A_PAGE).get_page(request.GET.get("page"))
    row_forms = [_row_form(kind, row, request.POST or None) for row in page]
    checked = [form.is_valid() for form in row_forms]  # all of them, so that each shows what is wrong
    valid = request.method != "POST" or all(checked)
    if request.method == "POST" and valid:
        changes = [(form.instance, form.cleaned_data) for form in row_forms if form.has_changed()]
        fresh = kind.model._default_manager.in_bulk([row.pk for row, _ in changes])
        count = change_rows(
            cycle=room.cycle,
            changes=[(fresh[row.pk], values) for row, values in changes],
            by=room.user,
            reason=request.POST.get("reason", ""),
        )
        say(request, f"{count} row{'s' if count != 1 else ''} changed." if count else "Nothing was changed.")
        return redirect(request.get_full_path())
    rows = [{"row": row, "cells": _cells(kind, row, form)} for row, form in zip(page, row_forms, strict=True)]
    context = {
        "kind": kind,
        "name": name,
        "page": page,
        "rows": rows,
        "words": words,
        "has_errors": not valid,
    }
    return render(request, "supply/inputs.html", room.context() | context, status=200 if valid else 400)


def _row_form(kind: InputList, row: Any, posted: Any) -> Any:
    form = kind.form(posted, instance=row, prefix=str(row.pk), use_required_attribute=False)
    for field, label, _ in kind.columns:
        if field in form.fields:
            words = f"{label}, {row}"
            form.fields[field].widget.attrs |= {"class": "input number", "aria-label": words}
    return form


def _cells(kind: InputList, row: Any, form: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "value": value,
            "digits": digits,
            "field": form[column] if column in form.fields else None,
        }
        for (column, _, _), (label, value, digits) in zip(kind.columns, kind.cells(row), strict=True)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def add_input(request: HttpRequest, name: str) -> HttpResponse:
    """A new shift pattern, planned maintenance, or the people of a resource."""
    room, kind = room_of(request), list_named(name)
    if kind.add is None:
        raise NotFound("Rows of this kind come with the import.")
    form = kind.add(request.POST or None, initial={"resource": request.GET.get("resource")})
    if request.method == "POST" and form.is_valid():
        add_row(cycle=room.cycle, row=form.save(commit=False), by=room.user)
        say(request, "Added. Run the planner again.")
        return redirect("supply:inputs", name=name)
    context = {"kind": kind, "name": name, "form": form}
    return render(
        request, "supply/add_input.html", room.context() | context, status=400 if form.errors else 200
    )


@require_POST
@planning_required
def remove_input(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Takes a row away that was added."""
    room, kind = room_of(request), list_named(name)
    row = get_object_or_404(kind.rows(""), pk=pk)
    remove_row(cycle=room.cycle, row=row, by=room.user)
    say(request, "Removed. Run the planner again.")
    return redirect("supply:inputs", name=name)


@require_POST
@planning_required
def hours_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Chooses which figure plans the hours of a resource."""
    room = room_of(request)
    resource = get_object_or_404(Resource, pk=pk)
    changed = choose_hours(
        cycle=room.cycle, resource=resource, source=request.POST.get("source", ""), by=room.user
    )
    say(request, "Chosen. Run the planner again." if changed else "Nothing was changed.")
    return redirect("supply:hours", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def input_row(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One row with the form that changes it and its history."""
    room, kind = room_of(request), list_named(name)
    row = get_object_or_404(kind.rows(""), pk=pk)
    form = kind.form(request.POST or None, instance=kind.model._default_manager.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        why = request.POST.get("reason", "")
        changed = change_row(
            cycle=room.cycle, row=row, values=form.cleaned_data, by=person(request), reason=why
        )
        say(request, "Saved." if changed else "Nothing was changed.")
        return redirect("supply:inputs", name=name)
    history = [_past(old, kind) for old in row.history.select_related("history_user")[:20]]
    can_remove = kind.add is not None and room.context()["can_edit_inputs"]
    context = {
        "kind": kind,
        "name": name,
        "row": row,
        "form": form,
        "history": history,
        "can_remove": can_remove,
    }
    return render(
        request, "supply/input_row.html", room.context() | context, status=400 if form.errors else 200
    )


def _past(old: Any, kind: InputList) -> dict[str, Any]:
    return {
        "at": old.history_date,
        "by": old.history_user,
        "why": old.history_change_reason,
        "cells": kind.cells(old),
    }
