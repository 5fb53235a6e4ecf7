"""What must hold before the product plan is signed (gate G1)."""

from cycles.models import Cycle
from cycles.registry import CheckResult
from portfolio.models import Launch, PhaseOut
from portfolio.queries.candidates import candidates, cuts_without_end, open_cuts
from portfolio.queries.review import launch_problems, phase_out_problems, stock_of

HOME = "portfolio:home"
NAMED = 3


def check_launches(cycle: Cycle) -> CheckResult:
    """Every launch inside the horizon has a month, an owner, and a like product or a volume."""
    launches = (
        Launch.objects.filter(is_dropped=False).select_related("product").prefetch_related("references")
    )
    wrong = [(launch.product.code, launch_problems(launch, cycle)) for launch in launches]
    return _result(
        [(code, words) for code, words in wrong if words],
        "Every launch has its date, an owner, and a like product or a volume.",
    )


def check_phase_outs(cycle: Cycle) -> CheckResult:
    """Every phase-out has its end and run-out quantity, and a successor or “none”."""
    rows = PhaseOut.objects.filter(is_dropped=False).select_related("product")
    stock = stock_of(cycle)
    wrong = [(row.product.code, phase_out_problems(row, stock)) for row in rows]
    return _result(
        [(code, words) for code, words in wrong if words],
        "Every phase-out says when it ends, what runs out and who follows.",
    )


def check_decisions(cycle: Cycle) -> CheckResult:
    """Proposals to cut have been decided, and cuts have an end; does not block."""
    count, endless = open_cuts(candidates(cycle)), cuts_without_end(cycle)
    words = []
    if count:
        one = count == 1
        words.append(f"{count} proposal{'' if one else 's'} to cut wait{'s' if one else ''} for a decision.")
    if endless:
        more = f" and {len(endless) - NAMED} more" if len(endless) > NAMED else ""
        words.append(f"To be cut, but without an end: {', '.join(endless[:NAMED])}{more}.")
    if not words:
        return CheckResult(True, "Every proposal to cut has been decided.", HOME, critical=False)
    return CheckResult(False, " ".join(words), HOME, critical=False)


def _result(wrong: list[tuple[str, list[str]]], good: str) -> CheckResult:
    if not wrong:
        return CheckResult(True, good, HOME)
    named = "; ".join(f"{code}: {', '.join(words)}" for code, words in wrong[:NAMED])
    more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return CheckResult(False, f"{named}{more}.", HOME)
