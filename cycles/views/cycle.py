"""The cycle's own page: where each stage stands, what is asked of whom, what was written down."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.actions.cycle import open_cycle, open_next_cycle
from cycles.choices import ActionStatus, AssumptionStatus, Role, StageKind, StageState
from cycles.forms import ActionForm, AssumptionForm, OpenCycleForm, RiskForm, valid
from cycles.http import person, say
from cycles.models import Cycle, SignOff, User
from cycles.permissions import can_run_cycle, planning_required, roles_required
from cycles.queries import gate_findings, latest_cycle, stage_buttons
from cycles.queries.searching import find
from cycles.queries.shell import STAGE_PAGES


@require_safe
@planning_required
def cycle_page(request: HttpRequest) -> HttpResponse:
    """The running cycle, or the last one; before the first, how to begin."""
    cycle = latest_cycle()
    if cycle is None:
        return render(
            request, "cycles/first.html", {"form": OpenCycleForm(), "may": can_run_cycle(person(request))}
        )
    return _page(request, cycle)


@require_safe
@planning_required
def past_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Cycle, pk=pk))


def _page(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    user = person(request)
    context = {
        "cycle": cycle,
        "cards": stage_cards(cycle, user),
        "may_run": can_run_cycle(user),
        "is_approved": cycle.stages.filter(kind=StageKind.EXECUTIVE, state=StageState.SIGNED).exists(),
        "sign_offs": SignOff.objects.filter(stage__cycle=cycle).select_related("by", "stage__cycle")[:12],
        "items": cycle.action_items.select_related("owner").order_by("status", "due"),
        "assumptions": cycle.assumptions.select_related("owner"),
        "risks": cycle.risks.filter(is_open=True).select_related("owner"),
        "decisions": cycle.decisions.select_related("owner"),
        "cycles": Cycle.objects.all()[:24],
        "action_form": ActionForm(),
        "assumption_form": AssumptionForm(),
        "risk_form": RiskForm(),
        "open_status": ActionStatus.OPEN,
        "assumption_open": AssumptionStatus.OPEN,
    }
    return render(request, "cycles/cycle.html", context)


def stage_cards(cycle: Cycle, user: User) -> list[dict[str, Any]]:
    """The stages as the strip of cards shows them."""
    cards = []
    for stage in cycle.stages.select_related("cycle", "signed_by", "submitted_by").order_by("pk"):
        findings = gate_findings(stage) if stage.is_editable else []
        cards.append(
            {
                "stage": stage,
                "url_name": STAGE_PAGES[stage.stage_kind],
                "actions": stage_buttons(stage, user),
                "is_late": stage.is_editable and stage.due < cycle.today,
                "holding": sum(finding.ok for finding in findings),
                "findings": len(findings),
                "blocking": next((finding.message for finding in findings if finding.blocks), ""),
            }
        )
    return cards


@require_POST
@roles_required(Role.PROCESS_OWNER)
def open_first(request: HttpRequest) -> HttpResponse:
    """Opens the first cycle."""
    cycle = open_cycle(by=person(request), **valid(OpenCycleForm(request.POST)))
    say(request, f"The {cycle} is open. It begins with the data gate.")
    return redirect("cycles:home")


@require_POST
@roles_required(Role.PROCESS_OWNER)
def open_next(request: HttpRequest) -> HttpResponse:
    """Closes this cycle and opens the next."""
    cycle = open_next_cycle(by=person(request))
    say(request, f"The {cycle} is open. It begins with the data gate.")
    return redirect("cycles:home")


@require_safe
@planning_required
def search(request: HttpRequest) -> HttpResponse:
    """What the rooms know by a name: products, families, resources, pages."""
    text = request.GET.get("q", "").strip()
    hits = find(text, person(request))
    return render(request, "cycles/search.html", {"text": text, "hits": hits})
