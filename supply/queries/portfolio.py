"""What the product review asks of supply: finished stock, and how much a product asks of production."""

from collections import defaultdict
from typing import Any

from django.db.models import F, Max, QuerySet, Sum

from cycles.models import Cycle
from portfolio.choices import ProductKind
from portfolio.models import Product
from portfolio.queries.shapes import ProductComplexity, ProductStock
from sop.periods import last_of_month
from sop.quantities import QUANTA_PER_UNIT
from supply.models import BillLine, ProductionOrder, ProductSite, PurchaseOrderLine, Routing, StockRecord


def product_stock(cycle: Cycle) -> dict[int, ProductStock]:
    """Usable stock at the last count up to the close, and what open orders still bring, by finished good.

    Once stock is counted at all, a product without a record has none. Production that is dated after the
    close counts with what is planned and not yet made.
    """
    close = last_of_month(cycle.last_closed_month)
    counted = StockRecord.objects.filter(day__lte=close).aggregate(day=Max("day"))["day"]
    if counted is None:
        return {}
    rows = StockRecord.objects.filter(day=counted, product__kind=ProductKind.FINISHED)
    on_hand = _units(rows, F("on_hand") - F("blocked"))
    transit = _units(rows, F("in_transit"))
    bought = _units(
        PurchaseOrderLine.objects.filter(receipt_date=None, product__kind=ProductKind.FINISHED), F("quantity")
    )
    made = _units(
        ProductionOrder.objects.filter(day__gt=close, product__kind=ProductKind.FINISHED),
        F("planned") - F("good") - F("scrap"),
    )
    goods = Product.objects.filter(kind=ProductKind.FINISHED).values_list("pk", flat=True)
    return {
        # Goods in transit of a bought product are part of its open orders: the larger figure counts.
        good: ProductStock(
            max(on_hand.get(good, 0.0), 0.0),
            max(transit.get(good, 0.0), bought.get(good, 0.0)) + max(made.get(good, 0.0), 0.0),
        )
        for good in goods
    }


def _units(rows: QuerySet[Any], quanta: Any) -> dict[int, float]:
    sums = rows.order_by().values_list("product_id").annotate(quanta=Sum(quanta))
    return {product: (total or 0) / QUANTA_PER_UNIT for product, total in sums}


def product_complexity(cycle: Cycle) -> dict[int, ProductComplexity]:
    """Components, lots and changeovers by finished good, from bills, routings and policies."""
    bills: dict[int, set[int]] = defaultdict(set)
    users: dict[int, set[int]] = defaultdict(set)
    for parent, component in BillLine.objects.values_list("parent_id", "component_id"):
        bills[parent].add(component)
        users[component].add(parent)
    lots: dict[int, list[float]] = defaultdict(list)
    setups: dict[int, list[float]] = defaultdict(list)
    for product, setup, lot in Routing.objects.values_list("product_id", "setup_hours", "lot_size"):
        setups[product].append(setup)
        lots[product] += [lot] if lot else []
    for product, lot in ProductSite.objects.filter(lot_size__gt=0).values_list("product_id", "lot_size"):
        lots[product].append(lot or 0.0)
    goods = Product.objects.filter(kind=ProductKind.FINISHED).values_list("pk", flat=True)
    return {
        good: ProductComplexity(
            components=len(bills[good]),
            own_components=sum(len(users[component]) == 1 for component in bills[good]),
            resources=len(setups[good]),
            lot_units=max(lots[good], default=None),
            setup_hours=sum(setups[good]),
        )
        for good in goods
        if good in bills or good in setups or good in lots
    }
