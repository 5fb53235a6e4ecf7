"""A scenario's changes applied to a built case. Imports numpy: for workers only."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supply.adjustments import AddedHours, Adjustments
from supply.planning.case import Demand, Resources
from supply.queries.inputs import Inputs

if TYPE_CHECKING:
    from supply.queries.case.built import BuiltCase

Mask = NDArray[np.bool_]


def adjusted(built: BuiltCase, inputs: Inputs, changes: Adjustments) -> BuiltCase:
    """The case with the changes; what is not changed is shared with the one given."""
    suppliers, subcontract = _open_suppliers(built, inputs, changes)
    case = replace(
        built.case,
        demand=_demand(built, changes),
        resources=_resources(built, changes),
        suppliers=replace(built.case.suppliers, possible=suppliers),
        subcontract=replace(built.case.subcontract, possible=subcontract),
    )
    return replace(built, case=case, one_off_cost=changes.one_off_cost)


def _mask(have: Collection[Hashable], wanted: frozenset[Hashable] | None) -> Mask:
    return np.array([wanted is None or one in wanted for one in have], np.bool_)


def _demand(built: BuiltCase, changes: Adjustments) -> Demand:
    demand = built.case.demand
    quantity, price = demand.quantity.copy(), demand.price.copy()
    for array, factors in ((quantity, changes.demand), (price, changes.prices)):
        for change in factors:
            where = np.ix_(_mask(built.stream_ids, change.streams), _mask(built.months, change.months))
            array[where] *= change.factor
    return replace(demand, quantity=quantity, price=price)


def _resources(built: BuiltCase, changes: Adjustments) -> Resources:
    resources = built.case.resources
    overtime = resources.overtime_hours.copy()
    extra, cost = resources.extra_hours.copy(), resources.extra_cost_per_hour.copy()
    for factor in changes.overtime:
        chosen = None if factor.resource_id is None else frozenset({factor.resource_id})
        overtime[np.ix_(_mask(built.resource_ids, chosen), _mask(built.months, factor.months))] *= (
            factor.factor
        )
    for added in changes.added_hours:
        _add_hours(built, added, extra, cost)
    return replace(resources, overtime_hours=overtime, extra_hours=extra, extra_cost_per_hour=cost)


def _add_hours(
    built: BuiltCase, added: AddedHours, extra: NDArray[np.float64], cost: NDArray[np.float64]
) -> None:
    """The engine knows one price of extra hours: of two kinds it is their mean by hours."""
    chosen = frozenset({added.resource_id})
    where = np.ix_(_mask(built.resource_ids, chosen), _mask(built.months, added.months))
    total = extra[where] + added.hours_per_month
    paid = extra[where] * cost[where] + added.hours_per_month * added.cost_per_hour
    cost[where] = np.divide(paid, total, out=np.zeros_like(paid), where=total > 0)
    extra[where] = total


def _open_suppliers(built: BuiltCase, inputs: Inputs, changes: Adjustments) -> tuple[Mask, Mask]:
    """In which months the rows of suppliers and of subcontractors take orders."""
    suppliers, subcontract = built.case.suppliers, built.case.subcontract
    open_suppliers, open_subcontract = suppliers.possible.copy(), subcontract.possible.copy()
    for shut in changes.shut_suppliers:
        code = inputs.suppliers[shut.supplier_id]
        months = _mask(built.months, shut.months)
        open_suppliers[np.ix_(suppliers.supplier == code, months)] = False
        open_subcontract[np.ix_(subcontract.subcontractor == code, months)] = False
    return open_suppliers, open_subcontract
