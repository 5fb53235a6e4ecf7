"""The stages of a cycle: who moves them, when, and what follows."""

from collections.abc import Iterator
from datetime import date

import pytest

from cycles.actions.cycle import close_cycle, open_cycle, open_next_cycle
from cycles.actions.records import add_action_item, add_assumption
from cycles.actions.stages import note_editor, perform, waive_check
from cycles.choices import Act, StageKind, StageState
from cycles.models import AuditEvent, Company, Cycle, SignOff, User
from cycles.queries import gate_findings, stage_buttons, stage_of
from cycles.registry import CheckResult, register_check
from sop.errors import Conflict, InvalidInput, NotAllowed, WrongState
from tests.cycles.stages import bare_cycle, sign_through


@pytest.fixture(autouse=True)
def _bare() -> Iterator[None]:
    with bare_cycle():
        yield


def states(cycle: Cycle) -> dict[str, str]:
    return dict(cycle.stages.values_list("kind", "state"))


def test_signing_a_stage_opens_the_next(cycle: Cycle, people: dict[str, User]) -> None:
    sign_through(cycle, people, StageKind.DATA)
    assert states(cycle)["data"] == StageState.SIGNED
    assert states(cycle)["product"] == StageState.OPEN
    assert states(cycle)["demand"] == StageState.NOT_OPEN


def test_a_stage_is_not_signed_before_the_one_ahead(cycle: Cycle, people: dict[str, User]) -> None:
    product = stage_of(cycle, StageKind.PRODUCT)
    perform(stage=product, act=Act.OPEN, by=people["owner"], comment="Product managers travel next week")
    with pytest.raises(WrongState, match="Data review is open"):
        perform(stage=product, act=Act.SUBMIT, by=people["product"])


def test_nobody_signs_what_they_submitted(cycle: Cycle, people: dict[str, User]) -> None:
    sign_through(cycle, people, StageKind.DATA)
    product = stage_of(cycle, StageKind.PRODUCT)
    perform(stage=product, act=Act.SUBMIT, by=people["product"])
    with pytest.raises(NotAllowed, match="four eyes"):
        perform(stage=product, act=Act.SIGN, by=people["product"])
    perform(stage=product, act=Act.SIGN, by=people["product2"])
    assert states(cycle)["product"] == StageState.SIGNED


def test_nobody_signs_what_they_edited(cycle: Cycle, people: dict[str, User]) -> None:
    sign_through(cycle, people, StageKind.PRODUCT)
    demand = stage_of(cycle, StageKind.DEMAND)
    note_editor(stage=demand, user=people["sales"])
    perform(stage=demand, act=Act.SUBMIT, by=people["planner"])
    with pytest.raises(NotAllowed, match="edited"):
        perform(stage=demand, act=Act.SIGN, by=people["sales"])
    button = next(button for button in stage_buttons(demand, people["sales"]) if button.act == Act.SIGN)
    assert not button.enabled
    assert "somebody else" in button.why_not
    perform(stage=demand, act=Act.SIGN, by=people["sales2"])


def test_single_person_mode_signs_alone_and_says_so(cycle: Cycle, people: dict[str, User]) -> None:
    Company.objects.update_or_create(pk=1, defaults={"single_person": True})
    sign_through(cycle, people, StageKind.DATA)
    product = stage_of(cycle, StageKind.PRODUCT)
    perform(stage=product, act=Act.SUBMIT, by=people["product"])
    perform(stage=product, act=Act.SIGN, by=people["product"])
    assert SignOff.objects.filter(stage=product, act=Act.SIGN, single_person=True).exists()
    assert AuditEvent.objects.filter(act="stage.sign", detail__single_person=True).exists()


def test_reopening_needs_a_reason_and_marks_later_stages(cycle: Cycle, people: dict[str, User]) -> None:
    sign_through(cycle, people, StageKind.SUPPLY)
    demand = stage_of(cycle, StageKind.DEMAND)
    with pytest.raises(InvalidInput, match="reason"):
        perform(stage=demand, act=Act.REOPEN, by=people["owner"])
    perform(stage=demand, act=Act.REOPEN, by=people["owner"], comment="A large order came in")
    assert states(cycle) == {
        "data": "signed",
        "product": "signed",
        "demand": "open",
        "supply": "out_of_date",
        "reconciliation": "out_of_date",
        "executive": "not_open",
    }


def test_a_stale_page_is_told_so(cycle: Cycle, people: dict[str, User]) -> None:
    data = stage_of(cycle, StageKind.DATA)
    seen = data.rev
    perform(stage=data, act=Act.SUBMIT, by=people["planner"])
    with pytest.raises(Conflict, match="became submitted"):
        perform(stage=data, act=Act.SIGN, by=people["owner"], expected_rev=seen)


@pytest.mark.parametrize("name", ["admin", "planner", "sales", "finance"])
def test_only_the_process_owner_signs_the_data(cycle: Cycle, people: dict[str, User], name: str) -> None:
    data = stage_of(cycle, StageKind.DATA)
    perform(stage=data, act=Act.SUBMIT, by=people["supply"])
    with pytest.raises(NotAllowed):
        perform(stage=data, act=Act.SIGN, by=people[name])


def test_a_failing_check_blocks_until_waived(cycle: Cycle, people: dict[str, User]) -> None:
    register_check(
        StageKind.DATA, "stock", "Stock is loaded", lambda cycle: CheckResult(False, "No stock yet")
    )
    data = stage_of(cycle, StageKind.DATA)
    with pytest.raises(WrongState, match="No stock yet"):
        perform(stage=data, act=Act.SUBMIT, by=people["planner"])
    with pytest.raises(NotAllowed):
        waive_check(stage=data, check_key="stock", reason="counted on Monday", by=people["planner"])
    with pytest.raises(InvalidInput, match="reason"):
        waive_check(stage=data, check_key="stock", reason=" ", by=people["owner"])
    waive_check(stage=data, check_key="stock", reason="counted on Monday", by=people["owner"])
    assert not gate_findings(data)[0].blocks
    perform(stage=data, act=Act.SUBMIT, by=people["planner"])


def test_next_cycle_rolls_the_horizon_and_carries_over(cycle: Cycle, people: dict[str, User]) -> None:
    add_action_item(
        cycle=cycle,
        by=people["owner"],
        title="Book overtime",
        owner=people["operations"],
        due=date(2026, 11, 30),
    )
    add_assumption(cycle=cycle, by=people["sales"], statement="The competitor leaves the market in May")
    with pytest.raises(WrongState, match="no approved plan"):
        close_cycle(cycle=cycle, by=people["owner"])
    sign_through(cycle, people, StageKind.EXECUTIVE)
    following = open_next_cycle(by=people["owner"])
    cycle.refresh_from_db()
    assert not cycle.is_open
    assert following.month == date(2026, 12, 1)
    assert following.months[-1] == date(2027, 11, 1)
    assert [item.title for item in following.action_items.all()] == ["Book overtime"]
    assert following.assumptions.count() == 1


def test_one_cycle_at_a_time(cycle: Cycle, people: dict[str, User]) -> None:
    with pytest.raises(WrongState, match="still open"):
        open_cycle(month=date(2027, 1, 1), by=people["owner"])


def test_only_the_process_owner_opens_a_cycle(people: dict[str, User]) -> None:
    with pytest.raises(NotAllowed):
        open_cycle(month=date(2027, 1, 1), by=people["sponsor"])


def test_stages_are_due_on_working_days_in_their_order(cycle: Cycle) -> None:
    due = [stage.due for stage in cycle.stages.order_by("pk")]
    assert due == sorted(due)
    assert due[0] == date(2026, 11, 3)  # 1 November 2026 is a Sunday: the second working day is Tuesday
    assert all(day.weekday() < 5 for day in due)
