"""What the planner works with, and changing it: hours, suppliers, lanes, policies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cycles.http import person, say
from cycles.permissions import planning_required
from sop.errors import NotFound
from supply.actions.inputs import change_hours, change_row
from supply.forms import HoursForm, LaneForm, ProductSiteForm, SupplierProductForm
from supply.models import Lane, ProductSite, Resource, ResourceMonth, SupplierProduct
from supply.queries.preview import preview_hours
from supply.views.common import Room, room_of

ROWS_A_PAGE = 50


@require_safe
@planning_required
def resources(request: HttpRequest) -> HttpResponse:
    """Usable hours of all resources by month."""
    room = room_of(request)
    months = room.cycle.months
    known = ResourceMonth.objects.filter(month__range=(months[0], months[-1]))
    hours: dict[int, dict[date, ResourceMonth]] = {}
    for row in known:
        hours.setdefault(row.resource_id, {})[row.month] = row
    rows = [
        {"resource": resource, "cells": [hours.get(resource.pk, {}).get(month) for month in months]}
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
            count = change_hours(cycle=room.cycle, resource=resource, months=months, by=room.user)
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


@dataclass(frozen=True)
class InputList:
    """A kind of input rows: which, how they are shown and searched, and the form that changes one."""

    model: type[Model]
    title: str
    one: str
    form: type[forms.ModelForm]
    related: tuple[str, ...]
    order: tuple[str, ...]
    search: tuple[str, ...]
    columns: tuple[tuple[str, str, int], ...]  # field, words, digits
    explanation: str

    def cells(self, row: Any) -> list[tuple[str, Any, int]]:
        """Words, value and digits of each column of a row or of its history."""
        return [(label, getattr(row, name), digits) for name, label, digits in self.columns]

    def rows(self, words: str) -> QuerySet[Any]:
        rows = self.model._default_manager.select_related(*self.related).order_by(*self.order)
        condition = Q()
        for name in self.search:
            condition |= Q(**{f"{name}__icontains": words})
        return rows.filter(condition) if words else rows


LISTS = {
    "suppliers": InputList(
        SupplierProduct, "Suppliers", "Supplier", SupplierProductForm, ("supplier", "product", "site"),
        ("product__code", "price", "supplier__code"),
        ("product__code", "product__description", "supplier__code", "supplier__name"),
        (("price", "Price", 4), ("capacity_per_month", "Units a month", 0), ("lead_time_days", "Lead time, days", 0),
         ("minimum_units", "Minimum order", 0), ("valid_from", "Valid from", 0)),
        "Of several suppliers of a product the cheapest is the primary one, a dearer one is the backup.",
    ),
    "lanes": InputList(
        Lane, "Lanes", "Lane", LaneForm, ("origin", "market", "site"), ("origin__code", "market__code", "site__code"),
        ("origin__code", "market__code", "market__name", "site__code"),
        (("unit_cost", "Cost a unit", 4), ("volume_capacity", "Units a month", 0), ("spot_cost", "Spot freight", 4),
         ("lead_time_days", "Lead time, days", 0)),
        "Above its capacity a lane takes spot freight at its price, where it has one.",
    ),
    "policies": InputList(
        ProductSite, "Products at sites", "Policy", ProductSiteForm, ("product", "site"),
        ("product__code", "site__code"),
        ("product__code", "product__description", "site__code"),
        (("safety_stock", "Safety stock", 0), ("lot_size", "Lot", 0), ("lead_time_days", "Lead time, days", 0),
         ("service_target_percent", "Service target, %", 1)),
        "Safety stock is soft: the plan goes below it rather than lose a sale.",
    ),
}  # fmt: skip


def _list_named(name: str) -> InputList:
    if name not in LISTS:
        raise NotFound("There is no such list of inputs.")
    return LISTS[name]


@require_safe
@planning_required
def input_list(request: HttpRequest, name: str) -> HttpResponse:
    """A list of inputs with search."""
    room, kind = room_of(request), _list_named(name)
    words = request.GET.get("q", "").strip()
    page = Paginator(kind.rows(words), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"row": row, "cells": kind.cells(row)} for row in page]
    context = {"kind": kind, "name": name, "page": page, "rows": rows, "words": words, "lists": LISTS}
    return render(request, "supply/inputs.html", room.context() | context)


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def input_row(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One row with the form that changes it and its history."""
    room, kind = room_of(request), _list_named(name)
    row = get_object_or_404(kind.rows(""), pk=pk)
    form = kind.form(request.POST or None, instance=kind.model._default_manager.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        changed = change_row(cycle=room.cycle, row=row, values=form.cleaned_data, by=person(request))
        say(request, "Saved." if changed else "Nothing was changed.")
        return redirect("supply:inputs", name=name)
    history = [_past(old, kind) for old in row.history.select_related("history_user")[:20]]
    context = {"kind": kind, "name": name, "row": row, "form": form, "history": history}
    return render(
        request, "supply/input_row.html", room.context() | context, status=400 if form.errors else 200
    )


def _past(old: Any, kind: InputList) -> dict[str, Any]:
    return {"at": old.history_date, "by": old.history_user, "cells": kind.cells(old)}
