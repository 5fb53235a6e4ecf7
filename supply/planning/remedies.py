"""Remedies: a limit widened at a price, as the solver sees it and as a planner names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from supply.planning.case import INF, Case, Floats
from supply.planning.formulation import Formulation
from supply.planning.names import Limit, limit_name
from supply.planning.solver import Extra, Solver


@dataclass(frozen=True, slots=True)
class Remedy:
    """So much more of a limit at most, at a price per unit of it (hour, volume, unit).

    `limit` is one of the kinds of gaps.csv with a month; also `expedite`, a unit of a pair (the row is the
    pair's) put into stock in the month at the price.
    """

    limit: Limit
    price: float = 0.0
    at_most: float = INF


@dataclass(frozen=True, slots=True)
class Premiums:
    """What more of a thing costs where the case names no price for it, as multiples of its known price."""

    hours: float = 1.5  # of the regular rate
    purchase: float = 1.3  # of the dearest supplier's price
    subcontract: float = 1.2
    freight: float = 2.0  # of the lane's price, per unit of volume
    expedite: float = 1.5  # of the unit cost


def remedy_name(case: Case, formulation: Formulation, remedy: Remedy) -> str:
    """The remedy's limit as gaps.csv names it."""
    limit = remedy.limit
    if limit.kind != "expedite":
        return limit_name(case, limit)
    network = formulation.network
    product = case.products.name[network.pair_product[limit.row]]
    site = case.places.name[network.pair_site[limit.row]]
    return f"expedite:{product}/{site}@{case.settings.month_name(limit.month)}"


def priced_remedy(formulation: Formulation, limit: Limit, premiums: Premiums) -> Remedy | None:
    """The usual remedy for a limit, at the price the case suggests; None where there is nothing to widen."""
    if limit.kind in _RULES:
        return Remedy(limit)
    price = _PRICES.get(limit.kind)
    return Remedy(limit, price(formulation.case, limit.row, limit.month, premiums)) if price else None


# Rules of the company's own: lifting them costs nothing by itself.
_RULES = ("production", "inbound", "max_stock", "min_closing_stock")


def _hour_price(case: Case, row: int, t: int, premiums: Premiums) -> float:
    means = case.resources
    known = [
        float(cost[row, t])
        for hours, cost in (
            (means.overtime_hours, means.overtime_cost_per_hour),
            (means.extra_hours, means.extra_cost_per_hour),
        )
        if hours[row, t] > 0
    ]
    return max(known) if known else premiums.hours * float(means.regular_cost_per_hour[row, t])


def _material_price(case: Case, row: int, t: int, premiums: Premiums) -> float:
    return premiums.purchase * float(case.suppliers.price[case.suppliers.material == row].max(initial=0.0))


def _supplier_price(case: Case, row: int, t: int, premiums: Premiums) -> float:
    return premiums.purchase * float(case.suppliers.price[row, t])


def _subcontract_price(case: Case, row: int, t: int, premiums: Premiums) -> float:
    return premiums.subcontract * float(case.subcontract.unit_cost[row, t])


def _volume_price(case: Case, row: int, t: int, premiums: Premiums) -> float:
    spot = float(case.lanes.spot_cost[row, t])
    return spot if spot < INF else premiums.freight * float(case.lanes.unit_cost[row, t])


_PRICES: dict[str, Callable[[Case, int, int, Premiums], float]] = {
    "resource": _hour_price,
    "material": _material_price,
    "supplier": _supplier_price,
    "subcontract": _subcontract_price,
    "lane": _volume_price,
}


class Offer:
    """Remedies offered to a loaded solver; `withdraw` puts the model back as it was."""

    def __init__(
        self, formulation: Formulation, solver: Solver, remedies: list[Remedy], row_duals: Floats
    ) -> None:
        self._formulation, self._solver, self._row_duals = formulation, solver, row_duals
        self._rows: list[int] = []
        self._columns: list[int] = []
        self.extras = [self._offered(remedy) for remedy in remedies]

    def used(self, values: Floats) -> tuple[float, ...]:
        """Use of each remedy at these values of the columns; -1 where a bound was moved instead."""
        return tuple(extra.used(values) if extra else -1.0 for extra in self.extras)

    def withdraw(self) -> None:
        """Take everything back."""
        matrix, rows, columns = self._formulation.matrix, np.array(self._rows), np.array(self._columns)
        self._solver.drop_columns_from(len(matrix.cost))
        self._solver.constant = matrix.constant
        if len(rows):
            self._solver.bound_rows(rows, matrix.row_lower[rows], matrix.row_upper[rows])
        if len(columns):
            self._solver.bound_columns(columns, matrix.lower[columns], matrix.upper[columns])

    def _offered(self, remedy: Remedy) -> Extra | None:
        row = relieved_row(self._formulation, remedy.limit)
        if row is None:
            self._widen(remedy)
            return None
        coefficient = 1.0 if remedy.limit.kind in _ARRIVING else -1.0
        self._rows.append(row)
        pays = remedy.price < coefficient * self._row_duals[row] and remedy.at_most < INF
        return self._solver.add_column(remedy.price, remedy.at_most, row, coefficient, pays=bool(pays))

    def _widen(self, remedy: Remedy) -> None:
        """Move a bound of the model's own columns by what the remedy allows."""
        matrix, limit = self._formulation.matrix, remedy.limit
        for column in widened_columns(self._formulation, limit):
            lower, upper = float(matrix.lower[column]), float(matrix.upper[column])
            if limit.kind == "min_closing_stock":
                lower = max(lower - remedy.at_most, 0.0)
            else:
                upper += remedy.at_most
            self._solver.bound_columns(column, lower, upper)
            self._columns.append(column)


def widened_columns(formulation: Formulation, limit: Limit) -> list[int]:
    """The model's columns whose bounds are the limit: a start, or the parts of a closing stock."""
    columns, stock = formulation.model.columns, formulation.case.stock
    if limit.kind == "production":
        return [int(columns["production"].index[limit.row, limit.month])]
    pair = formulation.network.pair_of[stock.product[limit.row], stock.site[limit.row]]
    parts = ("safe_stock", "stock") if limit.kind == "min_closing_stock" else ("stock",)
    cells = [int(columns[part].index[pair, limit.month]) for part in parts]
    return [cell for cell in cells if cell >= 0]


_ARRIVING = ("material", "supplier", "subcontract", "expedite")


def relieved_row(formulation: Formulation, limit: Limit) -> int | None:
    """The model's row that a remedy of the limit feeds; None where it moves a bound instead."""
    case, rows, row, t = formulation.case, formulation.model.rows, limit.row, limit.month
    if limit.kind in _ROWS:
        return int(rows[_ROWS[limit.kind]].index[row, t])
    if limit.kind == "supplier":
        arrival = t + case.suppliers.lead_time_months[row, t]
        return int(rows["material"].index[case.suppliers.material[row], arrival])
    if limit.kind == "subcontract":
        sub = case.subcontract
        pair = formulation.network.pair_of[sub.product[row], sub.site[row]]
        return int(rows["stock"].index[pair, t + sub.lead_time_months[row, t]])
    return None


_ROWS = {
    "resource": "hours",
    "material": "material",
    "lane": "lane",
    "inbound": "inbound",
    "expedite": "stock",
}
