"""The rows that a supply plan is made of, read straight from the database in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cycles.models import Cycle, Version
from demand.models import DemandFact, DemandStream
from portfolio.models import Market, PlannedPrice, Product
from sop.periods import last_of_month
from supply.models import (
    BillLine,
    Lane,
    ProductSite,
    PurchaseOrderLine,
    Resource,
    ResourceMonth,
    Routing,
    Site,
    StockRecord,
    Supplier,
    SupplierProduct,
    Workforce,
)
from supply.queries.capacity import CapacityFacts, read_capacity


class ProductRow(NamedTuple):
    """A product as planning sees it; costs are major currency per unit, None where not known."""

    id: int
    code: str
    kind: str
    family_id: int | None
    standard_cost: float | None
    list_price: float | None
    profit_first: bool


class PolicyRow(NamedTuple):
    product_id: int
    site_id: int
    safety_stock: float | None
    lot_size: float | None
    lead_time_days: float | None
    safety_days: float | None
    ceiling: float | None


class PeopleRow(NamedTuple):
    """The people of a resource; money is major currency."""

    resource_id: int
    heads: float
    hours_per_head: float
    overtime_hours_per_head: float
    wage: float
    hire_cost: float
    layoff_cost: float


class HoursRow(NamedTuple):
    """Hours of a resource in a month; regular hours are the usable ones, ``clock`` the stated ones."""

    resource_id: int
    month: date
    regular: float
    overtime: float
    overtime_cost: float
    extra: float
    extra_cost: float
    clock: float = 0.0
    efficiency: float = 100.0


class SupplierRow(NamedTuple):
    supplier_id: int
    product_id: int
    site_id: int
    lead_time_days: float | None
    price: float
    capacity: float | None
    valid_from: date | None


class StockRow(NamedTuple):
    """Quantities are quanta."""

    product_id: int
    site_id: int
    day: date
    on_hand: int
    blocked: int
    in_transit: int


class OrderRow(NamedTuple):
    """An open purchase order line; quantity in quanta."""

    product_id: int
    supplier_id: int
    due_date: date
    quantity: int


class LaneRow(NamedTuple):
    id: int
    origin_id: int
    market_id: int | None
    site_id: int | None
    unit_cost: float
    capacity: float | None
    lead_time_days: float
    spot_cost: float | None


class BillRow(NamedTuple):
    """A line of the bill valid at the start of the plan; quantity with scrap."""

    parent_id: int
    component_id: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that one supply plan is made of. Lists are in the order of codes, so that plans repeat."""

    months: list[date]
    products: dict[int, ProductRow]
    sites: dict[int, str]
    markets: dict[int, str]
    suppliers: dict[int, str]
    resources: dict[int, tuple[str, int]]  # code and site
    streams: dict[int, tuple[int, int]]  # product and market
    demand: list[tuple[int, date, int]]  # stream, month, quanta
    overdue: dict[int, float]  # stream: units of open order lines that were due before the first month
    prices: dict[tuple[int, int], float]  # product and market
    policies: dict[tuple[int, int], PolicyRow]  # product and site
    routings: list[tuple[int, int, float]]  # product, resource, hours per unit with set-up
    bill: list[BillRow]
    hours: list[HoursRow]
    supplier_products: list[SupplierRow]
    stock: list[StockRow]
    open_orders: list[OrderRow]
    lanes: list[LaneRow]
    people: list[PeopleRow] = field(default_factory=list)
    capacity: CapacityFacts = field(default_factory=CapacityFacts)
    fixed: dict[tuple[int, int, date], int] = field(
        default_factory=dict
    )  # product, site, month: quanta started


def read_inputs(cycle: Cycle, demand_version: Version) -> Inputs:
    """All rows for a plan of the cycle on a demand version."""
    return Inputs(
        months=cycle.months,
        products=_products(),
        sites=dict(Site.objects.order_by("code").values_list("pk", "code")),
        markets=dict(Market.objects.order_by("code").values_list("pk", "code")),
        suppliers=dict(Supplier.objects.order_by("code").values_list("pk", "code")),
        resources={
            pk: (code, site) for pk, code, site in Resource.objects.values_list("pk", "code", "site_id")
        },
        streams=_streams(demand_version),
        demand=_demand(cycle, demand_version),
        overdue=_overdue(cycle),
        prices=_prices(),
        policies=_policies(),
        routings=_routings(),
        bill=_bill(cycle.month),
        hours=_hours(),
        supplier_products=_supplier_products(),
        stock=_stock(cycle.last_closed_month),
        open_orders=_open_orders(cycle),
        lanes=_lanes(),
        people=_people(),
        capacity=read_capacity(cycle.months, cycle.last_closed_month),
        fixed=_fixed(cycle),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _products() -> dict[int, ProductRow]:
    rows = Product.objects.order_by("code").values_list(
        "pk", "code", "kind", "family_id", "standard_cost", "list_price", "profit_first"
    )
    return {
        pk: ProductRow(pk, code, kind, family, _number(cost), _number(price), profit_first)
        for pk, code, kind, family, cost, price, profit_first in rows
    }


def _streams(version: Version) -> dict[int, tuple[int, int]]:
    planned = DemandFact.objects.filter(version=version).values("stream_id")
    rows = DemandStream.objects.filter(pk__in=planned).order_by("product__code", "market__code")
    return {
        pk: (product, market) for pk, product, market in rows.values_list("pk", "product_id", "market_id")
    }


def _demand(cycle: Cycle, version: Version) -> list[tuple[int, date, int]]:
    facts = DemandFact.objects.filter(version=version, month__gte=cycle.month, consensus__isnull=False)
    rows = facts.values_list("stream_id", "month", "consensus")
    return [(stream, month, quanta or 0) for stream, month, quanta in rows]


def _overdue(cycle: Cycle) -> dict[int, float]:
    from demand.queries import overdue_frame

    frame = overdue_frame(cycle)
    return dict(zip(frame["stream_id"].tolist(), frame["units"].tolist(), strict=True))


def _prices() -> dict[tuple[int, int], float]:
    rows = PlannedPrice.objects.values_list("product_id", "market_id", "price")
    return {(product, market): float(price) for product, market, price in rows}


def _policies() -> dict[tuple[int, int], PolicyRow]:
    rows = ProductSite.objects.values_list(
        "product_id", "site_id", "safety_stock", "lot_size", "lead_time_days", "safety_days", "ceiling"
    )
    return {(row[0], row[1]): PolicyRow(*row) for row in rows}


def _routings() -> list[tuple[int, int, float]]:
    """Set-up is spread over the routing's lot, or over the lot of the product at the site."""
    lots = {
        (product, site): lot
        for product, site, lot in ProductSite.objects.filter(lot_size__gt=0).values_list(
            "product_id", "site_id", "lot_size"
        )
    }
    rows = Routing.objects.order_by("product__code", "resource__code").values_list(
        "product_id", "resource_id", "resource__site_id", "hours_per_unit", "setup_hours", "lot_size"
    )
    return [
        (product, resource, hours + _setup_per_unit(setup, lot or lots.get((product, site))))
        for product, resource, site, hours, setup, lot in rows
    ]


def _setup_per_unit(setup_hours: float, lot: float | None) -> float:
    return setup_hours / lot if lot else 0.0


def _bill(first_month: date) -> list[BillRow]:
    """Of several lines for the same component the one that is valid when the plan starts."""
    chosen: dict[tuple[int, int], float] = {}
    rows = BillLine.objects.order_by("parent__code", "component__code", "-valid_from").values_list(
        "parent_id", "component_id", "quantity_per", "scrap_percent", "valid_from", "valid_to"
    )
    for parent, component, quantity, scrap, valid_from, valid_to in rows:
        if (valid_from is None or valid_from <= first_month) and (
            valid_to is None or valid_to >= first_month
        ):
            chosen.setdefault((parent, component), quantity / (1 - scrap / 100))
    return [BillRow(parent, component, quantity) for (parent, component), quantity in chosen.items()]


def _hours() -> list[HoursRow]:
    rows = ResourceMonth.objects.order_by("month").values_list(
        "resource_id",
        "month",
        "available_hours",
        "efficiency_percent",
        "overtime_hours",
        "overtime_cost_per_hour",
        "extra_hours",
        "extra_cost_per_hour",
    )
    return [
        HoursRow(resource, month, hours * share / 100, overtime, premium, extra, extra_cost, hours, share)
        for resource, month, hours, share, overtime, premium, extra, extra_cost in rows
    ]


def _people() -> list[PeopleRow]:
    rows = Workforce.objects.order_by("resource__code").values_list(
        "resource_id",
        "heads",
        "hours_per_head",
        "overtime_hours_per_head",
        "wage",
        "hire_cost",
        "layoff_cost",
    )
    return [PeopleRow(*row) for row in rows]


def _supplier_products() -> list[SupplierRow]:
    rows = SupplierProduct.objects.order_by("product__code", "supplier__code", "site__code", "valid_from")
    columns = rows.values_list(
        "supplier_id", "product_id", "site_id", "lead_time_days", "price", "capacity_per_month", "valid_from"
    )
    return [
        SupplierRow(supplier, product, site, days, float(price), capacity, valid)
        for supplier, product, site, days, price, capacity, valid in columns
    ]


def _stock(closed_month: date) -> list[StockRow]:
    """The last count of each product and site in the closed month."""
    days = (closed_month, last_of_month(closed_month))
    rows = StockRecord.objects.filter(day__range=days).order_by("product__code", "site__code", "day")
    columns = rows.values_list("product_id", "site_id", "day", "on_hand", "blocked", "in_transit")
    return list({(row[0], row[1]): StockRow(*row) for row in columns}.values())


def open_order_lines(cycle: Cycle) -> QuerySet[PurchaseOrderLine]:
    """Purchase orders that were placed and not yet in the closed month's stock, whatever was loaded since."""
    close = last_of_month(cycle.last_closed_month)
    placed = PurchaseOrderLine.objects.filter(order_date__lte=max(cycle.today, close))
    return placed.filter(Q(receipt_date__isnull=True) | Q(receipt_date__gt=close))


def _open_orders(cycle: Cycle) -> list[OrderRow]:
    rows = open_order_lines(cycle).order_by("order_number", "line_number")
    return [OrderRow(*row) for row in rows.values_list("product_id", "supplier_id", "due_date", "quantity")]


def _lanes() -> list[LaneRow]:
    rows = Lane.objects.order_by("origin__code", "market__code", "site__code").values_list(
        "pk",
        "origin_id",
        "market_id",
        "site_id",
        "unit_cost",
        "volume_capacity",
        "lead_time_days",
        "spot_cost",
    )
    return [LaneRow(*row) for row in rows]


def _fixed(cycle: Cycle) -> dict[tuple[int, int, date], int]:
    rows = cycle.fixed_lines.values_list("product_id", "site_id", "month", "quantity")
    return {(product, site, month): quanta for product, site, month, quanta in rows}


def made_by(
    rows: Iterable[tuple[int, int, float]], resources: dict[int, tuple[str, int]]
) -> dict[int, list[int]]:
    """Sites that make each product: those of its resources."""
    sites: dict[int, set[int]] = {}
    for product, resource, _ in rows:
        sites.setdefault(product, set()).add(resources[resource][1])
    return {product: sorted(at) for product, at in sites.items()}
