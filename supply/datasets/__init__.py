"""Import templates of supply: sites, resources, bills, suppliers, lanes, stock and movements."""

from datahub.registry import register_code_space, register_dataset, register_rule
from supply.datasets.capacity import MAINTENANCE, SHIFTS, WORKFORCE
from supply.datasets.masters import BOM, CALENDAR, ITEM_LOCATION, LANES, RESOURCE, ROUTING, SUPPLIER_ITEM
from supply.datasets.movements import INVENTORY, PRODUCTION, PURCHASE_RECEIPTS
from supply.datasets.rules import RULES
from supply.models import Resource, Site, Supplier


def register() -> None:
    """Offer the datasets of supply."""
    register_code_space("site", model=Site, dataset="item_location")
    register_code_space("resource", model=Resource, dataset="resource")
    register_code_space("supplier", model=Supplier, dataset="supplier_item")
    masters = (CALENDAR, ITEM_LOCATION, BOM, RESOURCE, ROUTING, SUPPLIER_ITEM, LANES)
    capacity = (SHIFTS, MAINTENANCE, WORKFORCE)
    for dataset in (*masters, *capacity, INVENTORY, PRODUCTION, PURCHASE_RECEIPTS):
        register_dataset(dataset)
    for code, dataset_name, severity, label, func, fix, dimension in RULES:
        register_rule(code, dataset_name, severity, label, func, fix=fix, dimension=dimension)
