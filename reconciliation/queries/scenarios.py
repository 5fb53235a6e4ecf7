"""Scenarios of a cycle, and how they compare."""

from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from django.db.models import Prefetch, QuerySet

from cycles.choices import StageKind
from cycles.models import Cycle, Run, Stage, User
from cycles.permissions import sees_margins
from reconciliation.choices import PnlRow, ScenarioState
from reconciliation.finance.lines import Amounts
from reconciliation.models import Scenario, ScenarioDifference
from reconciliation.queries.pnl import budget_statement, statement_of
from sop.errors import NotFound

YEAR = 12
RUN_KIND = "reconciliation.scenario"
EFFECTS_KIND = "reconciliation.effects"


@dataclass(frozen=True)
class Column:
    """A scenario with its letter (A is as today) and its P&L by month, once computed."""

    letter: str
    scenario: Scenario
    amounts: Amounts | None

    @property
    def name(self) -> str:
        return f"{self.letter} {self.scenario.name}"

    @property
    def is_current(self) -> bool:
        """Computed with its present differences on the present plans."""
        return self.scenario.state == ScenarioState.COMPUTED


@dataclass(frozen=True)
class Comparison:
    """The scenarios of a cycle side by side with the budget, by plan month."""

    cycle: Cycle
    months: list[date]
    budget: Amounts | None
    columns: list[Column]

    @property
    def baseline(self) -> Column | None:
        return next((column for column in self.columns if column.scenario.is_baseline), None)

    @property
    def recommended(self) -> Column | None:
        return next((column for column in self.columns if column.scenario.is_recommended), None)

    def column_of(self, scenario_id: int | None) -> Column | None:
        return next((column for column in self.columns if column.scenario.pk == scenario_id), None)


def scenarios_of(cycle: Cycle) -> QuerySet[Scenario]:
    """The baseline first, then the others in the order of their making; differences at hand."""
    differences = Prefetch("differences", ScenarioDifference.objects.select_related("by"))
    return (
        Scenario.objects.filter(cycle=cycle)
        .select_related("version", "run", "owner")
        .prefetch_related(differences)
    )


def comparison(cycle: Cycle) -> Comparison:
    """All scenarios of the cycle with their P&L, and the budget of the same months."""
    months = cycle.months
    columns = [
        Column(letter, scenario, statement_of(scenario.version, months) if scenario.version else None)
        for letter, scenario in zip(letters(), scenarios_of(cycle), strict=False)
    ]
    return Comparison(cycle, months, budget_statement(months), columns)


def letters() -> list[str]:
    """Names of scenarios in tables: A, B, ... Z, A1, B1, ..."""
    return [letter + suffix for suffix in ("", *map(str, range(1, 10))) for letter in ascii_uppercase]


def letter_of(scenario: Scenario) -> str:
    """The letter of one scenario among those of its cycle."""
    keys = list(Scenario.objects.filter(cycle=scenario.cycle_id).values_list("pk", flat=True))
    return letters()[keys.index(scenario.pk)]


def scenario_or_404(pk: int) -> Scenario:
    """A scenario with its cycle. NotFound where there is none."""
    scenario = scenarios_base().filter(pk=pk).first()
    if scenario is None:
        raise NotFound("There is no such scenario.")
    return scenario


def difference_or_404(pk: int) -> ScenarioDifference:
    """A difference with its scenario and cycle. NotFound where there is none."""
    difference = ScenarioDifference.objects.select_related("scenario__cycle").filter(pk=pk).first()
    if difference is None:
        raise NotFound("There is no such difference.")
    return difference


def scenarios_base() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("cycle", "version", "run")


def run_to_show(scenario: Scenario) -> Run | None:
    """The run that a page about a scenario waits for, or that failed; else the one of its effects."""
    run = scenario.run
    if run and (run.is_active or scenario.state != ScenarioState.COMPUTED):
        return run
    if scenario.version is None:
        return None
    key = f"{scenario.pk}:{scenario.version.inputs_hash}"
    effects = Run.objects.filter(kind=EFFECTS_KIND, key=key).first()
    return effects if effects and (effects.is_active or effects.error) else None


def baseline_of(cycle: Cycle) -> Scenario | None:
    """The scenario without differences: the signed supply plan as it is."""
    return scenarios_base().filter(cycle=cycle, is_baseline=True).first()


def recommended_of(cycle: Cycle) -> Scenario | None:
    """The scenario that finance recommends to the executives."""
    return scenarios_base().filter(cycle=cycle, is_recommended=True).first()


def visible_rows(user: User) -> list[PnlRow]:
    """Rows of the P&L that a person may see."""
    return PnlRow.visible(margins=sees_margins(user))


def reconciliation_stage(cycle: Cycle) -> Stage:
    """The reconciliation stage of a cycle."""
    return Stage.objects.select_related("cycle").get(cycle=cycle, kind=StageKind.RECONCILIATION)
