"""From a gap by one of its levers to a scenario, one click each."""

import pytest
from django.urls import reverse

from cycles.choices import Role, RunState
from cycles.testing import run_pending
from reconciliation.actions.levers import spans
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    request_scenario,
    scenario_from_gap,
)
from reconciliation.choices import DifferenceKind
from reconciliation.finance.lines import Line
from reconciliation.models import Scenario
from reconciliation.queries import statement_of
from sop.errors import InvalidInput
from supply.models import SupplyGap

UNIT, CENTS = 1000, 100


@pytest.fixture
def planner(signed):
    return signed.people[Role.SUPPLY_PLANNER]


@pytest.fixture
def gap(signed, baseline) -> SupplyGap:
    """The largest gap of the signed plan that has a way out."""
    gaps = SupplyGap.objects.filter(version__kind="supply")
    return next(gap for gap in gaps if gap.levers)


def computed(scenario, by):
    run = request_scenario(scenario=scenario, by=by)
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    scenario.refresh_from_db()
    return statement_of(scenario.version, scenario.cycle.months)


def test_months_become_spans_without_a_break():
    assert spans(["2026-03", "2026-01", "2026-02", "2026-06"]) == [
        ("2026-01", "2026-03"),
        ("2026-06", "2026-06"),
    ]


def test_a_lever_of_hours_closes_the_gap_in_a_scenario_of_its_name(gap, planner):
    scenario = scenario_from_gap(gap=gap, lever_index=0, by=planner)
    assert scenario.name == gap.levers[0]["name"]
    assert {difference.gap_id for difference in scenario.differences.all()} == {gap.pk}
    assert computed(scenario, planner)[Line.UNITS] == [130 * UNIT] * 6


def test_the_page_asks_in_which_scenario(client, gap, planner):
    client.force_login(planner)
    url = reverse("reconciliation:scenario-from-gap", args=[gap.pk, 0])
    assert gap.levers[0]["name"] in client.get(url).content.decode()
    mine = create_scenario(cycle=gap.version.cycle, by=planner, name="Mine")
    client.post(url, {"scenario": mine.pk})
    assert mine.differences.exists()
    client.post(url, {})
    client.post(url, {})
    names = Scenario.objects.filter(is_baseline=False).values_list("name", flat=True)
    assert sorted(names) == sorted(["Mine", gap.levers[0]["name"], f"{gap.levers[0]['name']} 2"])
    assert client.get(reverse("reconciliation:scenario-from-gap", args=[gap.pk, 99])).status_code == 404


def test_a_lever_that_is_gone_is_refused(gap, planner):
    with pytest.raises(InvalidInput, match="no such lever"):
        scenario_from_gap(gap=gap, lever_index=99, by=planner)


MONTHS = {"first_month": "2026-01", "last_month": "2026-06"}


def more(scenario, planner, limit, name, cost=9):
    params = {"limit": limit, "name": name, "units_per_month": 10, "cost_per_unit": cost, **MONTHS}
    return add_difference(scenario=scenario, by=planner, kind=DifferenceKind.SOURCE, params=params)


def test_a_rush_order_fills_the_gap_at_its_price(signed, baseline, planner):
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Rush")
    made = more(scenario, planner, "expedite", "A/S1")
    assert made.sentence == "Up to 10 a month of A, S1 as a rush order from Jan 2026 to Jun 2026"
    amounts = computed(scenario, planner)
    assert amounts[Line.UNITS] == [130 * UNIT] * 6
    # Ten units a month bought at 9 where standard cost is 6.
    assert amounts[Line.PURCHASE_PREMIUM] == [30 * CENTS] * 6


def test_a_source_that_is_gone_fails_in_words(signed, baseline, planner):
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Gone")
    more(scenario, planner, "supplier", "NOBODY/M@S1")
    run = request_scenario(scenario=scenario, by=planner)
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DEAD
    assert "no longer part of the company's data" in run.error


def test_sources_are_made_from_levers_alone(client, signed, baseline, planner):
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Blank")
    client.force_login(planner)
    url = reverse("reconciliation:difference-new", args=[scenario.pk, "source"])
    assert client.get(url).status_code == 404
    with pytest.raises(InvalidInput, match="lever of a gap"):
        more(scenario, planner, "magic", "A/S1")


def test_a_source_can_be_changed_afterwards(client, signed, baseline, planner):
    scenario = create_scenario(cycle=signed.cycle, by=planner, name="Change")
    difference = more(scenario, planner, "expedite", "A/S1")
    client.force_login(planner)
    url = reverse("reconciliation:difference", args=[difference.pk])
    assert client.get(url).status_code == 200
    client.post(
        url, {"limit": "expedite", "name": "A/S1", "units_per_month": 4, "cost_per_unit": 8, **MONTHS}
    )
    difference.refresh_from_db()
    assert difference.params["units_per_month"] == 4.0
