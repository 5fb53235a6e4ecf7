"""The output of the engine: a `Plan` of numpy arrays, aligned with the rows of the `Case`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from supply.planning.case import Floats
from supply.planning.network import Network


def no_rows() -> Floats:
    """The array of a plan that was not found."""
    return np.zeros((0, 0))


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    TIME_LIMIT = "time_limit"
    FAILED = "failed"
    GREEDY = "greedy"  # made by the greedy planner: feasible, not the best
    FAMILIES = "families"  # made family by family: feasible, near the best


@dataclass(frozen=True, slots=True, eq=False)
class Duals:
    """What one more unit is worth to the objective, (rows, months), all >= 0 save where said."""

    stock: Floats  # (pairs) a unit appearing in stock
    arrival: Floats  # (streams) a unit arriving at the market; may be < 0
    hour: Floats  # (resources) an hour appearing
    regular_hours: Floats  # (resources) an hour of the regular limit
    overtime_hours: Floats
    extra_hours: Floats
    material: Floats  # (materials) a unit of material appearing
    supplier: Floats  # (suppliers) a unit of the supplier's capacity
    subcontract: Floats
    lane: Floats  # (lanes) a unit of volume
    inbound: Floats  # (places)
    max_quantity: Floats  # (production)


@dataclass(frozen=True, slots=True)
class Gap:
    """Units of a stream's month that are lost, or owed at its end, and what stands in the way."""

    stream: int  # row of case.demand
    month: int
    demand: float
    supplied: float
    gap_units: float
    gap_value: float  # at the month's price
    binding: tuple[str, ...]  # names as in gaps.csv, never empty: these must give way together
    instead: tuple[tuple[str, ...], ...] = ()  # other sets of limits that would do as well


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan with its money. Arrays are (rows, months) in the order of the named table of the case.

    Without a plan (status infeasible, time_limit, failed) arrays are empty and `reason` says why in words.
    """

    status: Status
    reason: str = ""
    network: Network | None = None

    production: Floats = field(default_factory=no_rows)  # units started
    subcontract: Floats = field(default_factory=no_rows)  # units ordered
    shipments: Floats = field(default_factory=no_rows)  # (flows) units leaving
    spot: Floats = field(default_factory=no_rows)  # (lanes) volume above capacity
    stock: Floats = field(default_factory=no_rows)  # (pairs) closing
    scrap: Floats = field(default_factory=no_rows)  # (pairs)
    safety_short: Floats = field(default_factory=no_rows)  # (pairs) below the safety stock
    supplied: Floats = field(default_factory=no_rows)  # (streams) arrivals
    lost: Floats = field(default_factory=no_rows)  # (streams)
    backlog: Floats = field(default_factory=no_rows)  # (streams) owed at the month's end
    load_hours: Floats = field(default_factory=no_rows)  # (resources) all hours used
    regular_hours: Floats = field(default_factory=no_rows)
    overtime_hours: Floats = field(default_factory=no_rows)
    extra_hours: Floats = field(default_factory=no_rows)
    heads: Floats = field(default_factory=no_rows)  # (workforce)
    hired: Floats = field(default_factory=no_rows)
    laid_off: Floats = field(default_factory=no_rows)
    purchases: Floats = field(default_factory=no_rows)  # (suppliers) ordered
    material_stock: Floats = field(default_factory=no_rows)  # (materials) closing

    objective: float = 0.0
    margin: float = 0.0
    revenue: float = 0.0
    costs: dict[str, float] = field(default_factory=dict)
    penalties: dict[str, float] = field(default_factory=dict)
    lost_units: float = 0.0
    backlog_unit_months: float = 0.0
    end_backlog_units: float = 0.0
    solver_seconds: float = 0.0

    duals: Duals | None = None  # of an optimal plan
    gaps: tuple[Gap, ...] = ()
