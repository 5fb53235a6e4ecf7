"""Forms of the cycle: parsing and field validation; the use cases do the rest."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import password_validation

from cycles.choices import Role
from cycles.models import Company, User
from sop.errors import InvalidInput
from sop.periods import parse_month


class MonthField(forms.CharField):
    """A month, written or picked as YYYY-MM."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_month(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "number_format", "theme"]


class OpenCycleForm(forms.Form):
    month = MonthField(label="First plan month")
    horizon_months = forms.IntegerField(label="Months to plan", min_value=3, max_value=60, initial=24)


class AssumptionForm(forms.Form):
    statement = forms.CharField(
        label="What do we take for granted?", widget=forms.Textarea(attrs={"rows": 2})
    )
    effect = forms.CharField(label="Effect, in numbers", required=False, max_length=120)
    family_code = forms.CharField(label="Family code, if it concerns one", required=False, max_length=64)
    review_by = DateField(label="Look at it again by", required=False)


class RiskForm(forms.Form):
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    is_opportunity = forms.BooleanField(label="It is an opportunity", required=False)
    money = forms.DecimalField(label="Effect on margin", min_value=0, decimal_places=2)
    likelihood = forms.FloatField(label="Likelihood in %", min_value=0, max_value=100)
    mitigation = forms.CharField(label="What we do about it", required=False)
    family_code = forms.CharField(label="Family code, if it concerns one", required=False, max_length=64)


class ActionForm(forms.Form):
    title = forms.CharField(label="What is to be done?", max_length=300)
    owner = forms.ModelChoiceField(User.objects.filter(is_active=True).exclude(groups__name=Role.ADMIN))
    due = DateField(label="By")


class CommentForm(forms.Form):
    subject = forms.CharField(max_length=200)
    stage_kind = forms.CharField(max_length=15)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))


class PersonForm(forms.Form):
    """Scope lines are "family / market"; a star means all."""

    username = forms.CharField(label="User name", max_length=150)
    first_name = forms.CharField(required=False, max_length=150)
    last_name = forms.CharField(required=False, max_length=150)
    email = forms.EmailField(label="E-mail", required=False)
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    scope = forms.CharField(
        required=False,
        initial="* / *",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One line for each part: family / market, a star for all. Without a line nothing is seen.",
    )
    password = forms.CharField(
        required=False, widget=forms.PasswordInput, help_text="Empty: leave the password as it is."
    )
    is_active = forms.BooleanField(required=False, initial=True, label="May sign in")

    def clean_scope(self) -> list[tuple[str, str]]:
        pairs = []
        for line in self.cleaned_data["scope"].splitlines():
            if not line.strip():
                continue
            family, slash, market = line.partition("/")
            if not slash:
                raise forms.ValidationError(
                    f"“{line}”: write family / market, for instance A / * for all of family A."
                )
            pairs.append((_code(family), _code(market)))
        return pairs

    def clean_password(self) -> str | None:
        password = self.cleaned_data["password"]
        if password:
            password_validation.validate_password(password)
        return password or None


def _code(text: str) -> str:
    code = text.strip()
    return "" if code == "*" else code


class CompanyForm(forms.ModelForm):
    class Meta:
        model = Company
        exclude = ["is_demo", "updated_at"]  # noqa: DJ006 - every setting, and new ones as they come
        labels = {
            "horizon_months": "Months to plan",
            "history_months": "Months of history to forecast from",
            "fence_months": "Locked months",
            "single_person": "One person may edit and sign",
            "reason_percent": "Change that needs a reason, %",
            "reason_revenue_percent": "... and share of the annual revenue, %",
            "comment_percent": "Change that needs a comment too, %",
            "inbox_covered_percent": "Inbox: share of the value asked about, %",
            "inbox_least_money": "Inbox: accept below this margin at risk",
            "material_percent": "Material gap, % of the annual revenue",
            "data_score_minimum": "Least score of data quality, %",
            "brief_scenarios": "Most scenarios in the brief",
            "carrying_rate_percent": "Cost of holding stock, % a year",
            "backorder_percent": "Cost of serving late, % a month",
            "safety_penalty_percent": "Penalty below safety stock, %",
            "lost_sale_percent": "Penalty for a lost sale, %",
            "fair_share_percent": "Penalty for unequal shares of markets, %",
            "stability_percent": "Penalty for moving away from the last plan, %",
            "lot_months": "Months planned in whole lots (0: none)",
            "receivable_days": "Days until customers pay",
            "payable_days": "Days until suppliers are paid",
            "otif_early_days": "On time: days too early allowed",
            "otif_late_days": "On time: days too late allowed",
        }

    def sections(self) -> list["FormSection"]:
        """The fields by subject; a setting that no section names comes last."""
        named = {name for names in COMPANY_SECTIONS.values() for name in names}
        rest = [name for name in self.fields if name not in named]
        grouped = {**COMPANY_SECTIONS, **({"More": rest} if rest else {})}
        return [FormSection(title, [self[name] for name in names]) for title, names in grouped.items()]


@dataclass(frozen=True)
class FormSection:
    """Some fields of a form under one title, drawn like a form."""

    title: str
    visible_fields: list[forms.BoundField]


COMPANY_SECTIONS = {
    "Company": ["name", "currency", "horizon_months", "history_months", "fence_months"],
    "Reviews": [
        "single_person",
        "reason_percent",
        "reason_revenue_percent",
        "material_percent",
        "data_score_minimum",
        "brief_scenarios",
    ],
    "Costs and penalties of the supply plan": [
        "carrying_rate_percent",
        "backorder_percent",
        "safety_penalty_percent",
        "lost_sale_percent",
        "fair_share_percent",
        "stability_percent",
        "lot_months",
    ],
    "Cash": ["receivable_days", "payable_days"],
    "Service": ["otif_early_days", "otif_late_days"],
}


def valid(form: forms.Form | forms.ModelForm) -> dict[str, Any]:
    """The cleaned values; InvalidInput naming each field otherwise."""
    if not form.is_valid():
        errors = [
            {"field": field, "message": str(message)}
            for field, found in form.errors.items()
            for message in found
        ]
        words = "; ".join(f"{error['field']}: {error['message']}" for error in errors)
        raise InvalidInput(words, errors=errors)
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned
