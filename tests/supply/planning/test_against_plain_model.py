"""Random small cases against a naive model solved by scipy, and what must hold of every plan."""

from collections import Counter

import numpy as np
import pytest

from supply.planning.case import INF
from supply.planning.engine import solve
from supply.planning.files.reader import read_case
from supply.planning.formulation import formulate
from supply.planning.profit import overtime_limit, regular_limit
from supply.planning.solver import Solver
from supply.planning.tightness import arriving_volume
from tests.supply.planning.plain_model import PlainModel
from tests.supply.planning.random_cases import random_tables, write_tables

SEEDS = range(120)
QUANTITIES = (
    "production", "subcontract", "shipments", "spot", "stock", "scrap", "safety_short", "lost", "backlog",
    "regular_hours", "overtime_hours", "extra_hours", "heads", "hired", "laid_off", "purchases", "material_stock",
)  # fmt: skip
FACTORS = dict.fromkeys(
    ("quantity", "opening_stock", "receipts", "safety_stock", "max_stock", "min_closing_stock", "max_quantity",
     "min_quantity", "capacity", "inbound_capacity", "regular_hours", "overtime_hours", "extra_hours",
     "opening_heads"), 1e6,
) | dict.fromkeys(
    ("price", "unit_cost", "lost_sale_penalty", "backorder_cost", "holding_cost", "safety_penalty", "wage",
     "hire_cost", "layoff_cost", "overtime_cost_per_hour", "extra_cost_per_hour", "idle_cost_per_hour",
     "regular_cost_per_hour", "spot_cost", "scrap_cost"), 1e-3,
)  # fmt: skip
WAYS = (
    "a transfer that takes time", "made over months", "ordered ahead", "subcontracted ahead", "hours in a later month",
    "three levels", "a backup supplier", "stock up to the ceiling", "late as long as may be",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_same_optimum_as_the_plain_model(seed, tmp_path):
    """The same objective, or both find nothing."""
    tables = random_tables(seed)
    plan = solve(read_case(write_tables(tables, tmp_path)))
    plain = PlainModel(tables).solve()
    if plain is None:
        assert plan.status == "infeasible"
        assert plan.reason.split(":")[0] in ("must_serve", "min_closing_stock", "min_quantity", "max_stock")
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(plain, rel=1e-8, abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 100, 4))
def test_every_plan_balances_and_keeps_to_its_limits(seed, tmp_path):
    """Stock, demand, hours and material balance; no limit is broken; money adds up to the solver's."""
    case = read_case(write_tables(random_tables(seed), tmp_path))
    plan = solve(case)
    if plan.status == "infeasible":
        return
    near = {"rel": 1e-9, "abs": 1e-7}
    check_stock(case, plan)
    before = np.pad(plan.backlog, ((0, 0), (1, 0)))[:, :-1]
    assert plan.supplied + plan.backlog == pytest.approx(case.demand.quantity - plan.lost + before, **near)
    assert (plan.lost <= case.demand.quantity).all()
    assert not plan.lost[case.demand.must_serve].any()
    hours = plan.regular_hours + plan.overtime_hours + plan.extra_hours
    assert hours == pytest.approx(plan.load_hours, **near)
    assert (plan.regular_hours <= regular_limit(case, plan.heads) + 1e-7).all()
    assert (plan.overtime_hours <= overtime_limit(case, plan.heads) + 1e-7).all()
    assert (plan.extra_hours <= case.resources.extra_hours + 1e-7).all()
    network = plan.network
    volume = case.products.volume[network.flow_product][:, None] * plan.shipments
    leaving = np.zeros_like(case.lanes.capacity)
    np.add.at(leaving, network.flow_lane, volume)
    assert (leaving <= case.lanes.capacity + plan.spot + 1e-7).all()
    arriving = arriving_volume(case, network.flow_destination, network.flow_lane, volume)
    assert (arriving <= case.places.inbound_capacity + 1e-7).all()
    check_money(case, plan)


def check_stock(case, plan):
    """Closing stock is what came in less what went out, month by month."""
    network, months = plan.network, case.months
    change = network.by_pair(case.stock.receipts) - plan.scrap
    change[:, 0] += network.by_pair(case.stock.opening_stock)
    made, sub = case.production, case.subcontract
    for row, start in np.argwhere(plan.production > 0):
        units, product, site = plan.production[row, start], made.product[row], made.site[row]
        change[network.pair_of[product, site], start + made.lead_time_months[row, start]] += units
        for link in np.nonzero(case.component_use.product == product)[0]:
            used = units * case.component_use.quantity_per_unit[link]
            change[network.pair_of[case.component_use.component[link], site], start] -= used
    for row, start in np.argwhere(plan.subcontract > 0):
        arrival = start + sub.lead_time_months[row, start]
        change[network.pair_of[sub.product[row], sub.site[row]], arrival] += plan.subcontract[row, start]
    for flow, start in np.argwhere(plan.shipments > 0):
        change[network.flow_pair[flow], start] -= plan.shipments[flow, start]
        if network.flow_pair_to[flow] >= 0:
            arrival = start + case.lanes.lead_time_months[network.flow_lane[flow], start]
            change[network.flow_pair_to[flow], arrival] += plan.shipments[flow, start]
    assert np.cumsum(change, axis=1) == pytest.approx(plan.stock, rel=1e-9, abs=1e-7)
    assert (plan.stock <= network.by_pair(case.stock.max_stock, INF) + 1e-7).all()
    assert (plan.stock >= network.by_pair(case.stock.min_closing_stock) - 1e-7).all()
    assert months == plan.stock.shape[1]


def check_money(case, plan):
    """Margin less penalties is the objective, and the solver's own to nine digits."""
    solver = Solver(formulate(case).matrix)
    solver.solve_cold()
    assert plan.margin == pytest.approx(plan.revenue - sum(plan.costs.values()))
    assert plan.objective == pytest.approx(plan.margin - sum(plan.penalties.values()))
    assert plan.objective == pytest.approx(-solver.objective(), rel=1e-9, abs=1e-9)
    assert all(value >= 0 for value in (*plan.costs.values(), *plan.penalties.values()))


@pytest.mark.parametrize("seed", range(1, 100, 12))
def test_order_of_rows_and_columns_is_irrelevant_to_the_bit(seed, tmp_path):
    """The same case shuffled gives the same plan, and so does a second run."""
    tables = random_tables(seed)
    plans = [
        solve(read_case(write_tables(tables, tmp_path / str(shuffle), shuffle)))
        for shuffle in (None, None, 1, 2)
    ]
    for other in plans[1:]:
        assert (other.objective, other.reason, other.gaps) == (
            plans[0].objective,
            plans[0].reason,
            plans[0].gaps,
        )
        assert np.array_equal(other.production, plans[0].production)
        assert np.array_equal(other.shipments, plans[0].shipments)


def test_the_random_cases_use_what_they_hold(tmp_path):
    """In some optimum of theirs every kind of quantity is above 0, every kind of time at work."""
    seen = Counter()
    for seed in SEEDS:
        case = read_case(write_tables(random_tables(seed), tmp_path / str(seed)))
        plan = solve(case)
        if plan.status == "optimal":
            seen.update(name for name in QUANTITIES if (getattr(plan, name) > 1e-6).any())
            seen.update(_ways_used(case, plan))
    expected = {*QUANTITIES, *WAYS}
    assert expected <= set(seen), expected - set(seen)


def _ways_used(case, plan):
    """What the plan's quantities went through."""
    network, made, use = plan.network, case.production, case.component_use
    inner = network.flow_pair_to >= 0
    started = set(made.product[(plan.production > 1e-6).any(axis=1)].tolist())
    whole = dict(zip(use.component.tolist(), use.product.tolist(), strict=True))
    bought = case.suppliers.material[(plan.purchases > 1e-6).any(axis=1)].tolist()
    later = case.routing.product[case.routing.lag_months > 0].tolist()
    ceiling = network.by_pair(case.stock.max_stock, INF)
    used = {
        "a transfer that takes time": _ahead(plan.shipments, case.lanes.lead_time_months[network.flow_lane])[
            inner
        ].any(),
        "made over months": _ahead(plan.production, made.lead_time_months).any(),
        "ordered ahead": _ahead(plan.purchases, case.suppliers.lead_time_months).any(),
        "subcontracted ahead": _ahead(plan.subcontract, case.subcontract.lead_time_months).any(),
        "hours in a later month": bool(started & set(later)),
        "three levels": any(whole.get(whole.get(part, -1), -1) in started for part in started),
        "a backup supplier": len(bought) > len(set(bought)),
        "stock up to the ceiling": (plan.stock >= ceiling - 1e-6).any(),
        "late as long as may be": (plan.backlog[case.demand.max_backlog_months < INF] > 1e-6).any(),
    }
    return [name for name, seen in used.items() if seen]


def _ahead(units, lead_time):
    return (units > 1e-6) & (lead_time > 0)


@pytest.mark.parametrize("seed", [*range(0, 60, 6), 125])
def test_grams_and_millions_give_the_same_plan(seed, tmp_path):
    """Quantities in units of a millionth, money in thousands: the same optimum but for the units of money."""
    tables = random_tables(seed)
    plan = solve(read_case(write_tables(tables, tmp_path / "as it is")))
    for rows in tables.values():
        for row in rows:
            for column, factor in FACTORS.items():
                if row.get(column):
                    row[column] = repr(float(row[column]) * factor)
    other = solve(read_case(write_tables(tables, tmp_path / "in other units")))
    assert other.status == plan.status
    assert other.objective == pytest.approx(plan.objective * 1e6 * 1e-3, rel=1e-7)


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_whole_heads_match_the_plain_model(seed, tmp_path):
    """With whole heads too."""
    tables = random_tables(seed)
    tables["settings"].append({"key": "whole_heads", "value": "yes"})
    plan = solve(read_case(write_tables(tables, tmp_path)))
    plain = PlainModel(tables).solve(whole=True)
    if plain is None:
        assert plan.status == "infeasible"
    else:
        assert plan.objective == pytest.approx(plain, rel=2e-4, abs=1e-6)
        assert (plan.heads % 1 == 0).all()
