"""Reads of the data hub: loads, owners, score, issues."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q

from cycles.models import Company, Cycle, Run
from datahub.choices import Severity
from datahub.models import DataIssue, DataOwner, DatasetLoad, ImportBatch, RuleResult
from datahub.registry import Dataset, datasets, rules
from sop.reads import once

# Dimensions of data quality, and the word that heads their column.
DIMENSIONS = {
    "completeness": "Complete",
    "uniqueness": "Unique",
    "timeliness": "On time",
    "validity": "Valid",
    "accuracy": "Accurate",
    "consistency": "Consistent",
}


@dataclass
class DatasetState:
    """A dataset as the data page shows it."""

    dataset: Dataset
    rows: int | None = None
    loaded_at: datetime | None = None
    covered_until: date | None = None
    owner: str = ""
    critical: int = 0
    other: int = 0
    rates: dict[str, float | None] = field(default_factory=dict)
    blocking: set[str] = field(default_factory=set)

    @property
    def issues(self) -> int:
        return self.critical + self.other

    @property
    def cells(self) -> list[tuple[str, float | None, bool]]:
        """Dimension, pass rate in percent, whether it blocks the gate."""
        return [(name, self.rates.get(name), name in self.blocking) for name in DIMENSIONS]


def dataset_states(cycle: Cycle | None) -> list[DatasetState]:
    """Every dataset with its last load, owner, issues and pass rates, in four queries."""
    owners = {owner.dataset: owner for owner in DataOwner.objects.select_related("user")}
    loads = _last_loads()
    issues = _issue_counts(cycle)
    rates = _rates(cycle)
    states = []
    for dataset in datasets():
        load = loads.get(dataset.name)
        owner = owners.get(dataset.name)
        critical, other = issues.get(dataset.name, (0, 0))
        states.append(
            DatasetState(
                dataset,
                rows=load.rows if load else None,
                loaded_at=load.at if load else None,
                covered_until=dataset.covered_until() if dataset.covered_until else None,
                owner=str(owner.user or owner.owner_name) if owner and owner.active else "",
                critical=critical,
                other=other,
                rates={name: 100 * rate for name, (rate, _) in rates.get(dataset.name, {}).items()},
                blocking={name for name, (_, blocks) in rates.get(dataset.name, {}).items() if blocks},
            )
        )
    return states


def _last_loads() -> dict[str, DatasetLoad]:
    own = DatasetLoad.objects.filter(file__isnull=False)
    last = own.values("dataset").annotate(last=Max("pk")).values("last")
    return {load.dataset: load for load in DatasetLoad.objects.filter(pk__in=last)}


def _issue_counts(cycle: Cycle | None) -> dict[str, tuple[int, int]]:
    issues = DataIssue.objects.filter(cycle=cycle, waived=False) if cycle else DataIssue.objects.none()
    rows = issues.values_list("dataset").annotate(
        critical=Count("pk", filter=Q(severity=Severity.CRITICAL)), every=Count("pk")
    )
    return {dataset: (critical, every - critical) for dataset, critical, every in rows.order_by()}


Rates = dict[str, dict[str, tuple[float, bool]]]


def _rates(cycle: Cycle | None) -> Rates:
    """Pass rate by dataset and dimension, and whether a critical rule fails there."""
    dimension = {rule.code: rule.dimension for rule in rules()}
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for result in RuleResult.objects.filter(cycle=cycle) if cycle else []:
        if result.checked:
            cell = sums[result.dataset, dimension.get(result.rule, "validity")]
            cell[0] += result.checked
            cell[1] += min(result.failed, result.checked)
            cell[2] += result.failed if result.severity == Severity.CRITICAL else 0
    rates: Rates = defaultdict(dict)
    for (dataset, name), (checked, failed, critical) in sums.items():
        rates[dataset][name] = (1 - failed / checked, critical > 0)
    return rates


def data_score(cycle: Cycle) -> float | None:
    """Score in percent: the pass rates of all rules, weighted 5 critical, 3 major, 1 minor. None before a check.

    score = sum(weight x (1 - failed / checked)) / sum(weight), over rules that had records to check.
    """
    results = [r for r in RuleResult.objects.filter(cycle=cycle) if r.checked]
    weights = sum(Severity(result.severity).weight for result in results)
    if not weights:
        return None
    passed = sum(
        Severity(result.severity).weight * max(0.0, 1 - result.failed / result.checked) for result in results
    )
    return 100 * passed / weights


def open_issues(cycle: Cycle) -> "list[DataIssue]":
    """Issues that are not waived: blocking ones first, then by money."""
    order = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}
    issues = DataIssue.objects.filter(cycle=cycle, waived=False)
    return sorted(issues, key=lambda issue: (order[Severity(issue.severity)], -issue.money_minor, issue.rule))


@once
def loads_stamp() -> int:
    """Moves with every load of files: the key of the last one."""
    return DatasetLoad.objects.aggregate(last=Max("pk"))["last"] or 0


def last_check(cycle: Cycle) -> datetime | None:
    """When the rules were last run for a cycle."""
    at: datetime | None = RuleResult.objects.filter(cycle=cycle).aggregate(at=Max("at"))["at"]
    return at


def last_load() -> datetime | None:
    """When something was last loaded."""
    at: datetime | None = DatasetLoad.objects.filter(file__isnull=False).aggregate(at=Max("at"))["at"]
    return at


def failed_batches(count: int = 20) -> list[ImportBatch]:
    """The last batches that were refused, and those whose run has failed, for administrators."""
    failed = ImportBatch.objects.filter(Q(state="rejected") | Q(run__state="dead"))
    return list(failed.select_related("by", "run")[:count])


def recent_batches(count: int = 8) -> list[ImportBatch]:
    """The last batches."""
    return list(ImportBatch.objects.select_related("by", "run").prefetch_related("files")[:count])


def minimum_score() -> float:
    """The score that the company asks for."""
    return Company.current().data_score_minimum


def rules_run(cycle: Cycle) -> Run | None:
    """The last check of the rules in a cycle."""
    return Run.objects.filter(kind="datahub.rules", cycle=cycle).first()
