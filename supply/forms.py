"""Parsing of what people enter on the supply pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from portfolio.models import Product
from sop.periods import month_key, parse_month
from supply.actions.inputs import HOURS
from supply.models import (
    Lane,
    Maintenance,
    ProductSite,
    Routing,
    ShiftPattern,
    Site,
    SupplierProduct,
    Workforce,
)


class AnswerForm(forms.Form):
    """Why a gap is accepted."""

    text = forms.CharField(
        label="Why it is accepted, and what customers are told",
        widget=forms.Textarea(attrs={"rows": 2}),
        min_length=10,
    )


class HoursForm(forms.Form):
    """One month of a resource; percent of efficiency as a number, hours and rates per month and hour."""

    available_hours = forms.FloatField(min_value=0, label="Hours")
    efficiency_percent = forms.FloatField(min_value=0, max_value=200, label="Efficiency %")
    overtime_hours = forms.FloatField(min_value=0, label="Overtime")
    overtime_cost_per_hour = forms.FloatField(min_value=0, label="Overtime cost per hour")
    extra_hours = forms.FloatField(min_value=0, label="Extra shift")
    extra_cost_per_hour = forms.FloatField(min_value=0, label="Extra cost per hour")

    def __init__(self, data: Any = None, *, month: date, **kwargs: Any) -> None:
        super().__init__(data, prefix=month_key(month), **kwargs)
        self.month = month
        for name in HOURS:
            label = f"{self.fields[name].label}, {month:%B %Y}"
            self.fields[name].widget.attrs |= {"class": "input number", "step": "any", "aria-label": label}


def _limited(form: forms.BaseForm, percent: str = "") -> None:
    numbers = {name: field for name, field in form.fields.items() if isinstance(field, forms.IntegerField)}
    for name, field in numbers.items():
        field.validators.append(MinValueValidator(0))
        if name == percent:
            field.validators.append(MaxValueValidator(100))
        field.widget.attrs |= {"step": "any", "min": "0"}


class SupplierProductForm(forms.ModelForm):
    class Meta:
        model = SupplierProduct
        fields = ("price", "capacity_per_month", "lead_time_days")
        help_texts = {"capacity_per_month": "Units a month; empty: not limited."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limited(self)


class LaneForm(forms.ModelForm):
    class Meta:
        model = Lane
        fields = ("unit_cost", "volume_capacity", "spot_cost", "lead_time_days")
        labels = {"volume_capacity": "Units a month", "spot_cost": "Spot freight per unit above"}
        help_texts = {"volume_capacity": "Empty: not limited.", "spot_cost": "Empty: no spot freight."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limited(self)


class ProductSiteForm(forms.ModelForm):
    class Meta:
        model = ProductSite
        fields = (
            "safety_stock",
            "safety_days",
            "ceiling",
            "lot_size",
            "lead_time_days",
            "service_target_percent",
        )
        labels = {
            "service_target_percent": "Service target, %",
            "safety_days": "Safety stock in days of demand",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limited(self, percent="service_target_percent")


class MonthField(forms.Field):
    """A month as browsers give it, YYYY-MM."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            return parse_month(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class ShiftPatternForm(forms.ModelForm):
    class Meta:
        model = ShiftPattern
        fields: tuple[str, ...] = ("shifts_per_day", "hours_per_shift", "efficiency_percent")
        labels = {"efficiency_percent": "Efficiency, %"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limited(self)


class AddShiftPatternForm(ShiftPatternForm):
    valid_from = MonthField(label="From")

    class Meta(ShiftPatternForm.Meta):
        fields = ("resource", "valid_from", *ShiftPatternForm.Meta.fields)


class MaintenanceForm(forms.ModelForm):
    class Meta:
        model = Maintenance
        fields: tuple[str, ...] = ("hours", "reason")
        labels = {"hours": "Clock hours off", "reason": "Why"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].validators.append(MinValueValidator(0))
        self.fields["hours"].widget.attrs |= {"step": "any", "min": "0"}


class AddMaintenanceForm(MaintenanceForm):
    month = MonthField()

    class Meta(MaintenanceForm.Meta):
        fields = ("resource", "month", *MaintenanceForm.Meta.fields)


class WorkforceForm(forms.ModelForm):
    class Meta:
        model = Workforce
        fields: tuple[str, ...] = (
            "heads",
            "hours_per_head",
            "overtime_hours_per_head",
            "wage",
            "hire_cost",
            "layoff_cost",
        )
        labels = {"heads": "People", "hours_per_head": "Hours a head and month"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limited(self)


class AddWorkforceForm(WorkforceForm):
    class Meta(WorkforceForm.Meta):
        fields = ("resource", *WorkforceForm.Meta.fields)


class StrategyForm(forms.Form):
    """What people and stock of a family cost, money in company currency."""

    opening_heads = forms.FloatField(min_value=0, label="People now")
    hours_per_day = forms.FloatField(min_value=0.1, max_value=24, label="Hours a person and working day")
    hours_per_unit = forms.FloatField(min_value=0, label="Hours a unit")
    overtime_hours_per_head = forms.FloatField(min_value=0, label="Overtime a person and month, hours")
    overtime_cost = forms.FloatField(min_value=0, label="Cost of an hour of overtime")
    wage = forms.FloatField(min_value=0, label="Wage a month")
    hire_cost = forms.FloatField(min_value=0, label="Hiring a person")
    layoff_cost = forms.FloatField(min_value=0, label="Laying off a person")
    holding_cost = forms.FloatField(min_value=0, label="Holding a unit for a month")
    backlog_cost = forms.FloatField(min_value=0, label="Owing a unit for a month")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"step": "any"}


class FixedLineForm(forms.Form):
    """Units of a product that a site starts in each of some months."""

    product = forms.ModelChoiceField(Product.objects.none(), to_field_name="code")
    site = forms.ModelChoiceField(Site.objects.all(), to_field_name="code")
    first_month = forms.TypedChoiceField(coerce=parse_month, label="From")
    last_month = forms.TypedChoiceField(coerce=parse_month, label="To")
    units = forms.FloatField(
        min_value=0, label="Units a month", widget=forms.NumberInput(attrs={"step": "any"})
    )
    reason = forms.CharField(max_length=200, label="Why")

    def __init__(self, data: Any = None, *, months: list[date]) -> None:
        super().__init__(data)
        made = Product.objects.filter(pk__in=Routing.objects.values("product")).order_by("code")
        self.fields["product"].queryset = made  # type: ignore[attr-defined]
        for name in ("first_month", "last_month"):
            self.fields[name].choices = [(month_key(month), f"{month:%B %Y}") for month in months]  # type: ignore[attr-defined]
