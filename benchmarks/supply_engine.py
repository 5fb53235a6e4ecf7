"""The supply engine against the bare solver on the same arrays: `python -m benchmarks.supply_engine [S|300|M|L] ...`.

Times are CPU-seconds of one process. "bare" is HiGHS on the model's unscaled arrays with the same method.
Of L, which no solver takes whole in minutes, the greedy plan and the plan by family are measured.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import highspy
import numpy as np

from supply.planning import case as c
from supply.planning.explain import explain
from supply.planning.families.planner import plan_by_family
from supply.planning.formulation import formulate
from supply.planning.greedy.planner import plan_greedily
from supply.planning.matrix import Matrix
from supply.planning.plan import Plan
from supply.planning.session import Session
from supply.planning.solver import INTERIOR_FROM_COLUMNS, silent_highs

SIZES = {
    # products, sites, months, markets, resources per site, materials
    "S": (200, 2, 18, 2, 4, 20),
    "300": (300, 5, 18, 3, 6, 40),
    "M": (2000, 5, 18, 3, 10, 100),
    "L": (10_000, 5, 24, 5, 40, 400),
}
BY_FAMILY_ALONE = ("L",)


@dataclass(frozen=True)
class Shape:
    """How large an instance is, and how tight its capacity."""

    products: int
    sites: int
    months: int
    markets: int
    resources: int  # per site
    materials: int
    tight: float = 1.1


def invented_case(shape: Shape, seed: int = 1) -> c.Case:
    """A company of that shape: seasonal families, second sources, overtime, backup suppliers, limited lanes."""
    r = np.random.default_rng(seed)
    months, family = shape.months, r.integers(0, max(4, shape.products // 25), shape.products)
    streams = _demand(shape, family, r)
    made = _production(shape, streams, r)
    need = _need(shape, streams, made)
    resources, routing = _resources(shape, family, made, need, r)
    materials, suppliers, use = _materials(shape, made, need, r)
    outside = np.nonzero(made.unit_cost[:, 0] > np.quantile(made.unit_cost[:, 0], 0.8))[0]
    return c.Case.of(
        c.Settings("2026-01", months),
        products=c.Products.make(
            months,
            name=[f"P{i:05d}" for i in range(shape.products)],
            volume=np.round(r.uniform(0.5, 2, shape.products), 2),
        ),
        places=c.Places.make(
            months,
            name=[f"Site{i}" for i in range(shape.sites)] + [f"Market{i}" for i in range(shape.markets)],
            is_site=[True] * shape.sites + [False] * shape.markets,
        ),
        demand=streams,
        production=made,
        resources=resources,
        routing=routing,
        stock=_stock(made, need, r),
        lanes=_lanes(shape, streams, r),
        materials=materials,
        suppliers=suppliers,
        material_use=use,
        subcontract=c.Subcontract.make(
            months,
            subcontractor=["Outside"] * len(outside),
            product=made.product[outside],
            site=made.site[outside],
            unit_cost=made.unit_cost[outside] * 3,
            capacity=need[outside].mean(axis=1) * 0.1,
            lead_time_months=1,
        ),
    )


def _demand(shape: Shape, family: np.ndarray, r: np.random.Generator) -> c.Demand:
    keep = r.random((shape.products, shape.markets)) < 0.7
    keep[np.arange(shape.products), r.integers(0, shape.markets, shape.products)] = True
    product, market = np.nonzero(keep)
    base = r.lognormal(5.0, 1.0, shape.products)[product] * r.uniform(0.3, 1.0, len(product))
    phase, swing = r.uniform(0, 6.3, family.max() + 1), r.uniform(0.05, 0.45, family.max() + 1)
    month = np.arange(shape.months)
    season = 1 + swing[family[product], None] * np.sin(2 * np.pi * month / 12 + phase[family[product], None])
    units = base[:, None] * season * r.uniform(0.9, 1.1, (len(product), shape.months))
    units[:, 0] *= 0.2  # most of the first month's is on the road already
    price = np.round(r.lognormal(4.0, 0.5, shape.products)[product] * r.uniform(0.95, 1.1, len(product)), 2)
    late = r.random(len(product)) < 0.3
    return c.Demand.make(
        shape.months,
        product=product,
        market=shape.sites + market,
        quantity=np.round(units, 1),
        price=price,
        lost_sale_penalty=0.05 * price,
        backorder_cost=np.where(late, 0.03 * price, np.inf),
        max_backlog_months=np.where(late, 3, np.inf),
        end_backlog_allowed=late,
    )


def _production(shape: Shape, streams: c.Demand, r: np.random.Generator) -> c.Production:
    first = r.integers(0, shape.sites, shape.products)
    second = (first + 1) % shape.sites
    two = r.random(shape.products) < 0.4
    product = np.concatenate([np.arange(shape.products), np.nonzero(two)[0]])
    site = np.concatenate([first, second[two]])
    price = np.zeros(shape.products)
    np.maximum.at(price, streams.product, streams.price[:, 0])
    return c.Production.make(
        shape.months,
        product=product,
        site=site,
        unit_cost=np.round(
            0.25 * price[product] * np.where(np.arange(len(site)) < shape.products, 1, 1.06), 3
        ),
        lead_time_months=(r.random(len(product)) < 0.1).astype(int),
    )


def _need(shape: Shape, streams: c.Demand, made: c.Production) -> np.ndarray:
    """(production rows, months): what would be made if everything were made at the first site."""
    total = np.zeros((shape.products, shape.months))
    np.add.at(total, streams.product, streams.quantity)
    need = total[made.product]
    need[shape.products :] = 0
    return need


def _resources(
    shape: Shape, family: np.ndarray, made: c.Production, need: np.ndarray, r: np.random.Generator
) -> tuple[c.Resources, c.Routing]:
    count, rows = shape.sites * shape.resources, len(made)
    a = r.integers(0, shape.resources, family.max() + 1)[family[made.product]]
    b = (a + 1 + r.integers(0, max(1, shape.resources - 1), rows)) % shape.resources
    used = np.concatenate([made.site * shape.resources + a, made.site * shape.resources + b])
    hours = np.round(r.uniform(0.005, 0.05, 2 * rows), 4)
    load = np.zeros((count, shape.months))
    np.add.at(load, used, np.concatenate([need, need]) * hours[:, None])
    level = np.maximum(load.mean(axis=1), 1) * r.uniform(0.9, 1.25, count) / shape.tight
    rate = r.uniform(60, 120, count)
    resources = c.Resources.make(
        shape.months,
        site=np.repeat(np.arange(shape.sites), shape.resources),
        name=[f"Line{i}" for i in range(shape.resources)] * shape.sites,
        regular_hours=level,
        overtime_hours=0.15 * level,
        overtime_cost_per_hour=np.round(0.5 * rate, 2),
        extra_hours=np.where(r.random(count) < 0.3, 0.25, 0) * level,
        extra_cost_per_hour=np.round(0.9 * rate, 2),
    )
    routing = c.Routing.make(
        shape.months,
        product=np.concatenate([made.product, made.product]),
        resource=used,
        lag_months=np.zeros(2 * rows),
        hours_per_unit=hours,
    )
    return resources, routing


def _materials(
    shape: Shape, made: c.Production, need: np.ndarray, r: np.random.Generator
) -> tuple[c.Materials, c.Suppliers, c.MaterialUse]:
    product = np.nonzero(r.random(shape.products) < 0.6)[0]
    material = r.integers(0, shape.materials, len(product))
    units = np.round(r.uniform(0.5, 1.5, len(product)), 2)
    use = np.zeros((shape.materials, shape.months))
    np.add.at(use, material, need[product] * units[:, None])
    mean, price = np.maximum(use.mean(axis=1), 1), np.round(r.uniform(1, 4, shape.materials), 2)
    lead = r.integers(0, 3, shape.materials)
    capacity = mean * r.uniform(0.9, 1.4, shape.materials) / shape.tight
    early = np.arange(shape.months) < lead[:, None]
    names = [f"M{i:04d}" for i in range(shape.materials)]
    both = np.tile(np.arange(shape.materials), 2)
    return (
        c.Materials.make(
            shape.months,
            name=names,
            opening_stock=0.5 * mean,
            receipts=np.where(early, 0.95 * capacity[:, None], 0.0),
            holding_cost=0.01 * price,
        ),
        c.Suppliers.make(
            shape.months,
            supplier=["Main"] * shape.materials + ["Backup"] * shape.materials,
            material=both,
            price=np.concatenate([price, np.round(1.3 * price, 2)]),
            capacity=np.concatenate([capacity, 0.3 * capacity]),
            lead_time_months=np.concatenate([lead, lead + 1]),
        ),
        c.MaterialUse.make(shape.months, product=product, material=material, quantity_per_unit=units),
    )


def _stock(made: c.Production, need: np.ndarray, r: np.random.Generator) -> c.Stock:
    target = r.uniform(0.2, 0.6, len(made))[:, None] * need
    return c.Stock.make(
        need.shape[1],
        product=made.product,
        site=made.site,
        opening_stock=target[:, 0] * r.uniform(0.4, 1.6, len(made)),
        holding_cost=0.02 * made.unit_cost,
        safety_stock=target,
        safety_penalty=0.08 * made.unit_cost,
    )


def _lanes(shape: Shape, streams: c.Demand, r: np.random.Generator) -> c.Lanes:
    origin = np.repeat(np.arange(shape.sites), shape.markets)
    market = np.tile(np.arange(shape.markets), shape.sites)
    into = np.bincount(streams.market - shape.sites, streams.quantity.mean(axis=1), shape.markets)
    return c.Lanes.make(
        shape.months,
        origin=origin,
        destination=shape.sites + market,
        product=-1,
        unit_cost=np.round(r.uniform(0.5, 4, len(origin)), 2),
        capacity=into[market] / shape.sites * r.uniform(1.2, 2.2, len(origin)),
        spot_cost=3.0,
        lead_time_months=(r.random(len(origin)) < 0.2).astype(int),
    )


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU-seconds of the work, and its result."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def bare_highs(matrix: Matrix) -> highspy.Highs:
    """HiGHS loaded with the unscaled arrays."""
    highs = silent_highs()
    highs.setOptionValue("solver", "ipx" if len(matrix.cost) >= INTERIOR_FROM_COLUMNS else "simplex")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(matrix.cost), len(matrix.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = matrix.cost, matrix.lower, matrix.upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.start, matrix.row, matrix.value
    highs.passModel(lp)
    return highs


def run(size: str) -> None:
    """Print one size's times and ratios."""
    case = invented_case(Shape(*SIZES[size]))
    build, formulation = cpu(lambda: formulate(case))
    matrix = formulation.matrix
    print(f"{size}: {len(matrix.row_lower)} rows x {len(matrix.cost)} columns, {len(matrix.value)} entries")
    print(f"  building the model     {build:8.3f} s")
    if size in BY_FAMILY_ALONE:
        _against(case, None)
    else:
        bare, highs = cpu(lambda: _run_bare(matrix))
        print(f"  bare solver            {bare:8.3f} s   cost {highs.getInfo().objective_function_value:.2f}")
        cold, session = cpu(lambda: Session(case))
        gaps = len(session.plan.gaps)
        print(f"  case to plan, cold     {cold:8.3f} s   {cold / bare:5.2f} x bare; {gaps} gaps explained")
        _against(case, session.plan)
        _changes(case, session, bare)
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def _against(case: c.Case, best: Plan | None) -> None:
    """The greedy plan and the plan by family, beside the optimum where there is one."""
    family = np.random.default_rng(1).integers(0, max(4, len(case.products) // 25), len(case.products))
    for name, make in (
        ("greedy preview", lambda: plan_greedily(case)),
        ("by family", lambda: plan_by_family(case, family)),
    ):
        taken, plan = cpu(make)
        beside = f"{100 * (1 - plan.objective / best.objective):.2f} % below the optimum" if best else ""
        print(f"  {name:22s} {taken:8.3f} s   objective {plan.objective:.0f} {beside}")


def _changes(case: c.Case, session: Session, bare: float) -> None:
    """What-ifs, and the ten largest gaps explained."""
    for name, changed in what_ifs(case).items():
        taken, other = cpu(partial(session.what_if, changed))
        moved = other.objective - session.plan.objective
        print(f"  {name:22s} {taken:8.3f} s   {taken / bare:5.2f} x bare; {moved:+.0f}")
    taken, told = cpu(lambda: explain(session, top=10))
    levers = sum(len(one.levers) for one in told)
    recipes = sum(bool(one.recipe) for one in told)
    print(f"  ten gaps explained     {taken:8.3f} s   {levers} levers, {recipes} recipes")


def what_ifs(case: c.Case) -> dict[str, c.Case]:
    """Local changes and a global one."""
    shut = case.suppliers.capacity.copy()
    shut[int(np.argmax(shut.mean(axis=1))), 6] = 0
    campaign = case.demand.quantity.copy()
    campaign[case.demand.product < max(1, len(case.products) // 40), 5:8] *= 2
    down = case.resources.regular_hours.copy()
    down[0, 4:6] = down[0, 4:6] * 0.01
    return {
        "supplier shut": replace(case, suppliers=replace(case.suppliers, capacity=shut)),
        "campaign +100 %": replace(case, demand=replace(case.demand, quantity=campaign)),
        "line down": replace(case, resources=replace(case.resources, regular_hours=down)),
        "demand -10 % (cold)": replace(
            case, demand=replace(case.demand, quantity=0.9 * case.demand.quantity)
        ),
    }


def _run_bare(matrix: Matrix) -> highspy.Highs:
    highs = bare_highs(matrix)
    highs.run()
    return highs


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["S", "300"]:
        run(asked)
