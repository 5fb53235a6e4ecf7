"""What must hold before the product plan is signed (gate G1)."""

from cycles.models import Cycle
from cycles.registry import CheckResult
from portfolio.models import Launch, PhaseOut
from portfolio.queries.review import candidates, launch_problems, open_cuts, phase_out_problems

HOME = "portfolio:home"
NAMED = 3


def check_launches(cycle: Cycle) -> CheckResult:
    """Every launch in the plan has a month, an owner and a like product."""
    launches = (
        Launch.objects.filter(is_dropped=False).select_related("product").prefetch_related("references")
    )
    wrong = [(launch.product.code, launch_problems(launch, cycle)) for launch in launches]
    return _result(
        [(code, words) for code, words in wrong if words], "Every launch has an owner and a like product."
    )


def check_phase_outs(cycle: Cycle) -> CheckResult:
    """Every phase-out has its end and run-out, and a successor or “none”."""
    rows = PhaseOut.objects.filter(is_dropped=False).select_related("product")
    wrong = [(row.product.code, phase_out_problems(row)) for row in rows]
    return _result(
        [(code, words) for code, words in wrong if words],
        "Every phase-out says when it ends and who follows.",
    )


def check_decisions(cycle: Cycle) -> CheckResult:
    """Proposals to cut have been decided; does not block."""
    count = open_cuts(candidates(cycle))
    if not count:
        return CheckResult(True, "Every proposal to cut has been decided.", HOME, critical=False)
    plural = "s" if count > 1 else ""
    return CheckResult(
        False,
        f"{count} proposal{plural} to cut wait{'' if plural else 's'} for a decision.",
        HOME,
        critical=False,
    )


def _result(wrong: list[tuple[str, list[str]]], good: str) -> CheckResult:
    if not wrong:
        return CheckResult(True, good, HOME)
    named = "; ".join(f"{code}: {', '.join(words)}" for code, words in wrong[:NAMED])
    more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return CheckResult(False, f"{named}{more}.", HOME)
