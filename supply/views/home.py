"""The supply review: the answer, load of resources, gaps; running the planner; answering gaps."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import RunState, StageKind, StageState
from cycles.http import go_next, person, say, stage_parts
from cycles.models import Version
from cycles.permissions import can_edit_stage, planning_required, sees_margins
from cycles.queries import current_cycle, latest_run, run_card, stage_of
from portfolio.models import Product
from sop.errors import InvalidInput, NotFound
from sop.periods import parse_month
from sop.quantities import from_quanta
from supply.actions.gaps import answer_gap, withdraw_answer
from supply.actions.plan import KIND, request_supply_plan
from supply.forms import AnswerForm
from supply.models import Resource
from supply.permissions import can_answer_gaps, can_plan_supply
from supply.queries.alerts import Alert, alerts_of
from supply.queries.gaps import ProductGap, gap_totals, product_gaps
from supply.queries.load import LoadCell, LoadRow, load_rows, load_shares
from supply.queries.overview import Overview, answer_in_words, overview
from supply.queries.plans import required_plan
from supply.views.common import Room, plan_needed, room_of

SMALL_GAPS = 40
"""Gaps beyond these and the material ones are summed up in one line."""


@require_safe
@planning_required
def home(request: HttpRequest) -> HttpResponse:
    """The review of the shown plan, or what has to be done before there is one."""
    room = room_of(request)
    context = room.context() | stage_parts(room.stage, room.user) | _run_context(room)
    if room.plan is not None:
        context |= _plan_context(room, planned=request.GET.get("load") == "planned")
    return render(request, "supply/home.html", context)


def _run_context(room: Room) -> dict[str, Any]:
    run = latest_run(KIND, room.cycle.pk)
    shown = run is not None and (run.is_active or run.state == RunState.DEAD)
    return {
        "run": run_card(run, room.user) if run and shown else None,
        "can_run": room.demand is not None and can_plan_supply(room.user, room.stage),
        "can_answer": can_answer_gaps(room.user, room.stage),
        "demand_signed": room.demand is not None,
    }


def _plan_context(room: Room, *, planned: bool) -> dict[str, Any]:
    plan = required_plan(room.cycle)
    loads, totals = load_rows(plan), gap_totals(plan, room.cycle)
    gaps = product_gaps(plan, room.cycle, products=totals.products[: max(SMALL_GAPS, totals.material_count)])
    view = overview(plan, room.cycle, loads, totals)
    small_count, small_minor = totals.beyond(len(gaps))
    chosen = _fullest(loads)
    pricing = stage_of(room.cycle, StageKind.RECONCILIATION)
    makes_scenarios = can_edit_stage(room.user, pricing)
    return {
        "answer": answer_in_words(view),
        "view": view,
        "figures": _figures(room, view),
        "loads": _heat(loads, planned=planned, chosen=chosen),
        "months": room.cycle.months,
        "planned": planned,
        "drill": _drill(plan, chosen) if chosen else None,
        "gaps": [_gap_parts(gap, may_make_scenarios=makes_scenarios) for gap in gaps],
        "scenarios_later": pricing.state == StageState.NOT_OPEN and room.cycle.is_open,
        "small_gaps": small_count,
        "small_gaps_minor": small_minor,
        "open_gaps": sum(gap.is_material and not gap.has_way_out for gap in gaps),
        "material_gaps": sum(gap.is_material for gap in gaps),
        "answered_gaps": sum(gap.is_material and gap.has_way_out for gap in gaps),
        "alerts": [_alert_parts(alert) for alert in alerts_of(plan)],
        "findings": plan.params.get("findings", []),
        "answer_form": AnswerForm(),
    }


def _figures(room: Room, view: Overview) -> list[dict[str, Any]]:
    margins = sees_margins(room.user)
    wanted = f"of {room.money(view.demand_minor)} wanted"
    names = ", ".join(row.name for row in view.overloaded[:3])
    days = room.number(view.stock_days)
    kept = (
        "of what was planned was made" if view.kept_share is not None else "no signed plan to measure against"
    )
    return [
        {
            "label": "Sales not served in time",
            "value": room.money(view.gap_minor),
            "meaning": f"{wanted}; {room.money(view.gap_margin_minor)} of margin" if margins else wanted,
            "tone": "bad" if view.gap_minor else "good",
        },
        {
            "label": "Served in time",
            "value": room.percent(view.served_share, 1),
            "meaning": "of the money wanted",
        },
        {
            "label": "Short of hours",
            "value": str(len(view.overloaded)),
            "unit": "resource" if len(view.overloaded) == 1 else "resources",
            "meaning": names or "every resource has room",
            "tone": "bad" if view.overloaded else "good",
        },
        {
            "label": f"Stock, end of {view.stock_month:%B %Y}",
            "value": room.money(view.stock_minor) if margins else days,
            "unit": "" if margins else "days of supply",
            "meaning": f"{days} days of supply" if margins else "finished goods",
            "href": reverse("supply:stock"),
        },
        {"label": "Plan kept last month", "value": room.percent(view.kept_share), "meaning": kept},
    ]


def _fullest(loads: list[LoadRow]) -> LoadCell | None:
    """The cell that is looked at first: most hours short, else the highest load."""
    cells = [cell for row in loads for cell in row.cells]
    return max(cells, key=lambda cell: (cell.short, cell.percent() or 0.0), default=None)


def _heat(loads: list[LoadRow], *, planned: bool, chosen: LoadCell | None) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "cells": [
                {
                    "cell": cell,
                    "percent": cell.percent(planned=planned),
                    "is_chosen": cell is chosen,
                    "href": reverse("supply:drill", args=[cell.resource_id, f"{cell.month:%Y-%m}"]),
                }
                for cell in row.cells
            ],
        }
        for row in loads
    ]


@require_safe
@planning_required
@plan_needed
def drill(request: HttpRequest, resource: int, month: str) -> HttpResponse:
    """What loads a resource in a month: a part of the page, or a page of its own for a plain link."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    try:
        wanted = parse_month(month)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    cells = [cell for row in load_rows(plan) for cell in row.cells]
    cell = next((cell for cell in cells if (cell.resource_id, cell.month) == (resource, wanted)), None)
    if cell is None:
        raise NotFound("The plan has no such resource or month.")
    template = "supply/_drill.html" if request.headers.get("HX-Request") else "supply/drill.html"
    return render(request, template, room.context() | {"drill": _drill(plan, cell)})


def _drill(plan: Version, cell: LoadCell) -> dict[str, Any]:
    resource = Resource.objects.select_related("site").get(pk=cell.resource_id)
    shares = load_shares(plan, resource.pk, resource.site_id, cell.month)
    return {
        "cell": cell,
        "resource": resource,
        "shares": shares,
        "most": max((share.hours for share in shares), default=0),
        "hours_url": reverse("supply:hours", args=[resource.pk]),
    }


def _alert_parts(alert: Alert) -> dict[str, Any]:
    href = reverse(alert.url_name, args=alert.args)
    return {"alert": alert, "href": f"{href}?{alert.query}" if alert.query else href}


def _gap_parts(gap: ProductGap, *, may_make_scenarios: bool) -> dict[str, Any]:
    return {
        "gap": gap,
        "levers": [
            _lever(row.pk, place, lever, may_make_scenarios=may_make_scenarios)
            for row in gap.rows
            for place, lever in enumerate(row.levers)
        ],
    }


def _lever(gap_pk: int, place: int, lever: dict[str, Any], *, may_make_scenarios: bool) -> dict[str, Any]:
    href = reverse("reconciliation:scenario-from-gap", args=[gap_pk, place]) if may_make_scenarios else ""
    day = lever.get("needed_by", "")
    return lever | {
        "href": href,
        "unit_count": from_quanta(lever.get("units", 0)),
        "needed_on": date.fromisoformat(day) if day else None,
    }


@require_POST
@planning_required
def run_plan(request: HttpRequest) -> HttpResponse:
    """Asks for the plan."""
    run = request_supply_plan(cycle=current_cycle(), by=person(request))
    if run.state == RunState.DONE:
        say(request, "Nothing has changed since the plan was made.")
    return go_next(request, "supply:home")


@require_POST
@planning_required
def accept_gap(request: HttpRequest, product: int) -> HttpResponse:
    """Accepts a product's gaps in words."""
    found = get_object_or_404(Product, pk=product)
    answer_gap(cycle=current_cycle(), product=found, text=request.POST.get("text", ""), by=person(request))
    say(request, f"The gap of {found} is accepted.")
    return go_next(request, "supply:home")


@require_POST
@planning_required
def reopen_gap(request: HttpRequest, product: int) -> HttpResponse:
    """Takes the acceptance back."""
    found = get_object_or_404(Product, pk=product)
    withdraw_answer(cycle=current_cycle(), product=found, by=person(request))
    say(request, f"The gap of {found} is open again.")
    return go_next(request, "supply:home")
