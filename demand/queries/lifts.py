"""What past marketing events really lifted, against the baseline that was planned before they took place."""

from collections import defaultdict
from datetime import date

from django.db.models import Sum

from cycles.choices import VersionKind, VersionState
from cycles.models import Cycle, Version
from demand.events import measured_lift
from demand.models import DemandFact, DemandHistory, Promotion
from demand.queries.rules import covered_months

Cells = dict[tuple[int, date], dict[int, int]]  # product, month: quanta by market


def measured_lifts(promotions: list[Promotion], cycle: Cycle) -> dict[int, float]:
    """Lift in percent by promotion key, where a frozen demand plan older than the event knows its baseline.

    Months that two events of a product share tell nothing of either and are left out; several months are
    weighted by their baseline.
    """
    shares = {one.pk: dict(covered_months(one.start, one.end)) for one in promotions}
    plans = _plans_by_month({month for months in shares.values() for month in months}, cycle)
    products = {one.product_id for one in promotions}
    if not plans or not products:
        return {}
    planned, sold = _planned(plans, products), _sold(set(plans), products)
    crowd: dict[tuple[int, date], int] = defaultdict(int)
    for one in promotions:
        for month in shares[one.pk]:
            crowd[one.product_id, month] += 1
    found = {}
    for one in promotions:
        alone = [month for month in shares[one.pk] if crowd[one.product_id, month] == 1 and month in plans]
        baselines = [_quanta(planned, one, month) for month in alone]
        exposed = sum(base * shares[one.pk][month] for base, month in zip(baselines, alone, strict=True))
        total = sum(baselines)
        actual = sum(_quanta(sold, one, month) for month in alone)
        lift = measured_lift(actual, total, exposed / total if total else 0.0)
        if lift is not None:
            found[one.pk] = lift
    return found


def _plans_by_month(months: set[date], cycle: Cycle) -> dict[date, Version]:
    """The newest frozen demand plan made for each closed month before or in it."""
    frozen = Version.objects.filter(
        kind=VersionKind.DEMAND, state=VersionState.FROZEN, cycle__month__lt=cycle.month
    )
    plans = list(frozen.select_related("cycle").order_by("cycle__month", "pk"))
    found = {}
    for month in months:
        before = [plan for plan in plans if plan.cycle.month <= month < cycle.month]
        if before and month in before[-1].cycle.months:
            found[month] = before[-1]
    return found


def _planned(plans: dict[date, Version], products: set[int]) -> Cells:
    found: Cells = defaultdict(dict)
    by_plan: dict[int, list[date]] = defaultdict(list)
    for month, plan in plans.items():
        by_plan[plan.pk].append(month)
    for plan_key, months in by_plan.items():
        rows = DemandFact.objects.filter(
            version_id=plan_key, month__in=months, stream__product_id__in=products
        ).values_list("stream__product_id", "month", "stream__market_id", "baseline")
        for product, month, market, quanta in rows:
            found[product, month][market] = quanta or 0
    return found


def _sold(months: set[date], products: set[int]) -> Cells:
    found: Cells = defaultdict(dict)
    rows = (
        DemandHistory.objects.filter(month__in=months, stream__product_id__in=products)
        .values_list("stream__product_id", "month", "stream__market_id")
        .annotate(quanta=Sum("quantity"))
    )
    for product, month, market, quanta in rows:
        found[product, month][market] = quanta
    return found


def _quanta(cells: Cells, promotion: Promotion, month: date) -> int:
    markets = cells.get((promotion.product_id, month), {})
    if promotion.market_id is None:
        return sum(markets.values())
    return markets.get(promotion.market_id, 0)
