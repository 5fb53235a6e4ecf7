"""Forms of the demand review."""

from typing import Any

from django import forms

from cycles.choices import ReasonCode
from cycles.models import User
from demand.models import Promotion
from demand.queries import visible_streams
from portfolio.models import Market, Product


class PromotionForm(forms.Form):
    """A marketing event; without a lift the one that past events suggest is taken."""

    code = forms.CharField(max_length=40, label="Code or name")
    product = forms.ModelChoiceField(queryset=Product.objects.none(), to_field_name="code")
    market = forms.ModelChoiceField(
        queryset=Market.objects.all(), to_field_name="code", required=False, empty_label="All markets"
    )
    start = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    kind = forms.CharField(
        required=False,
        max_length=40,
        help_text="What sort of event it is: lifts are learned from events of the same sort first.",
        widget=forms.TextInput(attrs={"placeholder": "leaflet, price cut, campaign"}),
    )
    lift_percent = forms.FloatField(
        required=False,
        min_value=-100,
        max_value=1000,
        label="Lift, percent of the baseline",
        help_text="Left empty: as past events of this kind, product, family and market did.",
    )

    def __init__(self, *args: Any, user: User, promotion: Promotion | None = None, **options: Any) -> None:
        if promotion is not None:
            options.setdefault("initial", _values(promotion))
        super().__init__(*args, **options)
        seen = visible_streams(user).values("product_id")
        self.fields["product"].queryset = Product.objects.filter(pk__in=seen)  # type: ignore[attr-defined]
        if promotion is not None:
            del self.fields["code"]


def _values(promotion: Promotion) -> dict[str, Any]:
    return {
        "product": promotion.product.code,
        "market": promotion.market.code if promotion.market else "",
        "start": promotion.start,
        "end": promotion.end,
        "kind": promotion.kind,
        "lift_percent": promotion.lift_percent,
    }


class AnswerForm(forms.Form):
    """An answer to an item of the inbox; which fields count depends on it."""

    answer = forms.CharField(max_length=8)
    units = forms.FloatField(required=False, min_value=0, max_value=1e12)
    note = forms.CharField(required=False, max_length=2000)
    asked = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    reason = forms.ChoiceField(required=False, choices=[("", ""), *ReasonCode.choices])


class PolicyForm(forms.Form):
    covered = forms.FloatField(
        label="Ask about items that hold this % of the value", min_value=0, max_value=100
    )
    least = forms.FloatField(label="Accept every item with less margin at risk than", min_value=0)
