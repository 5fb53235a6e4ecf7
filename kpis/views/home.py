"""Each role's first page: what to do now, and the figures it sees first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.choices import Role
from cycles.http import person
from cycles.models import Cycle, SignOff, User
from cycles.permissions import can_view_plan, roles_required
from cycles.queries import latest_cycle
from cycles.views.cycle import stage_cards
from kpis.charts import standing_chart, standing_table
from kpis.queries.role_figures import role_figures
from kpis.queries.standing import family_changes, standing
from kpis.queries.tasks import tasks_of
from sop.csp import chart_page
from sop.errors import NotFound


@require_safe
@roles_required(*Role)
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """One page for all roles; what it holds follows from the role (``?role=`` for people with several)."""
    user = person(request)
    role, cycle = _role(request, user), latest_cycle()
    tasks = tasks_of(user, cycle)
    context: dict[str, Any] = {
        "role": role,
        "roles": [known for known in Role if known in user.roles],
        "cycle": cycle,
        "tasks": tasks,
        "figures": role_figures(user, cycle, role),
    }
    if cycle and can_view_plan(user):
        context |= _plan(cycle, user)
    return render(request, "kpis/role_home.html", context)


def _role(request: HttpRequest, user: User) -> Role:
    asked = request.GET.get("role", "")
    if asked:
        if asked not in {str(role) for role in user.roles}:
            raise NotFound("You do not hold this role.")
        return Role(asked)
    return next(role for role in Role if role in user.roles)


def _plan(cycle: Cycle, user: User) -> dict[str, Any]:
    now = standing(cycle, user)
    changes = family_changes(cycle, user)
    return {
        "cards": stage_cards(cycle, user),
        "now": now,
        "chart": standing_chart(now),
        "chart_table": standing_table(now),
        "plan_units": sum(now.plan.values()) / 1000,
        "changes": [(family, moved / 1000, share) for family, moved, share in changes],
        "largest": max((abs(moved) / 1000 for _, moved, _ in changes), default=0),
        "sign_offs": SignOff.objects.filter(stage__cycle=cycle).select_related("by", "stage__cycle")[:6],
    }
