"""Two runs of the planner compared: what moved, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.permissions import planning_required
from supply.queries.compare import (
    Line,
    Pair,
    chosen_pair,
    comparable_plans,
    family_lines,
    input_changes,
    load_moves,
    production_moves,
    reasons,
)
from supply.views.common import room_of


@require_safe
@planning_required
def compare(request: HttpRequest) -> HttpResponse:
    """The newest plan against the one before it, or any two of the cycle."""
    room = room_of(request)
    plans = comparable_plans(room.cycle)
    pair = chosen_pair(plans, request.GET.get("before", ""), request.GET.get("after", ""))
    context: dict[str, Any] = {"plans": plans, "pair": pair}
    if pair is not None:
        families = family_lines(*pair)
        context |= {
            "families": families,
            "total": _total(families),
            "production": production_moves(*pair),
            "loads": load_moves(*pair),
            "reasons": reasons(*pair),
            "changes": list(input_changes(*pair)),
        }
    return render(request, "supply/compare.html", room.context() | context)


def _total(lines: list[Line]) -> Line:
    names = lines[0].figures if lines else {}
    sums = {
        name: Pair(
            sum(line.figures[name].before for line in lines), sum(line.figures[name].after for line in lines)
        )
        for name in names
    }
    return Line("All families", sums)
