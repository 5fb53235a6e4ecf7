"""Reads of the portfolio."""

from portfolio.queries.tree import FamilyTree, family_tree
from portfolio.queries.valuation import list_price_map, planned_price_map, standard_cost_map, valuation_frame

__all__ = [
    "FamilyTree",
    "family_tree",
    "list_price_map",
    "planned_price_map",
    "standard_cost_map",
    "valuation_frame",
]
