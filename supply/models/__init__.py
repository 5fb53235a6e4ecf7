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
    WorkforceFact,
)
from supply.models.materials import BillLine, PurchaseOrderLine, Supplier, SupplierProduct
from supply.models.network import CalendarDay, Lane, Site
from supply.models.resources import Maintenance, Resource, ResourceMonth, Routing, ShiftPattern, Workforce
from supply.models.stock import ProductionOrder, ProductSite, StockRecord

__all__ = [
    "BillLine",
    "CalendarDay",
    "FixedLine",
    "GapAnswer",
    "Lane",
    "LaneFact",
    "Maintenance",
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
    "ShiftPattern",
    "Site",
    "StockRecord",
    "StreamFact",
    "Supplier",
    "SupplierProduct",
    "SupplyGap",
    "SupplySummary",
    "VersionFact",
    "Workforce",
    "WorkforceFact",
]
