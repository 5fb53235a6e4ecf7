"""The planner's own economics and the management P&L, reconciled line by line with residual 0.

The planner maximises *objective = revenue - costs - penalties*, where it pays for making and buying when
it makes and buys. The management P&L charges goods at standard when they are sold, adds the operating
cost and knows no penalties. Each row below says what one of the two has and the other has not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciliation.finance.lines import Line

# Management line -> the planner's costs that stand for the same thing.
SAME_THING: dict[str, tuple[str, ...]] = {
    Line.FREIGHT: ("freight",),
    Line.SPOT_FREIGHT: ("spot_freight",),
    Line.OVERTIME: ("overtime", "extra_hours"),
    Line.HOLDING: ("holding", "material_holding"),
}
GOODS = ("production", "purchases", "subcontract", "scrap")
SUNK = ("regular_hours", "idle", "wages", "hiring", "layoffs")


@dataclass(frozen=True)
class TieRow:
    """``planner`` and ``management`` as effects on the result; the difference leads from one to the other."""

    key: str
    planner: int
    management: int

    @property
    def difference(self) -> int:
        return self.management - self.planner


@dataclass(frozen=True)
class Tie:
    """From the planner's objective by its rows to the EBIT of the P&L."""

    objective: int
    rows: tuple[TieRow, ...]
    ebit: int

    @property
    def moved(self) -> int:
        """The rows' differences together."""
        return sum(row.difference for row in self.rows)

    @property
    def residual(self) -> int:
        """Of the difference of the two results, what the rows leave unexplained: 0, or a line is missing."""
        return self.ebit - self.objective - self.moved


def tie(planner: Mapping[str, int], penalties: Mapping[str, int], management: Mapping[str, int]) -> Tie:
    """Reconcile the planner's components with a P&L, all in minor units.

    ``planner`` holds "revenue" and costs by the engine's names, ``penalties`` its soft penalties,
    ``management`` the P&L rows over the same months. A cost of the planner that no row knows makes the
    residual differ from 0; it is never swallowed.
    """
    costs = {name: amount for name, amount in planner.items() if name != "revenue"}
    objective = planner["revenue"] - sum(costs.values()) - sum(penalties.values())
    rows = [TieRow("revenue", planner["revenue"], management[Line.REVENUE])]
    rows.append(_cost_row("goods", costs, GOODS, management[Line.COGS] + management[Line.PURCHASE_PREMIUM]))
    rows += [_cost_row(line, costs, names, management[line]) for line, names in SAME_THING.items()]
    rows.append(_cost_row("sunk", costs, SUNK, 0))
    rows.append(_cost_row("backlog", costs, ("backlog",), 0))
    rows.append(TieRow("penalties", -sum(penalties.values()), 0))
    rows.append(TieRow("scenario_cost", 0, -management[Line.SCENARIO_COST]))
    rows.append(TieRow("opex", 0, -management[Line.OPEX]))
    return Tie(objective, tuple(rows), management[Line.EBIT])


def _cost_row(key: str, costs: Mapping[str, int], names: tuple[str, ...], management: int) -> TieRow:
    return TieRow(key, -sum(costs.get(name, 0) for name in names), -management)
