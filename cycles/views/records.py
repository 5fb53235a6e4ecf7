"""Assumptions, risks, actions and comments from the cycle's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cycles.actions.records import (
    add_action_item,
    add_assumption,
    add_comment,
    add_risk,
    close_risk,
    settle_action_item,
    settle_assumption,
)
from cycles.choices import ActionStatus, AssumptionStatus, StageKind
from cycles.forms import ActionForm, AssumptionForm, CommentForm, RiskForm, valid
from cycles.http import go_next, person, say
from cycles.models import ActionItem, Assumption, Risk
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from sop.errors import InvalidInput
from sop.quantities import to_minor


@require_POST
@planning_required
def new_assumption(request: HttpRequest) -> HttpResponse:
    add_assumption(cycle=current_cycle(), by=person(request), **valid(AssumptionForm(request.POST)))
    say(request, "The assumption is on the list.")
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    status = request.POST.get("status", "")
    if status not in AssumptionStatus.values:
        raise InvalidInput("Say whether the assumption is confirmed or invalidated.")
    assumption = get_object_or_404(Assumption, pk=pk)
    settle_assumption(
        assumption=assumption,
        by=person(request),
        status=AssumptionStatus(status),
        outcome=request.POST.get("outcome", ""),
    )
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def new_risk(request: HttpRequest) -> HttpResponse:
    values = valid(RiskForm(request.POST))
    money, likelihood = values.pop("money"), values.pop("likelihood")
    add_risk(
        cycle=current_cycle(),
        by=person(request),
        money_minor=to_minor(money),
        probability=likelihood / 100,
        **values,
    )
    say(request, "The entry is on the list.")
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def end_risk(request: HttpRequest, pk: int) -> HttpResponse:
    close_risk(risk=get_object_or_404(Risk, pk=pk), by=person(request))
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def new_action(request: HttpRequest) -> HttpResponse:
    add_action_item(cycle=current_cycle(), by=person(request), **valid(ActionForm(request.POST)))
    say(request, "The action is on the list.")
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def settle_action(request: HttpRequest, pk: int) -> HttpResponse:
    status = request.POST.get("status", "")
    if status not in ActionStatus.values:
        raise InvalidInput("Say whether the action is done or dropped.")
    item = get_object_or_404(ActionItem, pk=pk)
    settle_action_item(item=item, by=person(request), status=ActionStatus(status))
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def new_comment(request: HttpRequest) -> HttpResponse:
    values = valid(CommentForm(request.POST))
    if values["stage_kind"] not in StageKind.values:
        raise InvalidInput("There is no such review.")
    add_comment(cycle=current_cycle(), by=person(request), **values)
    return go_next(request, "cycles:home")
