"""The gate of the reconciliation review (G4)."""

from cycles.choices import StageKind
from cycles.models import Company, Cycle, Version
from cycles.queries import signed_version
from cycles.registry import CheckResult
from reconciliation.choices import ScenarioState
from reconciliation.models import Scenario
from reconciliation.queries.gaps import gap_rows, unsettled
from reconciliation.queries.scenarios import recommended_of

HOME = "reconciliation:home"


def check_alternatives(cycle: Cycle) -> CheckResult:
    """The plan as it is and at least one alternative, all computed on the plans that are signed now."""
    supply = signed_version(cycle, StageKind.SUPPLY)
    scenarios = list(Scenario.objects.filter(cycle=cycle).select_related("version"))
    stale = [scenario.name for scenario in scenarios if not _is_current(scenario, supply)]
    alternatives = [scenario for scenario in scenarios if not scenario.is_baseline]
    if not scenarios:
        return CheckResult(False, "There is no baseline: it is made when the supply review is signed.", HOME)
    if not alternatives:
        return CheckResult(False, "There is no alternative to carrying on: make at least one scenario.", HOME)
    if stale:
        return CheckResult(False, f"Not up to date: {', '.join(stale)}. Compute them again.", HOME)
    return CheckResult(True, f"The plan as it is and {len(alternatives)} more, all up to date.", HOME)


def _is_current(scenario: Scenario, supply: Version | None) -> bool:
    """Computed with its present differences, on the supply plan that is signed now."""
    version = scenario.version
    if scenario.state != ScenarioState.COMPUTED or version is None or supply is None:
        return False
    return version.parent_id == supply.pk


def check_recommendation(cycle: Cycle) -> CheckResult:
    """One scenario is recommended to the executives."""
    chosen = recommended_of(cycle)
    if chosen is None:
        return CheckResult(
            False, "No scenario is recommended yet: mark the one that the executives should adopt.", HOME
        )
    return CheckResult(True, f"{chosen} is recommended.", HOME)


def check_gaps(cycle: Cycle) -> CheckResult:
    """Every material gap is closed by the recommended scenario, answered, or part of a scenario."""
    if signed_version(cycle, StageKind.SUPPLY) is None:
        return CheckResult(False, "The supply plan is not signed.", HOME)
    chosen = recommended_of(cycle)
    open_rows = unsettled(gap_rows(cycle, chosen.version if chosen else None), cycle)
    if open_rows:
        names = "; ".join(row.gap.name for row in open_rows[:3])
        return CheckResult(
            False,
            f"{len(open_rows)} material gaps are neither closed, answered nor in a scenario: {names}.",
            HOME,
        )
    return CheckResult(True, "Every material gap is closed, answered or in a scenario.", HOME)


def check_brief_size(cycle: Cycle) -> CheckResult:
    """Executives choose among few: at most the number of scenarios that the company allows in the brief."""
    count, most = Scenario.objects.filter(cycle=cycle).count(), Company.current().brief_scenarios
    if count > most:
        return CheckResult(
            False, f"{count} scenarios are more than the {most} that the brief may hold. Remove some.", HOME
        )
    return CheckResult(True, f"{count} of at most {most} scenarios.", HOME)
