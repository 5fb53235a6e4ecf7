"""More from a source, as levers of gaps propose it: a supplier, a subcontractor, a lane, a rush order.

Each becomes a row (or a price) of the planner's case beside what is there. Imports numpy: for workers only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reconciliation.queries.changes import months_of
from sop.errors import InvalidInput
from supply.planning.case import Case, Subcontract, Suppliers, Table
from supply.planning.names import Limit, limit_name
from supply.queries.case.built import BuiltCase

T = TypeVar("T", bound=Table)
Params = Mapping[str, Any]
Mask = NDArray[np.bool_]


def with_sources(built: BuiltCase, sources: Iterable[Params]) -> BuiltCase:
    """The case with more from each source, at its price and up to its units in its months.

    InvalidInput in words where a source is no longer part of the company's data.
    """
    for params in sources:
        wanted = months_of(params)
        mask = np.array([month in wanted for month in built.months], dtype=np.bool_)
        built = ADDERS[params["limit"]](built, params, mask)
    return built


def _more_from_supplier(built: BuiltCase, params: Params, mask: Mask) -> BuiltCase:
    suppliers = built.case.suppliers
    row = _row_of(built.case, "supplier", params["name"], len(suppliers))
    extra = _one_row(
        suppliers, row, supplier=f"{suppliers.supplier[row]} (more)", possible=mask,
        price=params["cost_per_unit"], capacity=params["units_per_month"],
    )  # fmt: skip
    return _with_supplier(built, extra)


def _material_from_elsewhere(built: BuiltCase, params: Params, mask: Mask) -> BuiltCase:
    row = _row_of(built.case, "material", params["name"], len(built.case.materials))
    extra = Suppliers.make(
        built.case.months, supplier=["Another source"], material=[row], possible=mask[None, :],
        price=params["cost_per_unit"], capacity=params["units_per_month"],
    )  # fmt: skip
    return _with_supplier(built, extra)


def _with_supplier(built: BuiltCase, extra: Suppliers) -> BuiltCase:
    suppliers = _joined(built.case.suppliers, extra)
    return replace(built, case=replace(built.case, suppliers=suppliers), backup=[*built.backup, True])


def _more_subcontracted(built: BuiltCase, params: Params, mask: Mask) -> BuiltCase:
    table = built.case.subcontract
    row = _row_of(built.case, "subcontract", params["name"], len(table))
    extra = _one_row(
        table, row, subcontractor=f"{table.subcontractor[row]} (more)", possible=mask,
        unit_cost=params["cost_per_unit"], capacity=params["units_per_month"],
    )  # fmt: skip
    return replace(built, case=replace(built.case, subcontract=_joined(table, extra)))


def _rushed(built: BuiltCase, params: Params, mask: Mask) -> BuiltCase:
    """Units that are there in the month itself."""
    product, _, site = params["name"].rpartition("/")
    products, places = built.case.products.name.tolist(), built.case.places.name.tolist()
    if product not in products or site not in places:
        raise _gone(params["name"])
    extra = Subcontract.make(
        built.case.months, subcontractor=["Rush order"], product=[products.index(product)],
        site=[places.index(site)], possible=mask[None, :], unit_cost=params["cost_per_unit"],
        capacity=params["units_per_month"],
    )  # fmt: skip
    return replace(built, case=replace(built.case, subcontract=_joined(built.case.subcontract, extra)))


def _more_on_lane(built: BuiltCase, params: Params, mask: Mask) -> BuiltCase:
    """Volume above the lane's capacity at the lever's price; as much as the plan needs."""
    lanes = built.case.lanes
    row = _row_of(built.case, "lane", params["name"], len(lanes))
    spot = lanes.spot_cost.copy()
    spot[row, mask] = np.minimum(spot[row, mask], params["cost_per_unit"])
    return replace(built, case=replace(built.case, lanes=replace(lanes, spot_cost=spot)))


ADDERS: dict[str, Callable[[BuiltCase, Params, Mask], BuiltCase]] = {
    "supplier": _more_from_supplier,
    "material": _material_from_elsewhere,
    "subcontract": _more_subcontracted,
    "expedite": _rushed,
    "lane": _more_on_lane,
}


def _row_of(case: Case, kind: str, name: str, count: int) -> int:
    """The row of a table that the engine calls by this name."""
    for row in range(count):
        if limit_name(case, Limit(kind, row, 0)).partition(":")[2].rpartition("@")[0] == name:
            return row
    raise _gone(name)


def _gone(name: str) -> InvalidInput:
    return InvalidInput(f"“{name}” is no longer part of the company's data. Take this difference out.")


def _one_row(table: T, row: int, **changes: Any) -> T:
    """A copy of one row with some columns changed."""
    columns = {}
    for field in fields(table):  # type: ignore[arg-type]
        column = getattr(table, field.name)[row : row + 1].copy()
        if isinstance(changes.get(field.name), str):
            column = np.array([changes[field.name]])
        elif field.name in changes:
            column[...] = changes[field.name]
        columns[field.name] = column
    return type(table)(**columns)


def _joined(table: T, extra: T) -> T:
    names = [field.name for field in fields(table)]  # type: ignore[arg-type]
    return type(table)(
        **{name: np.concatenate([getattr(table, name), getattr(extra, name)]) for name in names}
    )
