"""Looking back: value added by step, accuracy and bias, the forecast waterfall, and who helped."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.http import person
from cycles.permissions import planning_required, sees_prices
from cycles.queries import current_cycle
from demand.charts import bias_chart, stair_chart
from demand.models import DemandStream
from demand.queries import learning
from demand.queries.contributors import contributor_report
from demand.queries.past import LAGS, SPANS, STEP_LABELS, Past, closed_months, load_past
from demand.queries.progress import plan_version
from demand.queries.views import Node, PlanView, plan_view
from demand.views.choices import filter_choices
from demand.views.grid import filters_in
from sop.csp import chart_page
from sop.errors import InvalidInput

PER_PAGE = 50
KINDS = {"family": "Family", "market": "Market", "stream": "Product and market", "lag": "Lag"}
ORDERS = {"money": "Error in money", "units": "Error in units", "wape": "WAPE", "bias": "Bias"}
DEFAULT_SPAN = 12


def _view(request: HttpRequest) -> PlanView:
    cycle = current_cycle()
    return plan_view(plan_version(cycle), person(request), filters_in(request), every=True)


def _number(request: HttpRequest, name: str, allowed: tuple[int, ...], default: int) -> int:
    given = request.GET.get(name, "") or str(default)
    if not given.isdecimal() or int(given) not in allowed:
        raise InvalidInput(f"{name} is one of {', '.join(map(str, allowed))}.")
    return int(given)


def _word(request: HttpRequest, name: str, allowed: dict[str, str], default: str) -> str:
    given = request.GET.get(name, "") or default
    if given not in allowed:
        raise InvalidInput(f"{name} is one of {', '.join(allowed)}.")
    return given


def _past(request: HttpRequest, view: PlanView) -> Past:
    span = _number(request, "months", SPANS, DEFAULT_SPAN)
    return load_past(view, _number(request, "lag", LAGS, 1), closed_months(view.version.cycle, span))


def _common(request: HttpRequest, view: PlanView, months: list[Any]) -> dict[str, Any]:
    return {
        "cycle": view.version.cycle,
        "lags": LAGS,
        "spans": SPANS,
        "lag": _number(request, "lag", LAGS, 1),
        "span": _number(request, "months", SPANS, DEFAULT_SPAN),
        "months": months,
        **filter_choices(view),
    }


@require_safe
@planning_required
@chart_page
def steps(request: HttpRequest) -> HttpResponse:
    """The stair-step: what each function added to the forecast, and what it cost."""
    view = _view(request)
    past = _past(request, view)
    report = learning.step_report(past)
    shown = report.stairs or report.whole
    labels = [(one, STEP_LABELS[one.name]) for one in shown]
    drawn = [(label, one.errors.wape) for one, label in labels if one.errors.wape is not None]
    ranked = sorted((one for one in labels if one[0].added is not None), key=lambda one: one[0].added or 0.0)
    context = {
        **_common(request, view, past.months),
        "report": report,
        "sources": learning.sources_in_words(past),
        "stairs": labels,
        "whole": [(one, STEP_LABELS[one.name]) for one in report.whole],
        "total": _added(shown),
        "best": ranked[-1] if ranked and (ranked[-1][0].added or 0) > 0 else None,
        "worst": ranked[0] if ranked and (ranked[0][0].added or 0) < 0 else None,
        "step_labels": list(STEP_LABELS.values()),
        "chart": stair_chart([(label, share or 0.0) for label, share in drawn]) if drawn else None,
    }
    return render(request, "demand/learning_steps.html", context)


def _added(stairs: list[Any]) -> float | None:
    from demand.learning.stairs import total_added

    return total_added(stairs)


@require_safe
@planning_required
def accuracy(request: HttpRequest) -> HttpResponse:
    """Accuracy and bias by family, market, stream or lag, the worst first."""
    view, user = _view(request), person(request)
    kind = _word(request, "by", KINDS, "family")
    step = _word(request, "step", STEP_LABELS, "consensus")
    orders = {key: label for key, label in ORDERS.items() if key != "money" or sees_prices(user)}
    order = _word(request, "order", orders, next(iter(orders)))
    past = _past(request, view)
    context = {
        **_common(request, view, past.months),
        "kinds": KINDS,
        "kind": kind,
        "label": KINDS[kind],
        "steps": STEP_LABELS,
        "step": step,
        "orders": orders,
        "order": order,
        "sees_money": sees_prices(user),
        "has_forecast": past.has_forecast,
        "missing": past.missing,
        "sources": learning.sources_in_words(past),
        "total": learning.total_errors(past, step),
    }
    if kind == "lag":
        context["by_lag"] = [(lag, _at_lag(past, lag, step)) for lag in LAGS]
    else:
        rows = learning.errors_by(past, kind, step, order)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        on_page = list(page)
        context["page"] = page
        context["rows"] = learning.with_stream_names(on_page) if kind == "stream" else on_page
    return render(request, "demand/learning_accuracy.html", context)


def _at_lag(past: Past, lag: int, step: str) -> Any:
    return learning.total_errors(past if lag == past.lag else load_past(past.view, lag, past.months), step)


@require_safe
@planning_required
def waterfall(request: HttpRequest) -> HttpResponse:
    """What was forecast for each month one to six cycles before it, and what came."""
    view = _view(request)
    months = closed_months(view.version.cycle, _number(request, "months", SPANS, DEFAULT_SPAN))
    stream = _stream(request, view)
    rows = learning.waterfall_of(view, months, stream.pk if stream else None)
    context = {
        **_common(request, view, months),
        "rows": rows,
        "waterfall_lags": learning.WATERFALL_LAGS,
        "stream": stream,
        "has_forecast": any(cell.forecast is not None for row in rows for cell in row.cells),
    }
    return render(request, "demand/learning_waterfall.html", context)


def _stream(request: HttpRequest, view: PlanView) -> DemandStream | None:
    given = request.GET.get("stream", "")
    if not given:
        return None
    if not given.isdecimal():
        raise InvalidInput("stream is the number of a product in a market.")
    view.require(Node("stream", int(given)))
    return DemandStream.objects.select_related("product", "market").get(pk=int(given))


@require_safe
@planning_required
@chart_page
def contributors(request: HttpRequest) -> HttpResponse:
    """The bias radar: whose changes helped, whose lean to one side."""
    view, user = _view(request), person(request)
    past = _past(request, view)
    report = contributor_report(past, user)
    shown = [
        (
            f"{one.name}, {one.function}" if one.function else one.name,
            one.figures.after.bias,
            one.figures.is_biased,
        )
        for one in report.people or report.functions
        if one.figures.after.bias is not None
    ]
    context = {
        **_common(request, view, past.months),
        "report": report,
        "leaning": [one for one in report.functions if one.figures.is_biased],
        "chart": bias_chart([(name, share or 0.0, beyond) for name, share, beyond in shown[:20]])
        if shown
        else None,
    }
    return render(request, "demand/learning_contributors.html", context)
