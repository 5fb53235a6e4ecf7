"""Launches, phase-outs, pushes and promotions as rules on the months of a cycle's plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum

from cycles.models import Cycle
from demand.models import DemandHistory, Promotion
from portfolio.choices import LaunchBasis, Proposal
from portfolio.models import Launch, PhaseOut, Product, ProductReview
from sop.periods import add_months, first_of_month, last_of_month, months_between
from sop.quantities import QUANTA_PER_UNIT

if TYPE_CHECKING:
    from demand.lifecycle import LaunchRule, PhaseOutRule, PushRule
    from demand.steps import Floats

# With a year of own sales a launch is forecast from them; until then it follows its like products.
SETTLED_MONTHS = 12


def launch_rules(cycle: Cycle, *, planned: bool = True) -> "list[LaunchRule]":
    """Every launch of the plan that has like products or a volume, by product code.

    With ``planned`` False those that the plan leaves out: ideas, and launches on hold.
    """
    launches = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product")
        .prefetch_related("references", "influences")
        .order_by("product__code")
    )
    chosen = [launch for launch in launches if launch.is_planned == planned and launch.has_figures]
    return _rules(chosen, cycle)


def _rules(launches: list[Launch], cycle: Cycle) -> "list[LaunchRule]":
    beginners = [one for one in launches if one.basis == LaunchBasis.BEGINNING]
    likes = {reference.product_id for one in beginners for reference in one.references.all()}
    begun = beginnings(cycle, likes)
    shares = market_shares([one for one in launches if one.basis not in LaunchBasis.with_references()], cycle)
    return [_rule(one, cycle, begun, shares.get(one.pk, {})) for one in launches]


def _rule(
    launch: Launch, cycle: Cycle, begun: "dict[tuple[int, int], Floats]", shares: dict[int, float]
) -> "LaunchRule":
    from demand.lifecycle import LaunchRule

    copied = launch.copy_percent / 100
    likes = [(reference.product_id, reference.percent * copied) for reference in launch.references.all()]
    return LaunchRule(
        launch.product.code,
        launch.product_id,
        months_between(cycle.month, launch.month),
        launch.ramp_months,
        likes,
        launch.takes_from_like,
        begun if launch.basis == LaunchBasis.BEGINNING else {},
        _volume(launch, cycle),
        shares,
        [(influence.product_id, influence.percent) for influence in launch.influences.all()],
    )


def _volume(launch: Launch, cycle: Cycle) -> "Floats | None":
    """Quanta by month since the launch, for launches that state their volume."""
    import numpy as np

    from demand.lifecycle import diffusion, ramp

    if launch.basis in LaunchBasis.with_references():
        return None
    months = max(months_between(launch.month, cycle.months[-1]) + 1, 0)
    full = (launch.full_units or 0.0) * QUANTA_PER_UNIT
    if launch.basis == LaunchBasis.DIFFUSION:
        return diffusion(launch.innovators or 0.0, launch.imitators or 0.0, full, months)
    return np.full(months, full) * ramp(0, launch.ramp_months, months)


def beginnings(cycle: Cycle, products: set[int]) -> "dict[tuple[int, int], Floats]":
    """Quanta of products since their first month of sales up to the plan, by (product, market).

    A product that was sold in the first month of the records already began before them: it is left out,
    and its launch follows what the product sells today.
    """
    import numpy as np

    records = DemandHistory.objects.order_by("month").values_list("month", flat=True).first()
    if records is None or not products:
        return {}
    rows = list(
        DemandHistory.objects.filter(stream__product_id__in=products, month__lt=cycle.month, quantity__gt=0)
        .values_list("stream__product_id", "stream__market_id", "month")
        .annotate(quanta=Sum("quantity"))
    )
    first: dict[int, date] = {}
    for product, _, month, _ in rows:
        first[product] = min(month, first.get(product, month))
    found: dict[tuple[int, int], Floats] = {}
    for product, market, month, quanta in rows:
        if first[product] > records:
            length = months_between(first[product], cycle.month)
            curve = found.setdefault((product, market), np.zeros(length))
            curve[months_between(first[product], month)] += quanta
    return found


def market_shares(launches: list[Launch], cycle: Cycle) -> dict[int, dict[int, float]]:
    """How a stated volume falls on the markets, by launch: like the last year of its like products, else its family."""
    wanted = {launch.pk: _models(launch) for launch in launches}
    rows = (
        DemandHistory.objects.filter(
            stream__product_id__in=set().union(*wanted.values()),
            month__gte=add_months(cycle.month, -12),
            month__lt=cycle.month,
        )
        .values_list("stream__product_id", "stream__market_id")
        .annotate(quanta=Sum("quantity"))
    )
    sold = {(product, market): quanta for product, market, quanta in rows}
    return {launch: _shares(models, sold) for launch, models in wanted.items()}


def _models(launch: Launch) -> set[int]:
    likes = {reference.product_id for reference in launch.references.all()}
    family = Product.objects.filter(family=launch.product.family).exclude(pk=launch.product_id)
    return likes or set(family.values_list("pk", flat=True))


def _shares(models: set[int], sold: dict[tuple[int, int], int]) -> dict[int, float]:
    by_market: dict[int, float] = {}
    for (product, market), quanta in sold.items():
        if product in models:
            by_market[market] = by_market.get(market, 0.0) + max(quanta, 0)
    total = sum(by_market.values())
    return {market: quanta / total for market, quanta in by_market.items()} if total else {}


def push_rules(cycle: Cycle) -> "list[PushRule]":
    """Products whose latest decision is to push them by a percent, by product code."""
    from demand.lifecycle import PushRule

    latest: dict[int, ProductReview] = {}
    reviews = ProductReview.objects.filter(cycle__month__lte=cycle.month).exclude(decision="")
    for review in reviews.select_related("product").order_by("cycle__month"):
        latest[review.product_id] = review
    return [
        PushRule(
            one.product.code,
            one.product_id,
            months_between(cycle.month, one.first_month),
            one.growth_percent,
        )
        for one in sorted(latest.values(), key=lambda review: review.product.code)
        if one.decision == Proposal.PUSH and one.growth_percent and one.first_month
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
            phase_out.curve,
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
