"""Changing figures at any level: spreading, locks, conflicts, reasons, rights, and taking it back."""

import uuid
from datetime import date

import pytest

from cycles.choices import StageKind, StageState
from cycles.models import Change, ChangeLine, Company, Cycle, StageEditor, Version
from demand.actions.edits import Edit, EditResult, edit_cells
from demand.actions.locks import set_locks
from demand.actions.undo import undo_changes
from demand.models import DemandFact, DemandSummary, RowLock
from demand.queries.views import Filters
from sop.errors import Conflict, InvalidInput, Locked, NotAllowed, NotFound, ReasonNeeded, WrongState
from tests.demand.factories import MONTH, SmallCompany, figures, open_stage

FEBRUARY = date(2027, 2, 1)


def change(plan: Version, by: object, node: str, value: float, **rest: object) -> EditResult:
    """One edit of February's planner figure, with a reason."""
    edit = Edit(
        node,
        str(rest.pop("measure", "planner")),
        rest.pop("month", FEBRUARY),
        str(rest.pop("operation", "set")),
        value,
        seen=rest.pop("seen", None),
        check_seen=bool(rest.pop("check_seen", False)),
    )
    return edit_cells(version=plan, by=by, edits=[edit], reason_code=rest.pop("reason", "market"), **rest)


def total(plan: Version, streams: list[int], month: date = FEBRUARY, column: str = "consensus") -> int:
    rows = DemandFact.objects.filter(version=plan, stream__in=streams, month=month)
    return sum(rows.values_list(column, flat=True))


def keys(company: SmallCompany, *names: str) -> list[int]:
    return [company.streams[name].pk for name in names]


def test_family_total_is_spread_in_proportion_and_adds_up(company: SmallCompany, plan: Version) -> None:
    streams = keys(company, "P1/DE", "P1/FR", "P2/DE", "P2/FR")
    before = {key: total(plan, [key]) for key in streams}
    result = change(plan, company.people["planner"], company.family("A"), 777.777)
    assert total(plan, streams) == 777_777
    for key in streams:
        assert total(plan, [key]) == pytest.approx(777_777 * before[key] / sum(before.values()), abs=1)
    assert result.message == "4 cells changed"
    assert total(plan, streams, date(2027, 3, 1)) == sum(
        value
        for (stream, month), value in figures(plan, "baseline").items()
        if stream in streams and month == date(2027, 3, 1)
    )


def test_add_and_multiply(company: SmallCompany, plan: Version) -> None:
    planner, streams = company.people["planner"], keys(company, "P1/DE", "P1/FR")
    before = total(plan, streams)
    change(plan, planner, company.product("P1"), 30, operation="add")
    assert total(plan, streams) == before + 30_000
    change(plan, planner, company.product("P1"), 1.1, operation="multiply")
    assert total(plan, streams) == round((before + 30_000) * 1.1)


def test_all_zero_cells_follow_history_and_zero_is_a_value(company: SmallCompany, plan: Version) -> None:
    planner, streams = company.people["planner"], keys(company, "P1/DE", "P1/FR")
    change(plan, planner, company.product("P1"), 0)
    assert total(plan, streams) == 0
    change(plan, planner, company.product("P1"), 30)
    assert [total(plan, [key]) for key in streams] == [20_000, 10_000]


def test_a_later_step_builds_on_an_earlier_one(company: SmallCompany, plan: Version) -> None:
    people, node, streams = company.people, company.stream("P1/DE"), keys(company, "P1/DE")
    change(plan, people["planner"], node, 25, operation="add")
    change(plan, people["sales"], node, 300, measure="sales")
    fact = DemandFact.objects.get(version=plan, stream=streams[0], month=FEBRUARY)
    assert (fact.sales, fact.planner, fact.consensus) == (300_000, 325_000, 325_000)
    change(plan, people["planner"], node, 200, measure="consensus")
    change(plan, people["sales"], node, 400, measure="sales")
    fact.refresh_from_db()
    assert (fact.sales, fact.planner, fact.consensus) == (400_000, 425_000, 200_000)


def test_an_input_can_be_taken_back_which_is_not_zero(company: SmallCompany, plan: Version) -> None:
    node = company.stream("P1/DE")
    change(plan, company.people["sales"], node, 0, measure="sales")
    fact = DemandFact.objects.get(version=plan, stream=company.streams["P1/DE"], month=FEBRUARY)
    assert fact.consensus == 0
    change(plan, company.people["sales"], node, None, measure="sales")
    fact.refresh_from_db()
    assert fact.sales == fact.marketing == fact.consensus > 0


def test_locked_cells_keep_their_figure(company: SmallCompany, plan: Version) -> None:
    planner, streams = company.people["planner"], keys(company, "P1/DE", "P1/FR")
    set_locks(version=plan, by=planner, cells=[(company.stream("P1/DE"), FEBRUARY)], locked=True)
    kept = total(plan, streams[:1])
    result = change(plan, planner, company.product("P1"), 500)
    assert result.message == "1 cell changed, 1 locked left as they were"
    assert total(plan, streams[:1]) == kept
    assert total(plan, streams) == 500_000
    with pytest.raises(Locked):
        change(plan, planner, company.stream("P1/DE"), 1)
    with pytest.raises(InvalidInput, match="locked parts alone"):
        change(plan, planner, company.product("P1"), 1)
    set_locks(version=plan, by=planner, cells=[(company.stream("P1/DE"), FEBRUARY)], locked=False)
    change(plan, planner, company.stream("P1/DE"), 1)


def test_months_inside_the_time_fence_are_locked(company: SmallCompany, plan: Version) -> None:
    settings = Company.current()
    settings.fence_months = 2
    settings.save()
    with pytest.raises(Locked):
        change(plan, company.people["planner"], "all", 900, month=MONTH)
    change(plan, company.people["planner"], "all", 900, month=date(2027, 1, 1))


def test_conflict_shows_both_values_and_saves_nothing(company: SmallCompany, plan: Version) -> None:
    people, node = company.people, company.product("P1")
    seen = total(plan, keys(company, "P1/DE", "P1/FR")) / 1000
    change(plan, people["sales"], node, 300, measure="sales")
    with pytest.raises(Conflict) as caught:
        change(plan, people["planner"], node, 310, seen=seen, check_seen=True)
    (conflict,) = caught.value.errors
    assert conflict["seen"] == seen
    assert conflict["now"] == 300.0
    assert conflict["by"] == "Sales"
    assert conflict["month"] == "2027-02"
    change(plan, people["planner"], node, 310, seen=300.0, check_seen=True)


def test_same_action_twice_counts_once(company: SmallCompany, plan: Version) -> None:
    action, node = uuid.uuid4(), company.product("P1")
    first = change(plan, company.people["planner"], node, 1.5, operation="multiply", action_id=action)
    after = figures(plan)
    again = change(plan, company.people["planner"], node, 1.5, operation="multiply", action_id=action)
    assert figures(plan) == after
    assert [one.pk for one in again.changes] == [one.pk for one in first.changes]


def test_a_large_change_needs_a_reason_a_small_one_does_not(company: SmallCompany, plan: Version) -> None:
    planner = company.people["planner"]
    with pytest.raises(ReasonNeeded, match="Family A"):
        change(plan, planner, company.family("A"), 2, operation="multiply", reason="")
    assert not Change.objects.filter(version=plan, source="grid").exists()
    change(plan, planner, company.family("A"), 1.05, operation="multiply", reason="")
    change(plan, planner, company.family("A"), 2, operation="multiply", reason="customer")


def test_ledger_tells_who_what_and_why(company: SmallCompany, plan: Version) -> None:
    result = change(
        plan, company.people["sales"], company.family("B"), 500, measure="sales", comment="New listing"
    )
    (entry,) = result.changes
    assert (entry.by.username, entry.function, entry.level, entry.scope["name"]) == (
        "sales",
        "sales",
        "family",
        "Family B",
    )
    assert (entry.reason_code, entry.comment, entry.operand) == ("market", "New listing", 500)
    line = ChangeLine.objects.get(change=entry)
    assert (line.new, entry.delta_quanta, entry.delta_value) == (
        500_000,
        500_000 - line.old,
        (500_000 - line.old) // 2,
    )
    assert StageEditor.objects.filter(user__username="sales").exists()


def test_paste_touching_parent_and_child_lets_the_deepest_win(company: SmallCompany, plan: Version) -> None:
    edits = [
        Edit(company.product("P1"), "planner", FEBRUARY, "set", 300.0),
        Edit(company.stream("P1/FR"), "planner", FEBRUARY, "set", 10.0),
    ]
    edit_cells(version=plan, by=company.people["planner"], edits=edits, reason_code="market")
    assert total(plan, keys(company, "P1/FR")) == 10_000
    assert total(plan, keys(company, "P1/DE")) == pytest.approx(200_000, rel=0.01)


def test_money_is_turned_into_units_at_planned_prices(company: SmallCompany, plan: Version) -> None:
    change(plan, company.people["planner"], company.family("A"), 5000.0, unit="money")
    values = DemandSummary.objects.filter(version=plan, family__code__in=["A", "A1"], month=FEBRUARY)
    assert sum(values.values_list("consensus_value", flat=True)) == pytest.approx(500_000, abs=5)


@pytest.mark.parametrize(
    ("person", "measure", "allowed"),
    [
        ("sales", "sales", True),
        ("sales", "marketing", True),
        ("sales", "planner", False),
        ("sales", "consensus", False),
        ("planner", "planner", True),
        ("planner", "consensus", True),
        ("planner", "sales", False),
        ("product", "sales", False),
        ("finance", "planner", False),
        ("owner", "consensus", False),
        ("admin", "planner", False),
    ],
)
def test_who_changes_which_measure(
    company: SmallCompany, plan: Version, person: str, measure: str, allowed: bool
) -> None:
    if allowed:
        assert change(plan, company.people[person], "all", 900, measure=measure).cells == 5
    else:
        with pytest.raises(NotAllowed):
            change(plan, company.people[person], "all", 900, measure=measure)


@pytest.mark.parametrize("measure", ["baseline", "product", "history", ""])
def test_what_is_computed_cannot_be_typed_over(company: SmallCompany, plan: Version, measure: str) -> None:
    with pytest.raises(InvalidInput):
        change(plan, company.people["planner"], "all", 900, measure=measure)


def test_an_edit_reaches_no_further_than_the_scope(company: SmallCompany, plan: Version) -> None:
    germany = company.people["germany"]
    france = total(plan, keys(company, "P1/FR", "P2/FR"))
    change(plan, germany, "all", 1000, measure="sales")
    assert total(plan, keys(company, "P1/FR", "P2/FR")) == france
    assert total(plan, keys(company, "P1/DE", "P2/DE", "P3/DE")) == 1_000_000
    with pytest.raises(NotFound):
        change(plan, germany, company.stream("P1/FR"), 5, measure="sales")


@pytest.mark.parametrize(
    ("value", "operation", "words"),
    [
        (-5.0, "set", "below zero"),
        (-9e6, "add", "below zero"),
        (None, "add", "only be set"),
        (float("nan"), "set", "hold"),
        (1.0, "divide", "no operation"),
    ],
)
def test_figures_that_no_plan_can_hold(
    company: SmallCompany, plan: Version, value: float | None, operation: str, words: str
) -> None:
    before = figures(plan)
    with pytest.raises(InvalidInput, match=words):
        change(plan, company.people["planner"], "all", value, operation=operation)
    assert figures(plan) == before


@pytest.mark.parametrize(
    ("state", "error"),
    [(StageState.NOT_OPEN, WrongState), (StageState.SUBMITTED, Locked), (StageState.SIGNED, Locked)],
)
def test_a_shut_review_is_not_edited(
    company: SmallCompany, cycle: Cycle, plan: Version, state: StageState, error: type[Exception]
) -> None:
    open_stage(cycle, StageKind.DEMAND, state)
    with pytest.raises(error):
        change(plan, company.people["planner"], "all", 900)


def test_before_the_baseline_there_is_nothing_to_change(company: SmallCompany, cycle: Cycle) -> None:
    draft = Version.objects.get(cycle=cycle, kind="demand")
    with pytest.raises(WrongState, match="no baseline"):
        change(draft, company.people["planner"], "all", 900)


def test_undo_and_redo(company: SmallCompany, plan: Version) -> None:
    planner = company.people["planner"]
    before = figures(plan)
    result = change(plan, planner, company.family("A"), 500)
    after = figures(plan)
    undone = undo_changes(version=plan, by=planner, change_ids=[one.pk for one in result.changes])
    assert figures(plan) == before
    redone = undo_changes(version=plan, by=planner, change_ids=[one.pk for one in undone.changes])
    assert figures(plan) == after
    with pytest.raises(WrongState):
        undo_changes(version=plan, by=planner, change_ids=[one.pk for one in undone.changes])
    undo_changes(version=plan, by=planner, change_ids=[one.pk for one in redone.changes])
    assert figures(plan) == before


def test_undo_of_an_earlier_change_keeps_the_later_ones(company: SmallCompany, plan: Version) -> None:
    people, node, key = company.people, company.stream("P1/DE"), keys(company, "P1/DE")
    first = change(plan, people["sales"], node, 300, measure="sales")
    change(plan, people["planner"], node, 40, operation="add")
    undo_changes(version=plan, by=people["sales"], change_ids=[first.changes[0].pk])
    baseline = total(plan, key, column="baseline")
    assert total(plan, key) == baseline + 40_000


def test_undo_needs_the_right_and_unlocked_cells(company: SmallCompany, plan: Version) -> None:
    people = company.people
    result = change(plan, people["planner"], company.family("A"), 500)
    with pytest.raises(NotAllowed):
        undo_changes(version=plan, by=people["sales"], change_ids=[result.changes[0].pk])
    set_locks(version=plan, by=people["planner"], cells=[(company.stream("P1/DE"), FEBRUARY)], locked=True)
    with pytest.raises(Locked, match="1 of these cells"):
        undo_changes(version=plan, by=people["planner"], change_ids=[result.changes[0].pk])
    with pytest.raises(NotFound):
        undo_changes(version=plan, by=people["planner"], change_ids=[999_999])


def test_edit_takes_few_queries_however_many_streams(
    company: SmallCompany, plan: Version, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(40):
        change(plan, company.people["planner"], company.stream("P1/DE"), 110)
    with django_assert_max_num_queries(40):
        change(plan, company.people["planner"], "all", 900)


def test_a_locked_row_keeps_every_month_and_says_so(company: SmallCompany, plan: Version) -> None:
    planner = company.people["planner"]
    before = figures(plan, "planner")
    done = set_locks(version=plan, by=planner, rows=[company.product("P1")], locked=True)
    assert done.message == "2 rows locked"
    for month in plan.cycle.months[2:6]:
        edit = Edit(company.family("A"), "planner", month, "set", 500.0)
        edit_cells(version=plan, by=planner, edits=[edit], reason_code="market")
    after = figures(plan, "planner")
    locked = {company.streams[name].pk for name in ("P1/DE", "P1/FR")}
    assert all(after[key] == before[key] for key in before if key[0] in locked)
    assert any(after[key] != before[key] for key in before)
    with pytest.raises(Locked, match="locked rows"):
        set_locks(version=plan, by=planner, cells=[(company.stream("P1/DE"), FEBRUARY)], locked=False)
    with pytest.raises(NotAllowed):
        set_locks(version=plan, by=company.people["sales"], rows=[company.product("P1")], locked=False)
    assert set_locks(version=plan, by=planner, rows=[company.family("A")], locked=False).rows == 2
    edit_cells(
        version=plan, by=planner, reason_code="market",
        edits=[Edit(company.stream("P1/DE"), "planner", FEBRUARY, "set", 1.0)],
    )  # fmt: skip
    assert figures(plan, "planner")[company.streams["P1/DE"].pk, FEBRUARY] == 1_000


def test_locks_reach_no_further_than_the_filter(company: SmallCompany, plan: Version) -> None:
    planner = company.people["planner"]
    set_locks(version=plan, by=planner, rows=[company.family("A")], locked=True, filters=Filters(market="FR"))
    held = RowLock.objects.filter(version=plan).values_list("stream_id", flat=True)
    assert set(held) == {company.streams["P1/FR"].pk, company.streams["P2/FR"].pk}
