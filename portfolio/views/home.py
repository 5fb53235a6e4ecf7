"""The product review's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cycles.choices import StageState
from cycles.http import go_next, person, say, stage_parts
from cycles.models import Company, Cycle, User
from cycles.permissions import can_view_plan, planning_required, sees_margins, sees_prices
from cycles.queries import current_cycle
from portfolio.actions.rules import write_minutes
from portfolio.charts import chart_table, launch_chart
from portfolio.choices import AgendaItem, LaunchGate, Proposal
from portfolio.models import PortfolioRules, Product
from portfolio.permissions import can_change_portfolio
from portfolio.queries.agenda import agenda
from portfolio.queries.candidates import (
    Candidate,
    candidates,
    class_counts,
    freed_by_cuts,
    new_product_share,
)
from portfolio.queries.effects import change_effects, total_effect
from portfolio.queries.families import family_keys, indented_families
from portfolio.queries.review import (
    LaunchCard,
    PhaseOutRow,
    effects_of,
    gates,
    launch_cards,
    launch_effect,
    phase_out_rows,
    product_stage,
    stock_of,
)
from portfolio.queries.shapes import PortfolioEffect
from sop.csp import chart_page
from sop.numbers import format_compact, format_money, format_number, format_percent

SHOWN = 30
EFFECTS_SHOWN = 12
DECISIONS_SHOWN = 5


@require_safe
@planning_required
@chart_page
def home(request: HttpRequest) -> HttpResponse:
    """Launches by gate, phase-outs, what to push, maintain or cut, and the meeting's agenda; of one family if asked."""
    cycle, user = current_cycle(), person(request)
    stage, effects = product_stage(cycle), effects_of(cycle)
    cards, ends, rows = launch_cards(cycle, effects), phase_out_rows(cycle, effects), candidates(cycle)
    if family := request.GET.get("family", ""):
        inside = set(family_keys(family))
        cards = [card for card in cards if card.launch.product.family_id in inside]
        ends = [row for row in ends if row.phase_out.product.family_id in inside]
        rows = [row for row in rows if row.product.family_id in inside]
    changes = change_effects(effects)
    context: dict[str, Any] = {
        **stage_parts(stage, user),
        "cycle": cycle,
        "can_change": can_change_portfolio(user, stage),
        "can_write": can_view_plan(user) and cycle.is_open and stage.state != StageState.SIGNED,
        "sees_margins": sees_margins(user),
        "sees_prices": sees_prices(user),
        "gates": gates(cards),
        "phase_outs": ends,
        "answer": _answer(cards, ends, rows, user),
        "figures": _figures(cycle, cards, ends, user),
        "classes": class_counts(rows),
        "rules": PortfolioRules.current(),
        "freed": freed_by_cuts(rows, stock_of(cycle)),
        "changes": changes[:EFFECTS_SHOWN],
        "total": total_effect(changes, cycle.months),
        "left_total": sum(row.left_value or 0 for row in ends),
        "write_off_total": sum(row.write_off or 0 for row in ends),
        "currency": Company.current().currency,
        "agenda": agenda(cycle),
        "families": indented_families(),
        "asked_family": family,
        **_chosen(request, cards, effects),
        **_proposals(request, rows),
    }
    return render(request, "portfolio/home.html", context)


def _answer(
    cards: list[LaunchCard], ends: list[PhaseOutRow], rows: list[Candidate], user: User
) -> dict[str, Any]:
    """The title and the sentence below it."""
    coming = [card for card in cards if card.launch.is_planned and card.launch.gate != LaunchGate.LAUNCHED]
    money = format_money(
        sum(card.money for card in coming), Company.current().currency, style=user.number_format
    )
    at_risk = sum(bool(card.problems) for card in cards)
    count = "1 launch brings" if len(coming) == 1 else f"{len(coming)} launches bring"
    title = f"{count} {money} in the first year" if coming else "No launch is planned"
    if at_risk:
        title += f"; {'one is' if at_risk == 1 else f'{at_risk} are'} not complete"
    return {
        "title": title,
        "ends": len(ends),
        "ideas": sum(not card.launch.is_planned for card in cards),
        "cuts": sum(row.advice.proposal == Proposal.CUT for row in rows),
        "undecided": sum(row.advice.proposal == Proposal.CUT and not row.decision for row in rows),
        "products": len(rows),
    }


def _figures(
    cycle: Cycle, cards: list[LaunchCard], ends: list[PhaseOutRow], user: User
) -> list[dict[str, Any]]:
    style, currency = user.number_format, Company.current().currency
    planned = [card for card in cards if card.launch.is_planned]
    won, moved = sum(card.units for card in planned), sum(card.moved for card in planned)
    known = [row for row in ends if row.left is not None]
    left, lost = sum(row.left_value or 0 for row in ends), sum(row.write_off or 0 for row in ends)
    figures = [
        _share_figure(new_product_share(cycle), PortfolioRules.current(), style),
        {
            "label": "Launches in the plan",
            "value": str(len(planned)),
            "unit": f"of {len(cards)}",
            "meaning": f"{_ready(planned)} ready or in the market",
        },
        {
            "label": "Taken from own products",
            "value": format_percent(-moved / won if won else None, 0, style),
            "meaning": f"of {format_compact(round(won), 1, style)} units in their first year",
        },
    ]
    if sees_prices(user):
        net = format_money(sum(card.net_money for card in planned), currency, style=style)
        earned = format_money(sum(card.net_margin for card in planned), currency, style=style)
        margin = f", margin {earned}" if sees_margins(user) else ""
        meaning = f"first year, after what launches take{margin}"
        figures.append({"label": "Revenue that is really new", "value": net, "meaning": meaning})
    if sees_margins(user):
        written = format_money(lost, currency, style=style)
        figures.append(
            {
                "label": "Left over after run-out",
                "value": format_money(left, currency, style=style) if known else "–",
                "meaning": f"at cost; {written} to write off, {len(known)} of {len(ends)} phase-outs known",
                "tone": "warn" if left else "",
            }
        )
    return figures


def _share_figure(share: float | None, rules: PortfolioRules, style: str) -> dict[str, Any]:
    """New products in revenue beside what product management aims at."""
    age = f"{rules.new_months} months or younger"
    figure = {
        "label": "New products in revenue",
        "value": format_percent(share, 1, style),
        "meaning": f"of the last year; {age}",
    }
    if rules.new_share_target is None:
        return figure
    target = format_number(rules.new_share_target, 1, style)
    below = share is not None and share * 100 < rules.new_share_target
    return figure | {"meaning": f"target {target} %; {age}", "tone": "warn" if below else ""}


def _ready(cards: list[LaunchCard]) -> int:
    return sum(card.launch.gate in (LaunchGate.READY, LaunchGate.LAUNCHED) for card in cards)


def _chosen(request: HttpRequest, cards: list[LaunchCard], effects: list[PortfolioEffect]) -> dict[str, Any]:
    """The launch whose detail is shown: the asked one, else the first."""
    code = request.GET.get("launch", "")
    card = next((one for one in cards if one.launch.product.code == code), cards[0] if cards else None)
    if card is None:
        return {"chosen": None}
    code = card.launch.product.code
    own, takes, lifts = (launch_effect(effects, code, role) for role in ("own", "takes", "lifts"))
    return {
        "chosen": card,
        "chart": launch_chart(own, takes, lifts),
        "chart_table": chart_table(own, takes, lifts),
        "has_chart": bool(own),
        "touched": _touched(takes) + _touched(lifts),
        "decisions": card.launch.gate_decisions.all()[:DECISIONS_SHOWN],
    }


def _touched(effect: PortfolioEffect | None) -> list[dict[str, Any]]:
    """The products that a launch takes from or helps, with units over the horizon, the largest first."""
    if effect is None:
        return []
    names = {product.pk: str(product) for product in Product.objects.filter(pk__in=effect.products)}
    rows = [
        {"name": names.get(key, ""), "units": abs(units), "takes": units < 0}
        for key, units in effect.products.items()
        if units
    ]
    return sorted(rows, key=lambda row: -row["units"])


def _proposals(request: HttpRequest, rows: list[Candidate]) -> dict[str, Any]:
    """The products of a chosen class, or those whose proposal is no "maintain": what is open first."""
    asked = request.GET.get("class", "")
    maintained = sum(row.advice.proposal == Proposal.MAINTAIN for row in rows)
    to_decide = sum(row.is_open for row in rows)
    if len(asked) == 2:
        rows = [row for row in rows if row.advice.abc + row.advice.xyz == asked]
    elif asked == "tail":
        rows = [row for row in rows if row.advice.is_tail]
    elif asked != "all":
        rows = [row for row in rows if row.advice.proposal != Proposal.MAINTAIN]
    rows = sorted(rows, key=lambda row: (not row.is_open, row.advice.margin))
    return {
        "proposals": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "asked_class": asked,
        "choices": Proposal.choices,
        "maintained": maintained,
        "to_decide": to_decide,
    }


@require_POST
@planning_required
def minutes(request: HttpRequest) -> HttpResponse:
    """What the meeting said on an item of its agenda."""
    item = request.POST.get("item", "")
    write_minutes(cycle=current_cycle(), by=person(request), item=item, text=request.POST.get("text", ""))
    say(request, f"Minutes of “{AgendaItem(item).label}” are kept.")
    return go_next(request, "portfolio:home")
