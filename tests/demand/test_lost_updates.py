"""Two people at the same figures at the same moment: on PostgreSQL neither overwrites the other."""

import threading
from datetime import date

import pytest
from django.db import connection

from cycles.models import ChangeLine
from demand.actions.edits import Edit, edit_cells
from demand.models import DemandFact, DemandSummary
from sop.errors import Conflict
from tests.demand.factories import make_company, make_cycle, make_plan

FEBRUARY = date(2027, 2, 1)
PEOPLE = 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_additions_of_many_people_all_arrive() -> None:
    company = make_company()
    plan = make_plan(company, make_cycle(company))
    start, refused = threading.Barrier(PEOPLE), []

    def add() -> None:
        try:
            start.wait(timeout=20)
            for _ in range(3):
                edit = Edit(company.product("P1"), "planner", FEBRUARY, "add", 1.0)
                try:
                    edit_cells(version=plan, by=company.people["planner"], edits=[edit])
                except Conflict:
                    refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    facts = DemandFact.objects.filter(version=plan, month=FEBRUARY, stream__product__code="P1")
    arrived = sum(facts.values_list("planner", flat=True)) - 150_000
    assert arrived == 1000 * (PEOPLE * 3 - len(refused))
    assert arrived > 0
    lines = ChangeLine.objects.filter(change__version=plan, month=FEBRUARY)
    assert sum(line.new - line.old for line in lines) == arrived
    summaries = DemandSummary.objects.filter(version=plan, month=FEBRUARY, family__code="A1")
    assert sum(summaries.values_list("planner", flat=True)) == 150_000 + arrived


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_totals_typed_over_the_same_figure_one_is_a_conflict() -> None:
    company = make_company()
    plan = make_plan(company, make_cycle(company))
    start, outcomes = threading.Barrier(2), []

    def set_total(value: float) -> None:
        edit = Edit(company.product("P1"), "planner", FEBRUARY, "set", value, seen=150.0, check_seen=True)
        try:
            start.wait(timeout=20)
            edit_cells(version=plan, by=company.people["planner"], edits=[edit], reason_code="market")
            outcomes.append(value)
        except Conflict as conflict:
            outcomes.append(conflict.errors[0]["now"])
        finally:
            connection.close()

    threads = [threading.Thread(target=set_total, args=(value,)) for value in (300.0, 400.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(outcomes) == 2
    assert outcomes[0] == outcomes[1]  # the one who came second was told what the first had entered
