"""From the figures of a supply plan to the profit and loss of each family and month.

Sources: net revenue on constrained shipments, COGS at standard, contribution as net revenue less all
variable costs (usual S&OP financial translation); holding = stock value x carrying rate / 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cycles.spreading import largest_remainder
from reconciliation.finance.lines import Amounts, Line, with_results
from reconciliation.finance.working_capital import opening, outstanding

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
QUANTA = 1000  # quanta per unit


@dataclass(frozen=True)
class Rows:
    """Figures in long form: the family (place; the last place is "no family") and month of each row."""

    family: Whole
    month: Whole

    @classmethod
    def none(cls) -> "Rows":
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing)


@dataclass(frozen=True)
class PlanFacts:
    """What the statement needs of a plan. ``families`` ends with "", what no family carries.

    Quantities in quanta, prices and costs in minor units per unit, money in minor units, all (rows,);
    ``shared_costs`` are (line, month, amount, weights of the families) for costs that families share.
    """

    families: Sequence[str]
    months: int
    sales: Rows = field(default_factory=Rows.none)
    wanted: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    supplied: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    on_time: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    price: Floats = field(default_factory=lambda: np.zeros(0))
    cost: Floats = field(default_factory=lambda: np.zeros(0))
    stock: Rows = field(default_factory=Rows.none)
    closing: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    stock_cost: Floats = field(default_factory=lambda: np.zeros(0))
    lanes: Rows = field(default_factory=Rows.none)
    freight: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    spot_freight: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    shared_costs: Sequence[tuple[Line, int, int, Sequence[float]]] = ()


@dataclass(frozen=True)
class Terms:
    """The company's settings that turn a plan into money, and what came before the horizon.

    ``opex`` and ``revenue_before``, ``cogs_before`` (latest last) by family; ``opening_stock`` the stock
    value at the end of the month before, by family. Minor units.
    """

    carrying_rate: float = 0.20  # a year, of the stock value
    receivable_days: float = 45.0
    payable_days: float = 30.0
    opex: Mapping[str, Sequence[int]] = field(default_factory=dict)
    revenue_before: Mapping[str, Sequence[int]] = field(default_factory=dict)
    cogs_before: Mapping[str, Sequence[int]] = field(default_factory=dict)
    opening_stock: Mapping[str, int] = field(default_factory=dict)


def statements(facts: PlanFacts, terms: Terms) -> dict[str, Amounts]:
    """The statement of each family of ``facts.families``, results included."""
    grids = _grids(facts)
    grids[Line.HOLDING] = holding(grids[Line.INVENTORY], terms.carrying_rate)
    _add_shared(grids, facts)
    return {
        family: _statement(family, {line: grid[place].tolist() for line, grid in grids.items()}, facts, terms)
        for place, family in enumerate(facts.families)
    }


def money(quanta: Whole, minor_per_unit: Floats) -> Whole:
    """Quantity x price of each row, rounded to the minor unit, half away from zero."""
    exact = quanta * minor_per_unit / QUANTA
    rounded: Whole = (np.sign(exact) * np.floor(np.abs(exact) + 0.5)).astype(np.int64)
    return rounded


def holding(stock_value: Whole, carrying_rate: float) -> Whole:
    """Cost of holding for a month: 1,500 units at 30 and 20 % a year cost 750."""
    return money(stock_value * QUANTA, np.float64(carrying_rate / 12) * np.ones(stock_value.shape))


def late_of_own_month(wanted: Whole, lost: Whole, backlog: Whole) -> Whole:
    """Units of a month's own demand that are late: the newest part of what is owed at its end.

    Oldest demand is served first, so what is owed stems from the latest months; this month's share of
    it is at most what was accepted of this month.
    """
    late: Whole = np.minimum(backlog, np.maximum(wanted - lost, 0))
    return late


def _grids(facts: PlanFacts) -> dict[str, Whole]:
    sales, shape = facts.sales, (len(facts.families), facts.months)
    return {
        Line.UNITS: _gathered(sales, facts.supplied, shape),
        Line.WANTED_UNITS: _gathered(sales, facts.wanted, shape),
        Line.ON_TIME_UNITS: _gathered(sales, facts.on_time, shape),
        Line.REVENUE: _gathered(sales, money(facts.supplied, facts.price), shape),
        Line.WANTED_REVENUE: _gathered(sales, money(facts.wanted, facts.price), shape),
        Line.COGS: _gathered(sales, money(facts.supplied, facts.cost), shape),
        Line.INVENTORY: _gathered(facts.stock, money(facts.closing, facts.stock_cost), shape),
        Line.FREIGHT: _gathered(facts.lanes, facts.freight, shape),
        Line.SPOT_FREIGHT: _gathered(facts.lanes, facts.spot_freight, shape),
    }


def _gathered(rows: Rows, amounts: Whole, shape: tuple[int, int]) -> Whole:
    grid = np.zeros(shape, dtype=np.int64)
    np.add.at(grid, (rows.family, rows.month), amounts)
    return grid


def _add_shared(grids: dict[str, Whole], facts: PlanFacts) -> None:
    """Costs that several families cause, by their weights to the last minor unit; else of no family."""
    for line, month, amount, weights in facts.shared_costs:
        grid = grids.setdefault(line, np.zeros((len(facts.families), facts.months), dtype=np.int64))
        if any(weights):
            grid[:, month] += largest_remainder(amount, weights)
        else:
            grid[-1, month] += amount


def _statement(family: str, amounts: Amounts, facts: PlanFacts, terms: Terms) -> Amounts:
    revenue, cogs = amounts[Line.REVENUE], amounts[Line.COGS]
    sold_before = terms.revenue_before.get(family, ())
    used_before = terms.cogs_before.get(family, ())
    amounts[Line.OPEX] = list(terms.opex.get(family, [0] * facts.months))
    amounts[Line.RECEIVABLES] = outstanding(revenue, terms.receivable_days, sold_before)
    amounts[Line.PAYABLES] = outstanding(cogs, terms.payable_days, used_before)
    tied_up = terms.opening_stock.get(family, 0) + opening(revenue, terms.receivable_days, sold_before)
    return with_results(amounts, facts.months, tied_up - opening(cogs, terms.payable_days, used_before))
