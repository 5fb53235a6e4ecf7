"""Which hard targets cannot be met: an elastic phase that finds a smallest clash among them.

Only the targets named here can clash; everything else can be satisfied by doing nothing. So the model is
written without them, each gets a slack column in its place, and the least total slack is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from supply.planning.case import INF, Case, Flags, Floats, Ints
from supply.planning.formulation import write_parts
from supply.planning.names import Limit, limit_name
from supply.planning.solver import Solver
from supply.planning.variables import Parts

_ROUNDING, _DUST = 1e-6, 1e-8  # of the target, of a usual quantity: less slack is none
_SINGLES_TRIED = 200
_TOLD = 20
_ROUNDS = 25  # of enforcing; in a huge clash the set told may then be larger than it need be
_THINNED = 100


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The hard targets of a case, each with the slack column that breaks it."""

    limits: list[Limit]
    slack: Ints
    sizes: Floats  # usual quantities
    rounding: Floats  # slack in usual quantities that is none


def first_conflict(case: Case, *, time_limit: float = INF) -> str:
    """The reason in words, naming targets that cannot be met: alone if there are such, else together.

    Empty if the targets clash by no more than rounding.
    """
    targets, solver = elastic_model(case, time_limit)
    solver.price_columns(targets.slack, 1.0 / targets.sizes)
    if solver.solve_cold().status == "time_limit":
        return "hard targets clash; the solver ran out of time before it found out which"
    short = _slack_of(targets, solver, np.arange(len(targets.slack)))
    broken = np.nonzero(short > targets.rounding)[0]
    singles = [
        i
        for i in broken[:_SINGLES_TRIED]
        if _slack_of(targets, solver, np.array([i]))[i] > targets.rounding[i]
    ]
    if singles:
        told = [_missed(case, targets, solver, i) for i in singles[:_TOLD]]
        more = len(singles) - len(told)
        return "; ".join(told) + (f"; and {more} more" if more else "")
    if not len(broken):
        return ""
    names = [limit_name(case, targets.limits[i]) for i in smallest_clash(targets, solver, broken)]
    others = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"{'; '.join(names[:_TOLD])}{others} cannot be met together"


def _missed(case: Case, targets: Targets, solver: Solver, i: int) -> str:
    units = _slack_of(targets, solver, np.array([i]))[i] * targets.sizes[i]
    return f"{limit_name(case, targets.limits[i])} cannot be met, {units:.6g} units at least are missing"


def smallest_clash(targets: Targets, solver: Solver, broken: Ints) -> list[int]:
    """Targets that clash, none to spare: enforce what breaks until nothing is left to give, then thin out."""
    enforced: list[int] = []
    every = np.arange(len(targets.slack))
    solver.price_columns(targets.slack, 1.0 / targets.sizes)
    for _ in range(_ROUNDS):
        enforced.extend(int(i) for i in broken)
        solver.bound_columns(targets.slack[enforced], 0.0, 0.0)
        broken = every[:0]
        if solver.solve_warm().optimal:
            broken = np.nonzero(solver.columns()[targets.slack] / targets.sizes > targets.rounding)[0]
        if not len(broken):
            break
    solver.bound_columns(targets.slack, 0.0, INF)
    for i in sorted(enforced, reverse=True)[:_THINNED]:
        fewer = [other for other in enforced if other != i]
        if fewer and (_slack_of(targets, solver, np.array(fewer)) > targets.rounding).any():
            enforced = fewer
    return sorted(enforced)


def _slack_of(targets: Targets, solver: Solver, wanted: Ints) -> Floats:
    """(targets,) slack of the wanted ones at its least, in usual quantities; all 0 if they are impossible."""
    cost = np.zeros(len(targets.slack))
    cost[wanted] = 1.0 / targets.sizes[wanted]
    solver.price_columns(targets.slack, cost)
    if not solver.solve_repriced().optimal:
        return np.zeros(len(cost))
    counted = np.zeros(len(cost))
    counted[wanted] = solver.columns()[targets.slack[wanted]] / targets.sizes[wanted]
    return counted


def elastic_model(case: Case, time_limit: float = INF) -> tuple[Targets, Solver]:
    """The case without its hard targets and without money, and a slack column for each target."""
    parts = write_parts(_softened(case))
    found = [
        _slack_of_lost(parts, case),
        _slack_of_least_start(parts, case),
        *_slack_of_stock(parts, case),
    ]
    matrix = parts.model.assemble()
    free = replace(matrix, cost=np.zeros_like(matrix.cost), constant=0.0)
    limits = [limit for part in found for limit in part[0]]
    slack = np.concatenate([part[1] for part in found])
    sizes = matrix.column_scale[slack]
    wanted = np.array([_wanted(case, limit) for limit in limits])
    rounding = np.clip(_ROUNDING * wanted / sizes, _DUST, _ROUNDING)
    return Targets(limits, slack, sizes, rounding), Solver(free, time_limit=time_limit)


def _wanted(case: Case, limit: Limit) -> float:
    """The units that the target asks for."""
    table = {
        "must_serve": case.demand.quantity,
        "min_quantity": case.production.min_quantity,
        "min_closing_stock": case.stock.min_closing_stock,
        "max_stock": case.stock.max_stock,
    }[limit.kind]
    return float(table[limit.row, limit.month])


def _softened(case: Case) -> Case:
    soft = replace(
        case.stock,
        safety_penalty=np.zeros_like(case.stock.safety_penalty),
        max_stock=np.full_like(case.stock.max_stock, INF),
        min_closing_stock=np.zeros_like(case.stock.min_closing_stock),
    )
    return replace(
        case,
        stock=soft,
        demand=replace(case.demand, must_serve=np.zeros_like(case.demand.must_serve)),
        production=replace(case.production, min_quantity=np.zeros_like(case.production.min_quantity)),
    )


def _slack_of_lost(parts: Parts, case: Case) -> tuple[list[Limit], Ints]:
    """Units lost where nothing may be lost."""
    where = case.demand.must_serve & (case.demand.quantity > 0)
    return _limits("must_serve", where), parts.model.columns["lost"].index[where]


def _slack_of_least_start(parts: Parts, case: Case) -> tuple[list[Limit], Ints]:
    """Units started + missing >= least quantity."""
    least = case.production.min_quantity
    where = (least > 0) & (parts.model.columns["production"].index >= 0)
    scale = parts.scales.product[case.production.product]
    rows = np.arange(len(least))
    parts.model.add_rows("min_quantity", where, lower=least, upper=INF, scale=scale)
    block = parts.model.add_columns("min_quantity", where, scale=scale)
    parts.model.put("min_quantity", rows, "production", rows)
    parts.model.put("min_quantity", rows, "min_quantity", rows)
    return _limits("min_quantity", where), block.index[where]


def _slack_of_stock(parts: Parts, case: Case) -> list[tuple[list[Limit], Ints]]:
    """Closing stock + missing >= least closing stock; closing stock - excess <= ceiling."""
    pair = parts.network.pair_of[case.stock.product, case.stock.site]
    rows = np.arange(len(pair))
    scale = parts.scales.product[case.stock.product]
    found = []
    for kind, where, lower, upper, sign in (
        ("min_closing_stock", case.stock.min_closing_stock > 0, case.stock.min_closing_stock, INF, 1.0),
        ("max_stock", np.isfinite(case.stock.max_stock), -INF, case.stock.max_stock, -1.0),
    ):
        parts.model.add_rows(kind, where, lower=lower, upper=upper, scale=scale)
        block = parts.model.add_columns(kind, where, scale=scale)
        parts.model.put(kind, rows, "stock", pair)
        parts.model.put(kind, rows, kind, rows, sign)
        found.append((_limits(kind, where), block.index[where]))
    return found


def _limits(kind: str, where: Flags) -> list[Limit]:
    return [Limit(kind, int(row), int(month)) for row, month in np.argwhere(where)]
