"""What must hold before the data gate of a cycle is signed."""

from cycles.models import Cycle
from cycles.registry import CheckResult
from datahub.choices import Severity
from datahub.models import DataIssue, DataOwner
from datahub.queries import data_score, last_check, last_load, minimum_score
from datahub.registry import datasets
from sop.periods import month_name

HOME = "datahub:home"


def check_month_loaded(cycle: Cycle) -> CheckResult:
    """Orders, stock and, where they are kept, shipments reach into the last closed month."""
    month = cycle.last_closed_month
    missing, there = [], []
    for dataset in datasets():
        if dataset.monthly and dataset.covered_until:
            last = dataset.covered_until()
            if last is None and not dataset.basic:
                continue
            there.append(dataset.label.lower())
            if last is None or last < month:
                missing.append(
                    f"{dataset.label.lower()} (up to {last:%d %b %Y})" if last else dataset.label.lower()
                )
    if missing:
        return CheckResult(False, f"Not loaded for {month_name(month)}: {', '.join(missing)}.", HOME)
    return CheckResult(True, f"{', '.join(there).capitalize()} are there for {month_name(month)}.", HOME)


def check_rules_are_current(cycle: Cycle) -> CheckResult:
    """The rules have run after the last load."""
    checked, loaded = last_check(cycle), last_load()
    if checked is None:
        return CheckResult(False, "The rules of data quality have not been run in this cycle.", HOME)
    if loaded and loaded > checked:
        return CheckResult(False, "Data was loaded after the rules were last run: run them again.", HOME)
    return CheckResult(True, "The rules were run after the last load.", HOME)


def check_no_blocking_issue(cycle: Cycle) -> CheckResult:
    """No critical issue is open; the process owner may waive one with a reason."""
    count = DataIssue.objects.filter(cycle=cycle, severity=Severity.CRITICAL, waived=False).count()
    if count:
        return CheckResult(
            False, f"{count} issue{'s' if count > 1 else ''} that block the gate.", "datahub:issues"
        )
    return CheckResult(True, "No issue blocks the gate.", "datahub:issues")


def check_score(cycle: Cycle) -> CheckResult:
    """The score reaches what the company asks for."""
    score, least = data_score(cycle), minimum_score()
    if score is None:
        return CheckResult(False, "There is no score before the rules have been run.", HOME)
    return CheckResult(score >= least, f"{score:.1f} % of at least {least:g} %.", "datahub:issues")


def check_owners(cycle: Cycle) -> CheckResult:
    """Every dataset that people bring has an owner; where nobody is named, that is its role."""
    if not DataOwner.objects.exists():
        return CheckResult(True, "Each dataset belongs to its role.", HOME, critical=False)
    owned = set(
        DataOwner.objects.filter(active=True)
        .exclude(owner_name="", user=None)
        .values_list("dataset", flat=True)
    )
    missing = [
        dataset.label.lower() for dataset in datasets() if dataset.needs_owner and dataset.name not in owned
    ]
    if missing:
        return CheckResult(False, f"No active owner: {', '.join(missing[:6])}.", HOME, critical=False)
    return CheckResult(True, "Every dataset has an owner.", HOME, critical=False)
