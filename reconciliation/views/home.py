"""The reconciliation page: what a scenario is made of, what it earns, and what is left to settle."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.choices import StageKind
from cycles.http import person, shown_cycle, stage_parts
from cycles.models import Company, Cycle, Risk, User
from cycles.permissions import can_edit_stage, planning_required, sees_margins
from cycles.queries import run_card, stage_of
from reconciliation.charts import bridge_chart, step_word
from reconciliation.choices import PnlRow
from reconciliation.finance.lines import Line
from reconciliation.permissions import can_recommend, offered_kinds
from reconciliation.queries.bridging import BY_DIFFERENCE, FROM_BUDGET, FROM_TODAY, bridge_to
from reconciliation.queries.economics import ROW_WORDS, tie_of
from reconciliation.queries.gaps import gap_rows, unsettled
from reconciliation.queries.scenarios import YEAR, Column, Comparison, comparison, run_to_show
from reconciliation.queries.scorecard import share, unserved
from reconciliation.views.tables import (
    SHOWN,
    SPANS,
    Scale,
    money_scale,
    periods_of,
    pnl_table,
    score_table,
    shown_amounts,
)
from sop.csp import chart_page
from sop.numbers import format_money, format_number
from sop.quantities import MINOR_PER_MAJOR

GAPS_SHOWN = 8
MoneyWords = Callable[[float], str]
ORIGINS = {BY_DIFFERENCE: "by difference", FROM_TODAY: "from as today", FROM_BUDGET: "from budget"}


@require_safe
@planning_required
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """One scenario beside the budget, the plan as it is today and the others."""
    cycle, user = shown_cycle(request), person(request)
    compared = comparison(cycle)
    chosen = _chosen(compared, request.GET.get("scenario", ""))
    context = {
        "cycle": cycle,
        "margins": sees_margins(user),
        **stage_parts(stage_of(cycle, StageKind.RECONCILIATION), user),
        **_rights(cycle, user),
    }
    if chosen is not None:
        context |= _scenario_context(compared, chosen, user, request)
    return render(request, "reconciliation/home.html", context)


def _chosen(compared: Comparison, asked: str) -> Column | None:
    """The scenario asked for; else the recommended one, the first alternative, the baseline."""
    named = compared.column_of(int(asked)) if asked.isdecimal() else None
    alternatives = [column for column in compared.columns if not column.scenario.is_baseline]
    return named or compared.recommended or next(iter(alternatives), compared.baseline)


def _rights(cycle: Cycle, user: User) -> dict[str, Any]:
    stage = stage_of(cycle, StageKind.RECONCILIATION)
    editable = can_edit_stage(user, stage)
    return {
        "can_edit": editable,
        "can_recommend": editable and can_recommend(user),
        "kinds": offered_kinds(user) if editable else [],
    }


def _scenario_context(
    compared: Comparison, chosen: Column, user: User, request: HttpRequest
) -> dict[str, Any]:
    margins, scale = sees_margins(user), money_scale(compared)
    scenario = chosen.scenario
    run = run_to_show(scenario)
    return {
        "compared": compared,
        "chosen": chosen,
        "scenario": scenario,
        "scale": scale,
        "baseline": compared.baseline,
        "run": run_card(run, user) if run else None,
        "answer": answer(compared, chosen, _money_words(user), margins=margins),
        "score": score_table(compared, chosen, scale, margins=margins),
        "differences": scenario.differences.all(),
        "baseline_ebit": _money(sum(compared.baseline.amounts[Line.EBIT][:12]), scale)
        if compared.baseline and compared.baseline.amounts
        else None,
        **_pnl_context(compared, chosen, scale, request, margins=margins),
        **_bridge_context(compared, chosen, scale, request, margins=margins),
        **_gap_context(compared, chosen),
        "tie": _tie(chosen) if margins else None,
        "risks": Risk.objects.filter(cycle=compared.cycle, is_open=True).select_related("owner")[:6],
    }


def answer(compared: Comparison, chosen: Column, words: MoneyWords, *, margins: bool) -> dict[str, Any]:
    """The title and what stands below it, in words; the figures go with them."""
    name, baseline = f"Scenario {chosen.letter}", compared.baseline
    if chosen.amounts is None or baseline is None or baseline.amounts is None:
        return {"title": f"{name}, {chosen.scenario.name}, is not computed yet"}
    line, word = (Line.EBIT, "earns") if margins else (Line.REVENUE, "sells")
    mine, today = sum(chosen.amounts[line][:YEAR]), sum(baseline.amounts[line][:YEAR])
    if chosen is baseline:
        title = f"As today, the plan {word} {words(mine)} in twelve months"
    elif mine == today:
        title = f"{name} {word} the same as carrying on"
    else:
        title = (
            f"{name} {word} {words(abs(mine - today))} {'more' if mine > today else 'less'} than carrying on"
        )
    if compared.budget is not None:
        beats = mine >= sum(compared.budget[line][:YEAR])
        joint = "and" if chosen is baseline or (mine >= today) == beats else "but"
        title += f", {joint} {'beats the budget' if beats else 'stays below the budget'}"
    return {
        "title": title,
        "revenue": words(sum(chosen.amounts[Line.REVENUE][:YEAR])),
        "unserved": words(unserved(chosen.amounts)) if unserved(chosen.amounts) > 0 else "",
        "on_time": share(Line.ON_TIME_UNITS, Line.WANTED_UNITS)(chosen.amounts),
    }


def _money_words(user: User) -> MoneyWords:
    """Money as the person reads it: € 4.6 m."""
    currency = Company.current().currency
    return lambda minor: format_money(minor / MINOR_PER_MAJOR, currency, None, user.number_format)


def _money(minor: float, scale: Scale) -> float:
    return minor / MINOR_PER_MAJOR / scale.divisor


def _pnl_context(
    compared: Comparison, chosen: Column, scale: Scale, request: HttpRequest, *, margins: bool
) -> dict[str, Any]:
    span = _one_of(request.GET.get("by"), SPANS, "quarter")
    show = _one_of(request.GET.get("show"), SHOWN, "mine")
    amounts = shown_amounts(compared, chosen, show)
    visible = set(PnlRow.visible(margins=margins))
    rows = [row for row in PnlRow.shown() if row in visible]
    periods = periods_of(span, compared.months)
    return {
        "span": span,
        "spans": SPANS,
        "show": show,
        "shows": SHOWN,
        "periods": periods,
        "pnl": pnl_table(amounts, periods, rows, scale, signed=show == "difference") if amounts else [],
    }


def _bridge_context(
    compared: Comparison, chosen: Column, scale: Scale, request: HttpRequest, *, margins: bool
) -> dict[str, Any]:
    origin = _one_of(request.GET.get("from"), ORIGINS, FROM_TODAY)
    if chosen.scenario.is_baseline:
        origin = FROM_BUDGET
    named = bridge_to(compared, chosen, origin, margins=margins)
    context: dict[str, Any] = {"origin": origin, "origins": ORIGINS, "bridge": named}
    if named is not None:
        divisor = MINOR_PER_MAJOR * scale.divisor
        figure = bridge_chart(named.bridge, named.start, named.end, divisor, scale.word)
        rows = [(step_word(step.key), step.amount) for step in named.bridge.steps if step.amount]
        context |= {
            "bridge_figure": figure,
            "bridge_label": f"Bridge of {named.measure} from {named.start.lower()} to scenario {named.end}",
            "bridge_table": {
                "columns": ["Step", named.measure],
                "rows": [
                    [word, format_number(amount / divisor, scale.digits + 1)]
                    for word, amount in [
                        (named.start, named.bridge.start),
                        *rows,
                        (named.end, named.bridge.end),
                    ]
                ],
            },
        }
    return context


def _tie(chosen: Column) -> dict[str, Any] | None:
    """The planner's economics beside the P&L, line by line."""
    version = chosen.scenario.version
    found = tie_of(version, chosen.amounts) if version and chosen.amounts else None
    if found is None:
        return None
    rows = [(ROW_WORDS[row.key], row) for row in found.rows if row.planner or row.management]
    return {"statement": found, "rows": rows}


def _gap_context(compared: Comparison, chosen: Column) -> dict[str, Any]:
    rows = gap_rows(compared.cycle, chosen.scenario.version)
    return {
        "gaps": rows[:GAPS_SHOWN],
        "gaps_more": max(0, len(rows) - GAPS_SHOWN),
        "gaps_open": len(unsettled(rows, compared.cycle)),
        "gaps_minor": sum(row.gap.revenue_minor for row in rows),
        "gaps_left_minor": sum(row.left_minor for row in rows),
        "gaps_margin_minor": sum(row.gap.margin_minor for row in rows),
    }


def _one_of(asked: str | None, known: dict[str, str], default: str) -> str:
    return asked if asked in known else default
