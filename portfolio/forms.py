"""Forms of the product review."""

from datetime import date
from typing import Any

from django import forms

from cycles.choices import Role
from cycles.models import User
from portfolio.choices import LaunchGate, ProductKind, Proposal
from portfolio.models import Family, Launch, PhaseOut, Product
from sop.periods import month_key, parse_month

LIKE_ROWS = 4


class MonthField(forms.CharField):
    """A month as YYYY-MM."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"})

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_month(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def owners() -> Any:
    """Who may own a launch or phase-out: everybody active in the cycle."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in Role.planning()])
    return people.distinct().order_by("first_name", "username")


def finished() -> Any:
    return Product.objects.filter(kind=ProductKind.FINISHED).order_by("code")


class ProductChoice(forms.ModelChoiceField):
    """A product by its code, so that addresses and forms survive a reload of the master data."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=finished(), to_field_name="code", **options)


class LaunchForm(forms.Form):
    """A launch of a known or a new product, with up to four like products."""

    product = ProductChoice(required=False, label="Known product", empty_label="A new one, described below")
    code = forms.CharField(required=False, max_length=64, label="Code of the new product")
    description = forms.CharField(required=False, max_length=200)
    family = forms.ModelChoiceField(queryset=Family.objects.all(), to_field_name="code", required=False)
    list_price = forms.DecimalField(required=False, min_value=0, decimal_places=4, max_digits=14)
    month = MonthField(label="First month of sales")
    gate = forms.ChoiceField(choices=LaunchGate.choices, initial=LaunchGate.DEVELOPMENT)
    ramp_months = forms.IntegerField(
        min_value=1, max_value=60, initial=6, label="Months until the full volume"
    )
    takes_from_like = forms.BooleanField(
        required=False, initial=True, label="Its volume is taken from the like products"
    )
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, launch: Launch | None = None, **options: Any) -> None:
        if launch is not None:
            options.setdefault("initial", _launch_values(launch))
        super().__init__(*args, **options)
        self.launch = launch
        self.fields["owner"].queryset = owners()  # type: ignore[attr-defined]
        for number in range(1, LIKE_ROWS + 1):
            self.fields[f"like_{number}"] = ProductChoice(
                required=False, label=f"Sells like {number}", empty_label="–"
            )
            self.fields[f"percent_{number}"] = forms.FloatField(
                required=False, min_value=0.01, max_value=1000, label=f"Percent of its volume {number}"
            )
        if launch is not None:
            for name in ("product", "code", "description", "family", "list_price"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.launch is None and not given.get("product") and not given.get("code"):
            self.add_error("product", "Choose a product, or give the code of a new one.")
        if given.get("code") and not given.get("product") and not given.get("family"):
            self.add_error("family", "A new product belongs to a family.")
        for number in range(1, LIKE_ROWS + 1):
            like, percent = given.get(f"like_{number}"), given.get(f"percent_{number}")
            if bool(like) != bool(percent):
                self.add_error(f"percent_{number}", "A like product and its percent belong together.")
        return given

    def references(self) -> list[tuple[str, float]]:
        """The like products with their percents."""
        pairs = [
            (self.cleaned_data[f"like_{n}"], self.cleaned_data[f"percent_{n}"])
            for n in range(1, LIKE_ROWS + 1)
        ]
        return [(like.code, percent) for like, percent in pairs if like]


def _launch_values(launch: Launch) -> dict[str, Any]:
    values: dict[str, Any] = {
        "month": month_key(launch.month),
        "gate": launch.gate,
        "ramp_months": launch.ramp_months,
        "takes_from_like": launch.takes_from_like,
        "owner": launch.owner_id,
        "note": launch.note,
    }
    for number, reference in enumerate(launch.references.select_related("product")[:LIKE_ROWS], start=1):
        values[f"like_{number}"], values[f"percent_{number}"] = reference.product.code, reference.percent
    return values


class PhaseOutForm(forms.Form):
    """The end of a product."""

    product = ProductChoice(required=True, empty_label="Choose a product")
    end_month = MonthField(label="Last month with sales")
    run_out_months = forms.IntegerField(
        min_value=0, max_value=24, initial=3, label="Months over which demand fades out"
    )
    run_out_units = forms.FloatField(required=False, min_value=0, label="Stock to sell before the end, units")
    successor = ProductChoice(required=False, empty_label="–")
    no_successor = forms.BooleanField(required=False, label="Nothing follows")
    successor_percent = forms.FloatField(
        min_value=0,
        max_value=1000,
        initial=100,
        label="Percent of the lost volume that the successor takes over",
    )
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, phase_out: PhaseOut | None = None, **options: Any) -> None:
        if phase_out is not None:
            options.setdefault("initial", _phase_out_values(phase_out))
        super().__init__(*args, **options)
        self.fields["owner"].queryset = owners()  # type: ignore[attr-defined]
        if phase_out is not None:
            del self.fields["product"]


def _phase_out_values(phase_out: PhaseOut) -> dict[str, Any]:
    names = ("run_out_months", "run_out_units", "no_successor", "successor_percent", "note")
    return {
        "end_month": month_key(phase_out.end_month),
        "owner": phase_out.owner_id,
        "successor": phase_out.successor.code if phase_out.successor else "",
        **{name: getattr(phase_out, name) for name in names},
    }


class DecisionForm(forms.Form):
    """Push, maintain or cut."""

    decision = forms.ChoiceField(choices=Proposal.choices)
    reason = forms.CharField(required=False, max_length=1000)
