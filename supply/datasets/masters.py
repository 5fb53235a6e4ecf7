"""Import templates: sites, resources, bills, suppliers and lanes."""

from datetime import date

from django.db.models.functions import Coalesce

from cycles.choices import Role
from datahub.registry import (
    Column,
    Dataset,
    Kind,
)
from supply.models import (
    BillLine,
    CalendarDay,
    Lane,
    ProductSite,
    ResourceMonth,
    Routing,
    SupplierProduct,
)

UNITS = "units"
DAYS = "calendar days"
MONEY = "company currency"
# A validity without a start has always been there; a date makes it part of the key.
ALWAYS = date(1900, 1, 1)


CALENDAR = Dataset(
    name="calendar",
    time="day",
    label="Working calendar",
    meaning="Which days a site works.",
    role=Role.OPERATIONS,
    order=200,
    model=CalendarDay,
    key=("site", "date"),
    unique=("site_id", "day"),
    control="working",
    columns=(
        Column("site", Kind.CODE, "plant or depot", "S1", required=True, field="site", creates="site"),
        Column("date", Kind.DATE, "day", "2026-11-02", required=True, field="day"),
        Column("working", Kind.FLAG, "whether the site works on it", "1", required=True, field="working"),
    ),
)


ITEM_LOCATION = Dataset(
    name="item_location",
    label="Products at sites",
    meaning="Stock policies and lots of a product at a site.",
    role=Role.SUPPLY_PLANNER,
    order=210,
    model=ProductSite,
    key=("item_code", "site"),
    unique=("product_id", "site_id"),
    control="safety_stock",
    columns=(
        Column(
            "item_code",
            Kind.CODE,
            "product or material",
            "P00001",
            required=True,
            field="product",
            refers=("item",),
        ),
        Column("site", Kind.CODE, "plant or depot", "S1", required=True, field="site", creates="site"),
        Column(
            "safety_stock",
            Kind.NUMBER,
            "stock that should always be there",
            "120",
            UNITS,
            field="safety_stock",
        ),
        Column("min_qty", Kind.NUMBER, "least stock", "0", UNITS, field="minimum_units"),
        Column("max_qty", Kind.NUMBER, "most stock", "900", UNITS, field="maximum_units"),
        Column("lot_size", Kind.NUMBER, "lot in which it is made or bought", "160", UNITS, field="lot_size"),
        Column("lead_time_days", Kind.NUMBER, "time to make or to buy", "14", DAYS, field="lead_time_days"),
        Column(
            "service_target", Kind.NUMBER, "wanted service level", "97.5", "%", field="service_target_percent"
        ),
        Column(
            "safety_days",
            Kind.NUMBER,
            "safety stock as days of the demand that follows; of both the larger holds",
            "20",
            DAYS,
            optional=True,
            field="safety_days",
            least=0,
        ),
        Column(
            "ceiling",
            Kind.NUMBER,
            "most stock that the plan may hold at a month's end; empty: no ceiling",
            "5000",
            UNITS,
            optional=True,
            field="ceiling",
            least=0,
        ),
    ),
)


BOM = Dataset(
    name="bom",
    label="Bills of material",
    meaning="What a unit of a product needs.",
    role=Role.OPERATIONS,
    order=220,
    model=BillLine,
    key=("parent", "component", "valid_from"),
    unique=("parent_id", "component_id", "valid_from"),
    control="qty_per",
    columns=(
        Column(
            "parent",
            Kind.CODE,
            "product that is made",
            "P00001",
            required=True,
            field="parent",
            refers=("item",),
        ),
        Column(
            "component",
            Kind.CODE,
            "what goes into it",
            "RM-100",
            required=True,
            field="component",
            refers=("item",),
        ),
        Column(
            "qty_per",
            Kind.NUMBER,
            "quantity for one unit, without scrap",
            "1.072",
            "units per unit",
            required=True,
            field="quantity_per",
        ),
        Column(
            "scrap_pct",
            Kind.NUMBER,
            "percent of the component that is lost: need = qty_per / (1 - scrap_pct / 100)",
            "2.4",
            "%",
            field="scrap_percent",
        ),
        Column(
            "valid_from",
            Kind.DATE,
            "first day; empty: always",
            "2020-01-01",
            field="valid_from",
            when_empty=ALWAYS,
        ),
        Column("valid_to", Kind.DATE, "last day; empty: no end", "", field="valid_to"),
    ),
)


RESOURCE = Dataset(
    name="resource",
    label="Resources and their hours",
    meaning="Hours of a line, machine or crew by month: usable = available x efficiency / 100, overtime on top.",
    role=Role.OPERATIONS,
    order=230,
    model=ResourceMonth,
    key=("resource", "period"),
    unique=("resource_id", "month"),
    control="available_hours",
    prepare="supply.loaders:resource_fields",
    columns=(
        Column(
            "resource",
            Kind.CODE,
            "code of the resource",
            "S1-LINE01",
            required=True,
            path="resource__code",
            creates="resource",
        ),
        Column(
            "site",
            Kind.CODE,
            "site that it stands in",
            "S1",
            required=True,
            path="resource__site__code",
            creates="site",
        ),
        Column("period", Kind.MONTH, "month", "2026-12", required=True, field="month"),
        Column(
            "available_hours",
            Kind.NUMBER,
            "regular clock hours",
            "286",
            "hours",
            required=True,
            field="available_hours",
        ),
        Column(
            "efficiency_pct",
            Kind.NUMBER,
            "percent of them that can be used",
            "92",
            "%",
            field="efficiency_percent",
        ),
        Column(
            "ot_hours", Kind.NUMBER, "overtime that may be added", "17.2", "hours", field="overtime_hours"
        ),
        Column(
            "ot_cost_per_hour",
            Kind.NUMBER,
            "cost of an hour of overtime",
            "55",
            MONEY,
            field="overtime_cost_per_hour",
        ),
        Column(
            "extra_hours",
            Kind.NUMBER,
            "hours of an extra shift or temporary staff that may be added",
            "80",
            "hours",
            optional=True,
            field="extra_hours",
            least=0,
        ),
        Column(
            "extra_cost_per_hour",
            Kind.NUMBER,
            "cost of such an hour",
            "48",
            MONEY,
            optional=True,
            field="extra_cost_per_hour",
            least=0,
        ),
    ),
)


ROUTING = Dataset(
    name="routing",
    label="Routings",
    meaning="Hours that a product takes on a resource.",
    role=Role.OPERATIONS,
    order=240,
    model=Routing,
    key=("item_code", "resource"),
    unique=("product_id", "resource_id"),
    control="hours_per_unit",
    columns=(
        Column("item_code", Kind.CODE, "product", "P00001", required=True, field="product", refers=("item",)),
        Column(
            "resource",
            Kind.CODE,
            "resource",
            "S1-LINE01",
            required=True,
            field="resource",
            refers=("resource",),
        ),
        Column(
            "hours_per_unit",
            Kind.NUMBER,
            "hours for one unit",
            "0.0492",
            "hours",
            required=True,
            field="hours_per_unit",
        ),
        Column("setup_hours", Kind.NUMBER, "set-up for each lot", "0.47", "hours", field="setup_hours"),
        Column("lot", Kind.NUMBER, "units made in one set-up", "160", UNITS, field="lot_size"),
    ),
)


SUPPLIER_ITEM = Dataset(
    name="supplier_item",
    label="Suppliers of materials",
    meaning="Who delivers what, how fast, for how much; of several suppliers the cheapest is the primary one.",
    role=Role.SUPPLY_PLANNER,
    order=250,
    model=SupplierProduct,
    key=("supplier", "item_code", "site", "valid_from"),
    unique=("supplier_id", "product_id", "site_id", "valid_from"),
    control="capacity_per_month",
    columns=(
        Column(
            "supplier", Kind.CODE, "supplier", "SUP01", required=True, field="supplier", creates="supplier"
        ),
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
            "site",
            Kind.CODE,
            "site that it is delivered to",
            "S1",
            required=True,
            field="site",
            creates="site",
        ),
        Column(
            "lead_time_days", Kind.NUMBER, "time from order to receipt", "25", DAYS, field="lead_time_days"
        ),
        Column("moq", Kind.NUMBER, "least quantity of an order", "100", UNITS, field="minimum_units"),
        Column(
            "multiple", Kind.NUMBER, "orders come in multiples of it", "10", UNITS, field="multiple_units"
        ),
        Column("price", Kind.NUMBER, "price per unit", "3.8618", MONEY, required=True, field="price"),
        Column(
            "capacity_per_month",
            Kind.NUMBER,
            "most that it delivers in a month; empty: no limit",
            "355",
            UNITS,
            field="capacity_per_month",
        ),
        Column(
            "valid_from",
            Kind.DATE,
            "first day; empty: always",
            "2020-01-01",
            field="valid_from",
            when_empty=ALWAYS,
        ),
    ),
)


LANES = Dataset(
    name="lanes",
    label="Transport lanes",
    meaning="From a site to a market or to another site.",
    role=Role.SUPPLY_PLANNER,
    order=260,
    model=Lane,
    key=("origin", "destination"),
    write="supply.loaders:write_lanes",
    reads={"destination_code": Coalesce("market__code", "site__code")},
    control="volume_capacity",
    columns=(
        Column("origin", Kind.CODE, "site", "S1", required=True, field="origin", refers=("site",)),
        Column(
            "destination",
            Kind.CODE,
            "market or site",
            "DE",
            required=True,
            path="destination_code",
            refers=("market", "site"),
        ),
        Column("unit_cost", Kind.NUMBER, "freight per unit", "0.0835", MONEY, field="unit_cost"),
        Column(
            "volume_capacity",
            Kind.NUMBER,
            "most units in a month; empty: no limit",
            "5588",
            UNITS,
            field="volume_capacity",
        ),
        Column("lead_time_days", Kind.NUMBER, "time on the way", "1", DAYS, field="lead_time_days"),
        Column(
            "spot_cost",
            Kind.NUMBER,
            "freight per unit beyond the capacity; empty: not possible",
            "0.2087",
            MONEY,
            field="spot_cost",
        ),
    ),
)
