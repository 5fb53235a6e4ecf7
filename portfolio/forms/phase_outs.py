"""The form of a phase-out."""

from typing import Any

from django import forms

from cycles.forms import MonthField
from cycles.models import User
from portfolio.choices import TransitionCurve
from portfolio.forms.common import ProductChoice, owners
from portfolio.models import PhaseOut
from sop.periods import month_key


class PhaseOutForm(forms.Form):
    """The end of a product."""

    product = ProductChoice(required=True, empty_label="Choose a product")
    end_month = MonthField(label="Last month with sales")
    run_out_months = forms.IntegerField(
        min_value=0, max_value=24, initial=3, label="Months over which demand fades out"
    )
    curve = forms.ChoiceField(
        choices=TransitionCurve.choices, required=False, label="How demand passes to the successor"
    )
    last_order = forms.DateField(
        required=False,
        label="Last day on which orders are taken",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    run_out_units = forms.FloatField(
        required=False,
        min_value=0,
        label="Stock to sell before the end, units",
        help_text="Empty: as counted at the close.",
    )
    coming_units = forms.FloatField(
        required=False,
        min_value=0,
        label="Still coming, not to be cancelled, units",
        help_text="Empty: the open orders.",
    )
    salvage_percent = forms.FloatField(
        required=False,
        min_value=0,
        max_value=100,
        label="What left-over stock still brings, percent of its cost",
    )
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
    names = (
        "run_out_months", "run_out_units", "coming_units", "last_order", "curve", "salvage_percent",
        "no_successor", "successor_percent", "note",
    )  # fmt: skip
    return {
        "end_month": month_key(phase_out.end_month),
        "owner": phase_out.owner_id,
        "successor": phase_out.successor.code if phase_out.successor else "",
        **{name: getattr(phase_out, name) for name in names},
    }
