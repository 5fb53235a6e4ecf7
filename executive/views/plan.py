"""The operating plan as everybody reads it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cycles.http import person
from cycles.models import Cycle
from cycles.permissions import planning_required, sees_margins
from executive.models import OperatingPlan
from executive.queries.decisions import decisions_of
from executive.queries.plan import PlanView, operating_plan_of, plan_in_force, plan_view
from reconciliation.choices import PnlRow
from reconciliation.finance.lines import Amounts
from reconciliation.finance.periods import Period, amount_of
from reconciliation.views.tables import SPANS, Cell, Scale, periods_of
from sop.errors import NotFound
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

MEASURES = [
    PnlRow.UNITS,
    PnlRow.REVENUE,
    PnlRow.WANTED_UNITS,
    PnlRow.GROSS_MARGIN,
    PnlRow.EBIT,
    PnlRow.INVENTORY,
]


@require_safe
@planning_required
def latest(request: HttpRequest) -> HttpResponse:
    """The plan in force."""
    return _page(request, plan_in_force())


@require_safe
@planning_required
def of_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan that a cycle approved."""
    plan = operating_plan_of(get_object_or_404(Cycle, pk=pk))
    if plan is None:
        raise NotFound("This cycle has not approved a plan.")
    return _page(request, plan)


def _page(request: HttpRequest, plan: OperatingPlan | None) -> HttpResponse:
    context: dict[str, Any] = {"plan": plan, "margins": sees_margins(person(request))}
    if plan is not None:
        context |= _figures(request, plan_view(plan), margins=context["margins"])
        context["decisions"] = decisions_of(plan.cycle)
    return render(request, "executive/plan.html", context)


def _figures(request: HttpRequest, view: PlanView, *, margins: bool) -> dict[str, Any]:
    measures = [row for row in MEASURES if row in set(PnlRow.visible(margins=margins))]
    asked = request.GET.get("measure")
    measure = next((row for row in measures if row.value == asked), measures[0])
    span = request.GET.get("by") if request.GET.get("by") in SPANS else "month"
    periods = periods_of(str(span), view.months)
    base = QUANTA_PER_UNIT if measure in PnlRow.quantities() else MINOR_PER_MAJOR
    scale = Scale.for_amount(max(map(abs, view.total[measure.value][:12]), default=0) * 12 / base)
    families = [
        {"family": family, "cells": cells(family.amounts, measure, periods, scale, base)}
        for family in view.families
        if any(family.amounts[measure.value])
    ]
    return {
        "view": view,
        "measures": measures,
        "measure": measure,
        "span": span,
        "spans": SPANS,
        "periods": periods,
        "scale": scale,
        "is_units": measure in PnlRow.quantities(),
        "rows": families,
        "total": cells(view.total, measure, periods, scale, base),
        "held": [family for family in view.families if family.held_by],
    }


def cells(amounts: Amounts, measure: PnlRow, periods: list[Period], scale: Scale, base: int) -> list[Cell]:
    """One measure by period."""
    row = amounts[measure.value]
    return [
        Cell(
            amount_of(measure.value, row, period) / base / scale.divisor,
            scale.digits,
            css="year" if period.is_year else "",
        )
        for period in periods
    ]
