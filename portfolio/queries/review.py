"""What the product review shows: launches by gate, phase-outs, and the classes of the rest."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cycles.choices import StageKind
from cycles.models import Cycle, Stage
from cycles.queries import stage_of
from portfolio.choices import LaunchGate, ProductKind, ProductStatus, Proposal
from portfolio.models import Launch, PhaseOut, Product, ProductReview
from portfolio.queries.shapes import PortfolioEffect, ProductSales
from portfolio.queries.valuation import standard_cost_map
from portfolio.rationalisation import Advice, advise
from portfolio.registry import EFFECTS, SALES, STOCK, figures_of
from sop.periods import add_months, months_between

NEW_PRODUCT_MONTHS = 36


@dataclass(frozen=True)
class LaunchCard:
    """A launch with its first twelve months (units, money) and what it takes from like products."""

    launch: Launch
    units: float
    money: float
    taken: float
    taken_money: float
    problems: list[str]

    @property
    def net_money(self) -> float:
        return self.money + self.taken_money


@dataclass(frozen=True)
class PhaseOutRow:
    """A phase-out: what still sells until its end, what lies on hand, and what that leaves, at standard cost."""

    phase_out: PhaseOut
    sells: float
    stock: float | None
    left: float | None
    left_value: float | None
    bars: list[float]
    problems: list[str]

    @property
    def advice(self) -> str:
        if self.stock is None:
            return "Enter the stock to sell, to see what is left over."
        if not self.left:
            return "Nothing is left over."
        return f"Sell {self.left:,.0f} more units before the end, or order less."


def product_stage(cycle: Cycle) -> Stage:
    return stage_of(cycle, StageKind.PRODUCT)


def effects_of(cycle: Cycle) -> list[PortfolioEffect]:
    found: list[PortfolioEffect] = figures_of(EFFECTS, cycle, [])
    return found


def launch_cards(cycle: Cycle, effects: list[PortfolioEffect]) -> list[LaunchCard]:
    """Every launch that is not dropped, by month."""
    launches = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product__family", "owner")
        .prefetch_related("references__product")
        .order_by("month", "product__code")
    )
    return [_card(launch, cycle, effects) for launch in launches]


def _card(launch: Launch, cycle: Cycle, effects: list[PortfolioEffect]) -> LaunchCard:
    own = _first_year(effects, "launch", launch.product.code, "own")
    taken = _first_year(effects, "launch", launch.product.code, "takes")
    return LaunchCard(launch, *own, *taken, launch_problems(launch, cycle))


def _first_year(effects: list[PortfolioEffect], source: str, code: str, role: str) -> tuple[float, float]:
    for effect in effects:
        if (effect.source, effect.code, effect.role) == (source, code, role):
            return effect.first_year()
    return 0.0, 0.0


def launch_problems(launch: Launch, cycle: Cycle) -> list[str]:
    """What a launch inside the plan still lacks."""
    if not 0 <= months_between(cycle.month, launch.month) < cycle.horizon_months:
        return []
    problems = []
    if launch.owner_id is None:
        problems.append("no owner")
    if not launch.references.all():
        problems.append("no like product")
    return problems


def gates(cards: list[LaunchCard]) -> list[dict[str, Any]]:
    """The pipeline: each gate with its launches and their money."""
    columns = []
    for gate in LaunchGate:
        inside = [card for card in cards if card.launch.gate == gate]
        columns.append({"gate": gate, "cards": inside, "money": sum(card.money for card in inside)})
    return columns


def phase_out_rows(cycle: Cycle, effects: list[PortfolioEffect]) -> list[PhaseOutRow]:
    """Every phase-out that is not dropped, by its end."""
    stock: dict[int, float] = figures_of(STOCK, cycle, {})
    costs = standard_cost_map()
    rows = PhaseOut.objects.filter(is_dropped=False).select_related("product", "successor", "owner")
    return [_row(one, cycle, effects, stock, costs) for one in rows.order_by("end_month", "product__code")]


def _row(
    phase_out: PhaseOut,
    cycle: Cycle,
    effects: list[PortfolioEffect],
    stock: dict[int, float],
    costs: dict[int, float],
) -> PhaseOutRow:
    plan = next(
        (
            one
            for one in effects
            if (one.source, one.code, one.role) == ("phase_out", phase_out.product.code, "own")
        ),
        None,
    )
    count = max(months_between(cycle.month, phase_out.end_month) + 1, 0)
    bars = plan.plan_units[:count] if plan else []
    on_hand = (
        phase_out.run_out_units if phase_out.run_out_units is not None else stock.get(phase_out.product_id)
    )
    left = None if on_hand is None or plan is None else max(0.0, on_hand - sum(bars))
    value = None if left is None else left * costs.get(phase_out.product_id, 0.0)
    return PhaseOutRow(phase_out, sum(bars), on_hand, left, value, bars[:24], phase_out_problems(phase_out))


def phase_out_problems(phase_out: PhaseOut) -> list[str]:
    """What a phase-out still lacks."""
    problems = []
    if phase_out.successor_id is None and not phase_out.no_successor:
        problems.append("successor, or “none”, is not stated")
    return problems


@dataclass(frozen=True)
class Candidate:
    """A product with its classes, what they suggest, and what was decided."""

    product: Product
    advice: Advice
    decision: str
    decided_by: str
    reason: str


def candidates(cycle: Cycle) -> list[Candidate]:
    """Planned products that neither start nor end, by rising margin."""
    sales: dict[int, ProductSales] = figures_of(SALES, cycle, {})
    products = Product.objects.filter(kind=ProductKind.FINISHED, status=ProductStatus.ACTIVE)
    costs = standard_cost_map()
    chosen = {product.pk: product for product in products if product.pk in sales}
    margins = {key: sales[key].revenue - sales[key].year_units * costs.get(key, 0.0) for key in chosen}
    advice = advise(margins, {key: sales[key].units for key in chosen})
    decisions = {
        row.product_id: row for row in ProductReview.objects.filter(cycle=cycle).select_related("by")
    }
    found = []
    for key, words in advice.items():
        decision = decisions.get(key)
        found.append(
            Candidate(
                chosen[key],
                words,
                decision.decision if decision else "",
                str(decision.by) if decision and decision.by else "",
                decision.reason if decision else "",
            )
        )
    return sorted(found, key=lambda one: one.advice.margin)


def class_counts(rows: list[Candidate]) -> list[dict[str, Any]]:
    """The 3 x 3 table: products by margin class and variability."""
    return [
        {
            "abc": abc,
            "cells": [
                {"xyz": xyz, "count": sum(row.advice.abc == abc and row.advice.xyz == xyz for row in rows)}
                for xyz in "XYZ"
            ],
        }
        for abc in "ABC"
    ]


def new_product_share(cycle: Cycle) -> float | None:
    """Revenue of the last twelve months from products launched in the last three years."""
    sales: dict[int, ProductSales] = figures_of(SALES, cycle, {})
    total = sum(one.revenue for one in sales.values())
    since: date = add_months(cycle.month, -NEW_PRODUCT_MONTHS)
    new = Product.objects.filter(launch_date__gte=since).values_list("pk", flat=True)
    return sum(sales[key].revenue for key in new if key in sales) / total if total else None


def open_cuts(rows: list[Candidate]) -> int:
    """Proposals to cut that nobody has decided yet."""
    return sum(row.advice.proposal == Proposal.CUT and not row.decision for row in rows)
