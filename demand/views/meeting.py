"""The consensus meeting: one family after the other, all functions side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cycles.choices import StageKind
from cycles.http import person
from cycles.models import Company
from cycles.permissions import planning_required, sees_prices
from cycles.queries import current_cycle, stage_of
from demand.permissions import can_review_family
from demand.queries.marks import reviewed_families
from demand.queries.meeting import family_case
from demand.queries.progress import plan_version
from demand.queries.units import require_units_or_money
from demand.queries.views import plan_view
from sop.errors import NotFound


@require_safe
@planning_required
def first_family(request: HttpRequest) -> HttpResponse:
    """The meeting begins with the first family that has not been looked at."""
    cycle = current_cycle()
    view = plan_view(plan_version(cycle), person(request))
    families = view.shown_families(None)
    if not families:
        raise NotFound("There is nothing in this plan for you.")
    done = reviewed_families(cycle)
    key = next((family for family in families if family not in done), families[0])
    return redirect("demand:meeting-family", view.tree.families[key].code)


@require_safe
@planning_required
def family(request: HttpRequest, code: str) -> HttpResponse:
    """One family in the meeting."""
    user, unit = person(request), request.GET.get("unit", "units")
    require_units_or_money(user, unit)
    cycle = current_cycle()
    view = plan_view(plan_version(cycle), user)
    chosen = view.tree.by_code(code)
    tops = [view.tree.families[key] for key in view.shown_families(None)]
    shown = {key for top in tops for key in view.tree.descendants(top.pk)}
    if chosen is None or chosen.pk not in shown:
        raise NotFound(f"There is no family {code!r} in your part of the plan.")
    place = next(number for number, top in enumerate(tops) if chosen.pk in view.tree.descendants(top.pk))
    stage = stage_of(cycle, StageKind.DEMAND)
    context = {
        "cycle": cycle,
        "stage": stage,
        "case": family_case(view, chosen, unit),
        "reviewed": chosen.pk in reviewed_families(cycle),
        "can_review": can_review_family(user) and stage.is_editable,
        "place": place + 1,
        "count": len(tops),
        "before": tops[place - 1] if place else None,
        "after": tops[place + 1] if place + 1 < len(tops) else None,
        "unit": unit,
        "sees_money": sees_prices(user),
        "currency": Company.current().currency,
    }
    return render(request, "demand/meeting.html", context)
