"""Forms of scenarios: they parse, the use cases check and say what is wrong."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from cycles.models import Cycle
from portfolio.choices import ProductKind
from portfolio.models import Family, Market, Product
from reconciliation.choices import DifferenceKind
from reconciliation.models import Scenario, ScenarioDifference
from reconciliation.queries.changes import month_choices
from sop.errors import InvalidInput
from sop.periods import add_months, month_key
from supply.models import Resource, Supplier


class ScenarioForm(forms.Form):
    """A new scenario, or other words for one."""

    name = forms.CharField(
        max_length=80, help_text="Two or three words, as people will call it in the meeting."
    )
    question = forms.CharField(max_length=200, required=False, label="What is it to decide?")
    copy_of = forms.ModelChoiceField(
        Scenario.objects.none(),
        required=False,
        label="Start from",
        empty_label="Nothing but the signed plans",
    )

    def __init__(self, *args: Any, cycle: Cycle, with_copy: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_copy:
            choices = Scenario.objects.filter(cycle=cycle, is_baseline=False)
            self.fields["copy_of"].queryset = choices  # type: ignore[attr-defined]
        else:
            del self.fields["copy_of"]


class DifferenceForm(forms.Form):
    """What all kinds share: the months and what it costs once."""

    first_month = forms.ChoiceField(label="From")
    last_month = forms.ChoiceField(label="To")
    one_off_cost = forms.DecimalField(label="Cost once", min_value=0, required=False)

    field_order: list[str] = []

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = month_choices(cycle.month, cycle.horizon_months)
        choices = [(month_key(month), f"{month:%B %Y}") for month in months]
        for name in ("first_month", "last_month"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["first_month"].initial = month_key(months[0])
        self.fields["last_month"].initial = month_key(add_months(months[0], min(11, len(months) - 1)))

    def params(self) -> dict[str, Any]:
        """Raw values as the use case takes them: codes instead of rows."""
        return {
            name: getattr(value, "code", value)
            for name, value in self.cleaned_data.items()
            if name != "one_off_cost"
        }

    def one_off(self) -> float:
        return float(self.cleaned_data.get("one_off_cost") or 0)

    def take_refusal(self, refusal: InvalidInput) -> None:
        """Puts what the use case found wrong beside the fields."""
        for error in refusal.errors or [{"field": NON_FIELD_ERRORS, "message": refusal.message}]:
            field = error["field"]
            self.add_error(field if field in self.fields else None, error["message"])


class ScopeForm(DifferenceForm):
    family = forms.ModelChoiceField(
        Family.objects.all(), required=False, to_field_name="code", empty_label="All families"
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), required=False, to_field_name="code", empty_label="All products of it"
    )
    market = forms.ModelChoiceField(
        Market.objects.all(), required=False, to_field_name="code", empty_label="All markets"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finished = Product.objects.filter(kind=ProductKind.FINISHED)
        self.fields["product"].queryset = finished  # type: ignore[attr-defined]


class DemandForm(ScopeForm):
    percent = forms.FloatField(
        label="Change in %", help_text="10 means ten percent more, −5 five percent less."
    )
    field_order = ["family", "product", "market", "percent", "first_month", "last_month", "one_off_cost"]


class PriceForm(ScopeForm):
    percent = forms.FloatField(label="Price change in %")
    elasticity = forms.FloatField(
        label="Volume for each percent of price",
        required=False,
        initial=0,
        help_text="0: nobody buys less. −0.5: one percent dearer costs half a percent of the volume.",
    )
    field_order = ["family", "product", "market", "percent", "elasticity", "first_month", "last_month"]


class SupplierForm(DifferenceForm):
    supplier = forms.ModelChoiceField(
        Supplier.objects.all(),
        to_field_name="code",
        empty_label="Choose a supplier",
        help_text="It takes no orders in these months; what was ordered before still arrives.",
    )
    field_order = ["supplier", "first_month", "last_month", "one_off_cost"]


class CapacityForm(DifferenceForm):
    resource = forms.ModelChoiceField(
        Resource.objects.select_related("site"), to_field_name="code", empty_label="Choose a resource"
    )
    hours_per_month = forms.FloatField(label="Hours a month more", min_value=0)
    cost_per_hour = forms.FloatField(
        label="Cost of an hour",
        help_text="Paid for the hours that the plan uses.",
        min_value=0,
        required=False,
    )
    field_order = [
        "resource",
        "hours_per_month",
        "cost_per_hour",
        "first_month",
        "last_month",
        "one_off_cost",
    ]


class OvertimeForm(CapacityForm):
    cost_per_hour = forms.FloatField(
        label="Cost of an hour",
        help_text="Empty: what an hour of overtime costs on this resource.",
        min_value=0,
        required=False,
    )


class SourceForm(DifferenceForm):
    """Changes what a lever proposed; which source it is stays."""

    limit = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput)
    units_per_month = forms.FloatField(label="Units a month at most", min_value=0)
    cost_per_unit = forms.FloatField(label="Cost of a unit", min_value=0, required=False)
    field_order = ["units_per_month", "cost_per_unit", "first_month", "last_month", "one_off_cost"]


FORMS: dict[DifferenceKind, type[DifferenceForm]] = {
    DifferenceKind.DEMAND: DemandForm,
    DifferenceKind.PRICE: PriceForm,
    DifferenceKind.SUPPLIER_SHUT: SupplierForm,
    DifferenceKind.CAPACITY: CapacityForm,
    DifferenceKind.OVERTIME: OvertimeForm,
    DifferenceKind.SOURCE: SourceForm,
}


def initial_of(difference: ScenarioDifference) -> dict[str, Any]:
    """A difference as the initial values of its form."""
    return {**difference.params, "one_off_cost": difference.one_off_cost_minor / 100 or None}
