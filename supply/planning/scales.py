"""The usual size of every quantity, as powers of two: dividing by them changes no digit of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supply.planning.case import Case, Floats, Ints
from supply.planning.network import Network

_BILL_LEVELS = 12  # deeper bills keep the size of their twelfth level


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """Usual monthly units of a product, hours of a resource, units of a material, volume of a lane."""

    product: Floats
    resource: Floats
    material: Floats
    lane: Floats
    place: Floats
    head: Floats  # (workforce,)


def usual_sizes(case: Case, network: Network) -> Scales:
    """Sizes from mean demand, carried down the bills; else from stocks and limits; 1 where nothing is known."""
    product = _product_sizes(case)
    makers = np.bincount(case.production.product, minlength=len(product))
    routing, use = case.routing, case.material_use
    hours = np.bincount(
        routing.resource, routing.hours_per_unit * product[routing.product], len(case.resources)
    )
    material = np.bincount(
        use.material,
        use.quantity_per_unit * product[use.product] * makers[use.product],
        len(case.materials),
    )
    volume = case.products.volume[network.flow_product] * product[network.flow_product]
    resource = power_of_two(np.where(hours > 0, hours, _largest(case.resources.regular_hours)))
    per_head = case.workforce.hours_per_head.mean(axis=1)
    worked = resource[case.workforce.resource]
    return Scales(
        product=product,
        resource=resource,
        material=power_of_two(np.where(material > 0, material, _held_materials(case))),
        lane=power_of_two(np.bincount(network.flow_lane, volume, len(case.lanes))),
        place=power_of_two(np.bincount(network.flow_destination, volume, len(case.places))),
        head=_head_sizes(case, worked, per_head),
    )


def _head_sizes(case: Case, worked: Floats, per_head: Floats) -> Floats:
    """(workforce,) heads; where they come whole, 1, for a whole multiple of another size is not what is meant."""
    if case.settings.whole_heads:
        return np.ones(len(worked))
    return power_of_two(np.divide(worked, per_head, out=np.zeros_like(worked), where=per_head > 0))


def power_of_two(sizes: NDArray[Any]) -> Floats:
    """The nearest power of two, 1 for zero; the exponent is kept within what a double carries well."""
    known: Floats = np.asarray(sizes, np.float64)
    exponent = np.log2(known, out=np.zeros_like(known), where=known > 0)
    return np.asarray(np.exp2(np.clip(np.round(exponent), -60, 60)))


def _product_sizes(case: Case) -> Floats:
    demand = case.demand
    mean: Floats = np.bincount(demand.product, demand.quantity.mean(axis=1), len(case.products)).astype(float)
    need = mean
    for _ in range(_BILL_LEVELS):
        deeper: Floats = mean + _use_by_parents(case, need)
        if np.array_equal(deeper, need):
            break
        need = deeper
    return power_of_two(np.where(need > 0, need, _held_products(case)))


def _held_products(case: Case) -> Floats:
    """(products,) the largest stock, receipt or limit of products that nobody wants."""
    held, stock = np.zeros(len(case.products)), case.stock
    for product, units in (
        (stock.product, stock.opening_stock),
        (stock.product, _largest(stock.receipts)),
        (case.production.product, _largest(case.production.min_quantity)),
        (case.subcontract.product, _largest(case.subcontract.capacity)),
    ):
        np.maximum.at(held, product, units)
    return held


def _held_materials(case: Case) -> Floats:
    """(materials,) the largest stock, receipt or limit of materials that nothing needs."""
    held = np.maximum(case.materials.opening_stock, _largest(case.materials.receipts))
    np.maximum.at(held, case.suppliers.material, _largest(case.suppliers.capacity))
    return held


def _largest(values: Floats) -> Floats:
    """(rows,) the largest finite value of each row."""
    return np.asarray(np.where(np.isfinite(values), values, 0.0).max(axis=1, initial=0.0))


def _use_by_parents(case: Case, need: Floats) -> Floats:
    use = case.component_use
    parents: Ints = use.product
    return np.asarray(np.bincount(use.component, use.quantity_per_unit * need[parents], len(need)))
