"""From the signed data to the signed demand plan: what starts by itself, what is asked for, what is frozen."""

from datetime import date

import pytest

from cycles.actions.stages import perform, submit_function
from cycles.choices import Act, Role, StageKind, StageState
from cycles.models import Company, Cycle, Run, Version
from cycles.queries import gate_findings, previous_signed, stage_of
from cycles.signals import stage_closed
from demand.actions.edits import Edit, edit_cells
from demand.checks import check_baseline, check_change, check_reasons, check_runs, check_submissions
from demand.models import DemandFact, DemandSummary
from sop.errors import Locked, WrongState
from tests.cycles.factories import make_person
from tests.demand.factories import SmallCompany, change_history, figures, make_cycle, open_stage, run_baseline


@pytest.fixture
def plan(company: SmallCompany, cycle: Cycle) -> Version:
    return run_baseline(company, cycle)


def test_the_baseline_starts_when_the_data_are_signed(company: SmallCompany, cycle: Cycle) -> None:
    news = {"cycle": cycle, "by": company.people["owner"]}
    stage_closed.send(None, kind=StageKind.PRODUCT, act=Act.SIGN, **news)
    stage_closed.send(None, kind=StageKind.DATA, act=Act.REOPEN, **news)
    assert not Run.objects.filter(kind="demand.baseline").exists()
    stage_closed.send(None, kind=StageKind.DATA, act=Act.SIGN, **news)
    assert Run.objects.filter(kind="demand.baseline").count() == 1


def test_checks_name_what_is_missing(company: SmallCompany, cycle: Cycle) -> None:
    assert "has not run yet" in check_baseline(cycle).message
    run_baseline(company, cycle)
    assert check_baseline(cycle).ok
    assert "Sales (Sales, Germany)" in check_submissions(cycle).message
    change_history(company, "P1/DE", 7)
    assert "Run the baseline again" in check_baseline(cycle).message
    Run.objects.create(kind="demand.baseline", key="x", cycle=cycle, enqueued_at="2026-11-03T00:00Z")
    assert not check_runs(cycle).ok


def test_a_large_override_built_of_small_ones_still_needs_a_reason(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    planner, months = company.people["planner"], cycle.months
    for _ in range(4):
        edits = [Edit(company.product("P3"), "planner", month, "multiply", 1.08) for month in months]
        edit_cells(version=plan, by=planner, edits=edits)
    found = check_reasons(cycle)
    assert not found.ok
    assert "P3 Product P3 (+36%)" in found.message
    edits = [Edit(company.product("P3"), "planner", months[0], "add", 1.0)]
    edit_cells(version=plan, by=planner, edits=edits, comment="The new contract")
    assert check_reasons(cycle).ok


def sign(company: SmallCompany, cycle: Cycle) -> Version:
    """Everybody submits, the planner hands in, the head of sales signs."""
    open_stage(cycle, StageKind.PRODUCT, StageState.SIGNED)
    stage = stage_of(cycle, StageKind.DEMAND)
    head = make_person("head", Role.SALES)
    for function, name in (("sales", "sales"), ("marketing", "sales"), ("planner", "planner")):
        submit_function(stage=stage, function=function, by=company.people[name])
    perform(stage=stage, act=Act.SUBMIT, by=company.people["planner"])
    with pytest.raises(Locked):
        edit_cells(
            version=Version.objects.get(cycle=cycle, kind="demand", state="draft"),
            by=company.people["planner"],
            edits=[Edit("all", "planner", cycle.months[2], "multiply", 1.01)],
        )
    perform(stage=stage, act=Act.SIGN, by=head)
    signed = stage_of(cycle, StageKind.DEMAND).signed_version
    assert signed is not None
    return signed


def test_signing_freezes_a_copy_that_later_edits_do_not_touch(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    edit = Edit(company.product("P1"), "planner", cycle.months[2], "multiply", 1.05)
    edit_cells(version=plan, by=company.people["planner"], edits=[edit])
    signed = sign(company, cycle)
    assert signed.is_frozen
    assert signed.content_hash
    kept = figures(signed)
    assert kept == figures(plan)
    rows = set(
        DemandSummary.objects.filter(version=signed).values_list(
            "family_id", "month", "consensus", "squares_80"
        )
    )
    assert rows == set(
        DemandSummary.objects.filter(version=plan).values_list(
            "family_id", "month", "consensus", "squares_80"
        )
    )
    perform(
        stage=stage_of(cycle, StageKind.DEMAND),
        act=Act.REOPEN,
        by=company.people["owner"],
        comment="A new contract",
    )
    edit_cells(version=plan, by=company.people["planner"], edits=[edit])
    assert figures(signed) == kept
    assert figures(plan) != kept
    with pytest.raises(Locked):
        edit_cells(version=signed, by=company.people["planner"], edits=[edit])


def test_the_gate_is_shut_while_a_check_fails(company: SmallCompany, cycle: Cycle, plan: Version) -> None:
    open_stage(cycle, StageKind.PRODUCT, StageState.SIGNED)
    stage = stage_of(cycle, StageKind.DEMAND)
    assert [finding.key for finding in gate_findings(stage) if finding.blocks] == ["families"]
    with pytest.raises(WrongState):
        perform(stage=stage, act=Act.SUBMIT, by=company.people["planner"])


def test_the_next_cycle_is_compared_with_the_signed_plan(
    company: SmallCompany, cycle: Cycle, plan: Version
) -> None:
    signed = sign(company, cycle)
    Cycle.objects.filter(pk=cycle.pk).update(state="closed")
    following = make_cycle(company, month=date(2026, 12, 1))
    assert previous_signed(following, StageKind.DEMAND) == signed
    second = run_baseline(company, following)
    assert check_change(following).ok
    company_settings = Company.current()
    company_settings.reason_percent = 200.0
    company_settings.save()
    months = following.months[:11]
    edits = [Edit(company.family("B"), "consensus", month, "multiply", 2.0) for month in months]
    edit_cells(version=second, by=company.people["planner"], edits=edits)
    company_settings.reason_percent = 10.0
    company_settings.save()
    assert "Family B" in check_change(following).message
    assert DemandFact.objects.filter(version=signed).count() == 60
