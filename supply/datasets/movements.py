"""Import templates: stock, production and purchases."""

from datetime import date

from django.db.models import Max

from cycles.choices import Role
from datahub.registry import (
    Column,
    Dataset,
    Kind,
    Scale,
)
from supply.models import (
    ProductionOrder,
    PurchaseOrderLine,
    StockRecord,
)

UNITS = "units"
DAYS = "calendar days"


def last_stock_date() -> date | None:
    """The day of the last stock count."""
    last: date | None = StockRecord.objects.aggregate(last=Max("day"))["last"]
    return last


def last_production_date() -> date | None:
    """The day of the last production."""
    last: date | None = ProductionOrder.objects.aggregate(last=Max("day"))["last"]
    return last


INVENTORY = Dataset(
    name="inventory",
    time="day",
    label="Stock",
    meaning="Stock counts: all on hand, blocked included; in transit comes on top.",
    role=Role.OPERATIONS,
    order=600,
    model=StockRecord,
    key=("snapshot_date", "item_code", "site"),
    unique=("product_id", "site_id", "day"),
    control="qty",
    covered_until=last_stock_date,
    monthly=True,
    basic=True,
    columns=(
        Column("snapshot_date", Kind.DATE, "day of the count", "2026-10-31", required=True, field="day"),
        Column(
            "item_code",
            Kind.CODE,
            "product or material",
            "P00001",
            required=True,
            field="product",
            refers=("item",),
        ),
        Column("site", Kind.CODE, "plant or depot", "S1", required=True, field="site", refers=("site",)),
        Column(
            "qty",
            Kind.NUMBER,
            "on hand, blocked included",
            "238",
            UNITS,
            required=True,
            field="on_hand",
            scale=Scale.QUANTA,
        ),
        Column(
            "qty_blocked", Kind.NUMBER, "of that, blocked", "0", UNITS, field="blocked", scale=Scale.QUANTA
        ),
        Column(
            "qty_in_transit",
            Kind.NUMBER,
            "ordered and under way",
            "0",
            UNITS,
            field="in_transit",
            scale=Scale.QUANTA,
        ),
        Column("age_days", Kind.NUMBER, "average age", "20", DAYS, field="age_days"),
    ),
)


PRODUCTION = Dataset(
    name="production",
    time="day",
    label="Production",
    meaning="Finished production orders.",
    role=Role.OPERATIONS,
    order=610,
    model=ProductionOrder,
    key=("order_no",),
    unique=("order_number",),
    control="qty_good",
    covered_until=last_production_date,
    columns=(
        Column(
            "order_no",
            Kind.CODE,
            "number of the order",
            "MO000000001",
            required=True,
            field="order_number",
            length=40,
        ),
        Column("item_code", Kind.CODE, "product", "P00001", required=True, field="product", refers=("item",)),
        Column("site", Kind.CODE, "site", "S1", required=True, field="site", refers=("site",)),
        Column(
            "qty_planned", Kind.NUMBER, "planned quantity", "51", UNITS, field="planned", scale=Scale.QUANTA
        ),
        Column(
            "qty_good",
            Kind.NUMBER,
            "good quantity",
            "49",
            UNITS,
            required=True,
            field="good",
            scale=Scale.QUANTA,
        ),
        Column("qty_scrap", Kind.NUMBER, "scrap", "0", UNITS, field="scrap", scale=Scale.QUANTA),
        Column("date", Kind.DATE, "day of the receipt into stock", "2026-10-01", required=True, field="day"),
    ),
)


PURCHASE_RECEIPTS = Dataset(
    name="purchase_receipts",
    label="Purchase orders and receipts",
    meaning="Purchase order lines; an empty receipt date is still open.",
    role=Role.SUPPLY_PLANNER,
    order=620,
    model=PurchaseOrderLine,
    key=("po", "line"),
    unique=("order_number", "line_number"),
    control="qty",
    columns=(
        Column(
            "po",
            Kind.CODE,
            "number of the purchase order",
            "PO200001",
            required=True,
            field="order_number",
            length=40,
        ),
        Column("line", Kind.CODE, "line", "1", required=True, field="line_number", length=20),
        Column(
            "item_code",
            Kind.CODE,
            "material or product",
            "RM-100",
            required=True,
            field="product",
            refers=("item",),
        ),
        Column(
            "supplier", Kind.CODE, "supplier", "SUP01", required=True, field="supplier", refers=("supplier",)
        ),
        Column("order_date", Kind.DATE, "day of the order", "2026-09-10", required=True, field="order_date"),
        Column(
            "due_date", Kind.DATE, "day on which it is due", "2026-10-08", required=True, field="due_date"
        ),
        Column("receipt_date", Kind.DATE, "day of the receipt", "2026-10-10", field="receipt_date"),
        Column(
            "qty", Kind.NUMBER, "quantity", "500", UNITS, required=True, field="quantity", scale=Scale.QUANTA
        ),
    ),
)
