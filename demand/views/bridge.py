"""What changed against an earlier plan, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.http import person
from cycles.models import Company, Version
from cycles.permissions import planning_required, sees_prices
from cycles.queries import current_cycle
from demand.charts import CAUSES, bridge_chart, bridge_table
from demand.queries.compared import Comparison, comparable_versions, compare, default_other
from demand.queries.progress import plan_version
from demand.queries.units import require_units_or_money
from demand.queries.views import Filters, PlanView, plan_view
from demand.views.choices import filter_choices
from sop.csp import chart_page
from sop.errors import NotFound
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT


@require_safe
@planning_required
@chart_page
def changes_bridge(request: HttpRequest) -> HttpResponse:
    """The bridge from an earlier plan to this one, in all and by family."""
    user, unit = person(request), request.GET.get("unit", "units")
    require_units_or_money(user, unit)
    version = plan_version(current_cycle())
    filters = Filters(request.GET.get("family", ""), request.GET.get("market", ""))
    view = plan_view(version, user, filters)
    other = _other(request, version)
    context: dict[str, Any] = {
        "version": version,
        "versions": comparable_versions(version),
        "other": other,
        "unit": unit,
        "sees_money": sees_prices(user),
        "currency": Company.current().currency,
        **filter_choices(view),
    }
    if other is not None:
        context |= _compared(view, other, unit)
    return render(request, "demand/bridge.html", context)


def _other(request: HttpRequest, version: Version) -> Version | None:
    asked = request.GET.get("with", "")
    if not asked:
        return default_other(version)
    found = next((one for one in comparable_versions(version) if str(one.pk) == asked), None)
    if found is None:
        raise NotFound("There is no such plan to compare with.")
    return found


def _compared(view: PlanView, other: Version, unit: str) -> dict[str, Any]:
    found: Comparison = compare(view, other, unit)
    scale = MINOR_PER_MAJOR if unit == "money" else QUANTA_PER_UNIT
    names = {"start": str(other.cycle), "end": str(view.version.cycle)}
    causes = [cause for cause in CAUSES if cause in found.total.parts]
    return {
        "found": found,
        "change": (found.total.end - found.total.start) / scale,
        "share": (found.total.end / found.total.start - 1) if found.total.start else None,
        "chart": bridge_chart(found.total, **names, scale=scale),
        "chart_table": bridge_table(found.total, **names, scale=scale),
        "causes": [(cause, CAUSES[cause], found.total.parts[cause] / scale) for cause in causes],
        "residual": found.total.residual / scale,
        "rows": [
            {
                "code": code,
                "name": name,
                "start": one.start / scale,
                "end": one.end / scale,
                "parts": [one.parts[cause] / scale for cause in causes],
            }
            for code, name, one in found.families
        ],
    }
