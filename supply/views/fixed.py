"""Fixed production: what the planner has to start as told, and what that costs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cycles.http import person, say
from cycles.permissions import planning_required
from cycles.queries import current_cycle
from sop.periods import month_range, months_between
from supply.actions.fixed_lines import fix_production, release_production
from supply.forms import FixedLineForm
from supply.models import FixedLine
from supply.views.common import room_of


@require_http_methods(["GET", "HEAD", "POST"])
@planning_required
def fixed_lines(request: HttpRequest) -> HttpResponse:
    """The fixed quantities of the cycle, and the form that fixes some more."""
    room = room_of(request)
    form = FixedLineForm(request.POST or None, months=room.cycle.months)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        first, last = given.pop("first_month"), given.pop("last_month")
        months = month_range(first, max(0, months_between(first, last) + 1))
        done = fix_production(cycle=room.cycle, months=months, by=room.user, **given)
        say(request, f"{given['product']} is fixed in {done} months. Run the planner again.")
        return redirect("supply:fixed")
    lines = FixedLine.objects.filter(cycle=room.cycle).select_related("product", "site", "by")
    context = {
        "lines": lines,
        "form": form,
        "cost": room.plan.params.get("fixed_cost") if room.plan else None,
    }
    status = 400 if form.errors else 200
    return render(request, "supply/fixed.html", room.context() | context, status=status)


@require_POST
@planning_required
def release(request: HttpRequest) -> HttpResponse:
    """Lets the planner choose again; the line's number is posted."""
    posted = request.POST.get("line", "")
    number = int(posted) if posted.isdecimal() else 0
    line = release_production(cycle=current_cycle(), line_id=number, by=person(request))
    say(request, f"{line.product} is free again in {line.month:%B %Y}.")
    return redirect("supply:fixed")
