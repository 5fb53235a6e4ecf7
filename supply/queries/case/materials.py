"""Materials by pool, their use and suppliers; suppliers of bought products are the engine's subcontractors."""

import numpy as np

from supply.planning.case import INF, Materials, MaterialUse, Subcontract, Suppliers
from supply.queries.case.layout import Layout, Pair
from supply.queries.inputs import SupplierRow


def material_table(layout: Layout) -> Materials:
    """Opening stock and open orders of each pool, summed over its sites."""
    keys = _material_sites(layout)
    opening, receipts = layout.opening_and_receipts({key: row for row, key in enumerate(keys)})
    rows = [layout.material_row(*key) or 0 for key in keys]
    pooled_opening, pooled_receipts = (
        np.zeros(len(layout.materials)),
        np.zeros((len(layout.materials), layout.horizon)),
    )
    np.add.at(pooled_opening, rows, opening)
    np.add.at(pooled_receipts, rows, receipts)
    return Materials.make(
        layout.horizon,
        name=[f"{layout.code(product)}@{layout.inputs.sites[site]}" for product, site in layout.materials],
        opening_stock=pooled_opening,
        receipts=pooled_receipts,
        holding_cost=[layout.holding_cost(product) for product, _ in layout.materials],
    )


def _material_sites(layout: Layout) -> list[Pair]:
    """Sites with stock or deliveries of a material that the plan uses."""
    named = [(row.product_id, row.site_id) for row in layout.inputs.stock]
    named += [(row.product_id, row.site_id) for row in layout.inputs.supplier_products]
    return [key for key in dict.fromkeys(named) if key in layout.pools]


def material_use_table(layout: Layout) -> MaterialUse:
    """Materials per unit started, scrap included."""
    made_at = layout.structure.made_at
    rows = [
        (layout.row_of[product], layout.material_row(material, made_at[product][0]), quantity)
        for product in layout.product_ids
        if product in made_at
        for material, quantity in layout.structure.need(product).materials.items()
    ]
    return MaterialUse.make(
        layout.horizon,
        product=[row[0] for row in rows],
        material=[row[1] for row in rows if row[1] is not None],  # every used material has a pool
        quantity_per_unit=[row[2] for row in rows],
    )


def supplier_table(layout: Layout) -> Suppliers:
    """Suppliers of materials; a dearer one is a backup by its price alone."""
    placed = [
        (row, layout.material_row(row.product_id, row.site_id)) for row in layout.inputs.supplier_products
    ]
    rows = [(row, material) for row, material in placed if material is not None]
    return Suppliers.make(
        layout.horizon,
        supplier=[layout.inputs.suppliers[row.supplier_id] for row, _ in rows],
        material=[material for _, material in rows],
        possible=layout.valid_months([row for row, _ in rows]),
        price=[row.price for row, _ in rows],
        capacity=[_capacity(row) for row, _ in rows],
        lead_time_months=[
            layout.lead_months(row.product_id, row.site_id, row.lead_time_days) for row, _ in rows
        ],
    )


def subcontract_table(layout: Layout) -> Subcontract:
    """Suppliers of what is planned as a product, delivering finished units to the site."""
    rows = [row for row in layout.inputs.supplier_products if row.product_id in layout.row_of]
    return Subcontract.make(
        layout.horizon,
        subcontractor=[layout.inputs.suppliers[row.supplier_id] for row in rows],
        product=[layout.row_of[row.product_id] for row in rows],
        site=[layout.site_row[row.site_id] for row in rows],
        possible=layout.valid_months(rows),
        unit_cost=[row.price for row in rows],
        capacity=[_capacity(row) for row in rows],
        lead_time_months=[
            layout.lead_months(row.product_id, row.site_id, row.lead_time_days) for row in rows
        ],
    )


def _capacity(row: SupplierRow) -> float:
    return INF if row.capacity is None else row.capacity


def backup_rows(suppliers: Suppliers) -> list[bool]:
    """Whether a supplier row is dearer than the cheapest of its material."""
    if not len(suppliers):
        return []
    price = suppliers.price.mean(axis=1)
    cheapest = np.full(int(suppliers.material.max()) + 1, INF)
    np.minimum.at(cheapest, suppliers.material, price)
    return [bool(dearer) for dearer in price > cheapest[suppliers.material] + 1e-9]
