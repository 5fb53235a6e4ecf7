"""The page that executives read: what is asked, what it earns, what to decide."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cycles.choices import Act, StageKind, StageState, Verdict
from cycles.http import person, shown_cycle, stage_parts
from cycles.models import Company, Cycle, Risk, Stage, User
from cycles.permissions import can_edit_stage, planning_required, sees_margins
from cycles.queries import run_card, stage_buttons, stage_of
from executive.charts import capacity_chart
from executive.models import Brief
from executive.permissions import can_decide, can_prepare, can_send_back
from executive.queries import decisions_of, operating_plan_of
from executive.queries.brief import Gauge, gauges, resource_load, story, tightest_resource
from executive.queries.decisions import deciders
from executive.queries.quorum import expected_participants, participants_of, possible_participants
from reconciliation.charts import bridge_chart, step_word
from reconciliation.queries.bridging import FROM_BUDGET, FROM_TODAY, bridge_to
from reconciliation.queries.scenarios import Column, Comparison, comparison, run_to_show
from reconciliation.queries.scorecard import FIGURES, SHARE_STEP, best_of
from reconciliation.views.tables import Scale, money_scale
from sop.csp import chart_page
from sop.numbers import format_number
from sop.quantities import MINOR_PER_MAJOR

RISKS_SHOWN = 5
BRIEF_ROWS = ("revenue", "ebit", "unserved", "on_time", "stock", "cash", "once")


@require_safe
@planning_required
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """The brief of the open cycle."""
    cycle, user = shown_cycle(request), person(request)
    stage = stage_of(cycle, StageKind.EXECUTIVE)
    compared = comparison(cycle)
    chosen = compared.recommended
    context = {
        "cycle": cycle,
        "margins": sees_margins(user),
        "brief": Brief.objects.filter(cycle=cycle).select_related("sent_by").first(),
        "plan": operating_plan_of(cycle),
        "can_prepare": can_prepare(user) and can_edit_stage(user, stage),
        **stage_parts(stage, user),
        **_foot(stage, user),
        "signed": _signed(cycle),
    }
    if chosen is not None and chosen.amounts is not None:
        context |= _brief_context(compared, chosen, user)
    return render(request, "executive/home.html", context)


def _foot(stage: Stage, user: User) -> dict[str, Any]:
    """The fixed bar: approve and send back, for those who may, when they may."""
    approving = next((button for button in stage_buttons(stage, user) if button.act == Act.SIGN), None)
    return {
        "approving": approving,
        "possible": possible_participants() if approving else [],
        "expected": expected_participants(stage.cycle) if approving else set(),
        "participants": participants_of(stage.cycle),
        "can_decide": can_decide(user, stage),
        "can_return": can_send_back(user) and stage.cycle.is_open and stage.state != StageState.NOT_OPEN,
    }


def _signed(cycle: Cycle) -> dict[str, Any]:
    """Who stands behind the plan: signed reviews before this one, and what is open."""
    stages = list(cycle.stages.select_related("signed_by").exclude(kind=StageKind.EXECUTIVE))
    signed = [stage for stage in stages if stage.state == StageState.SIGNED]
    missing = [stage.get_kind_display().lower() for stage in stages if stage.state != StageState.SIGNED]
    return {"count": len(signed), "of": len(stages), "missing": missing}


def _brief_context(compared: Comparison, chosen: Column, user: User) -> dict[str, Any]:
    margins, scale = sees_margins(user), money_scale(compared)
    run = run_to_show(chosen.scenario)
    shown = compared.columns[: Company.current().brief_scenarios]
    if chosen not in shown:
        shown = [*shown[:-1], chosen]
    decisions = list(decisions_of(compared.cycle))
    return {
        "compared": compared,
        "chosen": chosen,
        "scale": scale,
        "story": story(compared, chosen),
        "gauges": [_gauge(gauge, scale) for gauge in gauges(compared, chosen, margins=margins)],
        "columns": shown,
        "rows": scenario_rows(shown, margins=margins, scale=scale),
        "decisions": decisions,
        "people": deciders() if can_decide(user, stage_of(compared.cycle, StageKind.EXECUTIVE)) else [],
        "pending": sum(1 for decision in decisions if decision.verdict == Verdict.PENDING),
        "verdicts": [verdict for verdict in Verdict if verdict != Verdict.PENDING],
        "run": run_card(run, user) if run else None,
        "risks": Risk.objects.filter(cycle=compared.cycle, is_open=True).select_related("owner")[
            :RISKS_SHOWN
        ],
        **_bridge(compared, chosen, scale, margins=margins),
        **_capacity(compared, chosen),
    }


def _gauge(gauge: Gauge, scale: Scale) -> dict[str, Any]:
    """A gauge in the page's size for money."""
    size = MINOR_PER_MAJOR * scale.divisor if gauge.unit == "money" else 1.0
    return {
        "gauge": gauge,
        "value": None if gauge.value is None else gauge.value / size,
        "target": None if gauge.target is None else gauge.target / size,
        "relative": gauge.difference / abs(gauge.target)
        if gauge.unit == "money" and gauge.difference is not None and gauge.target
        else None,
        "points": gauge.difference * 100 if gauge.unit == "share" and gauge.difference is not None else None,
        "digits": scale.digits if gauge.unit == "money" else 1,
    }


def scenario_rows(columns: list[Column], *, margins: bool, scale: Scale) -> list[dict[str, Any]]:
    """The scenario table: a figure's value in each scenario, the best one marked."""
    rows = []
    for figure in FIGURES:
        if figure.key not in BRIEF_ROWS or (figure.needs_margins and not margins):
            continue
        values = [figure.read(column.amounts) if column.amounts else None for column in columns]
        step = scale.step_minor if figure.unit == "money" else SHARE_STEP
        best = best_of(values, figure.better, step)
        size = MINOR_PER_MAJOR * scale.divisor if figure.unit == "money" else 1
        rows.append(
            {
                "figure": figure,
                "cells": [
                    {
                        "value": None if value is None else value / size,
                        "is_best": place == best,
                        "is_mine": column.scenario.is_recommended,
                    }
                    for place, (value, column) in enumerate(zip(values, columns, strict=True))
                ],
            }
        )
    return rows


def _bridge(compared: Comparison, chosen: Column, scale: Scale, *, margins: bool) -> dict[str, Any]:
    origin = FROM_BUDGET if compared.budget else FROM_TODAY
    named = bridge_to(compared, chosen, origin, margins=margins)
    if named is None:
        return {}
    divisor = MINOR_PER_MAJOR * scale.divisor
    steps = [(step_word(step.key), step.amount) for step in named.bridge.steps if step.amount]
    rows = [(named.start, named.bridge.start), *steps, ("Plan", named.bridge.end)]
    return {
        "bridge": named,
        "bridge_figure": bridge_chart(named.bridge, named.start, "Plan", divisor, scale.word),
        "bridge_label": f"Bridge of {named.measure} from {named.start.lower()} to the plan",
        "bridge_table": {
            "columns": ["Step", named.measure],
            "rows": [[word, format_number(amount / divisor, scale.digits + 1)] for word, amount in rows],
        },
    }


def _capacity(compared: Comparison, chosen: Column) -> dict[str, Any]:
    baseline = compared.baseline
    version = baseline.scenario.version if baseline else None
    today = tightest_resource(version) if version else None
    if today is None or chosen.scenario.version is None:
        return {}
    mine = resource_load(chosen.scenario.version, today.resource_id)
    return {
        "load": today,
        "load_figure": capacity_chart(today, mine),
        "load_table": {
            "columns": ["Month", "Needed", "At hand today", "Used in the plan"],
            "rows": [
                [f"{month:%b %Y}", *(format_number(hours) for hours in row)]
                for month, *row in zip(today.months, today.needed, today.limit, mine.load, strict=True)
            ],
        },
    }
