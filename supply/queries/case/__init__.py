"""From imports to the planner: the rows of the database as the engine's arrays, with the way back.

The rules are written down in docs/methods-planning.md, "From imports to the planner".
Imports numpy: for workers only.
"""

from cycles.models import Company, Cycle, Version
from sop.periods import month_key
from supply.adjustments import Adjustments
from supply.planning.case import Case, Products, Settings
from supply.queries.case.adjusting import adjusted
from supply.queries.case.built import BuiltCase
from supply.queries.case.layout import Layout
from supply.queries.case.making import (
    component_use_table,
    fixed_production,
    lot_sizes,
    production_table,
    resource_table,
    routing_table,
    workforce_table,
)
from supply.queries.case.materials import (
    backup_rows,
    material_table,
    material_use_table,
    subcontract_table,
    supplier_table,
)
from supply.queries.case.moving import lane_table, place_table, stock_table
from supply.queries.case.selling import demand_table
from supply.queries.inputs import read_inputs

__all__ = ["BuiltCase", "build_case"]


def build_case(*, cycle: Cycle, demand_version: Version, adjustments: Adjustments | None = None) -> BuiltCase:
    """The case of a cycle on a demand version, with a scenario's changes applied where given."""
    inputs = read_inputs(cycle, demand_version)
    built = _build(Layout(inputs, Company.current()))
    return adjusted(built, inputs, adjustments) if adjustments else built


def _build(layout: Layout) -> BuiltCase:
    months = layout.horizon
    lanes, lane_ids = lane_table(layout)
    resources = resource_table(layout)
    suppliers = supplier_table(layout)
    case = Case.of(
        Settings(month_key(layout.months[0]), months, layout.company.currency),
        products=Products.make(months, name=[layout.code(product) for product in layout.product_ids]),
        places=place_table(layout),
        demand=demand_table(layout, resources, lanes),
        production=production_table(layout),
        resources=resources,
        routing=routing_table(layout),
        workforce=workforce_table(layout),
        stock=stock_table(layout),
        lanes=lanes,
        materials=material_table(layout),
        material_use=material_use_table(layout),
        component_use=component_use_table(layout),
        suppliers=suppliers,
        subcontract=subcontract_table(layout),
    )
    return BuiltCase(
        case=case,
        months=layout.months,
        product_ids=layout.product_ids,
        family_ids=[layout.inputs.products[product].family_id for product in layout.product_ids],
        site_ids=list(layout.inputs.sites),
        stream_ids=layout.stream_ids,
        resource_ids=layout.resource_ids,
        materials=layout.materials,
        lane_ids=lane_ids,
        backup=backup_rows(suppliers),
        standard_costs=[layout.cost(product) for product in layout.product_ids],
        material_costs=[layout.cost(product) for product, _ in layout.materials],
        findings=layout.findings.as_rows(),
        fixed_production=fixed_production(layout),
        lot_size=lot_sizes(layout),
    )
