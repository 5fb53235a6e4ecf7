"""A company is taken from its files to an approved plan, through the month, and into the next: all through pages.

Pictures of every page are left in the folder that SOP_SCREENSHOTS names.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.month import (
    administrator,
    data_owners,
    demand,
    everybody,
    finance,
    process_owner,
    product,
    sponsor,
    supply,
)
from tests.e2e.month.album import Album
from tests.e2e.month.desk import PATIENCE_MS, Office
from tests.e2e.month.people import ADMINISTRATOR
from tests.stack import Stack, running_stack

pytestmark = pytest.mark.browser

QUICK_MS = 5_000  # playwright's own patience, for the tests that come after


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    folder = tmp_path / "installation"
    folder.mkdir()
    with running_stack(folder) as stack:
        yield stack


@pytest.fixture
def office(
    browser: Browser, stack: Stack, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """No script may fail, and no page may shut anybody out."""
    pictures = Path(os.environ.get("SOP_SCREENSHOTS", tmp_path / "pictures")) / request.node.name
    office = Office(browser, stack.url, Album(pictures))
    expect.set_options(timeout=PATIENCE_MS)
    yield office
    expect.set_options(timeout=QUICK_MS)
    office.close()
    assert office.errors == []
    assert office.album.violations == [], "\n".join(office.album.violations)


def test_the_generated_company_takes_one_month(office: Office, stack: Stack, tmp_path: Path) -> None:
    company = tmp_path / "company"
    stack.run(
        "manage",
        "make_company",
        "--size",
        "tiny",
        "--files-only",
        "--folder",
        str(company),
        "--last-month",
        "2026-06",
    )
    set_up(office, stack, name="Tiny company", currency="EUR")
    load_and_open(office, company, "2026-07", tmp_path)
    work_through_a_month(office, tmp_path)


@pytest.mark.shared_data
def test_the_pharma_company_takes_two_months(
    office: Office, stack: Stack, shared_dir: Path, tmp_path: Path
) -> None:
    company = shared_dir / "company" / "pharma"
    set_up(office, stack, name="Pharma company", currency="AUD")
    load_and_open(office, company, "2007-07", tmp_path)
    work_through_a_month(office, tmp_path)
    close_the_month(office, company / "actuals_later" / "2007-07")
    work_through_the_next_month(office)


def set_up(office: Office, stack: Stack, *, name: str, currency: str) -> None:
    administrator.make_the_first_account(stack)
    desk = office.desk(ADMINISTRATOR)
    administrator.set_up_the_company(desk, name=name, currency=currency)
    administrator.add_the_team(desk)
    administrator.sees_no_figures(desk)


def load_and_open(office: Office, company: Path, month: str, scrap: Path) -> None:
    owner = office.desk("owner")
    process_owner.finds_nothing_yet(owner)
    process_owner.sends_a_wrong_file(owner, scrap)
    process_owner.loads_the_company(owner, company)
    process_owner.opens_the_first_cycle(owner, month)
    everybody.are_refused_clearly(office)


def work_through_a_month(office: Office, scrap: Path) -> None:
    pass_the_data_gate(office)
    review_products(office)
    review_demand(office)
    review_supply(office)
    reconcile(office, scrap)
    decide(office)
    everybody.see_the_plan(office)
    process_owner.looks_back(office.desk("owner"))
    administrator.looks_after_the_installation(office.desk(ADMINISTRATOR))


def pass_the_data_gate(office: Office) -> None:
    owner = office.desk("owner")
    process_owner.runs_the_rules(owner)
    process_owner.waives_what_is_known(owner)
    data_owners.submits_the_data(office.desk("planner"))
    process_owner.signs_the_data(owner)


def review_products(office: Office) -> None:
    manager = office.desk("product")
    product.completes_launches(manager)
    product.completes_phase_outs(manager)
    product.decides_on_proposals(manager)
    product.submits(manager)
    product.signs(office.desk("portfolio"))


def review_demand(office: Office) -> None:
    planner = office.desk("planner")
    demand.sales_raises_a_family(office.desk("sales"))
    demand.planner_corrects_and_takes_back(planner)
    everybody.see_their_first_page(office)
    demand.submits_input(office.desk("sales"), *demand.FUNCTIONS)
    demand.submits_input(planner, "demand planner")
    demand.reviews_every_family(planner)
    demand.looks_at_the_ledger(planner)
    demand.submits(planner)
    demand.signs(office.desk("director"))


def review_supply(office: Office) -> None:
    planner = office.desk("supply")
    supply.computes_the_plan(planner)
    supply.reads_the_plan(planner)
    supply.changes_hours(planner)
    supply.computes_the_plan(planner)
    supply.answers_gaps(planner)
    supply.submits(planner)
    supply.signs(office.desk("operations"))


def reconcile(office: Office, scrap: Path) -> None:
    controller = office.desk("finance")
    finance.makes_scenarios(controller)
    supply.turns_a_lever_into_a_scenario(controller, finance.GROWTH)
    finance.computes_side_by_side(controller)
    finance.recommends(controller)
    finance.exports_the_comparison(controller, scrap)
    finance.submits(controller)
    finance.signs(office.desk("controller"))


def decide(office: Office) -> None:
    process_owner.sends_out_the_brief(office.desk("owner"))
    phone = office.desk("sponsor", phone=True)
    sponsor.reads_the_brief(phone)
    sponsor.answers_the_decisions(phone, *sponsor.ANSWERS)
    sponsor.approves(phone)


def close_the_month(office: Office, actuals: Path) -> None:
    process_owner.opens_the_next_cycle(office.desk("owner"))
    data_owners.load_the_actuals(office, actuals)
    pass_the_data_gate(office)
    everybody.see_accuracy_by_lag(office.desk("planner"))


def work_through_the_next_month(office: Office) -> None:
    """The same reviews, with less to say."""
    review_products(office)
    planner, supplier, controller = office.desk("planner"), office.desk("supply"), office.desk("finance")
    demand.planner_corrects_and_takes_back(planner)
    demand.submits_input(office.desk("sales"), *demand.FUNCTIONS)
    demand.submits_input(planner, "demand planner")
    demand.submits(planner)
    demand.signs(office.desk("director"))
    supply.computes_the_plan(supplier)
    supply.answers_gaps(supplier)
    supply.submits(supplier)
    supply.signs(office.desk("operations"))
    finance.makes_one_scenario(controller)
    finance.computes_side_by_side(controller)
    finance.recommends(controller)
    finance.submits(controller)
    finance.signs(office.desk("controller"))
    decide(office)
    everybody.see_the_plan(office)
    everybody.see_the_key_figures(office.desk("sponsor"))
