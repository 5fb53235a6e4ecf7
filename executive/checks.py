"""The gate of the executive review (G5). Decisions are answered between submission and approval."""

from cycles.choices import StageKind, StageState, Verdict
from cycles.models import Company, Cycle, Stage
from cycles.registry import CheckResult
from executive.models import Brief, HeldFamily
from executive.queries.quorum import missing_functions, participants_of
from reconciliation.choices import ScenarioState
from reconciliation.queries.scenarios import recommended_of

HOME = "executive:home"


def _before_executives(cycle: Cycle) -> bool:
    return Stage.objects.filter(cycle=cycle, kind=StageKind.EXECUTIVE, state=StageState.SUBMITTED).exists()


def check_brief(cycle: Cycle) -> CheckResult:
    """There is a brief that says what is asked."""
    brief = Brief.objects.filter(cycle=cycle).first()
    if brief is None or not brief.headline:
        return CheckResult(False, "There is no brief yet: make it from the recommended scenario.", HOME)
    return CheckResult(True, f"“{brief.headline}”", HOME)


def check_decisions(cycle: Cycle) -> CheckResult:
    """Every decision is answered before approval; while the brief is being written they may be open."""
    decisions = cycle.decisions.filter(stage_kind=StageKind.EXECUTIVE)
    pending = decisions.filter(verdict=Verdict.PENDING).count()
    if pending:
        words = f"{pending} of {decisions.count()} decisions wait for an answer."
        return CheckResult(False, words, HOME, critical=_before_executives(cycle))
    return CheckResult(True, f"All {decisions.count()} decisions are answered.", HOME)


def check_held(cycle: Cycle) -> CheckResult:
    """What is still to be discussed holds the families that it touches, so that everybody knows."""
    open_questions = cycle.decisions.filter(stage_kind=StageKind.EXECUTIVE, verdict=Verdict.DISCUSS)
    held = set(HeldFamily.objects.filter(cycle=cycle).values_list("decision_id", flat=True))
    loose = [decision.question for decision in open_questions if decision.pk not in held]
    if loose:
        return CheckResult(False, f"To be discussed, but holds no family: {'; '.join(loose)}.", HOME)
    return CheckResult(
        True, f"{len(held)} decisions to discuss hold their families." if held else "Nothing is held.", HOME
    )


def check_figures(cycle: Cycle) -> CheckResult:
    """The figures are those of the switches as the answers left them; nothing is being computed."""
    scenario = recommended_of(cycle)
    if scenario is None:
        return CheckResult(False, "No scenario is recommended.", "reconciliation:home")
    if scenario.state != ScenarioState.COMPUTED:
        return CheckResult(False, f"{scenario} is being computed again after an answer. Wait for it.", HOME)
    return CheckResult(True, f"{scenario} is up to date.", HOME)


def check_quorum(cycle: Cycle) -> CheckResult:
    """Sales, operations and finance take part, or the plan is not one plan; asked for at approval."""
    if Company.current().single_person:
        return CheckResult(True, "One person decides alone, as the company's settings say.", HOME)
    people = participants_of(cycle)
    missing = missing_functions(people)
    if missing:
        words = f"Nobody is noted for {', '.join(missing)}. Who takes part is said when the plan is approved."
        return CheckResult(False, words, HOME, critical=_before_executives(cycle))
    return CheckResult(True, f"{', '.join(str(person) for person in people)} take part.", HOME)
