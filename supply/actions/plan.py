"""Making a supply plan: ask for it, read the inputs, solve, store a frozen version.

Everything that needs numpy or the solver is imported inside the functions that only workers call.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version as package_version
from typing import TYPE_CHECKING, Any

from cycles.actions.runs import request_run
from cycles.actions.versions import writing_version
from cycles.choices import StageKind, VersionKind
from cycles.models import Company, Cycle, Run, User, Version
from cycles.permissions import require_editable
from cycles.queries import latest_version, previous_signed, signed_version, stage_of
from cycles.work import Work
from sop.errors import WrongState
from supply.actions.solving import solve_case, solve_kept
from supply.queries.fingerprint import inputs_fingerprint

if TYPE_CHECKING:
    from supply.actions.facts import PlanRows
    from supply.planning.plan import Plan
    from supply.queries.case.built import BuiltCase

KIND = "supply.plan"
STEPS = 5


def request_supply_plan(*, cycle: Cycle, by: User) -> Run:
    """Ask for the plan of a cycle on its signed demand plan.

    The same inputs give the run that is there already. Raises NotAllowed, Locked or WrongState in words.
    """
    require_editable(by, stage_of(cycle, StageKind.SUPPLY))
    demand = signed_version(cycle, StageKind.DEMAND)
    if demand is None:
        raise WrongState("The demand plan is not signed. The supply plan is made on the signed demand plan.")
    fingerprint = inputs_fingerprint(cycle, demand)
    latest = latest_version(cycle, VersionKind.SUPPLY)
    known = _run_of(latest) if latest and latest.inputs_hash == fingerprint else None
    if known is not None:
        return known
    # After other inputs the old ones may come back: they make a new plan, which is then the latest again.
    key = f"{fingerprint}:{latest.pk if latest else 0}"
    params = {"demand_version": demand.pk, "inputs_hash": fingerprint}
    return request_run(kind=KIND, key=key, by=by, cycle=cycle, params=params)


def _run_of(version: Version) -> Run | None:
    return Run.objects.filter(pk=version.params.get("run")).first()


def make_plan(work: Work) -> Callable[[], dict[str, Any]]:
    """Handler of the run: reads, solves and explains outside any transaction, returns what stores it all."""
    from supply.actions.explain import explain_plan, names_in_words
    from supply.queries.case import build_case

    cycle, demand = work.cycle, Version.objects.get(pk=work.params["demand_version"])
    work.progress(0, STEPS, "Reading orders, stock, hours and suppliers")
    built = build_case(cycle=cycle, demand_version=demand)
    work.progress(
        1, STEPS, f"Solving {len(built.stream_ids):,} products and markets over {len(built.months)} months"
    )
    last_plan = previous_signed(cycle, StageKind.SUPPLY)
    solved = solve_kept(built, last_plan=last_plan)
    plan = solved.plan
    work.progress(3, STEPS, f"Trying ways to close {len(plan.gaps):,} gaps")
    rows = explain_plan(built, plan, solved.levers(names_in_words()))
    fixed_cost = cost_of_fixed_lines(built, plan, last_plan=last_plan)
    work.progress(4, STEPS, "Storing the plan")
    name = f"Supply plan {_count(cycle) + 1}"

    def store() -> dict[str, Any]:
        with writing_version(
            cycle=cycle,
            kind=VersionKind.SUPPLY,
            name=name,
            by=work.by,
            parent=demand,
            inputs_hash=work.params["inputs_hash"],
            engine_version=engine_version(),
            params=plan_params(rows, demand) | {"run": work.run.pk, "fixed_cost": fixed_cost},
        ) as version:
            result = store_plan(version, rows)
        return {"version": version.pk, **result}

    return store


def _count(cycle: Cycle) -> int:
    return Version.objects.filter(cycle=cycle, kind=VersionKind.SUPPLY).count()


def engine_version() -> str:
    """What a plan was made with: it makes a plan repeatable."""
    return f"planner 1, HiGHS {package_version('highspy')}"


def cost_of_fixed_lines(built: "BuiltCase", plan: "Plan", *, last_plan: Version | None) -> float | None:
    """What the fixed production quantities cost against the free optimum, major currency; None without any."""
    if built.fixed_production is None:
        return None
    free = solve_case(replace(built, fixed_production=None), last_plan=last_plan)
    return round(free.margin - plan.margin, 2)


def plan_params(rows: "PlanRows", demand: Version) -> dict[str, Any]:
    """What stands beside a plan's figures: its economics as the planner counts them, findings, preferences."""
    company, plan = Company.current(), rows.plan
    return {
        "demand_version": demand.pk,
        "economics": {
            "objective": plan.objective, "margin": plan.margin, "revenue": plan.revenue,
            "costs": plan.costs, "penalties": plan.penalties, "one_off": rows.built.one_off_cost,
        },
        "findings": rows.built.findings,
        "by_family": plan.status == "families",
        "preferences": {
            "fair_share_percent": company.fair_share_percent, "stability_percent": company.stability_percent,
            "carrying_rate_percent": company.carrying_rate_percent, "lost_sale_percent": company.lost_sale_percent,
            "backorder_percent": company.backorder_percent, "safety_penalty_percent": company.safety_penalty_percent,
        },
        "solver_seconds": round(plan.solver_seconds, 3),
    }  # fmt: skip


def store_plan(version: Version, rows: "PlanRows") -> dict[str, Any]:
    """Write the facts of a plan into a version that is being written. Call it inside ``writing_version``.

    Returns the plan's totals: units and minor units.
    """
    from supply.actions.storing import store_rows

    return store_rows(version, rows)


def freeze_supply(stage: Any, by: User) -> Version:
    """What the signature of the supply review signs: the latest plan made on the signed demand plan."""
    plan = latest_version(stage.cycle, VersionKind.SUPPLY)
    demand = signed_version(stage.cycle, StageKind.DEMAND)
    if plan is None or demand is None or plan.params.get("demand_version") != demand.pk:
        raise WrongState("There is no supply plan on the signed demand plan. Run the planner first.")
    return plan
