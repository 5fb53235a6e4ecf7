"""Forms for launches and phase-outs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cycles.http import go_next, person, say
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from portfolio.actions.common import editable_stage
from portfolio.actions.launches import NewProduct, decide_gate, drop_launch, move_launch, save_launch
from portfolio.actions.phase_outs import RunOut, drop_phase_out, save_phase_out
from portfolio.choices import TransitionCurve
from portfolio.forms import LaunchForm, PhaseOutForm
from portfolio.models import Launch, PhaseOut
from portfolio.views.common import was_saved

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@planning_required
def launch_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new launch, or a planned one."""
    launch = get_object_or_404(Launch, product__code=code, is_dropped=False) if code else None
    editable_stage(current_cycle(), person(request))
    form = LaunchForm(request.POST or None, launch=launch)
    if (
        request.method == "POST"
        and form.is_valid()
        and was_saved(form, lambda: _save_launch(request, form, launch))
    ):
        say(request, "The launch is planned, and the demand plan follows it.")
        return redirect("portfolio:home")
    title = f"Launch of {launch.product}" if launch else "New launch"
    return render(request, "portfolio/launch.html", {"form": form, "title": title, "launch": launch})


def _save_launch(request: HttpRequest, form: LaunchForm, launch: Launch | None) -> None:
    given = form.cleaned_data
    save_launch(
        cycle=current_cycle(),
        by=person(request),
        product=launch.product.code if launch else _product(given),
        month=given["month"],
        references=form.references(),
        influences=form.influences(),
        volume=form.volume(),
        gate=given["gate"],
        ramp_months=given["ramp_months"],
        takes_from_like=given["takes_from_like"],
        owner=given["owner"],
        note=given["note"],
    )


def _product(given: dict[str, Any]) -> str | NewProduct:
    if given["product"]:
        return str(given["product"].code)
    return NewProduct(
        given["code"],
        given["description"],
        given["family"].code,
        given["list_price"],
        given["standard_cost"],
    )


@require_http_methods(FORM_METHODS)
@planning_required
def phase_out_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new phase-out, or a planned one."""
    phase_out = get_object_or_404(PhaseOut, product__code=code, is_dropped=False) if code else None
    editable_stage(current_cycle(), person(request))
    asked = {"product": request.GET["product"]} if "product" in request.GET and not phase_out else None
    form = PhaseOutForm(request.POST or None, phase_out=phase_out, **({"initial": asked} if asked else {}))
    if (
        request.method == "POST"
        and form.is_valid()
        and was_saved(form, lambda: _save_phase_out(request, form, phase_out))
    ):
        say(request, "The phase-out is planned, and the demand plan follows it.")
        return redirect("portfolio:home")
    title = f"Phase-out of {phase_out.product}" if phase_out else "New phase-out"
    return render(
        request,
        "portfolio/form.html",
        {"form": form, "title": title, "phase_out": phase_out, "back": "portfolio:home"},
    )


def _save_phase_out(request: HttpRequest, form: PhaseOutForm, phase_out: PhaseOut | None) -> None:
    given = form.cleaned_data
    save_phase_out(
        cycle=current_cycle(),
        by=person(request),
        product=phase_out.product.code if phase_out else given["product"].code,
        end_month=given["end_month"],
        run_out_months=given["run_out_months"],
        run_out_units=given["run_out_units"],
        successor=given["successor"].code if given["successor"] else "",
        no_successor=given["no_successor"],
        successor_percent=given["successor_percent"],
        curve=given["curve"] or TransitionCurve.STEADY,
        run_out=RunOut(given["coming_units"], given["last_order"], given["salvage_percent"] or 0.0),
        owner=given["owner"],
        note=given["note"],
    )


@require_POST
@planning_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A launch goes to another gate."""
    gate = request.POST.get("gate", "")
    launch = move_launch(
        cycle=current_cycle(), by=person(request), code=code, gate=gate, reason=request.POST.get("reason", "")
    )
    say(request, f"{launch.product} is at the gate “{launch.get_gate_display()}”.")
    return go_next(request, "portfolio:home")


@require_POST
@planning_required
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """Go, hold or kill."""
    word = request.POST.get("verdict", "")
    launch = decide_gate(
        cycle=current_cycle(),
        by=person(request),
        code=code,
        verdict=word,
        reason=request.POST.get("reason", ""),
    )
    say(request, _verdict_words(launch))
    return go_next(request, "portfolio:home")


def _verdict_words(launch: Launch) -> str:
    if launch.is_dropped:
        return f"{launch.product} is stopped; what it did to the plan is taken back."
    if launch.is_held:
        return f"{launch.product} is on hold; its figures have left the plan."
    rest = "" if launch.is_planned else "; the plan holds it from “Development” on"
    return f"{launch.product} is at the gate “{launch.get_gate_display()}”{rest}."


@require_POST
@planning_required
def drop(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """A launch is stopped, or a product stays after all."""
    act = drop_launch if kind == "launch" else drop_phase_out
    act(cycle=current_cycle(), by=person(request), code=code, reason=request.POST.get("reason", ""))
    say(request, "Taken out of the plan.")
    return go_next(request, "portfolio:home")
