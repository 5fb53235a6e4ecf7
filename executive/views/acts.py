"""What people do to the brief: write it, answer its decisions, approve it or send it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cycles.choices import StageKind, Verdict
from cycles.forms import valid
from cycles.http import person, say
from cycles.permissions import planning_required, require, require_editable
from cycles.queries import current_cycle, stage_of
from executive.actions.approval import approve, send_back
from executive.actions.brief import add_decision, prepare_brief, remove_decision, write_brief
from executive.actions.decisions import decide
from executive.forms import AnswerForm, BriefForm, DecisionForm, SendBackForm
from executive.models import Brief
from executive.permissions import can_prepare, can_send_back
from executive.queries.decisions import deciders, decision_or_404

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@planning_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Makes the brief from the recommended scenario, or brings it up to date."""
    cycle, user = current_cycle(), person(request)
    require(can_prepare(user), "The process owner prepares the brief.")
    require_editable(user, stage_of(cycle, StageKind.EXECUTIVE))
    prepare_brief(cycle=cycle, by=user)
    say(request, "The brief is up to date with the recommended scenario.")
    return redirect("executive:home")


@page_or_post
@planning_required
def words(request: HttpRequest) -> HttpResponse:
    """The headline and the note."""
    cycle, user = current_cycle(), person(request)
    require_editable(user, stage_of(cycle, StageKind.EXECUTIVE))
    brief = Brief.objects.filter(cycle=cycle).first()
    initial = {"headline": brief.headline, "note": brief.note} if brief else {}
    form = BriefForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        write_brief(cycle=cycle, by=user, **form.cleaned_data)
        return redirect("executive:home")
    return _form_page(request, form, "The brief in your words", "Save")


@page_or_post
@planning_required
def ask(request: HttpRequest) -> HttpResponse:
    """Puts a free decision before the executives."""
    cycle, user = current_cycle(), person(request)
    require(can_prepare(user), "The process owner puts decisions before the executives.")
    require_editable(user, stage_of(cycle, StageKind.EXECUTIVE))
    form = DecisionForm(request.POST or None, initial={"owner": user.pk})
    if request.method == "POST" and form.is_valid():
        add_decision(cycle=cycle, by=user, **form.cleaned_data)
        return redirect("executive:home")
    return _form_page(request, form, "A decision for the executives", "Put it in the brief")


@require_POST
@planning_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, no or discuss."""
    values = valid(AnswerForm(request.POST))
    decision = decision_or_404(pk)
    decide(
        decision=decision,
        by=person(request),
        verdict=Verdict(values["verdict"]),
        owner=values["owner"],
        due=values["due"],
        note=values["note"],
    )
    say(request, f"{Verdict(values['verdict']).label}: {decision.question}")
    return redirect(f"{reverse('executive:home')}#decisions")


@require_POST
@planning_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a free decision back."""
    remove_decision(decision=decision_or_404(pk), by=person(request))
    return redirect("executive:home")


@require_POST
@planning_required
def approve_plan(request: HttpRequest) -> HttpResponse:
    """Approves and publishes."""
    seen = request.POST.get("rev", "")
    approve(
        cycle=current_cycle(),
        by=person(request),
        comment=request.POST.get("comment", ""),
        expected_rev=int(seen) if seen.isdecimal() else None,
        participants=deciders().filter(
            pk__in=[key for key in request.POST.getlist("with") if key.isdecimal()]
        ),
    )
    say(request, "The plan is approved and published.")
    return redirect("executive:plan")


@page_or_post
@planning_required
def return_plan(request: HttpRequest) -> HttpResponse:
    """Sends the plan back to a review, with a reason."""
    cycle, user = current_cycle(), person(request)
    require(can_send_back(user), "The sponsor or the process owner sends a plan back.")
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = StageKind(form.cleaned_data["to"])
        send_back(cycle=cycle, by=user, to=to, reason=form.cleaned_data["reason"])
        say(request, f"The plan went back to the {to.label.lower()} review.")
        return redirect("executive:home")
    return _form_page(request, form, "Send the plan back", "Send back")


def _form_page(request: HttpRequest, form: object, title: str, submit: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "cancel": reverse("executive:home")}
    status = 400 if request.method == "POST" else 200
    return render(request, "executive/form.html", context, status=status)
