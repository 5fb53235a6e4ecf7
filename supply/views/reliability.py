"""Supplier reliability, and taking over the safety stock that it proposes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.http import person, say
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from supply.actions.inputs import take_proposal
from supply.queries.plans import shown_plan
from supply.queries.reliability import reliabilities
from supply.views.common import room_of


@require_safe
@planning_required
def reliability(request: HttpRequest) -> HttpResponse:
    """Deliveries of the last two years by supplier and product."""
    room = room_of(request)
    rows = reliabilities(room.cycle, room.plan)
    late = sum(row.is_late for row in rows)
    receipts = sum(row.receipts for row in rows)
    on_time = sum(row.on_time_share * row.receipts for row in rows) / receipts if receipts else None
    context = {"rows": rows, "late": late, "on_time": on_time}
    return render(request, "supply/reliability.html", room.context() | context)


@require_POST
@planning_required
def take(request: HttpRequest) -> HttpResponse:
    """Takes the proposed safety stock of a product at a site; its supplier row is posted."""
    cycle = current_cycle()
    posted = request.POST.get("row", "")
    number = int(posted) if posted.isdecimal() else 0
    policy = take_proposal(cycle=cycle, plan=shown_plan(cycle), row_id=number, by=person(request))
    say(request, f"{policy.product} in {policy.site}: safety stock {policy.safety_stock:,.0f}.")
    return redirect("supply:reliability")
