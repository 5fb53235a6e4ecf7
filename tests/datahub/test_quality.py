"""Rules find what was planted and little else; the gate listens to them."""

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from django.utils import timezone

from cycles.choices import StageKind
from cycles.models import Cycle, User
from cycles.queries import gate_findings, stage_of
from cycles.testing import run_pending
from datahub.actions.issues import waive_issue
from datahub.actions.quality import Judged, check_data, judge_all
from datahub.choices import Severity
from datahub.frames import Frames, empty_frame, file_frames
from datahub.models import DataIssue, DatasetLoad, ImportBatch, RuleResult
from datahub.queries import data_score
from datahub.registry import dataset_named, rules
from sop.errors import NotAllowed, ReasonNeeded
from supply.models import StockRecord


def keys(judged: Judged) -> set[tuple[str, frozenset[str]]]:
    return {(rule.code, frozenset(f.key.split("|"))) for rule, outcome in judged for f in outcome.failures}


@pytest.mark.shared_data
@pytest.mark.django_db
def test_every_planted_error_is_found_and_hardly_anything_else(shared_dir: Path) -> None:
    folder = shared_dir / "company"
    found = keys(judge_all(file_frames(folder / "dirty-small")))
    natural = keys(judge_all(file_frames(folder / "clean-small")))
    with (folder / "dirty-small" / "answer_key.csv").open(encoding="utf-8-sig") as stream:
        answers = list(csv.DictReader(stream))
    planted = {(row["rule"], frozenset(row["key"].split("|"))): row for row in answers}
    missed = [row for key, row in planted.items() if key not in found]
    assert missed == []
    also = {
        (part.split(":")[0], *part.split(":")[1:])
        for row in answers
        for part in row["also"].split(",")
        if part
    }
    follows = {
        (rule[0], key)
        for rule in also
        for key in ({frozenset(rule[1].split("|"))} if len(rule) > 1 else planted_keys(planted))
    }
    false = [
        alarm
        for alarm in found - natural - set(planted)
        if not any(rule == alarm[0] and members & alarm[1] for rule, members in follows)
    ]
    assert len(false) <= 2, false


def planted_keys(planted: dict[tuple[str, frozenset[str]], dict[str, str]]) -> set[frozenset[str]]:
    return {members for _, members in planted}


@pytest.mark.shared_data
@pytest.mark.django_db
def test_a_clean_company_blocks_nothing(shared_dir: Path) -> None:
    judged = judge_all(file_frames(shared_dir / "company" / "clean-small"))
    alarms = Counter(rule.code for rule, outcome in judged for _ in outcome.failures)
    assert not [
        rule.code for rule, outcome in judged if outcome.failures and rule.severity == Severity.CRITICAL
    ]
    assert sum(alarms.values()) < 60


def test_rules_cover_all_48_and_stand_empty_data() -> None:
    from datetime import date

    def nothing(dataset: object) -> pd.DataFrame:
        return empty_frame(dataset)  # type: ignore[arg-type]

    frames = Frames(nothing, date(2026, 7, 1), 24, "EUR")
    judged = judge_all(frames)
    assert [rule.code for rule, _ in judged] == [f"DQ{number:02d}" for number in range(1, 49)]
    with_failures = {rule.code for rule, outcome in judged if outcome.failures}
    assert with_failures == set()  # what a company does not keep is not judged
    assert all(dataset_named(rule.dataset) for rule in rules())


@pytest.fixture
def checked(company: ImportBatch, cycle: Cycle, people: dict[str, User]) -> Cycle:
    """The smallest company with its rules run."""
    check_data(cycle=cycle, by=people["owner"])
    run_pending()
    return cycle


@pytest.mark.django_db
def test_a_generated_company_passes_its_data_gate(checked: Cycle) -> None:
    findings = gate_findings(stage_of(checked, StageKind.DATA))
    assert [(f.key, f.message) for f in findings if not f.ok] == []
    assert (data_score(checked) or 0) > 99


@pytest.mark.django_db
def test_the_gate_names_what_is_missing(cycle: Cycle) -> None:
    findings = {f.key: f for f in gate_findings(stage_of(cycle, StageKind.DATA))}
    assert not findings["month-loaded"].ok
    assert "sales orders" in findings["month-loaded"].message
    assert not findings["rules-current"].ok
    assert not findings["data-score"].ok


@pytest.mark.django_db
def test_a_load_after_the_check_asks_for_another_check(checked: Cycle) -> None:
    DatasetLoad.objects.filter(file__isnull=False).update(at=timezone.now() + timedelta(minutes=1))
    findings = {f.key: f.ok for f in gate_findings(stage_of(checked, StageKind.DATA))}
    assert findings["rules-current"] is False


@pytest.mark.django_db
def test_negative_stock_blocks_until_it_is_waived(checked: Cycle, people: dict[str, User]) -> None:
    record = StockRecord.objects.order_by("-day").first()
    assert record is not None
    StockRecord.objects.filter(pk=record.pk).update(on_hand=-5_000)
    check_data(cycle=checked, by=people["owner"])
    run_pending()
    blocking = DataIssue.objects.filter(cycle=checked, severity=Severity.CRITICAL, waived=False)
    assert "DQ25" in set(blocking.values_list("rule", flat=True))
    with pytest.raises(NotAllowed):
        waive_issue(issue=blocking[0], by=people["finance"], reason="counted")
    with pytest.raises(ReasonNeeded):
        waive_issue(issue=blocking[0], by=people["owner"], reason=" ")
    for issue in list(blocking):
        waive_issue(issue=issue, by=people["owner"], reason="Counted again, booked tomorrow.")
    check_data(cycle=checked, by=people["owner"])
    run_pending()
    assert not blocking.all().exists()


@pytest.mark.django_db
def test_score_is_the_weighted_pass_rate(cycle: Cycle) -> None:
    for rule, severity, checked, failed in (
        ("A", "critical", 1000, 10),
        ("B", "major", 1000, 100),
        ("C", "minor", 500, 100),
    ):
        RuleResult.objects.create(
            cycle=cycle, rule=rule, dataset="fx", severity=severity, checked=checked, failed=failed
        )
    assert data_score(cycle) == pytest.approx(93.89, abs=0.005)
