"""Random actions of two people: sums tie out, locks hold, and undoing everything restores every figure."""

import random
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.models import Change, ChangeLine, Cycle, Version
from demand.actions.edits import Edit, edit_cells
from demand.actions.locks import set_locks
from demand.actions.summary import rebuild_summary
from demand.actions.undo import undo_changes
from demand.models import CellLock, DemandFact, DemandSummary, RowLock
from demand.queries.ledger import is_active, undo_map
from sop.errors import InvalidInput, Locked
from tests.demand.factories import SmallCompany, figures, make_plan

MONTHS = [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]
COLUMNS = ("product", "marketing", "sales", "planner", "consensus")


def everything(plan: Version) -> dict[str, dict[tuple[int, date], int | None]]:
    return {column: figures(plan, column) for column in COLUMNS}


def summary(plan: Version) -> set[tuple[object, ...]]:
    return set(
        DemandSummary.objects.filter(version=plan).values_list(
            "family_id", "market_id", "month", *COLUMNS, "sales_value", "planner_value", "consensus_value"
        )
    )


ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(["marketing", "sales", "planner", "consensus"]),
        st.sampled_from(["set", "add", "multiply"]),
        st.integers(0, 2),
        st.integers(1, 2000),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, seed=st.integers(0, 99))
def test_any_order_of_edits_and_undos(
    company: SmallCompany, cycle: Cycle, actions: list[tuple[int, str, str, int, int, bool]], seed: int
) -> None:
    with transaction.atomic():
        try_actions(company, cycle, actions, seed)
        transaction.set_rollback(True)


def try_actions(
    company: SmallCompany, cycle: Cycle, actions: list[tuple[int, str, str, int, int, bool]], seed: int
) -> None:
    plan = make_plan(company, cycle)
    start = everything(plan)
    nodes = [
        "all",
        company.family("A"),
        company.family("A1"),
        company.family("B"),
        company.product("P1"),
        company.product("P2"),
        company.stream("P1/DE"),
        company.stream("P3/DE"),
    ]
    set_locks(
        version=plan,
        by=company.people["planner"],
        cells=[(company.stream("P2/FR"), MONTHS[1])],
        rows=[company.stream("P1/FR")],
        locked=True,
    )
    for node, measure, operation, month, value, undo_one in actions:
        person = company.people["sales" if measure in ("marketing", "sales") else "planner"]
        number = value / 1000 if operation == "multiply" else float(value)
        edit = Edit(nodes[node], measure, MONTHS[month], operation, number)
        try:
            result = edit_cells(version=plan, by=person, edits=[edit], reason_code="market")
        except (Locked, InvalidInput):
            continue
        if undo_one and result.changes:
            undo_changes(version=plan, by=person, change_ids=[change.pk for change in result.changes])
    assert_sound(company, plan, start)
    undo_all(company, plan, seed)
    assert everything(plan) == start


def assert_sound(
    company: SmallCompany, plan: Version, start: dict[str, dict[tuple[int, date], int | None]]
) -> None:
    now = everything(plan)
    locked = [(company.streams["P2/FR"].pk, MONTHS[1])]
    locked += [(company.streams["P1/FR"].pk, month) for month in plan.cycle.months]
    assert all(now[column][cell] == start[column][cell] for column in COLUMNS for cell in locked)
    assert all(value is not None and value >= 0 for column in COLUMNS for value in now[column].values())
    kept = summary(plan)
    rebuild_summary(plan)
    assert summary(plan) == kept
    # What the ledger says of the last word on a figure is what stands in the plan.
    for change in Change.objects.filter(version=plan).exclude(source="baseline"):
        assert change.delta_quanta == sum(
            (line.new or 0) - (line.old or 0) for line in ChangeLine.objects.filter(change=change)
        )
    totals = DemandFact.objects.filter(version=plan).aggregate(total=Sum("consensus"))["total"]
    assert totals == DemandSummary.objects.filter(version=plan).aggregate(total=Sum("consensus"))["total"]


def undo_all(company: SmallCompany, plan: Version, seed: int) -> None:
    """Takes every change back, in any order."""
    CellLock.objects.all().delete()
    RowLock.objects.all().delete()
    undone = undo_map(plan)
    originals = Change.objects.filter(version=plan, source="grid").exclude(operation="undo")
    active = [change for change in originals if is_active(change.pk, undone)]
    random.Random(seed).shuffle(active)
    for change in active:
        person = company.people["sales" if change.measure in ("marketing", "sales") else "planner"]
        undo_changes(version=plan, by=person, change_ids=[change.pk])
