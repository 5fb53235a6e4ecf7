"""Solving a case: formulate, solve, read the plan, name what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supply.planning.case import INF, Case, Floats, Ints
from supply.planning.formulation import Formulation, write_parts
from supply.planning.gaps import find_gaps
from supply.planning.infeasible import first_conflict
from supply.planning.options import Options
from supply.planning.plan import Plan, Status
from supply.planning.preferences import keep_stable, share_fairly, solve_in_lots, with_fixed_production
from supply.planning.sanity import wrong_number
from supply.planning.solution import read_plan
from supply.planning.solver import Outcome, Solver

WHOLE_HEADS_GAP = 1e-6

_NO_LOTS = "lots: no plan in whole lots meets all hard targets, rounded to the nearest lot or up"

_REASONS = {
    "infeasible": "the hard limits clash by little more than rounding",
    "time_limit": "the solver ran out of time before it found the best plan",
    "unbounded": "nothing limits the plan: something without a limit earns more than it costs",
    "failed": "the solver stopped without a plan",
}


def solve(case: Case, *, options: Options | None = None) -> Plan:
    """The plan with the greatest objective, its duals, and its gaps with what stands in their way.

    Never raises for a case that reads well: `status` and `reason` say what kept a plan from being found.
    """
    wanted = options or Options()
    formulation = formulate_with(case, wanted)
    solver = Solver(formulation.matrix, time_limit=wanted.time_limit_seconds)
    return solve_formulated(formulation, solver, wanted)


def formulate_with(case: Case, options: Options) -> Formulation:
    """The case as a linear model, with the application's preferences in it."""
    if options.fixed_production is not None:
        case = with_fixed_production(case, options.fixed_production)
    parts = write_parts(case)
    if options.fair_share > 0:
        share_fairly(parts, options.fair_share)
    if options.stability is not None:
        keep_stable(parts, options.stability)
    return Formulation(parts, parts.model.assemble())


def solve_formulated(formulation: Formulation, solver: Solver, options: Options | None = None) -> Plan:
    """Solve a model that is already loaded; the solver is left at the optimum, ready for warm changes."""
    if wrong := wrong_number(formulation.case):
        return Plan(Status.FAILED, reason=wrong)
    outcome, reason = _solve(formulation, solver), ""
    if outcome.status == "infeasible":
        limit = options.time_limit_seconds if options else INF
        reason = first_conflict(formulation.case, time_limit=limit)
        outcome = outcome if reason else _forgiven(formulation, solver)
    if outcome.optimal and options and options.lots is not None:
        outcome = solve_in_lots(formulation, solver, options.lots)
        if outcome.status == "infeasible":
            return Plan(Status.INFEASIBLE, reason=_NO_LOTS, solver_seconds=solver.seconds)
    if not outcome.optimal:
        reason = reason or f"{_REASONS[outcome.status]} (HiGHS: {outcome.word})"
        status = Status.FAILED if outcome.status == "unbounded" else Status(outcome.status)
        return Plan(status, reason=reason, solver_seconds=solver.seconds)
    plan = read_plan(formulation, solver)
    return replace(plan, gaps=find_gaps(formulation.parts, plan))


def _solve(formulation: Formulation, solver: Solver) -> Outcome:
    matrix = formulation.matrix
    if (matrix.lower > matrix.upper).any():
        return Outcome("infeasible", "a lower limit above its upper limit")
    heads = formulation.model.columns["heads"].index.ravel()
    if not (formulation.case.settings.whole_heads and len(heads)):
        return solver.solve_cold()
    return _solve_whole_heads(solver, heads)


def _solve_whole_heads(solver: Solver, heads: Ints) -> Outcome:
    """Whole heads by branching; then, with heads fixed, once more for exact quantities and duals."""
    outcome = solver.solve_whole(heads, WHOLE_HEADS_GAP)
    if not outcome.optimal:
        return outcome
    whole: Floats = np.round(solver.whole[heads])
    solver.bound_columns(heads, whole, whole)
    return solver.solve_cold()


def _forgiven(formulation: Formulation, solver: Solver) -> Outcome:
    """Once more with a wider tolerance, where limits clash by rounding alone (a third written as 0.333333)."""
    solver.widen_tolerance()
    return _solve(formulation, solver)
