"""Import templates of demand: orders, shipments, pipeline, promotions, earlier forecasts."""

from datetime import date

from django.db.models import Max

from cycles.choices import Role
from datahub.choices import Severity
from datahub.registry import Column, Dataset, Kind, Scale, register_dataset, register_derived, register_rule
from demand.models import (
    ForecastLine,
    ForecastSnapshot,
    Opportunity,
    OrderLine,
    Promotion,
    Shipment,
)

UNITS = "units"
ORDER_KEY = ("order_no", "line_no")


def last_entry_date() -> date | None:
    """The last day on which an order line was entered."""
    last: date | None = OrderLine.objects.aggregate(last=Max("entry_date"))["last"]
    return last


def last_ship_date() -> date | None:
    """The last day on which something was shipped."""
    last: date | None = Shipment.objects.aggregate(last=Max("ship_date"))["last"]
    return last


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
    covered_until=last_entry_date,
    monthly=True,
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
    ),
)

FORECAST = Dataset(
    name="forecast",
    time="cycle_month",
    needs_owner=False,
    label="Earlier forecasts",
    meaning="Forecasts of earlier cycles, which give accuracy by lag before there are own ones.",
    role=Role.DEMAND_PLANNER,
    order=540,
    model=ForecastLine,
    key=("cycle", "version", "item_code", "market", "month"),
    unique=("cycle_month", "label", "stream_id", "month"),
    control="qty",
    prepare="demand.loaders:stream_fields",
    columns=(
        Column(
            "cycle",
            Kind.MONTH,
            "cycle in which it was made (its first plan month)",
            "2026-11",
            required=True,
            field="cycle_month",
        ),
        Column(
            "version",
            Kind.CODE,
            "name of the plan version",
            "consensus",
            required=True,
            field="label",
            length=40,
        ),
        Column(
            "item_code",
            Kind.CODE,
            "product",
            "P00001",
            required=True,
            path="stream__product__code",
            refers=("item",),
        ),
        Column(
            "market",
            Kind.CODE,
            "market",
            "DE",
            required=True,
            path="stream__market__code",
            refers=("market",),
        ),
        Column("month", Kind.MONTH, "month that is forecast", "2026-12", required=True, field="month"),
        Column(
            "qty", Kind.NUMBER, "quantity", "41", UNITS, required=True, field="quantity", scale=Scale.QUANTA
        ),
        Column(
            "assumption_id",
            Kind.CODE,
            "assumption that explains a change",
            "A17",
            optional=True,
            field="assumption_code",
            length=40,
        ),
    ),
)

FORECAST_FAMILY = Dataset(
    name="forecast_family",
    time="cycle_month",
    needs_owner=False,
    label="Earlier forecasts by family",
    meaning="Family totals of earlier cycles, compared with the sums of their products.",
    role=Role.DEMAND_PLANNER,
    order=550,
    model=ForecastSnapshot,
    key=("cycle", "version", "family", "month"),
    unique=("cycle_month", "label", "family_id", "month"),
    control="qty",
    columns=(
        Column(
            "cycle", Kind.MONTH, "cycle in which it was made", "2026-11", required=True, field="cycle_month"
        ),
        Column(
            "version",
            Kind.CODE,
            "name of the plan version",
            "consensus",
            required=True,
            field="label",
            length=40,
        ),
        Column("family", Kind.CODE, "family", "COFFEE", required=True, field="family", refers=("family",)),
        Column("month", Kind.MONTH, "month that is forecast", "2026-12", required=True, field="month"),
        Column(
            "qty", Kind.NUMBER, "quantity", "537", UNITS, required=True, field="quantity", scale=Scale.QUANTA
        ),
    ),
)


# Code, dataset, severity, name, function, how to mend, dimension.
RULES = (
    (
        "DQ30",
        "sales_orders",
        Severity.CRITICAL,
        "Order line with unknown codes",
        "demand.order_rules:unknown_codes",
        "Add the code or correct the line",
        "consistency",
    ),
    (
        "DQ31",
        "sales_orders",
        Severity.MAJOR,
        "Order line twice or without value",
        "demand.order_rules:line_values",
        "Correct the line",
        "validity",
    ),
    (
        "DQ32",
        "sales_orders",
        Severity.MAJOR,
        "Requested date out of range",
        "demand.order_rules:line_dates",
        "Take the promised date",
        "validity",
    ),
    (
        "DQ33",
        "shipments",
        Severity.MAJOR,
        "Shipped too much, or without order",
        "demand.order_rules:shipped_too_much",
        "Link or correct the shipment",
        "consistency",
    ),
    (
        "DQ34",
        "sales_orders",
        Severity.MAJOR,
        "Open line long overdue",
        "demand.order_rules:long_overdue",
        "Cancel it or give it a new date",
        "timeliness",
    ),
    (
        "DQ35",
        "sales_orders",
        Severity.MAJOR,
        "Month without sales of a regular product",
        "demand.history_rules:history_gaps",
        "Confirm the stock-out, so that it is cleansed",
        "completeness",
    ),
    (
        "DQ36",
        "sales_orders",
        Severity.MINOR,
        "Month that stands out",
        "demand.history_rules:outliers",
        "Tag the event",
        "accuracy",
    ),
    (
        "DQ37",
        "forecast",
        Severity.CRITICAL,
        "Forecast missing",
        "demand.history_rules:forecast_missing",
        "Copy the baseline",
        "completeness",
    ),
    (
        "DQ38",
        "forecast",
        Severity.MAJOR,
        "Forecast changed unexplained",
        "demand.history_rules:forecast_jumps",
        "Add an assumption",
        "consistency",
    ),
    (
        "DQ39",
        "forecast",
        Severity.MAJOR,
        "Flat forecast",
        "demand.history_rules:forecast_flat",
        "Compute the baseline anew",
        "validity",
    ),
    (
        "DQ40",
        "forecast",
        Severity.MAJOR,
        "Persistent bias",
        "demand.history_rules:persistent_bias",
        "Correct the bias",
        "accuracy",
    ),
    (
        "DQ43",
        "pipeline",
        Severity.MAJOR,
        "Deal out of date",
        "demand.order_rules:pipeline_stale",
        "Refresh it in the sales system",
        "timeliness",
    ),
    (
        "DQ44",
        "promotions",
        Severity.MINOR,
        "Promotions overlap or lack figures",
        "demand.order_rules:promotions_overlap",
        "Correct the promotion",
        "validity",
    ),
    (
        "DQ48",
        "forecast_family",
        Severity.CRITICAL,
        "Family is not the sum of its products",
        "demand.history_rules:family_totals",
        "Add up anew",
        "consistency",
    ),
)


def register() -> None:
    """Offer the datasets of demand and what is rebuilt from them."""
    for dataset in (SALES_ORDERS, SHIPMENTS, PIPELINE, PROMOTIONS, FORECAST, FORECAST_FAMILY):
        register_dataset(dataset)
    register_derived(
        "launch streams", datasets={"item_master"}, func="demand.loaders:add_launch_streams", order=20
    )
    register_derived(
        "demand history",
        datasets={"sales_orders", "fx"},
        func="demand.loaders:rebuild_demand_history",
        order=30,
    )
    register_derived(
        "planned prices",
        datasets={"sales_orders", "fx", "item_master", "forecast"},
        func="demand.loaders:refresh_prices",
        order=40,
    )
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
