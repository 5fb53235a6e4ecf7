"""The planner's own economics of a version beside its profit and loss, over the whole horizon."""

from collections.abc import Mapping
from typing import Any

from cycles.models import Version
from reconciliation.finance.lines import Amounts
from reconciliation.finance.two_statements import Tie, tie
from sop.quantities import to_minor

ROW_WORDS = {
    "revenue": "Revenue: accepted demand against deliveries",
    "goods": "Making and buying against goods at standard as they are sold",
    "freight": "Freight",
    "spot_freight": "Spot freight",
    "overtime": "Overtime and extra shifts",
    "holding": "Holding of stock",
    "sunk": "Wages and regular hours, part of the operating cost",
    "backlog": "Cost of owing, no cash",
    "penalties": "Penalties of the planner, no cash",
    "scenario_cost": "Cost of the measures",
    "opex": "Operating cost",
}


def tie_of(version: Version, amounts: Amounts) -> Tie | None:
    """From the planner's objective to the EBIT; None where a version carries no economics."""
    economics: Mapping[str, Any] | None = version.params.get("economics")
    if not economics:
        return None
    planner = {"revenue": to_minor(economics["revenue"])}
    planner |= {name: to_minor(amount) for name, amount in economics["costs"].items()}
    penalties = {name: to_minor(amount) for name, amount in economics["penalties"].items()}
    return tie(planner, penalties, {line: sum(row) for line, row in amounts.items()})
