"""What each portfolio change does to volume, revenue and margin: page and workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.http import person, stage_parts
from cycles.models import User
from cycles.permissions import planning_required, sees_margins, sees_prices
from cycles.queries import current_cycle
from portfolio.actions.workbook import export_effects
from portfolio.queries.effects import MEASURES, ChangeEffect, change_effects, total_effect
from portfolio.queries.review import effects_of, product_stage
from sop.periods import month_key

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@planning_required
def effects(request: HttpRequest) -> HttpResponse:
    """Every change with its sums over the plan, and one of them, or all together, by month."""
    cycle, user = current_cycle(), person(request)
    rows = change_effects(effects_of(cycle))
    total = total_effect(rows, cycle.months)
    asked = request.GET.get("change", "")
    chosen = next((row for row in rows if f"{row.source}:{row.code}" == asked), total)
    context: dict[str, Any] = {
        **stage_parts(product_stage(cycle), user),
        "cycle": cycle,
        "rows": rows,
        "total": total,
        "chosen": chosen,
        "months": cycle.months,
        "lines": _month_lines(chosen, user),
        "sees_prices": sees_prices(user),
        "sees_margins": sees_margins(user),
    }
    return render(request, "portfolio/effects.html", context)


def _month_lines(chosen: ChangeEffect, user: User) -> list[dict[str, Any]]:
    """Rows of the month table: each part, then the sum, per measure that the person may see."""
    hidden = {"money": not sees_prices(user), "margin": not sees_margins(user)}
    lines: list[dict[str, Any]] = []
    for name, label in MEASURES:
        if hidden.get(name):
            continue
        single = len(chosen.parts) == 1 or not chosen.code
        named = [] if single else [(part.where, getattr(part, name)) for part in chosen.parts]
        for words, values in [*named, (chosen.name, getattr(chosen, name))]:
            is_sum = words == chosen.name
            lines.append({"label": words, "measure": label, "values": values, "name": name, "is_sum": is_sum})
    return lines


@require_safe
@planning_required
def export(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook."""
    cycle = current_cycle()
    book = export_effects(cycle=cycle, by=person(request), now=timezone.now())
    response = HttpResponse(book, content_type=XLSX)
    name = f"product-plan-{month_key(cycle.month)}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
