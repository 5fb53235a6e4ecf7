"""Solving a built case: whole where it can be, else by family with the contested products planned anew together.

Imports numpy and the solver inside its functions: for workers only.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cycles.models import Company, Version
from sop.errors import InvalidInput

if TYPE_CHECKING:
    from supply.actions.causes import Names
    from supply.planning.options import Options
    from supply.planning.plan import Plan
    from supply.planning.session import Session
    from supply.queries.case.built import BuiltCase

TIME_LIMIT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan, and a solved case kept loaded so that single changes can be tried out on it."""

    plan: "Plan"
    session: "Session | None"  # of very many products the contested ones alone; None where nothing is short
    built: "BuiltCase"  # the session's own
    streams: list[int]  # of the session's streams, their rows in the plan

    def levers(self, names: "Names") -> dict[int, list[dict[str, object]]]:
        """Ways to close gaps, by place in the plan's gaps."""
        from supply.actions.levers import find_levers

        if self.session is None:
            return {}
        place_of = {(gap.stream, gap.month): place for place, gap in enumerate(self.plan.gaps)}
        own = [(self.streams[gap.stream], gap.month) for gap in self.session.plan.gaps]
        found = find_levers(self.session, self.built, names)
        return {place_of[own[place]]: ways for place, ways in found.items() if own[place] in place_of}


def solve_case(built: "BuiltCase", *, last_plan: Version | None = None) -> "Plan":
    """Solve with the company's mild preferences: fair shares between markets, stability against the last plan.

    Raises InvalidInput with the engine's reason where there is no plan.
    """
    from supply.planning.engine import solve

    if is_very_large(built):
        return solve_kept(built, last_plan=last_plan).plan
    return _found(solve(built.case, options=_with_lots(built, _options(built, last_plan))))


def solve_kept(built: "BuiltCase", *, last_plan: Version | None = None) -> Solved:
    """The same, kept loaded. Whole lots are rounded from the plan that is kept, which stays without them; a very
    large plan is made without lots.
    """
    from supply.planning.session import Session

    options = _options(built, last_plan)
    if is_very_large(built):
        return _by_family(built, options)
    session = Session(built.case, options)
    plan = session.plan if built.lot_size is None else solve_case(built, last_plan=last_plan)
    return Solved(_found(plan), session, built, list(range(len(built.stream_ids))))


def _by_family(built: "BuiltCase", options: "Options") -> Solved:
    """By family; then the products with gaps and those that compete with them together, all others as planned."""
    from supply.planning.families.focus import contested_products, focused_part, put_back
    from supply.planning.families.planner import plan_by_family
    from supply.planning.session import Session, solved

    plan = _found(plan_by_family(built.case, _families(built), options=options))
    products = contested_products(built.case, plan)
    if not len(products):
        return Solved(plan, None, built, [])
    part = focused_part(built.case, plan, products)
    session = Session(part.case, part.options(options))
    if not solved(session):
        return Solved(plan, None, built, [])
    plan = put_back(built.case, plan, part, session.plan)
    return Solved(plan, session, built.part(part.case, part.rows), part.rows["demand"].tolist())


def is_very_large(built: "BuiltCase") -> bool:
    """Whether the optimum would take minutes, so that the plan is made family by family."""
    from supply.planning.families.planner import FROM_COLUMNS
    from supply.planning.network import build_network

    case, network = built.case, build_network(built.case)
    flows = len(network.flow_lane) + 2 * len(network.pair_site) + 2 * len(case.demand)
    ways = len(case.production) + len(case.subcontract) + len(case.suppliers) + len(case.materials)
    return case.months * (flows + ways + 3 * len(case.resources)) > FROM_COLUMNS


def _with_lots(built: "BuiltCase", options: "Options") -> "Options":
    """Whole lots where the company plans them."""
    from supply.planning.options import Lots

    if built.lot_size is None:
        return options
    return replace(options, lots=Lots(built.lot_size, Company.current().lot_months))


def _families(built: "BuiltCase") -> Any:
    """Whole numbers by product; products without a family stand for themselves."""
    import numpy as np

    known = [-1 if family is None else family for family in built.family_ids]
    return np.array([family if family >= 0 else -2 - row for row, family in enumerate(known)], np.int64)


def _found(plan: "Plan") -> "Plan":
    from supply.planning.plan import Status

    if plan.status not in {Status.OPTIMAL, Status.FAMILIES}:
        raise InvalidInput(f"No plan was found: {plan.reason}. The last good plan stays in place.")
    return plan


def _options(built: "BuiltCase", last_plan: Version | None) -> "Options":
    from supply.planning.options import Options, Stability
    from supply.queries.last_plan import last_production

    company = Company.current()
    stability = None
    if last_plan is not None and company.stability_percent > 0:
        stability = Stability(last_production(last_plan, built), weight=company.stability_percent / 100)
    return Options(
        time_limit_seconds=TIME_LIMIT_SECONDS,
        fair_share=company.fair_share_percent / 100,
        stability=stability,
        fixed_production=built.fixed_production,
    )
