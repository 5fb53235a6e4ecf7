"""The run of a scenario: solve the plan with its differences, work out its money, store both at once.

A second run, in parts, then solves each difference on top of the ones before it, which gives its effect on
EBIT; the effects add up to the whole. What needs numpy or the solver is imported inside, for workers only.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cycles.actions.versions import copy_facts, writing_version
from cycles.choices import StageKind, VersionKind
from cycles.models import Cycle, Run, Version
from cycles.queries import previous_signed
from cycles.work import Work
from portfolio.models import Family
from reconciliation.actions.computing import (
    is_still,
    plans_below,
    take_effects,
    take_version,
)
from reconciliation.finance.lines import Amounts, Line, added
from reconciliation.models import PnlLine, Scenario, ScenarioDifference
from reconciliation.plan_tables import supply_tables
from reconciliation.queries.changes import adjustments_of, one_off_costs, sources_of
from reconciliation.queries.pnl import ebit_of
from reconciliation.queries.scenarios import letter_of
from sop.bulk import bulk_insert

if TYPE_CHECKING:
    from reconciliation.queries.plan_facts import FactRows, Valuation
    from supply.actions.facts import PlanRows

Store = Callable[[], dict[str, Any]]
Statements = dict[str, Amounts]
Costs = Sequence[tuple[str, date, int]]
STEPS = 3


def evaluate_scenario(work: Work) -> Store:
    """Handler of the run: computes outside any transaction, returns what stores the results."""
    from reconciliation.queries.plan_facts import Valuation

    scenario = Scenario.objects.select_related("cycle").get(pk=work.params["scenario"])
    active = list(scenario.differences.filter(is_active=True))
    work.progress(0, STEPS, "Reading prices, costs and the budget")
    valuation = Valuation(scenario.cycle)
    if not active:
        return _as_signed(work, scenario, valuation)
    return _with_differences(work, scenario, active, valuation)


def _as_signed(work: Work, scenario: Scenario, valuation: "Valuation") -> Store:
    """Nothing differs: the signed supply plan itself, copied and valued."""
    from reconciliation.queries.plan_facts import stored_rows

    supply, _ = plans_below(scenario.cycle)
    statements = value_plan(valuation, stored_rows(supply), ())

    def store() -> dict[str, Any]:
        with _version(work, scenario, supply, supply.params) as version:
            for facts in supply_tables():
                copy_facts(facts, source=supply, target=version)
            store_statements(version, statements)
        return _done(work, scenario, version)

    return store


def _with_differences(
    work: Work, scenario: Scenario, active: list[ScenarioDifference], valuation: "Valuation"
) -> Store:
    from reconciliation.queries.plan_facts import planned_rows
    from supply.actions.plan import plan_params, store_plan

    supply, demand = plans_below(scenario.cycle)
    work.progress(1, STEPS, "Solving the plan with all its differences")
    rows = solve_with(scenario.cycle, demand, active, explained=True)
    work.progress(2, STEPS, "Working out its money")
    statements = value_plan(valuation, planned_rows(rows), one_off_costs(active))

    def store() -> dict[str, Any]:
        with _version(work, scenario, supply, plan_params(rows, demand)) as version:
            store_plan(version, rows)
            store_statements(version, statements)
        return _done(work, scenario, version)

    return store


def solve_with(
    cycle: Cycle, demand: Version, differences: Sequence[ScenarioDifference], *, explained: bool
) -> "PlanRows":
    """The plan of a cycle with some differences, rounded; with the causes of its gaps where asked."""
    from reconciliation.actions.sources import with_sources
    from supply.actions.explain import explain_plan
    from supply.actions.facts import plan_rows
    from supply.actions.solving import solve_case
    from supply.queries.case import build_case

    built = build_case(cycle=cycle, demand_version=demand, adjustments=adjustments_of(differences))
    built = with_sources(built, sources_of(differences))
    plan = solve_case(built, last_plan=previous_signed(cycle, StageKind.SUPPLY))
    return explain_plan(built, plan) if explained else plan_rows(built, plan)


def value_plan(valuation: "Valuation", rows: "FactRows", one_off: Costs) -> Statements:
    """The P&L of each family of a plan."""
    from reconciliation.finance.statement import statements

    return statements(valuation.facts(rows, one_off), valuation.terms(rows))


def store_statements(version: Version, statements: Statements) -> None:
    """Writes a P&L into a version that is being written; zeros are left out."""
    columns = ("version", "family", "month", "row", "amount")
    bulk_insert(PnlLine, columns, _pnl_rows(version, statements))


def _pnl_rows(version: Version, statements: Statements) -> Iterator[tuple[Any, ...]]:
    families = dict(Family.objects.values_list("code", "pk"))
    months = version.cycle.months
    for code, amounts in statements.items():
        for line, row in amounts.items():
            for month, amount in zip(months, row, strict=True):
                if amount:
                    yield version.pk, families.get(code), month, line, amount


def _version(work: Work, scenario: Scenario, supply: Version, params: dict[str, Any]) -> Any:
    return writing_version(
        cycle=scenario.cycle,
        kind=VersionKind.SCENARIO,
        name=f"Scenario {letter_of(scenario)}: {scenario.name}",
        by=work.by,
        parent=supply,
        inputs_hash=work.params["identity"],
        engine_version=supply.engine_version,
        params=params | {"run": work.run.pk, "scenario": scenario.pk},
    )


def _done(work: Work, scenario: Scenario, version: Version) -> dict[str, Any]:
    """The result of the run; the scenario takes it unless its differences moved while it was computed."""
    if is_still(scenario, work.params["identity"]):
        take_version(scenario, version.pk, work.by)
    return {"version": version.pk}


def split_effects(run: Run) -> list[dict[str, Any]]:
    """One part for each stack below the whole: of no difference, of the first, of the first two, ..."""
    active = ScenarioDifference.objects.filter(scenario=run.params["scenario"], is_active=True)
    return [dict(run.params, count=count) for count in range(active.count())]


def evaluate_stack(work: Work) -> Store:
    """A part: EBIT with the first so many active differences."""
    from reconciliation.queries.plan_facts import Valuation

    scenario = Scenario.objects.select_related("cycle").get(pk=work.params["scenario"])
    stack = list(scenario.differences.filter(is_active=True))[: work.params["count"]]
    rows = _rows_of(scenario.cycle, stack)
    ebit = _ebit(value_plan(Valuation(scenario.cycle), rows, one_off_costs(stack)))
    return lambda: {"ebit": ebit}


def _rows_of(cycle: Cycle, stack: Sequence[ScenarioDifference]) -> "FactRows":
    """The plan with a stack of differences; without any it is the signed one."""
    from reconciliation.queries.plan_facts import planned_rows, stored_rows

    supply, demand = plans_below(cycle)
    if not stack:
        return stored_rows(supply)
    return planned_rows(solve_with(cycle, demand, stack, explained=False))


def join_effects(work: Work, results: list[dict[str, Any]]) -> Store:
    """What each difference adds to the EBIT of the stack below it; the last one leads to the scenario's own."""
    scenario = Scenario.objects.select_related("cycle", "version").get(pk=work.params["scenario"])
    active = list(scenario.differences.filter(is_active=True))
    if scenario.version is None or not is_still(scenario, work.params["identity"]):
        return lambda: {"effects": {}}  # the switches moved: the next computation works them out anew
    starts = [result["ebit"] for result in results]
    ends = [*starts[1:], ebit_of(scenario.version)]
    effects = {d.pk: end - start for d, start, end in zip(active, starts, ends, strict=True)}

    def store() -> dict[str, Any]:
        take_effects(scenario, effects)
        return {"effects": {str(pk): effect for pk, effect in effects.items()}}

    return store


def _ebit(statements: Statements) -> int:
    return sum(added(list(statements.values()))[Line.EBIT])
