"""The tables that make up a scenario's plan: those of a supply plan, and the profit and loss."""

from cycles.registry import Facts
from reconciliation.models import PnlLine
from supply.facts import GAP, hashed
from supply.models import SupplyGap

PNL = ("family_id", "month", "row", "amount")


def supply_tables() -> list[Facts]:
    """Tables of a supply plan, with all columns that a copy needs."""
    return [Facts(model, columns, GAP if model is SupplyGap else columns) for model, columns in hashed()]


def plan_tables() -> list[Facts]:
    """The same and the profit and loss."""
    return [*supply_tables(), Facts(PnlLine, PNL, PNL)]
