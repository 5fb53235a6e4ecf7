"""Import templates: orders, shipments, pipeline and promotions."""

from collections.abc import Callable
from datetime import date

from django.db.models import Max, Model

from cycles.choices import Role
from datahub.queries import loads_stamp
from datahub.registry import Column, Dataset, Kind, Scale
from demand.models import (
    Opportunity,
    OrderLine,
    Promotion,
    Shipment,
)
from demand.queries.closing import last_order_day
from sop.reads import kept

UNITS = "units"
ORDER_KEY = ("order_no", "line_no")


def orders_reach_until() -> date | None:
    """The last day on which an order line was entered."""
    return _kept_last("order day", OrderLine, last_order_day)


def last_ship_date() -> date | None:
    """The last day on which something was shipped."""
    return _kept_last(
        "ship_date", Shipment, lambda: Shipment.objects.aggregate(last=Max("ship_date"))["last"]
    )


def _kept_last(name: str, model: type[Model], look: Callable[[], date | None]) -> date | None:
    """Looked up among all rows once per load of files."""
    key = model._default_manager.aggregate(last=Max("pk"))["last"]
    return kept(f"last {name}", (key, loads_stamp()), look)


SALES_ORDERS = Dataset(
    name="sales_orders",
    time="requested_date",
    label="Sales orders",
    meaning="Order lines. The demand of a month is the ordered quantity of the lines requested in it.",
    role=Role.SALES,
    order=500,
    model=OrderLine,
    key=ORDER_KEY,
    unique=("order_number", "line_number"),
    control="qty_ordered",
    prepare="demand.loaders:order_fields",
    covered_until=orders_reach_until,
    monthly=True,
    basic=True,
    columns=(
        Column(
            "order_no", Kind.CODE, "order number", "SO1000001", required=True, field="order_number", length=40
        ),
        Column(
            "line_no", Kind.CODE, "line of the order", "10", required=True, field="line_number", length=20
        ),
        Column(
            "item_code",
            Kind.CODE,
            "product ordered",
            "P00001",
            required=True,
            path="stream__product__code",
            refers=("item",),
        ),
        Column(
            "customer",
            Kind.CODE,
            "who ordered; brings the market",
            "C00001",
            required=True,
            field="customer",
            refers=("customer",),
        ),
        Column("site", Kind.CODE, "site that ships", "S1", field="site_code", refers=("site",)),
        Column(
            "qty_ordered",
            Kind.NUMBER,
            "quantity ordered",
            "39",
            UNITS,
            required=True,
            field="quantity",
            scale=Scale.QUANTA,
        ),
        Column(
            "requested_date",
            Kind.DATE,
            "day on which the customer wants it",
            "2026-10-02",
            required=True,
            field="requested_date",
        ),
        Column(
            "promised_date", Kind.DATE, "day promised to the customer", "2026-10-02", field="promised_date"
        ),
        Column(
            "net_price", Kind.NUMBER, "net price per unit", "4.42", "the line's currency", field="net_price"
        ),
        Column("currency", Kind.CODE, "currency of the line", "EUR", field="currency", length=3),
        Column(
            "entry_date", Kind.DATE, "day on which the line was entered", "2026-09-09", field="entry_date"
        ),
        Column(
            "status",
            Kind.CODE,
            "open, partial or closed",
            "closed",
            field="status",
            choices=("open", "partial", "closed"),
        ),
    ),
)


SHIPMENTS = Dataset(
    name="shipments",
    time="ship_date",
    label="Shipments",
    meaning="Deliveries against order lines; an empty delivery date is still under way.",
    role=Role.OPERATIONS,
    order=510,
    model=Shipment,
    key=(*ORDER_KEY, "ship_date"),
    unique=("order_line_id", "ship_date"),
    control="qty",
    parent=("sales_orders", ORDER_KEY),
    prepare="demand.loaders:shipment_fields",
    covered_until=last_ship_date,
    monthly=True,
    columns=(
        Column(
            "order_no",
            Kind.CODE,
            "order number",
            "SO1000001",
            required=True,
            path="order_line__order_number",
            length=40,
        ),
        Column(
            "line_no",
            Kind.CODE,
            "line of the order",
            "10",
            required=True,
            path="order_line__line_number",
            length=20,
        ),
        Column(
            "ship_date", Kind.DATE, "day on which it left", "2026-10-01", required=True, field="ship_date"
        ),
        Column("delivery_date", Kind.DATE, "day on which it arrived", "2026-10-02", field="delivery_date"),
        Column(
            "qty",
            Kind.NUMBER,
            "quantity shipped",
            "39",
            UNITS,
            required=True,
            field="quantity",
            scale=Scale.QUANTA,
        ),
    ),
)


PIPELINE = Dataset(
    name="pipeline",
    label="Sales pipeline",
    meaning="Deals that may come.",
    role=Role.SALES,
    order=520,
    model=Opportunity,
    key=("opp",),
    unique=("code",),
    control="amount",
    columns=(
        Column(
            "opp", Kind.CODE, "number of the opportunity", "OPP0001", required=True, field="code", length=40
        ),
        Column("customer", Kind.CODE, "customer", "C00029", field="customer", refers=("customer",)),
        Column(
            "family_or_item",
            Kind.CODE,
            "family or product that it is about",
            "COFFEE",
            required=True,
            field="target_code",
            refers=("family", "item"),
        ),
        Column(
            "stage",
            Kind.CODE,
            "lead, qualified, proposal, negotiation or commit",
            "proposal",
            field="stage",
            length=40,
        ),
        Column("probability", Kind.NUMBER, "chance to win it", "50", "%", required=True, field="probability"),
        Column("qty", Kind.NUMBER, "quantity", "228", UNITS, field="quantity", scale=Scale.QUANTA),
        Column(
            "amount",
            Kind.NUMBER,
            "net revenue",
            "4779.31",
            "company currency",
            field="amount_minor",
            scale=Scale.MINOR,
        ),
        Column(
            "close_month",
            Kind.MONTH,
            "month in which it is decided",
            "2027-02",
            required=True,
            field="close_month",
        ),
        Column(
            "delivery_months",
            Kind.NUMBER,
            "months from the deciding one on over which it is delivered in equal parts",
            "3",
            optional=True,
            field="delivery_months",
            scale=Scale.WHOLE,
            least=1,
            most=60,
        ),
    ),
)


PROMOTIONS = Dataset(
    name="promotions",
    label="Promotions",
    meaning="Marketing events with their lift.",
    role=Role.SALES,
    order=530,
    model=Promotion,
    key=("promo",),
    unique=("code",),
    control="lift_pct",
    columns=(
        Column("promo", Kind.CODE, "number of the promotion", "PR01", required=True, field="code", length=40),
        Column("item_code", Kind.CODE, "product", "P00062", required=True, field="product", refers=("item",)),
        Column("customer_group", Kind.CODE, "market; empty: all", "DE", field="market", refers=("market",)),
        Column("start", Kind.DATE, "first day", "2026-12-01", required=True, field="start"),
        Column("end", Kind.DATE, "last day", "2026-12-31", required=True, field="end"),
        Column("lift_pct", Kind.NUMBER, "percent above the baseline", "25", "%", field="lift_percent"),
        Column("price", Kind.NUMBER, "promotion price per unit", "35.383", "company currency", field="price"),
        Column(
            "kind",
            Kind.TEXT,
            "sort of event; lifts are learned from events of the same sort",
            "leaflet",
            optional=True,
            field="kind",
            length=40,
        ),
    ),
)
