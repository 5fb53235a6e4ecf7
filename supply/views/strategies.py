"""Level, chase and hybrid of a family side by side, and taking one of them into the plan."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.http import say
from cycles.permissions import planning_required
from portfolio.models import Family
from sop.errors import InvalidInput, NotFound
from supply.actions.strategies import fix_strategy
from supply.charts import strategy_chart
from supply.forms import StrategyForm
from supply.models import SupplySummary
from supply.queries.plans import required_plan
from supply.queries.strategies import FamilyStart, family_start, hybrid
from supply.strategies import COSTS, Strategy, chase, level
from supply.views.common import Room, plan_needed, room_of

WORDS = {
    "Level": "The same people throughout; stock takes the waves.",
    "Chase": "Production follows demand; people come and go.",
    "Hybrid": "The cheapest mix of both, with overtime.",
}
COST_WORDS = dict(
    zip(COSTS, ("Wages", "Hiring", "Laying off", "Overtime", "Holding stock", "Serving late"), strict=True)
)
FIX_MONTHS = (3, 6, 12)


@require_safe
@planning_required
@plan_needed
def strategies(request: HttpRequest) -> HttpResponse:
    """Stock, people and cost of the three strategies by month."""
    room = room_of(request)
    families = _families(room)
    family = _family(room, request.GET.get("family", ""))
    start = family_start(required_plan(room.cycle), family, room.cycle.months)
    form = StrategyForm(_figures(request.GET, start), label_suffix="")
    context: dict[str, Any] = {
        "families": families, "family": family, "form": form, "start": start, "fix_months": FIX_MONTHS,
    }  # fmt: skip
    if form.is_valid():
        found = _strategies(start, form.cleaned_data)
        context |= _shown(found, room)
    status = 200 if form.is_valid() else 400
    return render(request, "supply/strategies.html", room.context() | context, status=status)


def _families(room: Room) -> Any:
    return Family.objects.filter(
        pk__in=SupplySummary.objects.filter(version=required_plan(room.cycle)).values("family")
    )


def _family(room: Room, code: str) -> Family:
    families = _families(room)
    family: Family | None = families.filter(code=code).first() if code else families.first()
    if family is None:
        raise NotFound("The plan has no such family." if code else "The plan has no families.")
    return family


def _figures(given: Any, start: FamilyStart) -> dict[str, Any]:
    """What was entered, else what the plan knows."""
    return {name: given.get(name, round(value, 4)) for name, value in start.figures.items()}


def _strategies(start: FamilyStart, figures: dict[str, float]) -> dict[str, Strategy]:
    given = start.assumptions(figures)
    return {"Level": level(given), "Chase": chase(given), "Hybrid": hybrid(given)}


def _shown(found: dict[str, Strategy], room: Room) -> dict[str, Any]:
    months = room.cycle.months
    cheapest = min(found, key=lambda name: found[name].total)
    return {
        "cheapest": cheapest,
        "strategies": [
            {
                "name": name, "words": WORDS[name], "strategy": one, "is_cheapest": name == cheapest,
                "rows": list(zip(months, one.months, strict=True)),
                "most_stock": max(month.stock for month in one.months),
                "most_backlog": max(month.backlog for month in one.months),
                "least_heads": min(month.heads for month in one.months),
                "most_heads": max(month.heads for month in one.months),
            }
            for name, one in found.items()
        ],
        "costs": [
            {"label": COST_WORDS[key], "values": [one.costs[key] for one in found.values()]} for key in COSTS
        ],
        "totals": [one.total for one in found.values()],
        "charts": [
            {
                "id": figure, "label": label,
                "figure": strategy_chart(found, months, figure=figure, unit=unit),
                "table": {
                    "columns": ["Month", *found],
                    "rows": [
                        [f"{month:%b %Y}", *(room.number(getattr(one.months[t], figure), 1) for one in found.values())]
                        for t, month in enumerate(months)
                    ],
                },
            }
            for figure, label, unit in (
                ("stock", "Stock at the months' ends", "units"),
                ("heads", "People", "people"),
                ("production", "Production", "units"),
            )
        ],
    }  # fmt: skip


@require_POST
@planning_required
@plan_needed
def fix(request: HttpRequest) -> HttpResponse:
    """Fixes the production of a strategy for the first months."""
    room = room_of(request)
    plan = required_plan(room.cycle)
    family = _family(room, request.POST.get("family", ""))
    start = family_start(plan, family, room.cycle.months)
    form = StrategyForm(_figures(request.POST, start))
    name, count = request.POST.get("strategy", ""), request.POST.get("months", "")
    if name not in WORDS or not count.isdecimal() or not form.is_valid():
        raise InvalidInput("Choose a strategy, and for how many months it is fixed.")
    months = room.cycle.months[: int(count)]
    chosen = _strategies(start, form.cleaned_data)[name]
    lines = fix_strategy(
        cycle=room.cycle, plan=plan, family=family, months=months,
        production=[one.production for one in chosen.months[: len(months)]],
        reason=f"{name} strategy of {family}", by=room.user,
    )  # fmt: skip
    say(
        request,
        f"{name}: {lines} products and sites are fixed in {len(months)} months. Run the planner again.",
    )
    return redirect("supply:fixed")
