"""Forms of the product review."""

from portfolio.forms.launches import LaunchForm
from portfolio.forms.phase_outs import PhaseOutForm
from portfolio.forms.review import DecisionForm, FamilyForm, RulesForm

__all__ = ["DecisionForm", "FamilyForm", "LaunchForm", "PhaseOutForm", "RulesForm"]
