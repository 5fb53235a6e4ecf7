"""The fact tables of a supply plan and their columns, in the order in which they are written and hashed."""

from django.db import models

from supply.models import (
    LaneFact,
    MaterialFact,
    ProductSiteFact,
    ResourceFact,
    ResourceUse,
    StreamFact,
    SupplyGap,
    SupplySummary,
    WorkforceFact,
)

PRODUCT_SITE = (
    "product", "site", "month", "opening", "production", "completed", "receipts", "shipments", "used", "closing",
    "safety_stock", "purchases", "purchase_cost_minor",
)  # fmt: skip
STREAM = ("stream", "month", "demand", "supplied", "lost", "backlog", "price_minor")
RESOURCE = (
    "resource", "month", "needed_hours", "load_hours", "regular_hours", "overtime_limit_hours",
    "overtime_used_hours", "extra_used_hours", "premium_minor", "hour_worth_minor",
)  # fmt: skip
WORKFORCE = ("resource", "month", "heads", "hired", "laid_off", "cost_minor")
USE = ("resource", "product", "hours_per_unit", "share")
MATERIAL = (
    "product", "site", "month", "opening", "open_orders", "arriving", "purchases", "backup_purchases", "used",
    "closing", "purchase_cost_minor",
)  # fmt: skip
LANE = ("lane", "product", "month", "quantity", "spot_quantity", "freight_minor")
GAP = ("stream", "month", "units", "revenue_minor", "margin_minor", "binding", "cause", "levers")
SUMMARY = (
    "family", "month", "demand", "supplied", "production", "closing", "revenue_minor", "gap_minor",
    "stock_value_minor",
)  # fmt: skip


def hashed() -> list[tuple[type[models.Model], tuple[str, ...]]]:
    """Tables and columns that make up a version's content hash. Columns hold the keys first."""
    return [
        (ProductSiteFact, PRODUCT_SITE),
        (StreamFact, STREAM),
        (ResourceFact, RESOURCE),
        (ResourceUse, USE),
        (MaterialFact, MATERIAL),
        (LaneFact, LANE),
        (SupplyGap, GAP[:-1]),
        (SupplySummary, SUMMARY),
    ]


def hashed_where_filled() -> list[tuple[type[models.Model], tuple[str, ...]]]:
    """Tables that came later: an empty one leaves the content hash as it was."""
    return [(WorkforceFact, WORKFORCE)]
