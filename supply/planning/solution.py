"""From the solver's vectors to the plan's arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.formulation import Formulation
from supply.planning.network import Network
from supply.planning.plan import Duals, Plan, Status
from supply.planning.profit import Quantities, account
from supply.planning.solver import Solver

_DUST = 1e-10  # of a usual quantity: rounding of the solver, not a quantity

_BLOCKS = (
    "production",
    "subcontract",
    "shipments",
    "spot",
    "scrap",
    "lost",
    "backlog",
    "regular_hours",
    "overtime_hours",
    "extra_hours",
    "heads",
    "hired",
    "laid_off",
    "purchases",
    "material_stock",
)


def read_quantities(formulation: Formulation, values: Floats) -> Quantities:
    """The plan's arrays from the values of the model's columns (natural units)."""
    matrix, columns = formulation.matrix, formulation.model.columns
    own = values[: len(matrix.cost)]
    clean = np.where(np.abs(own) < _DUST * matrix.column_scale, 0.0, own)
    clean = np.minimum(np.maximum(clean, matrix.lower), matrix.upper)
    plan = {name: columns[name].spread(clean) for name in _BLOCKS}
    plan["stock"] = columns["safe_stock"].spread(clean) + columns["stock"].spread(clean)
    both = np.minimum(plan["hired"], plan["laid_off"])
    plan["hired"], plan["laid_off"] = plan["hired"] - both, plan["laid_off"] - both
    return plan | derived_quantities(formulation.case, formulation.network, plan)


def derived_quantities(case: Case, network: Network, plan: Quantities) -> Quantities:
    """Arrivals at the markets, hours loaded and safety stock missed, from the other arrays."""
    target = network.by_pair(case.stock.safety_stock)
    return {
        "supplied": arrivals(case, network, plan["shipments"]),
        "load_hours": load_hours(case, plan["production"]),
        "safety_short": np.maximum(target - plan["stock"], 0.0),
    }


def arrivals(case: Case, network: Network, shipments: Floats) -> Floats:
    """(streams, months): units arriving at the markets."""
    supplied = np.zeros(case.demand.quantity.shape)
    outer = np.nonzero(network.flow_stream >= 0)[0]
    lead_time = case.lanes.lead_time_months[network.flow_lane[outer]]
    month = np.arange(case.months) + lead_time
    flow, t = np.nonzero((shipments[outer] > 0) & (month < case.months))
    stream = network.flow_stream[outer]
    np.add.at(supplied, (stream[flow], month[flow, t]), shipments[outer][flow, t])
    return supplied


def load_hours(case: Case, production: Floats) -> Floats:
    """(resources, months): hours taken by all units started, by the time-phased bill of resources."""
    load = np.zeros(case.resources.regular_hours.shape)
    row_of = np.full((len(case.products), len(case.places)), -1, np.int64)
    row_of[case.production.product, case.production.site] = np.arange(len(case.production))
    routing = case.routing
    made = row_of[routing.product, case.resources.site[routing.resource]]
    for lag in np.unique(routing.lag_months[made >= 0]):
        if lag < case.months:
            used = (made >= 0) & (routing.lag_months == lag)
            hours = production[made[used], : case.months - lag] * routing.hours_per_unit[used, None]
            np.add.at(load[:, lag:], routing.resource[used], hours)
    return load


def read_plan(formulation: Formulation, solver: Solver, *, status: Status = Status.OPTIMAL) -> Plan:
    """The plan at the solver's optimum, without gaps."""
    quantities = read_quantities(formulation, solver.columns())
    duals = read_duals(formulation, solver)
    return priced_plan(
        formulation.case,
        formulation.network,
        quantities,
        status=status,
        duals=duals,
        solver_seconds=solver.seconds,
    )


def priced_plan(case: Case, network: Network, quantities: Quantities, **rest: Any) -> Plan:
    """A plan with its money and totals, from its quantities."""
    money = account(case, network, quantities)
    arrays: dict[str, Any] = dict(quantities)
    return Plan(
        network=network,
        objective=money.objective,
        margin=money.margin,
        revenue=money.revenue,
        costs=money.costs,
        penalties=money.penalties,
        lost_units=float(quantities["lost"].sum()),
        backlog_unit_months=float(quantities["backlog"].sum()),
        end_backlog_units=float(quantities["backlog"][:, -1].sum()),
        **arrays,
        **rest,
    )


def read_duals(formulation: Formulation, solver: Solver) -> Duals:
    """What one more unit of each thing is worth; an absent limit is worth nothing."""
    columns, rows = formulation.model.columns, formulation.model.rows
    row, reduced = -solver.row_duals(), -solver.reduced_costs()

    def of_row(name: str) -> Floats:
        return rows[name].spread(row)

    def of_limit(name: str) -> Floats:
        return np.maximum(columns[name].spread(reduced), 0.0)

    regular, overtime = of_limit("regular_hours"), of_limit("overtime_hours")
    people = formulation.case.workforce.resource
    np.add.at(regular, people, of_row("regular_hours_limit"))
    np.add.at(overtime, people, of_row("overtime_hours_limit"))
    return Duals(
        stock=-of_row("stock"),
        arrival=-of_row("demand"),
        hour=of_row("hours"),
        regular_hours=regular,
        overtime_hours=overtime,
        extra_hours=of_limit("extra_hours"),
        material=-of_row("material"),
        supplier=of_limit("purchases"),
        subcontract=of_limit("subcontract"),
        lane=of_row("lane"),
        inbound=of_row("inbound"),
        max_quantity=of_limit("production"),
    )
