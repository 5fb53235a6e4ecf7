"""The profit and loss of a plan: worked examples, a naive twin, and parts that add up to the whole."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciliation.finance.lines import Line, added, difference, with_results
from reconciliation.finance.periods import monthly, quarterly, rolled_up, with_years, yearly
from reconciliation.finance.statement import (
    PlanFacts,
    Rows,
    Terms,
    holding,
    late_of_own_month,
    money,
    statements,
)
from reconciliation.finance.two_statements import tie
from reconciliation.finance.working_capital import cash_conversion_days, opening, outstanding
from sop.periods import month_range

UNIT, CENTS = 1000, 100
# A busy machine is no reason to fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def whole(*values):
    return np.array(values, dtype=np.int64)


def one_product(units_sold: int, costs=(), opex: int = 0) -> dict:
    """A month of a product at 50 with a variable cost of 30; ``costs`` are (line, money)."""
    facts = PlanFacts(
        families=("A", ""),
        months=1,
        sales=Rows(whole(0), whole(0)),
        wanted=whole(10_000 * UNIT),
        supplied=whole(units_sold * UNIT),
        on_time=whole(units_sold * UNIT),
        price=np.array([5_000.0]),
        cost=np.array([3_000.0]),
        shared_costs=[(line, 0, amount * CENTS, [1.0, 0.0]) for line, amount in costs],
    )
    return statements(facts, Terms(opex={"A": [opex]}))["A"]


@pytest.mark.parametrize(
    ("units", "costs", "contribution"),
    [
        (9_000, [], 180_000),  # do nothing
        (10_000, [(Line.OVERTIME, 6_000)], 194_000),  # 1,000 in overtime at 6
        (10_000, [(Line.PURCHASE_PREMIUM, 8_000)], 192_000),  # 1,000 from a subcontractor at 8
        (9_900, [(Line.SPOT_FREIGHT, 10_800)], 187_200),  # 900 by air at 12
    ],
)
def test_price_tags_of_a_gap(units, costs, contribution):
    """Demand 10,000, capacity 9,000, price 50, variable cost 30: the ranking that planners know."""
    statement = one_product(units, costs)
    assert statement[Line.CONTRIBUTION] == [contribution * CENTS]
    assert statement[Line.WANTED_REVENUE][0] - statement[Line.REVENUE][0] == (10_000 - units) * 50 * CENTS


def test_results_follow_from_the_lines():
    statement = one_product(10_000, [(Line.OVERTIME, 6_000)], opex=4_000_000)
    assert statement[Line.GROSS_MARGIN] == [200_000 * CENTS]
    assert statement[Line.EBIT] == [194_000 * CENTS - 4_000_000]


def test_holding_of_a_month():
    assert holding(whole(1_500 * 30 * CENTS), 0.20).tolist() == [750 * CENTS]


def test_money_rounds_half_away_from_zero_like_the_naive_twin():
    quanta, prices = whole(1, 500, 1_500, -500, 333), np.array([500.0, 1.0, 3.0, 1.0, 12.34])
    naive = [
        int((Decimal(int(q)) * Decimal(str(p)) / 1000).quantize(Decimal(1), ROUND_HALF_UP))
        for q, p in zip(quanta, prices, strict=True)
    ]
    assert money(quanta, prices).tolist() == naive


@patient
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_units_late_are_at_most_what_was_accepted(wanted, lost, backlog):
    lost = min(lost, wanted)
    late = int(late_of_own_month(whole(wanted), whole(lost), whole(backlog))[0])
    assert 0 <= late <= wanted - lost
    assert late <= backlog


def test_costs_that_families_share_add_up_to_the_cent():
    facts = PlanFacts(
        families=("A", "B", "C", ""),
        months=2,
        shared_costs=[
            (Line.OVERTIME, 1, 100, [1.0, 1.0, 1.0, 0.0]),
            (Line.SCENARIO_COST, 0, 77, [0.0, 0.0, 0.0, 0.0]),
        ],
    )
    by_family = statements(facts, Terms())
    assert [by_family[family][Line.OVERTIME][1] for family in "ABC"] == [34, 33, 33]
    assert by_family[""][Line.SCENARIO_COST] == [77, 0]


amounts = st.lists(st.integers(-(10**9), 10**9), min_size=7, max_size=7)


statement_inputs = st.fixed_dictionaries({"revenue": amounts, "cogs": amounts, "opex": amounts})


@patient
@given(st.lists(statement_inputs, min_size=1, max_size=4))
def test_families_add_up_to_the_company_in_every_row_and_period(families):
    full = [with_results(family, 7) for family in families]
    company = added(full)
    assert company == with_results(
        {
            k: [sum(c) for c in zip(*(f[k] for f in families), strict=True)]
            for k in ("revenue", "cogs", "opex")
        },
        7,
    )
    months = month_range(date(2026, 11, 1), 7)
    total = rolled_up(company, yearly(months))
    quarters = rolled_up(company, quarterly(months))
    assert sum(quarters[Line.EBIT]) == sum(total[Line.EBIT]) == sum(company[Line.EBIT])


def test_balances_take_the_last_month_of_a_period():
    months = month_range(date(2026, 11, 1), 14)
    statement = {Line.INVENTORY: list(range(14)), Line.REVENUE: [1] * 14}
    rolled = rolled_up(statement, with_years(quarterly(months), months))
    assert rolled[Line.INVENTORY] == [2, 5, 8, 11, 11, 13, 13]
    assert rolled[Line.REVENUE] == [3, 3, 3, 3, 12, 2, 2]
    names = [period.name for period in with_years(quarterly(months), months)]
    assert names[:2] == ["Nov–Jan 2027", "Feb–Apr 2027"]
    assert names[4] == "12 months"
    assert monthly(months)[0].name == "Nov 2026"


def test_cash_is_earnings_less_what_working_capital_takes():
    statement = with_results(
        {"revenue": [100, 100], "inventory": [50, 30], "receivables": [20, 25], "payables": [10, 15]}, 2, 45
    )
    assert statement[Line.WORKING_CAPITAL] == [60, 40]
    assert statement[Line.CASH] == [85, 120]


def test_what_is_outstanding_counts_back_from_the_month_end():
    assert outstanding([100, 120], 45) == [148, 168]
    assert outstanding([100, 100, 100], 0) == [0, 0, 0]
    assert outstanding([100, 100], 60.8333, [40]) == [140, 200]
    assert opening([100], 30.4167, [70]) == 70
    assert outstanding([], 30) == []


def test_cash_to_cash_of_the_worked_example():
    # 8.35 + 32.99 - 60.21 days = -18.87 (days rounded one by one); revenue and COGS of a year each 365.
    assert cash_conversion_days(8.35, 32.99, 60.21, 365, 365) == pytest.approx(-18.87)


def test_difference_of_two_statements():
    new, old = with_results({"revenue": [10]}, 1), with_results({"revenue": [7]}, 1)
    assert difference(new, old)[Line.EBIT] == [3]


def test_planner_and_finance_tie_out_line_by_line():
    statement = one_product(10_000, [(Line.OVERTIME, 6_000), (Line.SCENARIO_COST, 500)], opex=1_000)
    management = {line: amounts[0] for line, amounts in statement.items()}
    planner = {
        "revenue": 50_000_000,
        "production": 31_000_000,
        "overtime": 600_000,
        "freight": 12,
        "backlog": 5,
    }
    statement = tie(planner, {"safety_stock": 300}, management)
    assert statement.residual == 0
    assert {row.key: row.difference for row in statement.rows}["goods"] == 1_000_000
    assert statement.objective == 50_000_000 - 31_000_000 - 600_000 - 12 - 5 - 300


def test_a_cost_that_no_row_knows_shows_as_a_residual():
    management = {line.value: 0 for line in Line}
    assert tie({"revenue": 0, "insurance": 40}, {}, management).residual == 40
