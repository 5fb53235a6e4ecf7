"""The kinds of input rows: which there are, how they are shown and searched, and the forms that change them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet

from sop.errors import NotFound
from supply.forms import (
    AddMaintenanceForm,
    AddShiftPatternForm,
    AddWorkforceForm,
    LaneForm,
    MaintenanceForm,
    ProductSiteForm,
    ShiftPatternForm,
    SupplierProductForm,
    WorkforceForm,
)
from supply.models import Lane, Maintenance, ProductSite, ShiftPattern, SupplierProduct, Workforce


@dataclass(frozen=True)
class InputList:
    """A kind of input rows: which, how they are shown and searched, and the form that changes one."""

    model: type[Model]
    title: str
    one: str
    form: type[forms.ModelForm]
    related: tuple[str, ...]
    order: tuple[str, ...]
    search: tuple[str, ...]
    columns: tuple[tuple[str, str, int], ...]  # field, words, digits
    explanation: str
    add: type[forms.ModelForm] | None = None  # the form that adds a row, where people may

    def cells(self, row: Any) -> list[tuple[str, Any, int]]:
        """Words, value and digits of each column of a row or of its history."""
        return [(label, getattr(row, name), digits) for name, label, digits in self.columns]

    def rows(self, words: str) -> QuerySet[Any]:
        rows = self.model._default_manager.select_related(*self.related).order_by(*self.order)
        condition = Q()
        for name in self.search:
            condition |= Q(**{f"{name}__icontains": words})
        return rows.filter(condition) if words else rows


LISTS = {
    "shifts": InputList(
        ShiftPattern, "Shift patterns", "Resource", ShiftPatternForm, ("resource__site",),
        ("resource__code", "valid_from"),
        ("resource__code", "resource__name"),
        (("valid_from", "From", 0), ("shifts_per_day", "Shifts a day", 1), ("hours_per_shift", "Hours a shift", 2),
         ("efficiency_percent", "Efficiency, %", 1)),
        "Hours = working days of the calendar x shifts x hours of a shift x efficiency, for resources that plan by "
        "them.",
        AddShiftPatternForm,
    ),
    "maintenance": InputList(
        Maintenance, "Planned maintenance", "Resource", MaintenanceForm, ("resource__site",),
        ("month", "resource__code"),
        ("resource__code", "resource__name", "reason"),
        (("month", "Month", 0), ("hours", "Clock hours off", 1), ("reason", "Why", 0)),
        "Clock hours that a resource stands still; they are taken off before efficiency counts.",
        AddMaintenanceForm,
    ),
    "people": InputList(
        Workforce, "People", "Resource", WorkforceForm, ("resource__site",), ("resource__code",),
        ("resource__code", "resource__name"),
        (("heads", "People", 1), ("hours_per_head", "Hours a head", 1),
         ("overtime_hours_per_head", "Overtime a head", 1), ("wage", "Wage", 2),
         ("hire_cost", "Hiring", 2), ("layoff_cost", "Laying off", 2)),
        "Their hours take the place of the resource's own. The plan hires and lays off where it pays; enter as wage "
        "what standard cost does not already hold.",
        AddWorkforceForm,
    ),
    "suppliers": InputList(
        SupplierProduct, "Suppliers", "Supplier", SupplierProductForm, ("supplier", "product", "site"),
        ("product__code", "price", "supplier__code"),
        ("product__code", "product__description", "supplier__code", "supplier__name"),
        (("price", "Price", 4), ("capacity_per_month", "Units a month", 0), ("lead_time_days", "Lead time, days", 0),
         ("minimum_units", "Minimum order", 0), ("valid_from", "Valid from", 0)),
        "Of several suppliers of a product the cheapest is the primary one, a dearer one is the backup.",
    ),
    "lanes": InputList(
        Lane, "Lanes", "Lane", LaneForm, ("origin", "market", "site"), ("origin__code", "market__code", "site__code"),
        ("origin__code", "market__code", "market__name", "site__code"),
        (("unit_cost", "Cost a unit", 4), ("volume_capacity", "Units a month", 0), ("spot_cost", "Spot freight", 4),
         ("lead_time_days", "Lead time, days", 0)),
        "Above its capacity a lane takes spot freight at its price, where it has one.",
    ),
    "policies": InputList(
        ProductSite, "Products at sites", "Policy", ProductSiteForm, ("product", "site"),
        ("product__code", "site__code"),
        ("product__code", "product__description", "site__code"),
        (("safety_stock", "Safety stock", 0), ("lot_size", "Lot", 0), ("lead_time_days", "Lead time, days", 0),
         ("safety_days", "Safety, days", 0), ("ceiling", "Ceiling", 0),
         ("service_target_percent", "Service target, %", 1)),
        "Of safety stock in units and in days of coming demand the larger holds. It is soft: the plan goes below it "
        "rather than lose a sale. A ceiling is hard.",
    ),
}  # fmt: skip


def list_named(name: str) -> InputList:
    if name not in LISTS:
        raise NotFound("There is no such list of inputs.")
    return LISTS[name]
