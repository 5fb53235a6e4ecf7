"""Projected stock by product and site: balance, days of supply, missed safety stock, excess. Quanta."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from cycles.models import Version
from portfolio.models import Product
from sop.periods import last_of_month
from sop.quantities import QUANTA_PER_UNIT
from supply.cover import cover_by_month
from supply.models import ProductSiteFact, StockRecord, StreamFact
from supply.safety import reserve

EXCESS_MONTHS = 12
"""Stock beyond the demand of this many months is excess."""


@dataclass(frozen=True, slots=True)
class StockCell:
    month: date
    closing: int
    safety: int

    @property
    def is_low(self) -> bool:
        """Below the safety stock."""
        return self.closing < self.safety

    @property
    def units(self) -> float:
        return self.closing / QUANTA_PER_UNIT

    @property
    def is_out(self) -> bool:
        return self.closing <= 0 < self.safety


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product at a site; days of supply and excess are those of the product over all sites."""

    product: Product
    site: str
    opening: int
    cells: list[StockCell]
    days: float | None
    excess: int
    excess_minor: int

    @property
    def opening_units(self) -> float:
        return self.opening / QUANTA_PER_UNIT

    @property
    def low_months(self) -> int:
        return sum(cell.is_low for cell in self.cells)


def stocked_products(
    version: Version, *, family: str = "", words: str = "", only_low: bool = False
) -> QuerySet[Product]:
    """Products with projected stock, in the order of their codes."""
    facts = ProductSiteFact.objects.filter(version=version)
    if only_low:
        facts = facts.filter(closing__lt=F("safety_stock"))
    products = Product.objects.filter(pk__in=facts.values("product")).order_by("code")
    if family:
        products = products.filter(family__code=family)
    if words:
        products = products.filter(Q(code__icontains=words) | Q(description__icontains=words))
    return products


def stock_rows(version: Version, products: list[Product], months: list[date]) -> list[StockRow]:
    """The rows of some products, one for each site that holds any."""
    facts = ProductSiteFact.objects.filter(version=version, product__in=products).order_by(
        "site__code", "month"
    )
    by_pair: dict[tuple[int, str], dict[date, tuple[int, int, int]]] = defaultdict(dict)
    names = ("product_id", "site__name", "site__code", "month", "opening", "closing", "safety_stock")
    for product, name, code, month, opening, closing, safety in facts.values_list(*names):
        by_pair[product, name or code][month] = (opening, closing, safety)
    demand = _demand(version, products)
    rows = []
    for product in products:
        pairs = [
            (site, cells)
            for (pk, site), cells in by_pair.items()
            if pk == product.pk and any(map(any, cells.values()))
        ]
        wanted = [demand[product.pk].get(month, 0) for month in months]
        whole = [sum(cells.get(month, (0, 0, 0))[1] for _, cells in pairs) for month in months]
        opening = sum(cells.get(months[0], (0, 0, 0))[0] for _, cells in pairs)
        excess = max(0, opening - sum(wanted[:EXCESS_MONTHS]))
        shown = _Product(product, cover_by_month(whole, wanted, months)[0], excess)
        rows += [_row(shown, site, cells, months) for site, cells in pairs]
    return rows


@dataclass(frozen=True, slots=True)
class _Product:
    """What the rows of a product have in common."""

    product: Product
    days: float | None
    excess: int


def _row(shown: _Product, site: str, cells: dict[date, tuple[int, int, int]], months: list[date]) -> StockRow:
    line = [StockCell(month, *cells.get(month, (0, 0, 0))[1:]) for month in months]
    value = round(shown.excess * float(shown.product.standard_cost or 0) / 10)
    opening = cells.get(months[0], (0, 0, 0))[0]
    return StockRow(shown.product, site, opening, line, shown.days, shown.excess, value)


def _demand(version: Version, products: list[Product]) -> dict[int, dict[date, int]]:
    rows = StreamFact.objects.filter(version=version, stream__product__in=products)
    found: dict[int, dict[date, int]] = defaultdict(dict)
    sums = rows.order_by().values_list("stream__product_id", "month").annotate(total=Sum("demand"))
    for product, month, total in sums:
        found[product][month] = total
    return found


@dataclass(frozen=True, slots=True)
class StockTotals:
    """Products below safety stock at any time, months in all, and money in excess at the start (minor units)."""

    low_products: int
    low_months: int
    excess_minor: int
    excess_products: int


def stock_totals(version: Version) -> StockTotals:
    """Missed safety stock and excess of the whole plan."""
    low = ProductSiteFact.objects.filter(version=version, closing__lt=F("safety_stock"))
    first = version.cycle.month
    end = version.cycle.months[:EXCESS_MONTHS][-1]
    wanted = dict(
        StreamFact.objects.filter(version=version, month__lte=end).order_by()
        .values_list("stream__product_id").annotate(total=Sum("demand"))
    )  # fmt: skip
    opening = (
        ProductSiteFact.objects.filter(version=version, month=first, product__kind="FG").order_by()
        .values_list("product_id", "product__standard_cost").annotate(total=Sum("opening"))
    )  # fmt: skip
    excess = [
        round(max(0, total - wanted.get(product, 0)) * float(cost or 0) / 10)
        for product, cost, total in opening
    ]
    return StockTotals(
        low_products=low.values("product").distinct().count(),
        low_months=low.count(),
        excess_minor=sum(excess),
        excess_products=sum(value > 0 for value in excess),
    )


@dataclass(frozen=True, slots=True)
class AgedStock:
    """Stock at the close and what is set aside for its age, minor units at standard cost."""

    value_minor: int
    reserve_minor: int

    @property
    def share(self) -> float | None:
        return self.reserve_minor / self.value_minor if self.value_minor else None


def aged_stock(closed_month: date) -> AgedStock:
    """Everything counted at the end of the closed month whose age and standard cost are known."""
    rows = StockRecord.objects.filter(
        day=last_of_month(closed_month), age_days__isnull=False, product__standard_cost__gt=0, on_hand__gt=0
    ).values_list("age_days", "on_hand", "product__standard_cost")
    values = [(age or 0.0, quanta * float(cost or 0) / 10) for age, quanta, cost in rows]
    return AgedStock(round(sum(value for _, value in values)), round(reserve(values)))
