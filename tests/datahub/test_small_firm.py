"""Rules judge what a company keeps: one that lives in spreadsheets is not asked for bills, routings and owners."""

from datetime import date
from pathlib import Path

import pytest

from cycles.models import User
from datahub.actions.imports import import_folder
from datahub.actions.quality import judge_all
from datahub.checks import check_month_loaded, check_owners
from datahub.frames import stored_frames
from demand.models import DemandHistory, OrderLine
from tests.cycles.factories import make_cycle
from tests.datahub.conftest import Write

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)


@pytest.fixture
def firm(tmp_path: Path, write: Write) -> None:
    """Two products, a year of sales without any date of entry, one count of stock."""
    write(
        "item_master.csv",
        "item_code,item_type,family,std_cost,list_price,status\n1,FG,F,2,5,active\n2,FG,F,3,6,active\n",
    )
    write("customers.csv", "customer,market\nK,DE\n")
    months = [f"2024-{month:02}" for month in (11, 12)] + [f"2025-{month:02}" for month in range(1, 11)]
    lines = [f"R{month}{item},1,{item},K,10,{month}-05,5" for month in months for item in (1, 2)]
    write(
        "sales_orders.csv",
        "order_no,line_no,item_code,customer,qty_ordered,requested_date,net_price\n" + "\n".join(lines),
    )
    write("item_location.csv", "item_code,site\n1,MAIN\n2,MAIN\n")
    write("inventory.csv", "snapshot_date,item_code,site,qty\n2025-10-31,1,MAIN,40\n2025-10-31,2,MAIN,50\n")
    import_folder(folder=tmp_path, by=None)


def test_lines_without_a_date_of_entry_are_history(firm: None) -> None:
    assert DemandHistory.objects.filter(month=OCTOBER).count() == 2
    OrderLine.objects.filter(requested_date__gte=OCTOBER).update(entry_date=date(2025, 9, 30))
    from demand.actions.history import last_closed_month

    assert last_closed_month() == date(2025, 9, 1)


def test_no_rule_fails_for_data_that_is_not_kept(firm: None) -> None:
    judged = judge_all(stored_frames(month=OCTOBER, horizon=12, currency="EUR"))
    failed = {rule.code: outcome.failures[0].message for rule, outcome in judged if outcome.failures}
    assert failed == {}


def test_the_month_is_there_without_shipments_and_roles_own_their_data(
    firm: None, people: dict[str, User]
) -> None:
    cycle = make_cycle(people["owner"], month=NOVEMBER)
    found = check_month_loaded(cycle)
    assert found.ok, found.message
    assert "shipments" not in found.message
    assert check_owners(cycle).ok


def test_a_company_that_keeps_shipments_has_to_load_them(
    firm: None, people: dict[str, User], tmp_path: Path, write: Write
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    write("shipments.csv", "order_no,line_no,ship_date,qty\nR2025-091,1,2025-09-06,10\n")
    import_folder(folder=tmp_path, by=None)
    cycle = make_cycle(people["owner"], month=NOVEMBER)
    assert "shipments (up to 06 Sep 2025)" in check_month_loaded(cycle).message
