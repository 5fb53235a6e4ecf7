"""Answers and what they do: yes acts, no computes the plan again, discuss holds."""

from datetime import date

import pytest

from cycles.choices import ActionStatus, Role, StageKind, StageState, Verdict
from cycles.models import ActionItem, AuditEvent, Decision, User
from cycles.queries import stage_of
from cycles.testing import run_pending
from executive.actions.approval import approve, send_back
from executive.actions.brief import add_decision, prepare_brief, remove_decision, write_brief
from executive.actions.decisions import decide
from executive.actions.participants import note_participants
from executive.models import Brief, HeldFamily, OperatingPlan
from executive.queries import decisions_of, families_touched
from executive.queries.quorum import participants_of
from reconciliation.actions.computing import compute
from reconciliation.choices import ScenarioState
from reconciliation.finance.lines import Line
from reconciliation.models import PnlLine, ScenarioDifference
from reconciliation.queries import statement_of
from sop.errors import InvalidInput, Locked, NotAllowed, WrongState
from supply.models import StreamFact


@pytest.fixture
def sponsor(signed):
    return signed.people[Role.SPONSOR]


@pytest.fixture
def questions(before_executives, signed) -> list[Decision]:
    return list(decisions_of(signed.cycle))


def test_each_active_difference_becomes_a_decision(questions, recommended):
    assert [q.question for q in questions] == [d.sentence for d in recommended.differences.all()]
    assert [q.margin_minor for q in questions] == [d.effect_minor for d in recommended.differences.all()]
    assert Brief.objects.get().headline == "Adopt scenario B: Shift and price"


def test_preparing_again_changes_nothing_that_was_answered(signed, questions, sponsor):
    decide(decision=questions[0], by=sponsor, verdict=Verdict.YES)
    prepare_brief(cycle=signed.cycle, by=None)
    assert [d.verdict for d in decisions_of(signed.cycle)] == [Verdict.YES, Verdict.PENDING]


def test_yes_makes_an_action_with_owner_and_day(questions, sponsor, signed):
    owner = signed.people[Role.OPERATIONS]
    decide(decision=questions[0], by=sponsor, verdict=Verdict.YES, owner=owner, due=date(2026, 1, 20))
    action = ActionItem.objects.get()
    assert (action.owner, action.due, action.title) == (owner, date(2026, 1, 20), questions[0].question)
    assert AuditEvent.objects.filter(act="decision.answer").exists()


def test_no_switches_the_difference_off_and_computes_the_plan_before_approval(
    questions, sponsor, signed, recommended
):
    first = recommended.version
    decide(decision=questions[0], by=sponsor, verdict=Verdict.NO)
    decide(decision=questions[1], by=sponsor, verdict=Verdict.YES)
    recommended.refresh_from_db()
    assert recommended.state == ScenarioState.OUT_OF_DATE
    with pytest.raises(WrongState, match="computed again"):
        approve(cycle=signed.cycle, by=sponsor)
    run_pending()
    recommended.refresh_from_db()
    assert recommended.state == ScenarioState.COMPUTED
    assert recommended.version != first
    plan = approve(cycle=signed.cycle, by=sponsor)
    amounts = statement_of(plan.version, signed.cycle.months)
    assert amounts[Line.OVERTIME] == [4_000] * 6  # the plain overtime of the line, no shift


def test_an_answer_can_be_changed_and_takes_its_effects_back(questions, sponsor, signed, recommended):
    first = recommended.version_id
    decide(decision=questions[0], by=sponsor, verdict=Verdict.NO)
    run_pending()
    decide(decision=questions[0], by=sponsor, verdict=Verdict.YES)
    recommended.refresh_from_db()
    assert (recommended.version_id, recommended.state) == (first, ScenarioState.COMPUTED)
    decide(decision=questions[0], by=sponsor, verdict=Verdict.DISCUSS)
    assert not ActionItem.objects.filter(status=ActionStatus.OPEN).exists()
    assert list(HeldFamily.objects.values_list("family_code", flat=True)) == ["F"]


def test_the_families_that_a_decision_touches(questions):
    assert families_touched(questions[0]) == ["F"]
    assert families_touched(questions[1]) == ["F"]


def test_only_the_sponsor_answers(questions, signed):
    for role in Role:
        if role != Role.SPONSOR:
            with pytest.raises(NotAllowed):
                decide(decision=questions[0], by=signed.people[role], verdict=Verdict.YES)


def test_approval_waits_for_every_answer(questions, sponsor, signed):
    decide(decision=questions[0], by=sponsor, verdict=Verdict.YES)
    with pytest.raises(WrongState, match="1 of 2 decisions"):
        approve(cycle=signed.cycle, by=sponsor)
    assert not OperatingPlan.objects.exists()


def test_approval_publishes_a_frozen_copy_of_the_scenario_and_of_the_demand(
    questions, sponsor, signed, recommended
):
    for question in questions:
        decide(decision=question, by=sponsor, verdict=Verdict.YES)
    plan = approve(cycle=signed.cycle, by=sponsor, comment="Go")
    stage = stage_of(signed.cycle, StageKind.EXECUTIVE)
    assert (stage.state, stage.signed_version) == (StageState.SIGNED, plan.version)
    assert plan.content_hash == plan.version.content_hash != ""
    for model in (PnlLine, StreamFact):
        assert (
            model.objects.filter(version=plan.version).count()
            == model.objects.filter(version=recommended.version).count()
            > 0
        )
    assert plan.version.demand_facts.count() == plan.demand_version.demand_facts.count() > 0
    assert plan.approved_by == sponsor


def test_a_plan_may_be_approved_with_families_held(questions, sponsor, signed):
    decide(decision=questions[0], by=sponsor, verdict=Verdict.YES)
    decide(decision=questions[1], by=sponsor, verdict=Verdict.DISCUSS)
    approve(cycle=signed.cycle, by=sponsor)
    assert HeldFamily.objects.filter(cycle=signed.cycle).count() == 1


def test_a_plan_needs_those_who_sell_make_and_pay(questions, sponsor, signed):
    for question in questions:
        decide(decision=question, by=sponsor, verdict=Verdict.YES)
    without_finance = [signed.people[Role.SALES], signed.people[Role.OPERATIONS]]
    with pytest.raises(WrongState, match="Nobody is noted for Finance"):
        approve(cycle=signed.cycle, by=sponsor, participants=without_finance)
    approve(cycle=signed.cycle, by=sponsor, participants=[*without_finance, signed.people[Role.FINANCE]])
    assert participants_of(signed.cycle) == [
        person
        for person in User.objects.order_by("pk")
        if person.has_role(Role.SALES, Role.OPERATIONS, Role.FINANCE)
    ]
    noted = AuditEvent.objects.filter(act="executive.participants").latest("pk")
    assert len(noted.detail["people"]) == 3


def test_only_the_sponsor_and_the_process_owner_say_who_takes_part(before_executives, signed):
    with pytest.raises(NotAllowed, match="who takes part"):
        note_participants(cycle=signed.cycle, by=signed.people[Role.FINANCE], people=[])


def test_nobody_but_the_sponsor_approves(questions, sponsor, signed):
    for question in questions:
        decide(decision=question, by=sponsor, verdict=Verdict.YES)
    for role in Role:
        if role != Role.SPONSOR:
            with pytest.raises(NotAllowed):
                approve(cycle=signed.cycle, by=signed.people[role])


def test_sending_back_reopens_the_review_and_puts_the_brief_out_of_date(before_executives, sponsor, signed):
    with pytest.raises(InvalidInput, match="why"):
        send_back(cycle=signed.cycle, by=sponsor, to=StageKind.RECONCILIATION, reason=" ")
    send_back(cycle=signed.cycle, by=sponsor, to=StageKind.RECONCILIATION, reason="Price is not agreed")
    assert stage_of(signed.cycle, StageKind.RECONCILIATION).state == StageState.OPEN
    assert stage_of(signed.cycle, StageKind.EXECUTIVE).state == StageState.OUT_OF_DATE


def test_sending_the_brief_back_opens_it_for_the_process_owner(before_executives, sponsor, signed):
    send_back(cycle=signed.cycle, by=sponsor, to=StageKind.EXECUTIVE, reason="Say it shorter")
    write_brief(cycle=signed.cycle, by=signed.people[Role.PROCESS_OWNER], headline="Add a shift")
    assert Brief.objects.get().headline == "Add a shift"
    prepare_brief(cycle=signed.cycle, by=None)
    assert Brief.objects.get().headline == "Add a shift"


def test_free_decisions_belong_to_the_process_owner(recommended, signed):
    owner = signed.people[Role.PROCESS_OWNER]
    decision = add_decision(cycle=signed.cycle, by=owner, question="Raise the price list in May?")
    with pytest.raises(NotAllowed):
        add_decision(cycle=signed.cycle, by=signed.people[Role.FINANCE], question="Mine?")
    remove_decision(decision=decision, by=owner)
    linked = decisions_of(signed.cycle).first()
    with pytest.raises(WrongState):
        remove_decision(decision=linked, by=owner)


def test_nothing_is_added_once_the_brief_is_out(before_executives, signed):
    with pytest.raises(Locked):
        add_decision(cycle=signed.cycle, by=signed.people[Role.PROCESS_OWNER], question="One more?")


def test_the_approved_demand_holds_the_demand_changes_of_the_scenario(
    before_executives, sponsor, signed, recommended
):
    """A listing that the executives adopt is part of the plan that accuracy is measured against."""
    ScenarioDifference.objects.create(
        scenario=recommended,
        kind="demand",
        sentence="Demand +10 %",
        params={"percent": 10.0, "first_month": "2026-02", "last_month": "2026-02", "family": "F"},
    )
    compute(recommended, sponsor)
    run_pending()
    for question in decisions_of(signed.cycle):
        decide(decision=question, by=sponsor, verdict=Verdict.YES)
    plan = approve(cycle=signed.cycle, by=sponsor)
    units = dict(plan.version.demand_facts.values_list("month", "consensus"))
    assert [units[month] // 1000 for month in signed.cycle.months[:3]] == [130, 143, 130]
    totals = dict(plan.version.demand_summary.values_list("month", "consensus"))
    assert totals == units
