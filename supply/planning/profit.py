"""The money of a plan, recomputed from its quantities alone; the solver's objective must say the same.

All components are positive numbers: margin = revenue - costs, objective = margin - penalties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.network import Network

Quantities = dict[str, Floats]  # by the name of the plan's array


@dataclass(frozen=True, slots=True)
class Money:
    """Revenue, costs and penalties of a plan."""

    revenue: float
    costs: dict[str, float]
    penalties: dict[str, float]

    @property
    def margin(self) -> float:
        """Revenue less costs."""
        return self.revenue - sum(self.costs.values())

    @property
    def objective(self) -> float:
        """Margin less penalties: what the engine maximises."""
        return self.margin - sum(self.penalties.values())


def account(case: Case, network: Network, plan: Quantities) -> Money:
    """The P&L of the planner's own economics."""
    return Money(
        revenue=_revenue(case, plan),
        costs=_making_costs(case, plan) | _people_costs(case, plan) | _moving_costs(case, network, plan),
        penalties=_penalties(case, network, plan),
    )


def _revenue(case: Case, plan: Quantities) -> float:
    """Price x accepted units of each month, less the last month's price of what is still owed."""
    demand = case.demand
    accepted = _sum(demand.price, demand.quantity - plan["lost"])
    return accepted - _sum(demand.price[:, -1], plan["backlog"][:, -1])


def _making_costs(case: Case, plan: Quantities) -> dict[str, float]:
    means = case.resources
    idle = np.maximum(regular_limit(case, plan["heads"]) - plan["regular_hours"], 0.0)
    charged = _sum(means.regular_cost_per_hour, plan["regular_hours"])
    return {
        "production": _sum(case.production.unit_cost, plan["production"]),
        "regular_hours": charged if case.settings.charge_regular_hours else 0.0,
        "overtime": _sum(means.overtime_cost_per_hour, plan["overtime_hours"]),
        "extra_hours": _sum(means.extra_cost_per_hour, plan["extra_hours"]),
        "idle": _sum(means.idle_cost_per_hour, idle),
    }


def _people_costs(case: Case, plan: Quantities) -> dict[str, float]:
    people = case.workforce
    return {
        "wages": _sum(people.wage, plan["heads"]),
        "hiring": _sum(people.hire_cost, plan["hired"]),
        "layoffs": _sum(people.layoff_cost, plan["laid_off"]),
    }


def _moving_costs(case: Case, network: Network, plan: Quantities) -> dict[str, float]:
    spot_cost = np.where(plan["spot"] > 0, case.lanes.spot_cost, 0.0)
    backorder = np.where(plan["backlog"] > 0, case.demand.backorder_cost, 0.0)
    scrap_cost = case.products.scrap_cost[network.pair_product]
    return {
        "subcontract": _sum(case.subcontract.unit_cost, plan["subcontract"]),
        "purchases": _sum(case.suppliers.price, plan["purchases"]),
        "freight": _sum(case.lanes.unit_cost[network.flow_lane], plan["shipments"]),
        "spot_freight": _sum(spot_cost, plan["spot"]),
        "holding": _sum(network.by_pair(case.stock.holding_cost), plan["stock"]),
        "material_holding": _sum(case.materials.holding_cost, plan["material_stock"]),
        "backlog": _sum(backorder, plan["backlog"]),
        "scrap": _sum(scrap_cost[:, None], plan["scrap"]),
    }


def _penalties(case: Case, network: Network, plan: Quantities) -> dict[str, float]:
    demand, lost = case.demand, plan["lost"]
    return {
        "lost_sales": _sum(demand.lost_sale_penalty, lost),
        "priority": _sum(demand.priority_weight * demand.price, lost),
        "safety_stock": _sum(network.by_pair(case.stock.safety_penalty), plan["safety_short"]),
    }


def regular_limit(case: Case, heads: Floats) -> Floats:
    """(resources, months): regular hours at hand, those of the heads included."""
    limit = case.resources.regular_hours.copy()
    np.add.at(limit, case.workforce.resource, case.workforce.hours_per_head * heads)
    return limit


def overtime_limit(case: Case, heads: Floats) -> Floats:
    """(resources, months): overtime hours at hand, those of the heads included."""
    limit = case.resources.overtime_hours.copy()
    np.add.at(limit, case.workforce.resource, case.workforce.overtime_hours_per_head * heads)
    return limit


def _sum(price: Floats, quantity: Floats) -> float:
    return float((price * quantity).sum())
