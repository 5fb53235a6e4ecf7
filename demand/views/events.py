"""Marketing events and the sales pipeline: what they are, and what they do to the plan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.choices import Role, StageKind
from cycles.http import go_next, person, say
from cycles.permissions import planning_required, require, require_editable, sees_prices
from cycles.queries import current_cycle, stage_of
from demand.actions.pipeline import take_opportunity
from demand.actions.promotions import drop_promotion, save_promotion
from demand.forms import PromotionForm
from demand.models import Promotion
from demand.queries.inputs_seen import coming_events, event_rows, pipeline
from demand.queries.progress import plan_version
from sop.errors import SopError


@require_safe
@planning_required
def events(request: HttpRequest) -> HttpResponse:
    """Coming events with their lift, and the deals that may come."""
    cycle, user = current_cycle(), person(request)
    version, stage = plan_version(cycle), stage_of(cycle, StageKind.DEMAND)
    deals = pipeline(version, user)
    context = {
        "cycle": cycle,
        "stage": stage,
        "events": event_rows(version, user),
        "pipeline": deals,
        "can_change": user.has_role(Role.SALES) and stage.is_editable,
        "sees_money": sees_prices(user),
    }
    return render(request, "demand/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def event_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new event, or a planned one."""
    cycle, user = current_cycle(), person(request)
    require(user.has_role(Role.SALES), "Marketing events are planned by sales and marketing.")
    require_editable(user, stage_of(cycle, StageKind.DEMAND))
    promotion = get_object_or_404(coming_events(cycle, user), code=code) if code else None
    form = PromotionForm(request.POST or None, user=user, promotion=promotion)
    if request.method == "POST" and form.is_valid() and _saved(request, form, promotion):
        say(request, "The event is planned, and the marketing figures follow it.")
        return redirect("demand:events")
    title = f"Event {promotion.code}" if promotion else "New event"
    return render(request, "demand/event_form.html", {"form": form, "title": title, "promotion": promotion})


def _saved(request: HttpRequest, form: PromotionForm, promotion: Promotion | None) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        save_promotion(
            cycle=current_cycle(),
            by=person(request),
            code=promotion.code if promotion else given["code"],
            product=given["product"].code,
            market=given["market"].code if given["market"] else "",
            start=given["start"],
            end=given["end"],
            lift_percent=given["lift_percent"],
            kind=given["kind"],
        )
    except SopError as error:
        form.add_error(None, error.message)
        return False
    return True


@require_POST
@planning_required
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """A coming event does not take place."""
    drop_promotion(cycle=current_cycle(), by=person(request), code=code)
    say(request, f"{code} is taken out of the plan.")
    return go_next(request, "demand:events")


@require_POST
@planning_required
def take(request: HttpRequest, code: str) -> HttpResponse:
    """A deal enters the sales figures at what it is worth on average."""
    result = take_opportunity(version=plan_version(current_cycle()), by=person(request), code=code)
    say(request, result.message)
    return go_next(request, "demand:events")
