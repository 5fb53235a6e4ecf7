"""The supply plan in five figures and one sentence."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, FloatField, Sum

from cycles.models import Cycle, Version
from sop.periods import last_of_month, month_key
from supply.cover import cover_by_month
from supply.models import ProductionOrder, ProductSiteFact, StreamFact, SupplySummary
from supply.queries.gaps import GapTotals
from supply.queries.load import LoadRow
from supply.queries.plans import signed_plans
from supply.words import months_in_words

TOTALS = ("demand", "supplied", "production", "closing", "revenue_minor", "gap_minor", "stock_value_minor")


@dataclass(frozen=True, slots=True)
class Overview:
    """Money in minor units, quantities in quanta, shares 0-1; None where there is nothing to measure."""

    demand: int
    supplied: int
    demand_minor: int
    gap_minor: int
    gap_margin_minor: int
    overloaded: list[LoadRow]
    stock_minor: int
    stock_month: date
    stock_days: float | None
    kept_share: float | None

    @property
    def served_share(self) -> float | None:
        """Part of the money wanted that is served in its month."""
        return 1 - self.gap_minor / self.demand_minor if self.demand_minor else None


def overview(version: Version, cycle: Cycle, loads: list[LoadRow], gaps: GapTotals) -> Overview:
    """The figures of a plan; stock is that of finished goods at the end of the horizon's first year."""
    months = summary_by_month(version)
    days = cover_by_month([m.closing for m in months], [m.demand for m in months], [m.month for m in months])
    place = min(len(months), 12) - 1
    return Overview(
        demand=sum(m.demand for m in months),
        supplied=sum(m.supplied for m in months),
        demand_minor=demand_value_minor(version),
        gap_minor=gaps.total_minor,
        gap_margin_minor=gaps.margin_minor,
        overloaded=[row for row in loads if row.short_months],
        stock_minor=months[place].stock_value_minor if months else 0,
        stock_month=months[place].month if months else cycle.month,
        stock_days=days[place] if months else None,
        kept_share=kept_share(cycle),
    )


def summary_by_month(version: Version, family_ids: list[int] | None = None) -> list[SupplySummary]:
    """Sums over families by month, as unsaved summary rows."""
    rows = SupplySummary.objects.filter(version=version)
    if family_ids is not None:
        rows = rows.filter(family__in=family_ids)
    sums = [Sum(name) for name in TOTALS]
    by_month = rows.order_by("month").values_list("month").annotate(*sums)
    return [SupplySummary(month=row[0], **dict(zip(TOTALS, row[1:], strict=True))) for row in by_month]


def demand_value_minor(version: Version) -> int:
    """Everything wanted, at planned prices."""
    value = F("demand") * F("price_minor") / 1000.0
    total = StreamFact.objects.filter(version=version).aggregate(total=Sum(value, output_field=FloatField()))
    return round(total["total"] or 0)


def kept_share(cycle: Cycle) -> float | None:
    """Adherence of the last closed month: sum of min(made, planned) over products and sites / sum planned."""
    month = cycle.last_closed_month
    version = signed_plans(cycle.month, 1).get(month)
    if version is None:
        return None
    planned = ProductSiteFact.objects.filter(version=version, month=month, production__gt=0)
    rows = {
        (product, site): units
        for product, site, units in planned.values_list("product_id", "site_id", "production")
    }
    orders = ProductionOrder.objects.filter(day__range=(month, last_of_month(month)))
    made = orders.values_list("product_id", "site_id").annotate(total=Sum("good"))
    done = {(product, site): total for product, site, total in made}
    total = sum(rows.values())
    return sum(min(units, done.get(pair, 0)) for pair, units in rows.items()) / total if total else None


def answer_in_words(view: Overview) -> str:
    """What the review has to know first."""
    if not view.gap_minor and not view.overloaded:
        return "Everything that is wanted can be made and shipped in its month"
    if not view.overloaded:
        return "Part of what is wanted cannot be served in its month"
    worst = max(view.overloaded, key=lambda row: row.short_hours)
    when = months_in_words(month_key(month) for month in worst.short_months)
    more = len(view.overloaded) - 1
    others = f", and {more} more resource{'s' if more > 1 else ''} too" if more else ""
    return f"{worst.name} in {worst.site} runs out of hours in {when}{others}"
