"""What the application may add to a case: fixed quantities, fair shares, stability, whole lots.

Their penalties steer the choice among plans; the reported objective is the case's own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supply.planning.case import INF, Case, Floats, Ints
from supply.planning.formulation import Formulation
from supply.planning.options import Lots, Stability
from supply.planning.solver import Outcome, Solver
from supply.planning.variables import Parts

_LEAST_MOVE = 1e-3  # of money per unit moved, where production costs nothing


def with_fixed_production(case: Case, fixed: Floats) -> Case:
    """The case in which the quantities that are not nan are started, no more and no less."""
    made, chosen = case.production, ~np.isnan(fixed)
    return replace(
        case,
        production=replace(
            made,
            min_quantity=np.where(chosen, fixed, made.min_quantity),
            max_quantity=np.where(chosen, fixed, made.max_quantity),
        ),
    )


def share_fairly(parts: Parts, weight: float) -> None:
    """Among the markets of a product the largest lost fraction of a month's demand costs weight x revenue.

    So the least costly way to lose a given amount is to lose the same fraction everywhere.
    """
    demand, model = parts.case.demand, parts.model
    streams = np.arange(len(demand))
    may_lose = model.columns["lost"].index >= 0
    markets = np.zeros((len(parts.case.products), parts.case.months))
    revenue = np.zeros_like(markets)
    np.add.at(markets, demand.product, may_lose)
    np.add.at(revenue, demand.product, demand.price * demand.quantity)
    model.add_columns("worst_share", markets > 1, cost=weight * revenue)
    shared = may_lose & (markets > 1)[demand.product]
    scale = parts.scales.product[demand.product]
    model.add_rows("fair_share", shared, lower=-INF, upper=0.0, scale=scale)
    model.put("fair_share", streams, "lost", streams)
    model.put("fair_share", streams, "worst_share", demand.product, -demand.quantity)


def keep_stable(parts: Parts, stability: Stability) -> None:
    """Production = last plan's + more - less; each unit more or less costs a share of its unit cost."""
    made, model = parts.case.production, parts.model
    last, rows = stability.last_production, np.arange(len(made))
    where = ~np.isnan(last) & (model.columns["production"].index >= 0)
    near = np.where(np.arange(parts.case.months) < stability.near_months, stability.near_factor, 1.0)
    cost = stability.weight * np.maximum(made.unit_cost, _LEAST_MOVE) * near
    scale = parts.scales.product[made.product]
    target = np.where(where, last, 0.0)
    model.add_rows("stability", where, lower=target, upper=target, scale=scale)
    model.put("stability", rows, "production", rows)
    for name, sign in (("moved_up", -1.0), ("moved_down", 1.0)):
        model.add_columns(name, where, cost=cost, scale=scale)
        model.put("stability", rows, name, rows, sign)


def solve_in_lots(formulation: Formulation, solver: Solver, lots: Lots) -> Outcome:
    """Round the solved production to whole lots and solve again around it.

    To the nearest lot first; if hard targets forbid that, up to the next one.
    """
    columns, quantities = _lot_columns(formulation, lots)
    ratio = solver.columns()[columns] / quantities
    outcome = Outcome("failed", "no lots")
    for whole in (np.floor(ratio + 0.5), np.ceil(ratio - 1e-9)):
        solver.bound_columns(columns, whole * quantities, whole * quantities)
        outcome = solver.solve_warm()
        if outcome.optimal:
            break
    return outcome


def _lot_columns(formulation: Formulation, lots: Lots) -> tuple[Ints, Floats]:
    """(columns, lot sizes) of the production that comes in lots."""
    index = formulation.model.columns["production"].index
    early = np.arange(formulation.case.months) < lots.months
    where = (index >= 0) & (lots.lot_size > 0)[:, None] & early
    size = np.broadcast_to(lots.lot_size[:, None], index.shape)
    return index[where], size[where]
