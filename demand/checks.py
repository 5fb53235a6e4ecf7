"""What must hold before the demand plan is signed (gate G2)."""

from cycles.choices import StageKind, VersionKind
from cycles.models import Cycle
from cycles.queries import draft_of, stage_of
from cycles.registry import CheckResult
from demand.queries.inputs import inputs_key
from demand.queries.overrides import has_plan, overrides_without_reason, unexplained_against_last_plan
from demand.queries.progress import active_run, function_states, last_run

HOME = "demand:home"
CHANGES = "demand:changes"
NAMED = 3


def check_baseline(cycle: Cycle) -> CheckResult:
    """The plan stands on a forecast of the data as they are now."""
    run = last_run(cycle, done=True)
    if run is None or not has_plan(cycle, draft_of(cycle, VersionKind.DEMAND)):
        return CheckResult(False, "The baseline has not run yet. Start it on the demand page.", HOME)
    if run.key != inputs_key(cycle):
        return CheckResult(
            False,
            "History, products or events have changed since the last forecast. Run the baseline again.",
            HOME,
        )
    return CheckResult(True, "Made from the data as they are now.", HOME)


def check_submissions(cycle: Cycle) -> CheckResult:
    """Sales, marketing and planner have given their word for every family and market."""
    waiting = [state for state in function_states(stage_of(cycle, StageKind.DEMAND)) if not state.is_complete]
    if not waiting:
        return CheckResult(True, "Sales, marketing and the demand planner have submitted everything.", HOME)
    words = [
        f"{state.label} ({', '.join(state.missing[:NAMED]) or 'nobody has this scope'})" for state in waiting
    ]
    return CheckResult(False, f"Still waiting for {'; '.join(words)}.", HOME)


def check_reasons(cycle: Cycle) -> CheckResult:
    """Every large change by people says why."""
    found = overrides_without_reason(draft_of(cycle, VersionKind.DEMAND))
    if not found:
        return CheckResult(True, "Every large change has a reason.", CHANGES)
    names = ", ".join(f"{one.name} ({one.share:+.0%})" for one in found[:NAMED])
    return CheckResult(
        False, f"{_count(len(found), 'product')} changed a lot without a reason: {names}.", CHANGES
    )


def check_change(cycle: Cycle) -> CheckResult:
    """What moved against the last plan is explained."""
    found = unexplained_against_last_plan(draft_of(cycle, VersionKind.DEMAND))
    if not found:
        return CheckResult(True, "Every large change against the last plan is explained.", CHANGES)
    names = ", ".join(f"{one.name} ({one.share:+.0%})" for one in found[:NAMED])
    return CheckResult(
        False, f"{_count(len(found), 'family', 'families')} moved without a reason: {names}.", CHANGES
    )


def check_runs(cycle: Cycle) -> CheckResult:
    """Nothing is being computed while people sign."""
    if active_run(cycle):
        return CheckResult(False, "A forecast is running. Wait until it is done, or cancel it.", HOME)
    return CheckResult(True, "No forecast is running.", HOME)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
