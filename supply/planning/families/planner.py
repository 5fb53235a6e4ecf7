"""Families first, then every family within its share, then the whole plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supply.planning.case import Case, Floats, Ints
from supply.planning.completion import closing_stock, material_use, split_hours, spot_volume
from supply.planning.engine import solve
from supply.planning.families.gathering import family_case, joined_families
from supply.planning.families.sharing import Shares, family_part
from supply.planning.gaps import find_gaps
from supply.planning.matrix import Model
from supply.planning.network import Network, build_network
from supply.planning.options import Options
from supply.planning.plan import Plan, Status
from supply.planning.profit import Quantities
from supply.planning.scales import usual_sizes
from supply.planning.solution import derived_quantities, priced_plan
from supply.planning.variables import Parts

FROM_COLUMNS = 400_000
"""Columns of the full model from which a plan is better made by family: beyond this the optimum takes minutes."""


def plan_by_family(case: Case, family: Ints, *, options: Options | None = None) -> Plan:
    """A feasible plan near the best one; `family` (products,) tells which products belong together.

    Products that share parts are planned together whatever their family. Without a plan for some family,
    its status and reason are returned.
    """
    groups = joined_families(case, family)
    guide = solve(family_case(case, groups))
    if guide.network is None:
        return guide
    shares = Shares(case, groups, family_case(case, groups), guide)
    network = build_network(case)
    whole = _nothing(case, network) | {name: getattr(guide, name) for name in ("heads", "hired", "laid_off")}
    seconds = guide.solver_seconds
    for group in range(shares.count):
        part = family_part(case, groups, shares, group)
        plan = solve(part.case, options=part.options(options or Options()))
        seconds += plan.solver_seconds
        if plan.network is None:
            return replace(plan, reason=f"within the capacity shared out to its family: {plan.reason}")
        part.put_into(whole, plan, case, network)
    return completed(case, network, whole, seconds)


def _nothing(case: Case, network: Network) -> Quantities:
    months = case.months
    pairs = (len(network.pair_site), months)
    return {
        "production": np.zeros(case.production.unit_cost.shape),
        "subcontract": np.zeros(case.subcontract.unit_cost.shape),
        "shipments": np.zeros((len(network.flow_lane), months)),
        "scrap": np.zeros(pairs),
        "lost": np.zeros(case.demand.quantity.shape),
        "backlog": np.zeros(case.demand.quantity.shape),
        "purchases": np.zeros(case.suppliers.price.shape),
    }


def completed(case: Case, network: Network, whole: Quantities, seconds: float) -> Plan:
    """Hours, spot freight and stocks of the whole, its money and its gaps."""
    whole |= split_hours(case, whole["production"], whole["heads"])
    whole["spot"] = spot_volume(case, network, whole["shipments"])
    whole["stock"] = np.maximum(closing_stock(case, network, whole), 0.0)
    whole["material_stock"] = _material_stock(case, whole)
    whole |= derived_quantities(case, network, whole)
    plan = priced_plan(case, network, whole, status=Status.FAMILIES, solver_seconds=seconds)
    parts = Parts(case, network, usual_sizes(case, network), Model(case.months))
    return replace(plan, gaps=find_gaps(parts, plan))


def _material_stock(case: Case, whole: Quantities) -> Floats:
    change = case.materials.receipts - material_use(case, whole["production"])
    change[:, 0] += case.materials.opening_stock
    row, order = np.nonzero(whole["purchases"])
    arrival = order + case.suppliers.lead_time_months[row, order]
    np.add.at(change, (case.suppliers.material[row], arrival), whole["purchases"][row, order])
    return np.maximum(np.cumsum(change, axis=1), 0.0)
