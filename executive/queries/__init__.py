"""Reads of the executive review."""

from executive.queries.decisions import decisions_of, families_touched
from executive.queries.plan import operating_plan_of, plan_in_force

__all__ = ["decisions_of", "families_touched", "operating_plan_of", "plan_in_force"]
