"""The data page: datasets, the gate, uploads, issues at a glance."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import Role, StageKind
from cycles.http import go_next, person, say, stage_parts
from cycles.models import Cycle, User
from cycles.permissions import planning_required, roles_required
from cycles.queries import current_cycle, open_cycle_or_none, run_card, stage_of
from datahub import queries
from datahub.actions.quality import check_data
from datahub.actions.uploads import Upload, receive_files
from datahub.choices import ImportState, Severity
from datahub.permissions import can_load, can_see_data, can_upload

SHOWN_ISSUES = 8


@require_safe
@roles_required(*Role)
def home(request: HttpRequest) -> HttpResponse:
    """What is loaded, what is wrong with it, and what the gate waits for. Administrators see failed loads."""
    user = person(request)
    if not can_see_data(user):
        return render(request, "datahub/failed.html", {"batches": queries.failed_batches()})
    cycle = open_cycle_or_none()
    states = queries.dataset_states(cycle)
    context = {
        "states": [(state, can_load(user, state.dataset)) for state in states],
        "dimensions": list(queries.DIMENSIONS.items()),
        "batches": queries.recent_batches(),
        "can_upload": can_upload(user),
        **(_cycle_context(cycle, user) if cycle else {}),
    }
    return render(request, "datahub/home.html", {**context, "answer": _answer(context)})


def _cycle_context(cycle: Cycle, user: User) -> dict[str, Any]:
    stage = stage_of(cycle, StageKind.DATA)
    issues = queries.open_issues(cycle)
    run = queries.rules_run(cycle)
    return {
        "cycle": cycle,
        "issues": issues[:SHOWN_ISSUES],
        "issue_count": len(issues),
        "blocking": sum(issue.severity == Severity.CRITICAL for issue in issues),
        "score": queries.data_score(cycle),
        "least": queries.minimum_score(),
        "checked_at": queries.last_check(cycle),
        "run": run_card(run, user) if run and (run.is_active or run.state == "dead") else None,
        **stage_parts(stage, user),
    }


def _answer(context: dict[str, Any]) -> str:
    """The page's first sentence."""
    if "cycle" not in context:
        return "No cycle is open: load the company's data, then open one"
    waiting = [check for check in context["checks"] if check.blocks]
    if context["stage"].state == "signed":
        return "The data is signed"
    if not waiting:
        return "The data is ready to be signed"
    if len(waiting) == 1:
        return f"One thing stands before the forecast: {waiting[0].label.lower()}"
    return f"{len(waiting)} things stand before the forecast"


@require_POST
@planning_required
def upload(request: HttpRequest) -> HttpResponse:
    """Take files, and show the batch that they make."""
    files = cast("list[Upload]", request.FILES.getlist("files"))
    batch = receive_files(uploads=files, by=person(request), ask=True)
    return redirect("datahub:columns" if batch.state == ImportState.MATCHING else "datahub:batch", batch.pk)


@require_POST
@planning_required
def run_rules(request: HttpRequest) -> HttpResponse:
    """Run all rules of data quality for the open cycle."""
    check_data(cycle=current_cycle(), by=person(request))
    say(request, "The rules are being run.")
    return go_next(request, "datahub:home")
