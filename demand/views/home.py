"""The demand review's page, its plain table, and its buttons."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import ReasonCode, StageKind
from cycles.http import go_next, person, say, stage_parts
from cycles.models import Assumption, Company, Stage, User
from cycles.permissions import planning_required
from cycles.queries import current_cycle, run_card, stage_buttons, stage_of
from demand.actions.baseline import start_baseline
from demand.actions.inputs import review_family, submit_input, withdraw_input
from demand.permissions import can_review_family, can_run_baseline
from demand.queries.grid import grid_answer
from demand.queries.overrides import has_plan
from demand.queries.progress import active_run, family_progress, function_states, last_run, plan_version
from demand.queries.units import require_unit, units_of
from demand.queries.views import PlanView, plan_view
from demand.views.choices import filter_choices
from demand.views.grid import filters_in
from sop.csp import chart_page
from sop.requests import is_fragment

LEGEND = [
    {"label": "History", "colour": "history", "style": ""},
    {"label": "Baseline", "colour": "baseline", "style": "dash"},
    {"label": "Consensus", "colour": "consensus", "style": ""},
    {"label": "Last cycle", "colour": "previous", "style": ""},
    {"label": "Budget", "colour": "budget", "style": "dot"},
]


@require_safe
@planning_required
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """The grid's page; ``?print=1`` gives the same numbers as a plain table."""
    cycle, user = current_cycle(), person(request)
    version, stage = plan_version(cycle), stage_of(cycle, StageKind.DEMAND)
    view = plan_view(version, user, filters_in(request))
    if request.GET.get("print"):
        return _plain_table(request, view)
    context = {
        "cycle": cycle,
        "version": version,
        "has_plan": has_plan(cycle, version),
        "stage": stage,
        **filter_choices(view),
        **_progress(view, stage),
        "grid": _grid(view, stage, user),
    }
    return render(request, "demand/home.html", context)


def _progress(view: PlanView, stage: Stage) -> dict[str, Any]:
    cycle, user = stage.cycle, view.user
    run = active_run(cycle)
    shown = run or last_run(cycle)
    failed = shown is not None and shown.state == "dead"
    functions = function_states(stage, user, view.planned)
    return {
        "functions": functions,
        "gives_input": any(one.is_mine for one in functions),
        "may_act": bool(stage_buttons(stage, user)),
        "wants_input": stage.is_editable
        and any(one.is_mine and not one.i_have_submitted for one in functions),
        "families": family_progress(cycle, view.planned, view.tree),
        "run": run_card(shown, user) if shown and (run or failed) else None,
        "may_run_baseline": _may_run_baseline(stage, user),
        "can_review": can_review_family(user) and stage.is_editable,
    }


def _may_run_baseline(stage: Stage, user: User) -> bool:
    return can_run_baseline(user) and stage.cycle.is_open and stage.state not in ("signed", "submitted")


@require_safe
@planning_required
def gate(request: HttpRequest) -> HttpResponse:
    """What must hold before the plan is signed: a part of the page, asked for when it is looked at."""
    cycle, user = current_cycle(), person(request)
    stage = stage_of(cycle, StageKind.DEMAND)
    context = {**stage_parts(stage, user), "cycle": cycle, "may_run_baseline": _may_run_baseline(stage, user)}
    template = "demand/_gate.html" if is_fragment(request) else "demand/gate.html"
    return render(request, template, context)


def _grid(view: PlanView, stage: Stage, user: User) -> dict[str, Any]:
    units = units_of(view)
    depth = view.tree.depth
    levels = [
        {"level": level, "label": "Family" if level == 1 else f"Family {level}"}
        for level in range(1, depth + 1)
    ]
    levels += [{"level": depth + 1, "label": "Product"}, {"level": depth + 2, "label": "Market"}]
    filters = {"family": view.filters.family, "market": view.filters.market}
    return {
        "id": "demand-grid",
        "src": reverse("demand:grid"),
        "edit": reverse("demand:edit"),
        "undo": reverse("demand:undo"),
        "cell": reverse("demand:cell"),
        "lock": reverse("demand:lock") if stage.is_editable else "",
        "facts": reverse("demand:facts"),
        "advice": reverse("demand:advice") if stage.is_editable else "",
        "print": f"{reverse('demand:home')}?{urlencode({**filters, 'print': '1'})}",
        "config": {
            "label": "Demand plan by month",
            "corner": "Item",
            "depth": 1,
            "unit": "units",
            "filters": filters,
            "units": [{"key": unit.key, "label": unit.label} for unit in units],
            "digits": {unit.key: unit.shown_digits for unit in units},
            "levels": levels,
            "reasons": [{"code": code, "label": str(label)} for code, label in ReasonCode.choices],
            "assumptions": [
                {"id": key, "label": words[:80]}
                for key, words in Assumption.objects.filter(cycle=view.version.cycle).values_list(
                    "pk", "statement"
                )
            ],
            "hidden_measures": ["product", "previous", "budget"],
            "clearable": True,
            "chart": {
                "measures": ["history", "baseline", "consensus", "previous", "budget"],
                "band": ["low", "high"],
                "legend": LEGEND,
            },
        },
    }


def _plain_table(request: HttpRequest, view: PlanView) -> HttpResponse:
    """All families, and the products of a chosen one, as a table that prints."""
    unit = request.GET.get("unit", "units")
    shown_in = require_unit(person(request), unit)
    depth = view.tree.depth + 1 if view.filters.family else view.tree.depth
    answer = grid_answer(view, depth=depth, unit=unit)
    rows = [
        {
            "node": node,
            "measure": measure,
            "values": node["values"].get(measure["key"], []),
            "first": place == 0,
        }
        for node in answer["nodes"]
        for place, measure in enumerate(answer["measures"])
        if any(value is not None for value in node["values"].get(measure["key"], []))
    ]
    context = {
        "answer": answer,
        "rows": rows,
        "version": view.version,
        "unit": unit,
        "unit_label": shown_in.label,
        "chosen": view.filters,
        "count": len(answer["measures"]),
        "currency": Company.current().currency,
    }
    return render(request, "demand/plain.html", context)


@require_POST
@planning_required
def run_baseline(request: HttpRequest) -> HttpResponse:
    """Starts the forecast."""
    run = start_baseline(cycle=current_cycle(), by=person(request))
    words = (
        "The baseline stands on the data as they are now."
        if run.state == "done"
        else "The forecast is running."
    )
    say(request, words)
    return go_next(request, "demand:home")


@require_POST
@planning_required
def submit(request: HttpRequest, function: str) -> HttpResponse:
    """A function's input is in, or not in after all."""
    act = withdraw_input if request.POST.get("withdraw") else submit_input
    act(cycle=current_cycle(), function=function, by=person(request))
    say(request, "Your input is open again." if request.POST.get("withdraw") else "Your input is in.")
    return go_next(request, "demand:home")


@require_POST
@planning_required
def review(request: HttpRequest, code: str) -> HttpResponse:
    """The planner has looked at a family."""
    review_family(
        cycle=current_cycle(), code=code, by=person(request), reviewed=not request.POST.get("withdraw")
    )
    return go_next(request, "demand:home")
