"""Forms of decisions, families and limits."""

from typing import Any

from django import forms

from cycles.forms import MonthField
from cycles.models import User
from portfolio.choices import AbcRule, Proposal
from portfolio.forms.common import owners
from portfolio.models import Family, PortfolioRules


class DecisionForm(forms.Form):
    """Push, maintain or cut, with owner, and for a push by how much from when on."""

    decision = forms.ChoiceField(choices=Proposal.choices)
    growth_percent = forms.FloatField(
        required=False,
        min_value=0.01,
        max_value=1000,
        label="Push: percent on top of the baseline for twelve months",
    )
    first_month = MonthField(required=False, label="Push: from this month on")
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    reason = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Required where you decide otherwise than the figures suggest.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = owners()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("growth_percent")) != bool(given.get("first_month")):
            self.add_error("first_month", "The percent and its first month belong together.")
        return given


class FamilyForm(forms.Form):
    """A family and where it stands in the tree."""

    code = forms.CharField(max_length=64)
    name = forms.CharField(required=False, max_length=120)
    parent = forms.ModelChoiceField(
        queryset=Family.objects.all(),
        to_field_name="code",
        required=False,
        label="Belongs to",
        empty_label="None: a top family",
    )

    def __init__(self, *args: Any, family: Family | None = None, **options: Any) -> None:
        if family is not None:
            above = family.parent.code if family.parent else ""
            options.setdefault("initial", {"name": family.name, "parent": above})
        super().__init__(*args, **options)
        if family is not None:
            del self.fields["code"]


class RulesForm(forms.ModelForm):
    """Target and limits of product management."""

    class Meta:
        model = PortfolioRules
        fields = [
            "new_share_target", "new_months", "a_percent", "b_percent", "abc_rule", "x_limit", "y_limit",
            "tail_percent",
        ]  # fmt: skip
        labels = {
            "new_share_target": "New products should bring, percent of revenue",
            "new_months": "A product counts as new for, months",
            "a_percent": "A ends at, percent of the margin",
            "b_percent": "B ends at, percent of the margin",
            "abc_rule": "Which side of the boundary",
            "x_limit": "X up to a variation of",
            "y_limit": "Y up to a variation of",
            "tail_percent": "The tail brings the last percent of revenue",
        }
        help_texts = dict.fromkeys(fields, "")

    abc_rule = forms.ChoiceField(choices=AbcRule.choices, label="Which side of the boundary")
