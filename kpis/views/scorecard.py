"""The key figures: all at a glance, and each by month, family, market and lag."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import Role
from cycles.http import person, say
from cycles.permissions import planning_required, roles_required, sees_margins
from cycles.queries import latest_run, run_card
from kpis.actions.refresh import KIND, request_refresh
from kpis.actions.targets import set_target
from kpis.charts import trend_chart
from kpis.forms import TargetForm
from kpis.models import KpiValue
from kpis.queries.values import kpi_readings, reading, series
from kpis.registry import BIAS, KPIS, LAGS, WAPE, Kpi
from kpis.words import Words
from sop.csp import chart_page
from sop.errors import InvalidInput, NotFound


@require_safe
@planning_required
def scorecard(request: HttpRequest) -> HttpResponse:
    """All key figures with goal and trend; by family and by lag below."""
    user = person(request)
    words = Words.of(user)
    readings = kpi_readings(user)
    run = latest_run(KIND)
    context = {
        "figures": [words.reading(found, f"/kpis/{found.kpi.key}/") for found in readings],
        "readings": readings,
        "by_lag": _by_lag(),
        "families": _by_member("family", readings_of=[found.kpi for found in readings]),
        "markets": _by_member("market", readings_of=[found.kpi for found in readings]),
        "run": run_card(run, user) if run and (run.is_active or run.error) else None,
        "may_set": user.has_role(Role.PROCESS_OWNER),
    }
    return render(request, "kpis/scorecard.html", context)


def _by_lag() -> list[dict[str, Any]]:
    """WAPE and bias of the company at each lag, over all measured months."""
    rows = []
    for lag in LAGS:
        errors, biases = _sums(WAPE, lag), _sums(BIAS, lag)
        if errors[1]:
            rows.append(
                {
                    "lag": lag,
                    "wape": errors[0] / errors[1],
                    "bias": biases[0] / biases[1],
                    "months": errors[2],
                    "excluded": errors[3],
                }
            )
    return rows


def _sums(key: str, lag: int) -> tuple[float, float, int, int]:
    rows = list(
        KpiValue.objects.filter(kpi=key, lag=lag, level="all").values_list(
            "numerator", "denominator", "excluded_rows"
        )
    )
    return sum(r[0] for r in rows), sum(r[1] for r in rows), len(rows), sum(r[2] for r in rows)


def _by_member(level: str, *, readings_of: list[Kpi]) -> dict[str, Any]:
    """The last twelve months by member: sums divided, never ratios averaged."""
    keys = [kpi.key for kpi in readings_of]
    last = KpiValue.objects.filter(level=level).order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return {"kpis": [], "rows": []}
    first = last.replace(year=last.year - 1)
    totals: dict[str, dict[str, list[float]]] = {}
    rows = KpiValue.objects.filter(level=level, month__gt=first, kpi__in=keys).values_list(
        "member", "kpi", "lag", "numerator", "denominator"
    )
    lags = {WAPE: reading(WAPE).lag, BIAS: reading(BIAS).lag}
    for member, key, lag, numerator, denominator in rows:
        if lag == lags.get(key, 0):
            sums = totals.setdefault(member, {}).setdefault(key, [0.0, 0.0])
            sums[0] += numerator
            sums[1] += denominator
    shown = [kpi for kpi in readings_of if any(kpi.key in found for found in totals.values())]
    return {
        "kpis": shown,
        "rows": [
            (member, [_cell(kpi, found.get(kpi.key)) for kpi in shown])
            for member, found in sorted(totals.items())
        ],
    }


def _cell(kpi: Kpi, sums: list[float] | None) -> dict[str, Any]:
    value = sums[0] / sums[1] if sums and sums[1] else None
    return {"value": value, "tone": kpi.tone(value), "percent": kpi.unit == "percent"}


@require_safe
@planning_required
@chart_page
def detail(request: HttpRequest, kpi: str) -> HttpResponse:
    """One key figure by month, family and market."""
    user = person(request)
    if kpi not in KPIS or (KPIS[kpi].is_margin and not sees_margins(user)):
        raise NotFound("There is no such key figure.")
    found = reading(kpi)
    values = series(kpi, lag=found.lag)
    context = {
        "found": found,
        "figure": Words.of(user).reading(found),
        "chart": trend_chart(found, values),
        "values": list(reversed(values)),
        "families": _by_member("family", readings_of=[found.kpi]),
        "markets": _by_member("market", readings_of=[found.kpi]),
        "lags": [(lag, series(kpi, lag=lag)) for lag in LAGS] if kpi in {WAPE, BIAS} else [],
        "may_set": user.has_role(Role.PROCESS_OWNER),
        "form": TargetForm.of(found),
    }
    return render(request, "kpis/detail.html", context)


@require_POST
@planning_required
def refresh(request: HttpRequest) -> HttpResponse:
    """Measures the closed months again."""
    request_refresh(by=person(request))
    return redirect("kpis:home")


@require_POST
@roles_required(Role.PROCESS_OWNER)
def target(request: HttpRequest, kpi: str) -> HttpResponse:
    """Sets a goal."""
    if kpi not in KPIS:
        raise NotFound("There is no such key figure.")
    form = TargetForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Goal and amber edge have to be numbers.")
    factor = 100 if KPIS[kpi].unit == "percent" else 1
    set_target(
        by=person(request),
        kpi=kpi,
        target=form.cleaned_data["target"] / factor,
        warn=form.cleaned_data["warn"] / factor,
    )
    say(request, f"The goal of {KPIS[kpi].label} is set.")
    return redirect("kpis:detail", kpi)
