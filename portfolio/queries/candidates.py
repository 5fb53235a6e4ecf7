"""What the review asks of the rest of the range: classes, proposals, decisions, and the share of new products."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cycles.models import Cycle
from portfolio.choices import AbcRule, ProductKind, ProductStatus, Proposal
from portfolio.models import PhaseOut, PortfolioRules, Product, ProductReview
from portfolio.queries.shapes import ProductComplexity, ProductSales
from portfolio.queries.valuation import standard_cost_map
from portfolio.rationalisation import Advice, Limits, advise
from portfolio.registry import COMPLEXITY, SALES, figures_of
from sop.periods import add_months


@dataclass(frozen=True)
class Candidate:
    """A product with its classes, what they suggest, and what was decided in this cycle."""

    product: Product
    advice: Advice
    review: ProductReview | None = None

    @property
    def decision(self) -> str:
        return self.review.decision if self.review else ""

    @property
    def is_open(self) -> bool:
        """Whether the figures ask for something and nobody has answered."""
        return self.advice.proposal != Proposal.MAINTAIN and not self.decision


def limits() -> Limits:
    """The company's limits of the classes."""
    rules = PortfolioRules.current()
    return Limits(
        rules.a_percent / 100,
        rules.b_percent / 100,
        rules.abc_rule == AbcRule.INCLUSIVE,
        rules.x_limit,
        rules.y_limit,
        rules.tail_percent / 100,
    )


def sales_of(cycle: Cycle) -> dict[int, ProductSales]:
    """What products sold in the closed months, by product."""
    found: dict[int, ProductSales] = figures_of(SALES, cycle, {})
    return found


def complexity_of(cycle: Cycle) -> dict[int, ProductComplexity]:
    """What production needs for products; empty where supply is not kept."""
    found: dict[int, ProductComplexity] = figures_of(COMPLEXITY, cycle, {})
    return found


def candidates(cycle: Cycle) -> list[Candidate]:
    """Planned products that neither start nor end, by rising margin."""
    sales, costs = sales_of(cycle), standard_cost_map()
    products = Product.objects.filter(kind=ProductKind.FINISHED, status=ProductStatus.ACTIVE)
    chosen = {one.pk: one for one in products.select_related("family") if one.pk in sales}
    revenues = {key: sales[key].revenue for key in chosen}
    advice = advise(
        {key: revenues[key] - sales[key].year_units * costs.get(key, 0.0) for key in chosen},
        {key: sales[key].units for key in chosen},
        revenues=revenues,
        complexity=complexity_of(cycle),
        limits=limits(),
    )
    reviews = ProductReview.objects.filter(cycle=cycle).select_related("by", "owner")
    decided = {row.product_id: row for row in reviews}
    found = [Candidate(chosen[key], words, decided.get(key)) for key, words in advice.items()]
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


@dataclass(frozen=True)
class Freed:
    """What cutting some products would free and cost in a year (major units)."""

    products: int
    stock_value: float
    setup_hours: float
    margin: float


def freed_by_cuts(rows: Iterable[Candidate], stock: dict[int, Any]) -> Freed:
    """Stock at standard cost, set-up hours and margin of the products decided, or proposed, to be cut."""
    cut = [row for row in rows if (row.decision or row.advice.proposal) == Proposal.CUT]
    costs = standard_cost_map()
    value = sum(
        stock[row.product.pk].on_hand * costs.get(row.product.pk, 0.0)
        for row in cut
        if row.product.pk in stock
    )
    return Freed(
        len(cut), value, sum(row.advice.setup_hours for row in cut), sum(row.advice.margin for row in cut)
    )


def new_product_share(cycle: Cycle) -> float | None:
    """Revenue of the last twelve months from products younger than the company's limit."""
    sales = sales_of(cycle)
    total = sum(one.revenue for one in sales.values())
    since: date = add_months(cycle.month, -PortfolioRules.current().new_months)
    new = Product.objects.filter(launch_date__gte=since).values_list("pk", flat=True)
    return sum(sales[key].revenue for key in new if key in sales) / total if total else None


def open_cuts(rows: list[Candidate]) -> int:
    """Proposals to cut that nobody has decided yet."""
    return sum(row.advice.proposal == Proposal.CUT and not row.decision for row in rows)


def cuts_without_end(cycle: Cycle) -> list[str]:
    """Codes of products decided to be cut whose end nobody has planned yet."""
    ending = PhaseOut.objects.filter(is_dropped=False).values("product_id")
    cut = ProductReview.objects.filter(cycle=cycle, decision=Proposal.CUT).exclude(product_id__in=ending)
    return list(cut.order_by("product__code").values_list("product__code", flat=True))
