"""The identity of a plan's inputs, in a few aggregate statements: did anything move since it was made?"""

import hashlib
from typing import Any

from django.db.models import Count, Max, Model, QuerySet, Sum

from cycles.models import Company, Cycle, Version
from portfolio.models import Market, PlannedPrice, Product
from sop.periods import last_of_month
from supply.choices import HoursFrom
from supply.models import (
    BillLine,
    CalendarDay,
    Lane,
    Maintenance,
    ProductionOrder,
    ProductSite,
    Resource,
    ResourceMonth,
    Routing,
    ShiftPattern,
    Site,
    StockRecord,
    SupplierProduct,
    Workforce,
)
from supply.queries.inputs import open_order_lines

COMPANY_SETTINGS = (
    "carrying_rate_percent", "backorder_percent", "safety_penalty_percent", "lost_sale_percent",
    "fair_share_percent", "stability_percent", "lot_months",
)  # fmt: skip


def inputs_fingerprint(cycle: Cycle, demand_version: Version) -> str:
    """SHA-256 over counts, last keys, sums and the last entries of the history of every input table."""
    digest = hashlib.sha256(f"{demand_version.pk}:{demand_version.content_hash}:{cycle.month}".encode())
    company = Company.current()
    digest.update(repr([getattr(company, name) for name in COMPANY_SETTINGS]).encode())
    fixed = cycle.fixed_lines.order_by("product_id", "site_id", "month")
    digest.update(repr(list(fixed.values_list("product_id", "site_id", "month", "quantity"))).encode())
    chosen = Resource.objects.exclude(hours_from=HoursFrom.STATED).order_by("pk")
    digest.update(repr(list(chosen.values_list("pk", "hours_from"))).encode())
    for rows, sums in _tables(cycle):
        digest.update(repr(_identity(rows, sums)).encode())
    return digest.hexdigest()


def _tables(cycle: Cycle) -> list[tuple[QuerySet[Any], tuple[str, ...]]]:
    closed_month = cycle.last_closed_month
    counted = StockRecord.objects.filter(day__range=(closed_month, last_of_month(closed_month)))
    return [
        (Product.objects.all(), ("standard_cost", "list_price")),
        (PlannedPrice.objects.all(), ("price",)),
        (Site.objects.all(), ()),
        (Market.objects.all(), ()),
        (Resource.objects.all(), ()),
        (ResourceMonth.objects.all(), ("available_hours", "efficiency_percent", "overtime_hours", "extra_hours",
                                       "overtime_cost_per_hour", "extra_cost_per_hour")),
        (ShiftPattern.objects.all(), ("shifts_per_day", "hours_per_shift", "efficiency_percent")),
        (Maintenance.objects.all(), ("hours",)),
        (Workforce.objects.all(), ("heads", "hours_per_head", "overtime_hours_per_head", "wage", "hire_cost",
                                   "layoff_cost")),
        *_sources_of_hours(cycle),
        (Routing.objects.all(), ("hours_per_unit", "setup_hours", "lot_size")),
        (BillLine.objects.all(), ("quantity_per", "scrap_percent")),
        (SupplierProduct.objects.all(), ("price", "capacity_per_month", "lead_time_days")),
        (ProductSite.objects.all(), ("safety_stock", "lot_size", "lead_time_days", "safety_days", "ceiling")),
        (Lane.objects.all(), ("unit_cost", "volume_capacity", "lead_time_days", "spot_cost")),
        (counted, ("on_hand", "blocked", "in_transit")),
        (open_order_lines(cycle), ("quantity",)),
    ]  # fmt: skip


def _sources_of_hours(cycle: Cycle) -> list[tuple[QuerySet[Any], tuple[str, ...]]]:
    """Calendar and production orders count only where some resource plans by them."""
    tables: list[tuple[QuerySet[Any], tuple[str, ...]]] = []
    if Resource.objects.filter(hours_from=HoursFrom.SHIFTS).exists():
        days = CalendarDay.objects.filter(day__range=(cycle.months[0], last_of_month(cycle.months[-1])))
        tables.append((days.filter(working=True), ()))
    if Resource.objects.filter(hours_from=HoursFrom.DEMONSTRATED).exists():
        orders = ProductionOrder.objects.filter(day__lte=last_of_month(cycle.last_closed_month))
        tables.append((orders, ("planned", "good")))
    return tables


def _identity(rows: QuerySet[Any], sums: tuple[str, ...]) -> list[Any]:
    """Sums tell imports apart, the history tells single edits apart that leave the sums as they were."""
    totals = {f"sum_{name}": Sum(name) for name in sums}
    figures = rows.aggregate(rows=Count("pk"), last=Max("pk"), **totals)
    model: type[Model] = rows.model
    history = getattr(model, "history", None)
    if history is not None:
        figures |= history.aggregate(edits=Max("history_id"))
    return [model._meta.label, *sorted(figures.items(), key=lambda item: item[0])]
