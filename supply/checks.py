"""What must hold before the supply review is submitted and signed (gate G3)."""

from cycles.choices import StageKind, VersionKind
from cycles.models import Cycle, Version
from cycles.queries import latest_version, signed_version
from cycles.registry import CheckResult
from supply.queries.alerts import alerts_of
from supply.queries.fingerprint import inputs_fingerprint
from supply.queries.gaps import material_gaps, unanswered

HOME = "supply:home"


def _plan_on_signed_demand(cycle: Cycle) -> Version | None:
    plan, demand = latest_version(cycle, VersionKind.SUPPLY), signed_version(cycle, StageKind.DEMAND)
    fits = plan is not None and demand is not None and plan.params.get("demand_version") == demand.pk
    return plan if fits else None


def check_plan_is_current(cycle: Cycle) -> CheckResult:
    """The planner was run on the demand plan that is signed now."""
    if signed_version(cycle, StageKind.DEMAND) is None:
        return CheckResult(False, "The demand plan is not signed yet.", "demand:home")
    plan = _plan_on_signed_demand(cycle)
    if plan is None:
        return CheckResult(False, "Run the planner: there is no plan on the signed demand plan.", HOME)
    return CheckResult(True, f"{plan.name} was made on the signed demand plan.")


def check_inputs_unchanged(cycle: Cycle) -> CheckResult:
    """Hours, stock, suppliers, prices and settings are those that the plan was made with."""
    plan, demand = _plan_on_signed_demand(cycle), signed_version(cycle, StageKind.DEMAND)
    if plan is None or demand is None:
        return CheckResult(False, "There is no plan yet.", HOME)
    if plan.inputs_hash != inputs_fingerprint(cycle, demand):
        return CheckResult(False, "Inputs have changed since the plan was made. Run the planner again.", HOME)
    return CheckResult(True, "Nothing has changed since the plan was made.")


def check_gaps_answered(cycle: Cycle) -> CheckResult:
    """Every gap above the materiality threshold has a cause, and a lever or an answer."""
    plan = _plan_on_signed_demand(cycle)
    if plan is None:
        return CheckResult(False, "There is no plan yet.", HOME)
    material = material_gaps(plan, cycle)
    left = unanswered(material)
    if left:
        names = ", ".join(gap.name for gap in left[:3]) + (
            f" and {len(left) - 3} more" if len(left) > 3 else ""
        )
        return CheckResult(
            False, f"Without an answer: {names}. Accept the gap or find a way to close it.", HOME
        )
    return CheckResult(
        True,
        f"Every material gap has a cause and an answer: {len(material)}."
        if material
        else "No gap is material.",
    )


def check_alerts(cycle: Cycle) -> CheckResult:
    """A warning only: alerts are looked at in the meeting, they do not block."""
    plan = _plan_on_signed_demand(cycle)
    alerts = alerts_of(plan) if plan else []
    if alerts:
        text = "; ".join(alert.text for alert in alerts)
        return CheckResult(False, f"{text[0].upper()}{text[1:]}.", HOME, critical=False)
    return CheckResult(True, "No alerts.", critical=False)
