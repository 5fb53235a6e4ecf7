"""Making: production rows, resources with their hours, routings, components taken from stock."""

import numpy as np

from sop.quantities import QUANTA_PER_UNIT
from supply.planning.case import ComponentUse, Floats, Production, Resources, Routing, Workforce
from supply.queries.case.hours import hours_by_month
from supply.queries.case.layout import Layout


def production_table(layout: Layout) -> Production:
    """One row per product and site of its resources, at conversion cost."""
    makes = layout.makes()
    _name_without_source(layout, {product for product, _ in makes})
    return Production.make(
        layout.horizon,
        product=[layout.row_of[product] for product, _ in makes],
        site=[layout.site_row[site] for _, site in makes],
        unit_cost=[layout.structure.need(product).cost for product, _ in makes],
        lead_time_months=[layout.lead_months(product, site) for product, site in makes],
    )


def fixed_production(layout: Layout) -> Floats | None:
    """(production rows, months): units that the planner has fixed, nan elsewhere; None where nothing is."""
    fixed = layout.inputs.fixed
    makes, units = layout.makes(), None
    for row, (product, site) in enumerate(makes):
        for t, month in enumerate(layout.months):
            if (product, site, month) in fixed:
                units = np.full((len(makes), layout.horizon), np.nan) if units is None else units
                units[row, t] = fixed[product, site, month] / QUANTA_PER_UNIT
    return units


def lot_sizes(layout: Layout) -> Floats | None:
    """(production rows,): lot of each product at its site, 0 without one; None where lots are not planned."""
    if not layout.company.lot_months:
        return None
    policies = [layout.inputs.policies.get(pair) for pair in layout.makes()]
    return np.array([(policy.lot_size or 0.0) if policy else 0.0 for policy in policies])


def workforce_table(layout: Layout) -> Workforce:
    """People of resources, alike in every month."""
    people = layout.inputs.people
    return Workforce.make(
        layout.horizon,
        resource=[layout.resource_row[row.resource_id] for row in people],
        opening_heads=[row.heads for row in people],
        hours_per_head=[row.hours_per_head for row in people],
        overtime_hours_per_head=[row.overtime_hours_per_head for row in people],
        wage=[row.wage for row in people],
        hire_cost=[row.hire_cost for row in people],
        layoff_cost=[row.layoff_cost for row in people],
    )


def _name_without_source(layout: Layout, made: set[int]) -> None:
    for product in layout.product_ids:
        if product not in made and product not in layout.structure.bought:
            words = "Neither routing nor supplier, so only its stock is sold"
            layout.findings.add("no_source", words, layout.code(product))


def resource_table(layout: Layout) -> Resources:
    """All resources; regular hours are the usable ones (available x efficiency)."""
    hours = hours_by_month(layout.inputs, layout.findings)

    def column(name: str) -> Floats:
        values = [[getattr(row, name) for row in hours[resource]] for resource in layout.resource_ids]
        return np.array(values, float).reshape(len(values), layout.horizon)

    named = [layout.inputs.resources[resource] for resource in layout.resource_ids]
    return Resources.make(
        layout.horizon,
        site=[layout.site_row[site] for _, site in named],
        name=[code for code, _ in named],
        regular_hours=column("regular"),
        overtime_hours=column("overtime"),
        overtime_cost_per_hour=column("overtime_cost"),
        extra_hours=column("extra"),
        extra_cost_per_hour=column("extra_cost"),
    )


def routing_table(layout: Layout) -> Routing:
    """Hours per unit, those of dissolved semi-finished goods included, at the sites that make the product."""
    made_at = layout.structure.made_at
    rows = [
        (layout.row_of[product], layout.resource_row[resource], hours)
        for product in layout.product_ids
        if product in made_at
        for resource, hours in layout.structure.need(product).hours.items()
        if hours > 0 and layout.inputs.resources[resource][1] in made_at[product]
    ]
    return Routing.make(
        layout.horizon,
        product=[row[0] for row in rows],
        resource=[row[1] for row in rows],
        lag_months=[0] * len(rows),
        hours_per_unit=[row[2] for row in rows],
    )


def component_use_table(layout: Layout) -> ComponentUse:
    """Components that keep a balance, per unit started."""
    rows = [
        (layout.row_of[product], layout.row_of[component], quantity)
        for product in layout.product_ids
        for component, quantity in layout.structure.need(product).components.items()
    ]
    return ComponentUse.make(
        layout.horizon,
        product=[row[0] for row in rows],
        component=[row[1] for row in rows],
        quantity_per_unit=[row[2] for row in rows],
    )
