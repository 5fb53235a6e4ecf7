"""The product review's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cycles.http import go_next, person, say, stage_parts
from cycles.models import Company, Cycle, User
from cycles.permissions import planning_required, sees_margins, sees_prices
from cycles.queries import current_cycle
from portfolio.actions.reviews import decide_product
from portfolio.charts import chart_table, launch_chart
from portfolio.choices import LaunchGate, Proposal
from portfolio.permissions import can_change_portfolio
from portfolio.queries.review import (
    Candidate,
    LaunchCard,
    PhaseOutRow,
    candidates,
    class_counts,
    effects_of,
    gates,
    launch_cards,
    new_product_share,
    phase_out_rows,
    product_stage,
)
from portfolio.queries.shapes import PortfolioEffect
from sop.csp import chart_page
from sop.errors import InvalidInput
from sop.numbers import format_compact, format_money, format_percent

SHOWN = 30


@require_safe
@planning_required
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """Launches by gate, phase-outs, and what to push, maintain or cut."""
    cycle, user = current_cycle(), person(request)
    stage, effects = product_stage(cycle), effects_of(cycle)
    cards, ends, rows = launch_cards(cycle, effects), phase_out_rows(cycle, effects), candidates(cycle)
    context: dict[str, Any] = {
        **stage_parts(stage, user),
        "cycle": cycle,
        "can_change": can_change_portfolio(user, stage),
        "sees_margins": sees_margins(user),
        "sees_prices": sees_prices(user),
        "gates": gates(cards),
        "phase_outs": ends,
        "answer": _answer(cards, ends, rows, user),
        "figures": _figures(cycle, cards, ends, user),
        "classes": class_counts(rows),
        "effects": [one for one in effects if any(one.units)],
        "left_total": sum(row.left_value or 0 for row in ends),
        "currency": Company.current().currency,
        **_chosen(request, cards, effects),
        **_proposals(request, rows),
    }
    return render(request, "portfolio/home.html", context)


def _answer(
    cards: list[LaunchCard], ends: list[PhaseOutRow], rows: list[Candidate], user: User
) -> dict[str, Any]:
    """The title and the sentence below it."""
    coming = [card for card in cards if card.launch.gate != LaunchGate.LAUNCHED]
    money = format_money(
        sum(card.money for card in cards), Company.current().currency, style=user.number_format
    )
    at_risk = sum(bool(card.problems) for card in cards)
    count = "1 launch brings" if len(coming) == 1 else f"{len(coming)} launches bring"
    title = f"{count} {money} in the first year" if coming else "No launch is planned"
    if coming and at_risk:
        title += f"; {'one is' if at_risk == 1 else f'{at_risk} are'} not complete"
    cuts = sum(row.advice.proposal == Proposal.CUT for row in rows)
    undecided = sum(row.advice.proposal == Proposal.CUT and not row.decision for row in rows)
    return {"title": title, "ends": len(ends), "cuts": cuts, "undecided": undecided, "products": len(rows)}


def _figures(
    cycle: Cycle, cards: list[LaunchCard], ends: list[PhaseOutRow], user: User
) -> list[dict[str, Any]]:
    style, currency = user.number_format, Company.current().currency
    won, taken = sum(card.units for card in cards), -sum(card.taken for card in cards)
    left = sum(row.left_value or 0 for row in ends)
    net = sum(card.net_money for card in cards)
    known = [row for row in ends if row.left is not None]
    return [
        {
            "label": "New products in revenue",
            "value": format_percent(new_product_share(cycle), 1, style),
            "meaning": "of the last year; three years or younger",
        },
        {
            "label": "Launches in the plan",
            "value": str(len(cards)),
            "meaning": f"{_ready(cards)} ready or in the market",
        },
        {
            "label": "Taken from own products",
            "value": format_percent(taken / won if won else None, 0, style),
            "meaning": f"of {format_compact(round(won), 1, style)} units in their first year",
        },
        {
            "label": "Revenue that is really new",
            "value": format_money(net, currency, style=style),
            "meaning": "first year, after what launches take",
        },
        {
            "label": "Left over after run-out",
            "value": format_money(left, currency, style=style) if known else "–",
            "meaning": f"at standard cost, {len(known)} of {len(ends)} phase-outs with known stock",
            "tone": "warn" if left else "",
        },
    ]


def _ready(cards: list[LaunchCard]) -> int:
    return sum(card.launch.gate in (LaunchGate.READY, LaunchGate.LAUNCHED) for card in cards)


def _chosen(request: HttpRequest, cards: list[LaunchCard], effects: list[PortfolioEffect]) -> dict[str, Any]:
    """The launch whose detail is shown: the asked one, else the first."""
    code = request.GET.get("launch", "")
    card = next((one for one in cards if one.launch.product.code == code), cards[0] if cards else None)
    if card is None:
        return {"chosen": None}
    own, taken = (
        next(
            (
                one
                for one in effects
                if (one.source, one.code, one.role) == ("launch", card.launch.product.code, role)
            ),
            None,
        )
        for role in ("own", "takes")
    )
    return {
        "chosen": card,
        "chart": launch_chart(own, taken),
        "chart_table": chart_table(own, taken),
        "has_chart": bool(own),
    }


def _proposals(request: HttpRequest, rows: list[Candidate]) -> dict[str, Any]:
    """The products of a chosen class, or those whose proposal is no "maintain"."""
    asked = request.GET.get("class", "")
    if len(asked) == 2:
        rows = [row for row in rows if row.advice.abc + row.advice.xyz == asked]
    elif asked != "all":
        rows = [row for row in rows if row.advice.proposal != Proposal.MAINTAIN]
    return {
        "proposals": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "asked_class": asked,
        "choices": Proposal.choices,
    }


@require_POST
@planning_required
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Push, maintain or cut."""
    decision = request.POST.get("decision", "")
    if not decision:
        raise InvalidInput("Choose push, maintain or cut.")
    decide_product(
        cycle=current_cycle(),
        by=person(request),
        code=code,
        decision=decision,
        reason=request.POST.get("reason", ""),
    )
    say(request, f"{code}: {Proposal(decision).label.lower()}.")
    return go_next(request, "portfolio:home")
