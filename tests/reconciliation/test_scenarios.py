"""Scenarios from the signed plan to figures: real solver, a company that can be planned in the head."""

import pytest

from cycles.choices import Role, RunState, StageKind, StageState
from cycles.models import Stage
from cycles.testing import run_pending
from reconciliation.actions.scenarios import (
    add_difference,
    create_scenario,
    edit_difference,
    recommend_scenario,
    request_scenario,
    toggle_difference,
)
from reconciliation.choices import DifferenceKind, ScenarioState
from reconciliation.finance.lines import Line
from reconciliation.models import Scenario
from reconciliation.queries import baseline_of, comparison, statement_of
from reconciliation.queries.economics import tie_of
from sop.errors import InvalidInput, Locked, NotAllowed, WrongState

UNIT, CENTS = 1000, 100


@pytest.fixture
def planner(signed):
    return signed.people[Role.SUPPLY_PLANNER]


@pytest.fixture
def scenario(signed, baseline, planner) -> Scenario:
    return create_scenario(cycle=signed.cycle, by=planner, name="Saturday shift")


def computed(scenario, by):
    run = request_scenario(scenario=scenario, by=by)
    run_pending()
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    scenario.refresh_from_db()
    return statement_of(scenario.version, scenario.cycle.months)


SHIFT = {
    "resource": "LINE1",
    "hours_per_month": 30,
    "cost_per_hour": 1,
    "first_month": "2026-01",
    "last_month": "2026-06",
}


def test_the_baseline_is_the_signed_plan_in_money(signed, baseline):
    assert baseline.state == ScenarioState.COMPUTED
    amounts = statement_of(baseline.version, signed.cycle.months)
    assert amounts[Line.UNITS] == [120 * UNIT] * 6
    assert amounts[Line.REVENUE] == [1_200 * CENTS] * 6
    assert amounts[Line.COGS] == [720 * CENTS] * 6
    assert amounts[Line.FREIGHT] == [60 * CENTS] * 6
    assert amounts[Line.OVERTIME] == [40 * CENTS] * 6
    assert amounts[Line.OPEX] == [50 * CENTS] * 6
    assert amounts[Line.EBIT] == [330 * CENTS] * 6
    assert amounts[Line.WANTED_REVENUE] == [1_300 * CENTS] * 6


def test_added_hours_close_the_gap_at_their_cost(scenario, planner):
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT, one_off_cost=90)
    amounts = computed(scenario, planner)
    assert amounts[Line.UNITS] == [130 * UNIT] * 6
    # Thirty extra hours at 1 are cheaper than overtime at 2.
    assert amounts[Line.OVERTIME] == [30 * CENTS] * 6
    assert amounts[Line.SCENARIO_COST] == [90 * CENTS, 0, 0, 0, 0, 0]
    assert sum(amounts[Line.EBIT]) == (6 * (1_300 - 780 - 65 - 30 - 50) - 90) * CENTS


def test_the_effects_of_the_differences_add_up_to_the_whole(scenario, planner, baseline):
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    months = {"first_month": "2026-02", "last_month": "2026-03"}
    add_difference(
        scenario=scenario, by=planner, kind=DifferenceKind.DEMAND, params={"percent": -50, **months}
    )
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.PRICE, params={"percent": 10, **months})
    amounts = computed(scenario, planner)
    after = sum(amounts[Line.EBIT])
    before = sum(statement_of(baseline.version, scenario.cycle.months)[Line.EBIT])
    effects = list(scenario.differences.values_list("effect_minor", flat=True))
    assert sum(effects) == after - before
    assert effects[0] > 0 > effects[1]
    # One more for each unit that is shipped in these months.
    assert effects[2] == (amounts[Line.UNITS][1] + amounts[Line.UNITS][2]) // UNIT * CENTS


def test_price_change_with_elasticity_moves_the_volume(scenario, planner):
    params = {
        "percent": 10,
        "elasticity": -2,
        "first_month": "2026-01",
        "last_month": "2026-01",
        "family": "F",
    }
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.PRICE, params=params)
    amounts = computed(scenario, planner)
    assert amounts[Line.WANTED_UNITS][0] == 104 * UNIT
    assert amounts[Line.WANTED_REVENUE][0] == 104 * 11 * CENTS


def test_a_change_of_the_differences_puts_the_scenario_out_of_date(scenario, planner):
    difference = add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    computed(scenario, planner)
    for change in (
        lambda: toggle_difference(difference=difference, by=planner, active=False),
        lambda: edit_difference(difference=difference, by=planner, params=SHIFT | {"hours_per_month": 5}),
    ):
        Scenario.objects.filter(pk=scenario.pk).update(state=ScenarioState.COMPUTED)
        difference.scenario.refresh_from_db()
        change()
        scenario.refresh_from_db()
        assert scenario.state == ScenarioState.OUT_OF_DATE


def test_the_same_switches_give_the_same_version_at_once(scenario, planner):
    difference = add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    computed(scenario, planner)
    first = scenario.version_id
    toggle_difference(difference=difference, by=planner, active=False)
    computed(scenario, planner)
    assert scenario.version_id != first
    difference.refresh_from_db()
    toggle_difference(difference=difference, by=planner, active=True)
    run = request_scenario(scenario=scenario, by=planner)
    scenario.refresh_from_db()
    assert (run.state, scenario.version_id, scenario.state) == (RunState.DONE, first, ScenarioState.COMPUTED)


def test_a_double_click_is_one_run(scenario, planner):
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    assert request_scenario(scenario=scenario, by=planner) == request_scenario(scenario=scenario, by=planner)


def test_a_switch_thrown_while_it_computes_leaves_the_scenario_out_of_date(scenario, planner):
    difference = add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    request_scenario(scenario=scenario, by=planner)
    toggle_difference(difference=difference, by=planner, active=False)
    run_pending()
    scenario.refresh_from_db()
    assert scenario.state == ScenarioState.DRAFT
    assert scenario.version is None


def test_one_scenario_is_recommended_and_only_when_computed(scenario, planner, signed):
    finance = signed.people[Role.FINANCE]
    with pytest.raises(WrongState, match="compute it"):
        recommend_scenario(scenario=scenario, by=finance)
    computed(scenario, planner)
    recommend_scenario(scenario=scenario, by=finance)
    recommend_scenario(scenario=baseline_of(signed.cycle), by=finance)
    assert comparison(signed.cycle).recommended.letter == "A"
    with pytest.raises(NotAllowed):
        recommend_scenario(scenario=scenario, by=planner)


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        (
            "demand",
            {"percent": "lots", "first_month": "2026-01", "last_month": "2026-02"},
            "must be a number",
        ),
        ("demand", {"percent": 0, "first_month": "2026-01", "last_month": "2026-02"}, "changes nothing"),
        (
            "demand",
            {"percent": 5, "family": "X", "first_month": "2026-01", "last_month": "2026-02"},
            "code X",
        ),
        ("demand", {"percent": 5, "first_month": "2026-03", "last_month": "2026-02"}, "before the first"),
        ("demand", {"percent": 5, "first_month": "2025-12", "last_month": "2026-02"}, "2026-01 to 2026-06"),
        ("demand", {"percent": 5, "first_month": "soon", "last_month": "2026-02"}, "not a month"),
        ("supplier_shut", {"first_month": "2026-01", "last_month": "2026-02"}, "Choose a supplier"),
        ("capacity", {**SHIFT, "hours_per_month": -3}, "Hours a month"),
        ("price", {"percent": -100, "first_month": "2026-01", "last_month": "2026-02"}, "from -99"),
    ],
)
def test_wrong_differences_are_refused_in_words(scenario, planner, kind, params, words):
    with pytest.raises(InvalidInput, match=words):
        add_difference(scenario=scenario, by=planner, kind=DifferenceKind(kind), params=params)
    assert not scenario.differences.exists()


def test_sentences_and_what_they_cost(scenario, planner):
    def add(kind, once=0, **params):
        months = {"first_month": "2026-01", "last_month": "2026-02"}
        made = add_difference(
            scenario=scenario, by=planner, kind=kind, params=months | params, one_off_cost=once
        )
        return made.sentence, made.cost_words

    demand = add(DifferenceKind.DEMAND, percent=10, family="F", market="M1")
    assert demand == ("Demand for Coffee in France +10 % from Jan 2026 to Feb 2026", "")
    hours = add(DifferenceKind.CAPACITY, resource="LINE1", hours_per_month=30, cost_per_hour=1, once=2000)
    assert hours == (
        "30 hours a month more on Line 1 from Jan 2026 to Feb 2026",
        "€\u00a01.00 an hour, €\u00a02.0\u00a0k once",
    )
    # An hour of overtime costs what the line's overtime costs, where nothing else is said.
    assert add(DifferenceKind.OVERTIME, resource="LINE1", hours_per_month=8) == (
        "8 hours a month of overtime on Line 1 from Jan 2026 to Feb 2026",
        "€\u00a02.00 an hour",
    )


def test_sales_change_the_demand_side_and_operations_the_supply_side(scenario, signed):
    demand = {"percent": 5, "first_month": "2026-01", "last_month": "2026-02"}
    sales, operations = signed.people[Role.SALES], signed.people[Role.OPERATIONS]
    add_difference(scenario=scenario, by=sales, kind=DifferenceKind.DEMAND, params=demand)
    add_difference(scenario=scenario, by=operations, kind=DifferenceKind.CAPACITY, params=SHIFT)
    with pytest.raises(NotAllowed):
        add_difference(scenario=scenario, by=sales, kind=DifferenceKind.CAPACITY, params=SHIFT)
    with pytest.raises(NotAllowed):
        add_difference(scenario=scenario, by=operations, kind=DifferenceKind.DEMAND, params=demand)
    with pytest.raises(NotAllowed):
        add_difference(
            scenario=scenario, by=signed.people[Role.SPONSOR], kind=DifferenceKind.DEMAND, params=demand
        )


def test_nothing_changes_once_the_review_is_submitted(scenario, planner, signed):
    Stage.objects.filter(cycle=signed.cycle, kind=StageKind.RECONCILIATION).update(state=StageState.SUBMITTED)
    with pytest.raises(Locked):
        add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)


def test_the_baseline_takes_no_difference(baseline, planner):
    with pytest.raises(WrongState, match="stays without differences"):
        add_difference(scenario=baseline, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)


def test_a_copy_starts_from_the_differences_of_another(scenario, planner, signed):
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT)
    copy = create_scenario(cycle=signed.cycle, by=planner, name="Copy", copy_of=scenario)
    assert [d.sentence for d in copy.differences.all()] == [d.sentence for d in scenario.differences.all()]
    with pytest.raises(InvalidInput, match="already"):
        create_scenario(cycle=signed.cycle, by=planner, name="Copy")


def test_the_planner_and_the_profit_and_loss_tie_out(scenario, planner, baseline):
    """From what the planner maximises to the EBIT, line by line, residual 0: with and without differences."""
    add_difference(scenario=scenario, by=planner, kind=DifferenceKind.CAPACITY, params=SHIFT, one_off_cost=90)
    computed(scenario, planner)
    for version in (baseline.version, scenario.version):
        statement = tie_of(version, statement_of(version, scenario.cycle.months))
        assert statement.residual == 0
        assert abs(statement.objective - round(version.params["economics"]["objective"] * CENTS)) <= 20
        rows = {row.key: row for row in statement.rows}
        assert rows["freight"].difference == 0
        assert rows["overtime"].difference == 0
