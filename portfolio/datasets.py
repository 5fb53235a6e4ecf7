"""Import templates of master data: families, products, customers, units, rates."""

from django.db.models import Case, Value, When

from cycles.choices import Role
from datahub.choices import Severity
from datahub.registry import (
    Column,
    Dataset,
    Kind,
    Scale,
    register_code_space,
    register_dataset,
    register_derived,
    register_rule,
)
from portfolio.choices import ProductKind, ProductStatus
from portfolio.models import (
    Customer,
    ExchangeRate,
    Family,
    Market,
    PreviousProduct,
    Product,
    UnitConversion,
)

MONEY = "company currency"

ITEM_MASTER = Dataset(
    name="item_master",
    basic=True,
    label="Products and materials",
    meaning="Everything with a code: finished goods, semi-finished goods, materials, packaging.",
    role=Role.PRODUCT,
    order=100,
    model=Product,
    key=("item_code",),
    unique=("code",),
    control="std_cost",
    prepare="portfolio.loaders:product_fields",
    reads={"source_word": Case(When(is_bought=True, then=Value("buy")), default=Value("make"))},
    columns=(
        Column(
            "item_code",
            Kind.CODE,
            "code of the product or material",
            "P00001",
            required=True,
            field="code",
            creates="item",
        ),
        Column(
            "description",
            Kind.TEXT,
            "name for people",
            "Espresso beans 1 kg",
            field="description",
            length=200,
        ),
        Column(
            "item_type",
            Kind.CODE,
            "finished good, semi-finished good, material or packaging",
            "FG",
            required=True,
            field="kind",
            choices=tuple(ProductKind.values),
        ),
        Column(
            "family",
            Kind.CODE,
            "product family that executives read",
            "COFFEE",
            field="family",
            creates="family",
        ),
        Column("subfamily", Kind.CODE, "finer grouping", "COFFEE-1", field="subfamily"),
        Column(
            "uom", Kind.CODE, "unit of measure; planning units are EA and KG", "EA", field="unit", length=16
        ),
        Column("std_cost", Kind.NUMBER, "standard cost per unit", "6.7621", MONEY, field="standard_cost"),
        Column("list_price", Kind.NUMBER, "list price per unit", "14.17", MONEY, field="list_price"),
        Column(
            "status",
            Kind.CODE,
            "where it stands in its life",
            "active",
            required=True,
            field="status",
            choices=tuple(ProductStatus.values),
        ),
        Column("launch_date", Kind.DATE, "first day of sales", "2026-03-01", field="launch_date"),
        Column("eol_date", Kind.DATE, "last day of sales", "2026-12-31", field="end_date"),
        Column("successor", Kind.CODE, "code of the product that follows", "P00002", field="successor_code"),
        Column(
            "make_strategy",
            Kind.CODE,
            "make to stock (MTS) or to order (MTO)",
            "MTS",
            field="make_strategy",
            when_empty="MTS",
            length=3,
        ),
        Column(
            "like_item",
            Kind.CODE,
            "launches: product whose demand it resembles",
            "P00003",
            optional=True,
            field="like_product_code",
        ),
        Column(
            "like_pct",
            Kind.NUMBER,
            "launches: percent of the like product's volume",
            "30",
            "%",
            optional=True,
            field="like_percent",
        ),
        Column(
            "source",
            Kind.CODE,
            "made or bought",
            "make",
            optional=True,
            path="source_word",
            choices=("make", "buy"),
        ),
    ),
)

FAMILIES = Dataset(
    name="families",
    needs_owner=False,
    label="Product families",
    meaning="The tree of families, at any depth; families of products that are missing here stand at the top.",
    role=Role.PRODUCT,
    order=95,
    model=Family,
    key=("family",),
    unique=("code",),
    columns=(
        Column(
            "family",
            Kind.CODE,
            "code of the family",
            "COFFEE-1",
            required=True,
            field="code",
            creates="family",
        ),
        Column(
            "name",
            Kind.TEXT,
            "name for people",
            "Whole beans",
            required=True,
            field="name",
            length=120,
        ),
        Column(
            "parent",
            Kind.CODE,
            "family that it belongs to; empty: a top family",
            "COFFEE",
            field="parent",
            creates="family",
        ),
    ),
)

PRIOR_ITEM_MASTER = Dataset(
    name="prior_item_master",
    needs_owner=False,
    label="Products of the load before",
    meaning="Master data as of the last cycle, for rules that compare.",
    role=Role.PRODUCT,
    order=800,
    model=PreviousProduct,
    key=("item_code",),
    unique=("code",),
    columns=(
        Column(
            "item_code", Kind.CODE, "code of the product or material", "P00001", required=True, field="code"
        ),
        Column("uom", Kind.CODE, "unit of measure then", "EA", field="unit", length=16),
        Column("std_cost", Kind.NUMBER, "standard cost then", "6.6399", MONEY, field="standard_cost"),
        Column("list_price", Kind.NUMBER, "list price then", "14.17", MONEY, field="list_price"),
        Column("status", Kind.CODE, "status then", "active", field="status", length=10),
    ),
)

CUSTOMERS = Dataset(
    name="customers",
    basic=True,
    label="Customers",
    meaning="Who orders, in which market, and what counts as delivered on time in full.",
    role=Role.SALES,
    order=110,
    model=Customer,
    key=("customer",),
    unique=("code",),
    control="under_tol",
    columns=(
        Column(
            "customer",
            Kind.CODE,
            "code of the customer",
            "C00001",
            required=True,
            field="code",
            creates="customer",
        ),
        Column("name", Kind.TEXT, "name", "Nordmann Ltd", field="name", length=200),
        Column("channel", Kind.TEXT, "sales channel", "Wholesale", field="channel", length=120),
        Column("region", Kind.TEXT, "sales region", "North", field="region", length=120),
        Column(
            "otif_early_days",
            Kind.NUMBER,
            "days that a delivery may be early",
            "1",
            "calendar days",
            field="otif_early_days",
            scale=Scale.WHOLE,
            least=0,
            most=366,
        ),
        Column(
            "otif_late_days",
            Kind.NUMBER,
            "days that a delivery may be late",
            "0",
            "calendar days",
            field="otif_late_days",
            scale=Scale.WHOLE,
            least=0,
            most=366,
        ),
        Column("under_tol", Kind.NUMBER, "percent that may be missing", "0", "%", field="under_tolerance"),
        Column(
            "over_tol", Kind.NUMBER, "percent that may be delivered on top", "10", "%", field="over_tolerance"
        ),
        Column(
            "market",
            Kind.CODE,
            "market of the customer's orders: half of a demand stream",
            "DE",
            required=True,
            field="market",
            creates="market",
        ),
    ),
)

UOM_CONVERSION = Dataset(
    name="uom_conversion",
    needs_owner=False,
    label="Unit conversions",
    meaning="How many units of one measure are one unit of another.",
    role=Role.PRODUCT,
    order=120,
    model=UnitConversion,
    key=("item_code", "from_uom", "to_uom"),
    unique=("product_code", "from_unit", "to_unit"),
    columns=(
        Column(
            "item_code",
            Kind.CODE,
            "product that it holds for; empty: all",
            "",
            field="product_code",
            refers=("item",),
        ),
        Column("from_uom", Kind.CODE, "unit of measure", "BOX", required=True, field="from_unit", length=16),
        Column("to_uom", Kind.CODE, "unit of measure", "EA", required=True, field="to_unit", length=16),
        Column(
            "factor",
            Kind.NUMBER,
            "how many of the second one are one of the first",
            "12",
            required=True,
            field="factor",
        ),
    ),
)

FX = Dataset(
    name="fx",
    label="Exchange rates",
    meaning="Rates by month; months after the close hold the planning rate.",
    role=Role.FINANCE,
    order=130,
    model=ExchangeRate,
    key=("month", "currency"),
    unique=("month", "currency"),
    control="rate",
    columns=(
        Column("month", Kind.MONTH, "month of the rate", "2026-10", required=True, field="month"),
        Column("currency", Kind.CODE, "foreign currency", "USD", required=True, field="currency", length=3),
        Column(
            "rate",
            Kind.NUMBER,
            "company currency for one unit of the foreign one",
            "0.9214",
            MONEY,
            required=True,
            field="rate",
        ),
    ),
)


# Code, dataset, severity, name, function, how to mend, dimension.
RULES = (
    (
        "DQ01",
        "item_master",
        Severity.CRITICAL,
        "Item code missing or twice",
        "portfolio.rules:double_codes",
        "Merge the two codes",
        "uniqueness",
    ),
    (
        "DQ02",
        "item_master",
        Severity.CRITICAL,
        "Finished good without family",
        "portfolio.rules:without_family",
        "Assign the family of a like item",
        "completeness",
    ),
    (
        "DQ03",
        "item_master",
        Severity.CRITICAL,
        "Item without standard cost",
        "portfolio.rules:without_cost",
        "Take the last cost, or roll it up from the bill",
        "completeness",
    ),
    (
        "DQ04",
        "item_master",
        Severity.MAJOR,
        "Price missing or below cost",
        "portfolio.rules:price_below_cost",
        "Confirm the price",
        "validity",
    ),
    (
        "DQ05",
        "item_master",
        Severity.MAJOR,
        "Standard cost jumped",
        "portfolio.rules:cost_jumps",
        "Confirm or take back the change",
        "accuracy",
    ),
    (
        "DQ06",
        "item_master",
        Severity.CRITICAL,
        "Unit of measure does not convert",
        "portfolio.rules:unit_unknown",
        "Add a conversion factor",
        "completeness",
    ),
    (
        "DQ07",
        "uom_conversion",
        Severity.MAJOR,
        "Unit conversion not reciprocal",
        "portfolio.rules:unit_not_reciprocal",
        "Compute the way back anew",
        "consistency",
    ),
    (
        "DQ08",
        "item_master",
        Severity.MINOR,
        "Two codes described alike",
        "portfolio.rules:same_description",
        "Merge them, or tell them apart",
        "uniqueness",
    ),
    (
        "DQ09",
        "item_master",
        Severity.MAJOR,
        "Ends before it starts, or forecast after its end",
        "portfolio.rules:ends_before_start",
        "End the forecast with the product",
        "consistency",
    ),
    (
        "DQ10",
        "item_master",
        Severity.MAJOR,
        "Launch without date or like item",
        "portfolio.rules:launch_incomplete",
        "Name the like item and the date",
        "completeness",
    ),
    (
        "DQ11",
        "item_master",
        Severity.MAJOR,
        "Obsolete, but alive",
        "portfolio.rules:obsolete_alive",
        "Name a successor or plan the run-out",
        "consistency",
    ),
    (
        "DQ12",
        "item_master",
        Severity.CRITICAL,
        "Successors in a circle",
        "portfolio.rules:successor_loops",
        "Break the circle",
        "consistency",
    ),
    (
        "DQ42",
        "fx",
        Severity.CRITICAL,
        "Exchange rate missing",
        "portfolio.rules:rate_missing",
        "Load the rate; until then the last one is used",
        "completeness",
    ),
    (
        "DQ45",
        "customers",
        Severity.MINOR,
        "Customer without channel, region or window",
        "portfolio.rules:customer_incomplete",
        "Fill in the customer",
        "completeness",
    ),
)


def register() -> None:
    """Offer the datasets of master data."""
    register_code_space("item", model=Product, dataset="item_master")
    register_code_space("family", model=Family, dataset="item_master")
    register_code_space("market", model=Market, dataset="customers")
    register_code_space("customer", model=Customer, dataset="customers")
    for dataset in (FAMILIES, ITEM_MASTER, PRIOR_ITEM_MASTER, CUSTOMERS, UOM_CONVERSION, FX):
        register_dataset(dataset)
    register_derived(
        "life cycle", datasets={"item_master"}, func="portfolio.loaders:apply_life_cycle", order=10
    )
    register_derived(
        "family tree", datasets={"families"}, func="portfolio.loaders:check_family_tree", order=5
    )
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
