"""Launches, phase-outs and promotions as rules on the months of a cycle's plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cycles.models import Cycle
from demand.models import DemandHistory, Promotion
from portfolio.models import Launch, PhaseOut, Product
from sop.periods import first_of_month, last_of_month, months_between

if TYPE_CHECKING:
    from demand.lifecycle import LaunchRule, PhaseOutRule

# With a year of own sales a launch is forecast from them; until then it follows its like products.
SETTLED_MONTHS = 12


def launch_rules(cycle: Cycle) -> "list[LaunchRule]":
    """Every launch that is not dropped and has like products, by product code."""
    from demand.lifecycle import LaunchRule

    launches = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product")
        .prefetch_related("references")
        .order_by("product__code")
    )
    return [
        LaunchRule(
            launch.product.code,
            launch.product_id,
            months_between(cycle.month, launch.month),
            launch.ramp_months,
            [(reference.product_id, reference.percent) for reference in launch.references.all()],
            launch.takes_from_like,
        )
        for launch in launches
        if launch.references.all()
    ]


def phase_out_rules(cycle: Cycle) -> "list[PhaseOutRule]":
    """Every phase-out, and every product with an end date in its master data: no forecast after it."""
    from demand.lifecycle import PhaseOutRule

    phase_outs = PhaseOut.objects.filter(is_dropped=False).select_related("product").order_by("product__code")
    rules = [
        PhaseOutRule(
            phase_out.product.code,
            phase_out.product_id,
            months_between(cycle.month, phase_out.end_month),
            phase_out.run_out_months,
            phase_out.successor_id,
            phase_out.successor_percent,
        )
        for phase_out in phase_outs
    ]
    ended = Product.objects.filter(end_date__isnull=False, phase_out__isnull=True).order_by("code")
    for code, key, end_date in ended.values_list("code", "pk", "end_date"):
        if end_date is not None:
            rules.append(PhaseOutRule(code, key, months_between(cycle.month, first_of_month(end_date))))
    return rules


def settled_products(cycle: Cycle, product_ids: list[int]) -> list[int]:
    """Of these products, those that have sold for long enough to be forecast from their own history."""
    months: dict[int, set[date]] = {}
    rows = DemandHistory.objects.filter(
        stream__product_id__in=product_ids, month__lte=cycle.last_closed_month, quantity__gt=0
    ).values_list("stream__product_id", "month")
    for product, month in rows:
        months.setdefault(product, set()).add(month)
    return [product for product, sold in months.items() if len(sold) >= SETTLED_MONTHS]


@dataclass(frozen=True)
class PromotionRule:
    """A marketing event in one plan month: the factor on what stands before it."""

    code: str
    product: int
    market: int | None
    month: date
    factor: float


def promotion_rules(cycle: Cycle) -> list[PromotionRule]:
    """Events with a lift inside the plan: one rule per month, prorated by the days that it covers.

    Several events at once multiply. An event without a lift changes nothing: it is a finding of the
    data rules.
    """
    last = last_of_month(cycle.months[-1])
    events = Promotion.objects.filter(
        start__lte=last, end__gte=cycle.month, lift_percent__isnull=False
    ).order_by("code")
    return [
        PromotionRule(
            event.code, event.product_id, event.market_id, month, 1 + (event.lift_percent or 0) / 100 * share
        )
        for event in events
        for month, share in covered_months(event.start, event.end)
        if cycle.month <= month <= last and event.lift_percent
    ]


def covered_months(start: date, end: date) -> list[tuple[date, float]]:
    """The months that days from ``start`` to ``end`` (both included) lie in, with the share of each month's days."""
    months: list[tuple[date, float]] = []
    month = first_of_month(start)
    while month <= end:
        last = last_of_month(month)
        days = (min(end, last) - max(start, month)).days + 1
        months.append((month, days / last.day))
        month = last + timedelta(days=1)
    return months
