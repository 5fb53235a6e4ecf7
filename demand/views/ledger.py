"""The changes of the plan: who, what, why, with undo."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import Measure, StageKind
from cycles.http import go_next, person, say
from cycles.permissions import planning_required, sees_prices
from cycles.queries import current_cycle, stage_of
from demand.actions.undo import undo_changes
from demand.queries.changes import entries, ledger, people_in
from demand.queries.overrides import overrides_without_reason, unexplained_against_last_plan
from demand.queries.progress import plan_version

PAGE = 50


@require_safe
@planning_required
def changes(request: HttpRequest) -> HttpResponse:
    """The ledger of the plan, newest first, and what still lacks a reason."""
    cycle, user = current_cycle(), person(request)
    version = plan_version(cycle)
    asked = {name: request.GET.get(name, "") for name in ("measure", "words", "person")}
    page = Paginator(ledger(version, **asked), PAGE).get_page(request.GET.get("page"))
    stage = stage_of(cycle, StageKind.DEMAND)
    context = {
        "cycle": cycle,
        "page": page,
        "asked": asked,
        "measures": Measure.choices,
        "people": people_in(version),
        "entries": entries(
            list(page), version, user, is_editable=stage.is_editable and not version.is_frozen
        ),
        "unexplained": overrides_without_reason(version),
        "moved": unexplained_against_last_plan(version),
        "sees_money": sees_prices(user),
    }
    return render(request, "demand/changes.html", context)


@require_POST
@planning_required
def undo_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes one change back, or brings it in again: ``pk`` is the last of its chain of undos."""
    result = undo_changes(version=plan_version(current_cycle()), by=person(request), change_ids=[pk])
    say(request, result.message)
    return go_next(request, "demand:changes")
