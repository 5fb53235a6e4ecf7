"""Rough-cut load without limits: the hours that demand would need, in its own month."""

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.plan import Plan

DEEPEST_BILL = 12
"""Levels of components that are followed; a loop in the bills ends here."""


def needed_hours(case: Case, plan: Plan) -> Floats:
    """(resources, months): demand x hours per unit in the month of the demand, components included.

    A product made at several sites is shared as the plan shares it over the horizon, evenly where the plan
    makes none. What is bought as well as made is shared in the same way.
    """
    return hours_of(case, wanted_starts(case, plan))


def wanted_starts(case: Case, plan: Plan) -> Floats:
    """(production rows, months): units each row would start to serve all demand in its own month."""
    need = _product_demand(case)
    share = _shares(case, plan)
    starts: Floats = share[:, None] * need[case.production.product]
    return starts


def hours_of(case: Case, starts: Floats) -> Floats:
    """(resources, months): hours of production starts."""
    hours = np.zeros((len(case.resources), case.months))
    row_of = {
        pair: row for row, pair in enumerate(zip(case.production.product, case.production.site, strict=True))
    }
    routing = case.routing
    for product, resource, per_unit in zip(
        routing.product, routing.resource, routing.hours_per_unit, strict=True
    ):
        row = row_of.get((product, case.resources.site[resource]))
        if row is not None:
            hours[resource] += starts[row] * per_unit
    return hours


def production_shares(case: Case, plan: Plan) -> dict[tuple[int, int], float]:
    """Share of a product's demand that each site makes, by rows of product and place."""
    pairs = zip(case.production.product.tolist(), case.production.site.tolist(), strict=True)
    return dict(zip(pairs, _shares(case, plan).tolist(), strict=True))


def _product_demand(case: Case) -> Floats:
    """(products, months): demand of all markets, and through the bills what its components need."""
    need = np.zeros((len(case.products), case.months))
    np.add.at(need, case.demand.product, case.demand.quantity)
    level = need.copy()
    use = case.component_use
    for _ in range(DEEPEST_BILL if len(use) else 0):
        below = np.zeros_like(level)
        np.add.at(below, use.component, level[use.product] * use.quantity_per_unit[:, None])
        need += below
        level = below
    return need


def _shares(case: Case, plan: Plan) -> Floats:
    made, bought = plan.production.sum(axis=1), plan.subcontract.sum(axis=1)
    total, ways = np.zeros(len(case.products)), np.zeros(len(case.products))
    for table, amount in ((case.production, made), (case.subcontract, bought)):
        np.add.at(total, table.product, amount)
        np.add.at(ways, table.product, 1.0)
    product = case.production.product
    even = 1.0 / np.maximum(1.0, ways[product])
    return np.where(total[product] > 0, made / np.maximum(total[product], 1e-12), even)
