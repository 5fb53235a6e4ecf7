"""The run of a scenario: solve the plan with its differences, work out its money, store both at once.

Each active difference is also solved on top of the ones before it, which gives its effect on EBIT; the
effects add up to the whole. What needs numpy or the solver is imported inside, for workers only.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cycles.actions.versions import copy_facts, writing_version
from cycles.choices import StageKind, VersionKind
from cycles.models import Cycle, Version
from cycles.queries import previous_signed
from cycles.work import Work
from portfolio.models import Family
from reconciliation.actions.scenarios import identity_of, plans_below, take_result
from reconciliation.finance.lines import Amounts, Line, added
from reconciliation.models import PnlLine, Scenario, ScenarioDifference
from reconciliation.plan_tables import supply_tables
from reconciliation.queries.changes import adjustments_of, one_off_costs, sources_of
from reconciliation.queries.scenarios import letter_of
from sop.bulk import bulk_insert
from sop.errors import WrongState

if TYPE_CHECKING:
    from reconciliation.queries.plan_facts import FactRows, Valuation
    from supply.actions.facts import PlanRows

Store = Callable[[], dict[str, Any]]
Statements = dict[str, Amounts]
Costs = Sequence[tuple[str, date, int]]


def evaluate_scenario(work: Work) -> Store:
    """Handler of the run: computes outside any transaction, returns what stores the results."""
    from reconciliation.queries.plan_facts import Valuation

    scenario = Scenario.objects.select_related("cycle").get(pk=work.params["scenario"])
    active = list(scenario.differences.filter(is_active=True))
    work.progress(0, len(active) + 2, "Reading prices, costs and the budget")
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
        return _done(work, scenario, version, {})

    return store


def _with_differences(
    work: Work, scenario: Scenario, active: list[ScenarioDifference], valuation: "Valuation"
) -> Store:
    from reconciliation.queries.plan_facts import planned_rows, stored_rows
    from supply.actions.plan import plan_params, store_plan

    supply, demand = plans_below(scenario.cycle)
    before = _ebit(value_plan(valuation, stored_rows(supply), ()))
    effects: dict[int, int] = {}
    for count, difference in enumerate(active, start=1):
        stack = active[:count]
        work.progress(count, len(active) + 2, f"Solving with {difference.sentence}"[:200])
        rows = solve_with(scenario.cycle, demand, stack, explained=count == len(active))
        statements = value_plan(valuation, planned_rows(rows), one_off_costs(stack))
        effects[difference.pk], before = _ebit(statements) - before, _ebit(statements)
    work.progress(len(active) + 1, len(active) + 2, "Storing the plan and its money")

    def store() -> dict[str, Any]:
        with _version(work, scenario, supply, plan_params(rows, demand)) as version:
            store_plan(version, rows)
            store_statements(version, statements)
        return _done(work, scenario, version, effects)

    return store


def solve_with(
    cycle: Cycle, demand: Version, differences: Sequence[ScenarioDifference], *, explained: bool
) -> "PlanRows":
    """The plan of a cycle with some differences, rounded; with the causes of its gaps where asked."""
    from reconciliation.actions.sources import with_sources
    from supply.actions.explain import explain_plan
    from supply.actions.facts import plan_rows
    from supply.actions.plan import solve_case
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


def _done(work: Work, scenario: Scenario, version: Version, effects: dict[int, int]) -> dict[str, Any]:
    """The result of the run; the scenario takes it unless its differences moved while it was computed."""
    result = {"version": version.pk, "effects": {str(pk): effect for pk, effect in effects.items()}}
    if _still_the_same(scenario, work.params["identity"]):
        take_result(scenario, result)
    return result


def _still_the_same(scenario: Scenario, identity: str) -> bool:
    try:
        return identity_of(scenario, *plans_below(scenario.cycle)) == identity
    except WrongState:  # the supply review was re-opened meanwhile
        return False


def _ebit(statements: Statements) -> int:
    return sum(added(list(statements.values()))[Line.EBIT])
