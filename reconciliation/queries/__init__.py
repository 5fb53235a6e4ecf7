"""Reads of reconciliation; what needs numpy stands in plan_facts.py, which only workers import."""

from reconciliation.queries.pnl import (
    basket_of,
    budget_basket,
    budget_frame,
    budget_gap,
    budget_statement,
    pnl_frame,
    statement_of,
    statements_by_family,
)
from reconciliation.queries.scenarios import (
    Column,
    Comparison,
    baseline_of,
    comparison,
    letter_of,
    recommended_of,
    scenarios_of,
)

__all__ = [
    "Column",
    "Comparison",
    "baseline_of",
    "basket_of",
    "budget_basket",
    "budget_frame",
    "budget_gap",
    "budget_statement",
    "comparison",
    "letter_of",
    "pnl_frame",
    "recommended_of",
    "scenarios_of",
    "statement_of",
    "statements_by_family",
]
