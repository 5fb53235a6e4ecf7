"""What supply keeps: sites, resources, bills, suppliers, lanes, stock; the facts of a supply plan version.

Quantities are quanta (1/1000 unit) in facts and stock records, hours and rates are floats, money of
facts is in minor units.
"""

from supply.models.answers import FixedLine, GapAnswer, SupplyGap
from supply.models.facts import (
    LaneFact,
    MaterialFact,
    ProductSiteFact,
    ResourceFact,
    ResourceUse,
    StreamFact,
    SupplySummary,
    VersionFact,
)
from supply.models.materials import BillLine, PurchaseOrderLine, Supplier, SupplierProduct
from supply.models.network import CalendarDay, Lane, Site
from supply.models.resources import Resource, ResourceMonth, Routing
from supply.models.stock import ProductionOrder, ProductSite, StockRecord

__all__ = [
    "BillLine",
    "CalendarDay",
    "FixedLine",
    "GapAnswer",
    "Lane",
    "LaneFact",
    "MaterialFact",
    "ProductSite",
    "ProductSiteFact",
    "ProductionOrder",
    "PurchaseOrderLine",
    "Resource",
    "ResourceFact",
    "ResourceMonth",
    "ResourceUse",
    "Routing",
    "Site",
    "StockRecord",
    "StreamFact",
    "Supplier",
    "SupplierProduct",
    "SupplyGap",
    "SupplySummary",
    "VersionFact",
]
