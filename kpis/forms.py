"""Forms of the key figures."""

from django import forms

from kpis.queries.values import Reading


class TargetForm(forms.Form):
    """Goal and amber edge as people read them: shares in percent."""

    target = forms.FloatField(label="Goal")
    warn = forms.FloatField(label="Amber from")

    @classmethod
    def of(cls, found: Reading) -> "TargetForm":
        factor = 100 if found.kpi.unit == "percent" else 1
        return cls(initial={"target": round(found.target * factor, 2), "warn": round(found.warn * factor, 2)})
