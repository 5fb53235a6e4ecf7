"""Forms of the executive review."""

from typing import Any

from django import forms

from cycles.choices import StageKind, Verdict
from cycles.models import User
from executive.actions.approval import SENT_BACK_TO
from executive.queries.decisions import deciders
from portfolio.models import Family


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class BriefForm(forms.Form):
    headline = forms.CharField(label="What is asked, in a sentence", widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(
        label="What else they should know", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    question = forms.CharField(label="What is to be decided? Yes or no answers it.", max_length=300)
    rationale = forms.CharField(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.ModelChoiceField(User.objects.none(), label="Who carries it out")
    due = DateField(label="By")
    family_codes = forms.ModelMultipleChoiceField(
        Family.objects.all(), to_field_name="code", required=False, label="Families it concerns"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = deciders()  # type: ignore[attr-defined]

    def clean_family_codes(self) -> list[str]:
        return [family.code for family in self.cleaned_data["family_codes"]]


class AnswerForm(forms.Form):
    """Yes, no or discuss; owner and day only where they change."""

    verdict = forms.ChoiceField(choices=[(v.value, v.label) for v in Verdict if v != Verdict.PENDING])
    owner = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)
    due = DateField(required=False)
    note = forms.CharField(required=False, max_length=2000)


class SendBackForm(forms.Form):
    to = forms.ChoiceField(
        label="Which review has to change it?",
        choices=[(kind.value, words) for kind, words in SENT_BACK_TO.items()],
        initial=StageKind.RECONCILIATION.value,
    )
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}))
