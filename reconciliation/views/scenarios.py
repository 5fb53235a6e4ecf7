"""Making, changing, computing and recommending scenarios."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cycles.http import person, say
from cycles.permissions import planning_required, require_editable
from cycles.queries import current_cycle
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    describe_scenario,
    edit_difference,
    recommend_scenario,
    remove_difference,
    remove_scenario,
    request_all,
    request_scenario,
    scenario_from_gap,
    toggle_difference,
)
from reconciliation.choices import DifferenceKind
from reconciliation.forms import FORMS, DifferenceForm, ScenarioForm, initial_of
from reconciliation.models import Scenario
from reconciliation.permissions import require_kind
from reconciliation.queries.gaps import gap_or_404
from reconciliation.queries.scenarios import (
    difference_or_404,
    reconciliation_stage,
    scenario_or_404,
    scenarios_of,
)
from sop.errors import InvalidInput, NotFound

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


def show(scenario: Scenario) -> HttpResponse:
    """The reconciliation page with a scenario chosen."""
    return redirect(f"{reverse('reconciliation:home')}?scenario={scenario.pk}")


@page_or_post
@planning_required
def create(request: HttpRequest) -> HttpResponse:
    """A new scenario."""
    cycle, user = current_cycle(), person(request)
    require_editable(user, reconciliation_stage(cycle))
    form = ScenarioForm(request.POST or None, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        try:
            scenario = create_scenario(cycle=cycle, by=user, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("name", refusal.message)
        else:
            say(request, f"{scenario} is there. Put differences on it, then compute it.")
            return show(scenario)
    return _form_page(request, form, "New scenario", "Make it", reverse("reconciliation:home"))


@page_or_post
@planning_required
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words for a scenario."""
    scenario, user = scenario_or_404(pk), person(request)
    require_editable(user, reconciliation_stage(scenario.cycle))
    form = ScenarioForm(
        request.POST or None,
        cycle=scenario.cycle,
        with_copy=False,
        initial={"name": scenario.name, "question": scenario.question},
    )
    if request.method == "POST" and form.is_valid():
        try:
            describe_scenario(scenario=scenario, by=user, **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error("name", refusal.message)
        else:
            return show(scenario)
    return _form_page(request, form, f"Rename {scenario}", "Save", _home_of(scenario))


@require_POST
@planning_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Drops a scenario."""
    scenario = scenario_or_404(pk)
    remove_scenario(scenario=scenario, by=person(request))
    say(request, f"{scenario} is gone.")
    return redirect("reconciliation:home")


@require_POST
@planning_required
def compute(request: HttpRequest, pk: int) -> HttpResponse:
    """Solves a scenario in the background."""
    scenario = scenario_or_404(pk)
    request_scenario(scenario=scenario, by=person(request))
    return show(scenario)


@require_POST
@planning_required
def compute_all(request: HttpRequest) -> HttpResponse:
    """Solves every scenario that is not up to date, side by side."""
    runs = request_all(cycle=current_cycle(), by=person(request))
    say(request, f"{len(runs)} scenarios are being computed." if runs else "Every scenario is up to date.")
    return redirect("reconciliation:home")


@require_POST
@planning_required
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks the scenario that goes to the executives."""
    scenario = scenario_or_404(pk)
    recommend_scenario(scenario=scenario, by=person(request))
    say(request, f"{scenario} is recommended.")
    return show(scenario)


@page_or_post
@planning_required
def new_difference(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Puts a difference on a scenario."""
    scenario, user = scenario_or_404(pk), person(request)
    chosen = _kind(kind)
    if chosen not in DifferenceKind.offered():
        raise NotFound("This kind comes from a lever of a gap: make it there.")
    require_editable(user, reconciliation_stage(scenario.cycle))
    require_kind(user, chosen)
    form = FORMS[chosen](request.POST or None, cycle=scenario.cycle)
    if request.method == "POST" and form.is_valid():
        try:
            difference = add_difference(
                scenario=scenario, by=user, kind=chosen, params=form.params(), one_off_cost=form.one_off()
            )
        except InvalidInput as refusal:
            form.take_refusal(refusal)
        else:
            say(request, f"Added: {difference.sentence}.")
            return show(scenario)
    return _form_page(request, form, f"{chosen.label} in {scenario}", "Add it", _home_of(scenario))


@page_or_post
@planning_required
def change_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a difference."""
    difference, user = difference_or_404(pk), person(request)
    kind = DifferenceKind(difference.kind)
    require_editable(user, reconciliation_stage(difference.scenario.cycle))
    require_kind(user, kind)
    form = FORMS[kind](request.POST or None, cycle=difference.scenario.cycle, initial=initial_of(difference))
    if request.method == "POST" and form.is_valid():
        try:
            edit_difference(difference=difference, by=user, params=form.params(), one_off_cost=form.one_off())
        except InvalidInput as refusal:
            form.take_refusal(refusal)
        else:
            return show(difference.scenario)
    title = f"{kind.label} in {difference.scenario}"
    return _form_page(request, form, title, "Save", _home_of(difference.scenario))


@require_POST
@planning_required
def toggle(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a difference on or off."""
    difference = difference_or_404(pk)
    toggle_difference(difference=difference, by=person(request), active=request.POST.get("active") == "on")
    return show(difference.scenario)


@require_POST
@planning_required
def drop_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a difference out."""
    difference = difference_or_404(pk)
    remove_difference(difference=difference, by=person(request))
    say(request, f"Taken out: {difference.sentence}.")
    return show(difference.scenario)


@page_or_post
@planning_required
def from_gap(request: HttpRequest, pk: int, lever: int) -> HttpResponse:
    """Makes a difference of a gap's lever: asks in which scenario, then adds it."""
    gap, user = gap_or_404(pk), person(request)
    cycle = gap.version.cycle
    require_editable(user, reconciliation_stage(cycle))
    if request.method == "POST":
        target = _target(request.POST.get("scenario", ""))
        scenario = scenario_from_gap(gap=gap, lever_index=lever, by=user, scenario=target)
        say(request, f"The lever is in {scenario}. Compute it to see what it does.")
        return show(scenario)
    if not 0 <= lever < len(gap.levers):
        raise NotFound("This gap has no such lever; the supply plan may have been computed anew.")
    context = {
        "gap": gap,
        "lever": gap.levers[lever],
        "scenarios": [scenario for scenario in scenarios_of(cycle) if not scenario.is_baseline],
    }
    return render(request, "reconciliation/from_gap.html", context)


def _target(asked: str) -> Scenario | None:
    return scenario_or_404(int(asked)) if asked.isdecimal() else None


def _kind(kind: str) -> DifferenceKind:
    if kind not in DifferenceKind.values:
        raise NotFound("There is no such kind of difference.")
    return DifferenceKind(kind)


def _home_of(scenario: Scenario) -> str:
    return f"{reverse('reconciliation:home')}?scenario={scenario.pk}"


def _form_page(
    request: HttpRequest, form: ScenarioForm | DifferenceForm, title: str, submit: str, cancel: str
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "submit": submit, "cancel": cancel}
    status = 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "reconciliation/form.html", context, status=status)
