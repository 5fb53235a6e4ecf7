"""The input of the engine: a `Case` of numpy arrays, one table per kind of fact.

Conventions, the same in every table:

- a table has `n` rows; its identifying columns are whole numbers, places in the case's lists of names
  (`product` in `case.products.name`, `site`, `market`, `origin`, `destination` in `case.places.name`,
  `resource` in `case.resources`, `material` in `case.materials.name`);
- a *timed* column is an array (n, months); every other column is an array (n,);
- quantities are units, hours any one unit of time, money one currency; all are >= 0;
- `inf` means "not limited" for a quantity and "not possible" for a price (`spot_cost`, `backorder_cost`);
- `possible` tells in which months a row may be used at all.

`TABLE.make(months, ...)` broadcasts scalars, (n,) and (n, months) to these shapes and fills the defaults.
"""

# ruff: noqa: RUF009 (key and column return dataclass fields)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from supply.planning.table import INF, Flags, Floats, Ints, Names, Table, column, key

__all__ = [
    "INF", "Case", "ComponentUse", "Demand", "Flags", "Floats", "Ints", "Lanes", "MaterialUse", "Materials", "Names",
    "Places", "Production", "Products", "Resources", "Routing", "Settings", "Stock", "Subcontract", "Suppliers",
    "Table", "Workforce",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Horizon and the two switches of a case."""

    first_month: str  # YYYY-MM
    months: int
    currency: str = ""
    charge_regular_hours: bool = False
    whole_heads: bool = False

    def month_name(self, t: int) -> str:
        """Name YYYY-MM of the month with index t (0 is the first)."""
        year, month = map(int, self.first_month.split("-"))
        years, rest = divmod(year * 12 + month - 1 + t, 12)
        return f"{years:04d}-{rest + 1:02d}"

    def month_names(self) -> list[str]:
        """Names of all months of the horizon."""
        return [self.month_name(t) for t in range(self.months)]


@dataclass(frozen=True, slots=True, eq=False)
class Products(Table):
    name: Names = key(str)
    volume: Floats = column(1.0, timed=False)
    shelf_life_months: Floats = column(INF, timed=False)  # inf: keeps for ever
    scrap_cost: Floats = column(0.0, timed=False)


@dataclass(frozen=True, slots=True, eq=False)
class Places(Table):
    """Sites hold stock, markets have demand."""

    name: Names = key(str)
    is_site: Flags = key(bool)
    inbound_capacity: Floats = column(INF)  # volume arriving by lanes in a month


@dataclass(frozen=True, slots=True, eq=False)
class Demand(Table):
    """One row per stream: a product in a market."""

    product: Ints = key()
    market: Ints = key()
    quantity: Floats = column(0.0)
    price: Floats = column(0.0)
    must_serve: Flags = column(False, kind=bool)
    lost_sale_penalty: Floats = column(0.0)
    priority_weight: Floats = column(0.0)
    backorder_cost: Floats = column(INF)  # inf: nothing may be owed at the month's end
    max_backlog_months: Floats = column(INF)  # inf: any
    end_backlog_allowed: Flags = column(False, kind=bool)  # read for the last month only


@dataclass(frozen=True, slots=True, eq=False)
class Production(Table):
    """One row per product and site that can make it; months are those of the start."""

    product: Ints = key()
    site: Ints = key()
    possible: Flags = column(True, kind=bool)
    unit_cost: Floats = column(0.0)
    min_quantity: Floats = column(0.0)
    max_quantity: Floats = column(INF)
    lead_time_months: Ints = column(0, kind=int)


@dataclass(frozen=True, slots=True, eq=False)
class Resources(Table):
    site: Ints = key()
    name: Names = key(str)
    regular_hours: Floats = column(0.0)
    regular_cost_per_hour: Floats = column(0.0)  # counted only with charge_regular_hours
    overtime_hours: Floats = column(0.0)
    overtime_cost_per_hour: Floats = column(0.0)
    extra_hours: Floats = column(0.0)
    extra_cost_per_hour: Floats = column(0.0)
    idle_cost_per_hour: Floats = column(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Routing(Table):
    """Time-phased bill of resources: a unit started in t takes hours in t + lag."""

    product: Ints = key()
    resource: Ints = key()  # row of `resources`, which fixes the site
    lag_months: Ints = key()
    hours_per_unit: Floats = column(0.0, timed=False)


@dataclass(frozen=True, slots=True, eq=False)
class Workforce(Table):
    """People of a resource, at most one row for each."""

    resource: Ints = key()
    opening_heads: Floats = column(0.0, timed=False)
    hours_per_head: Floats = column(0.0)
    wage: Floats = column(0.0)
    hire_cost: Floats = column(0.0)
    layoff_cost: Floats = column(0.0)
    overtime_hours_per_head: Floats = column(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Stock(Table):
    """Product stock at sites; a pair without a row may hold stock, with the defaults."""

    product: Ints = key()
    site: Ints = key()
    opening_stock: Floats = column(0.0, timed=False)
    receipts: Floats = column(0.0)
    holding_cost: Floats = column(0.0)
    safety_stock: Floats = column(0.0)
    safety_penalty: Floats = column(0.0)
    max_stock: Floats = column(INF)
    min_closing_stock: Floats = column(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Lanes(Table):
    """One row per origin, destination and product; product -1 stands for all without a row of their own."""

    origin: Ints = key()
    destination: Ints = key()
    product: Ints = key()
    possible: Flags = column(True, kind=bool)
    unit_cost: Floats = column(0.0)
    capacity: Floats = column(INF)  # volume leaving in the month, shared by the row's products
    spot_cost: Floats = column(INF)  # inf: no spot freight
    lead_time_months: Ints = column(0, kind=int)


@dataclass(frozen=True, slots=True, eq=False)
class Materials(Table):
    """One stock for all sites."""

    name: Names = key(str)
    opening_stock: Floats = column(0.0, timed=False)
    receipts: Floats = column(0.0)
    holding_cost: Floats = column(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class MaterialUse(Table):
    """Bill of material, part one: materials per unit started, at every site that makes the product."""

    product: Ints = key()
    material: Ints = key()
    quantity_per_unit: Floats = column(0.0, timed=False)


@dataclass(frozen=True, slots=True, eq=False)
class ComponentUse(Table):
    """Bill of material, part two: products taken from stock at the same site."""

    product: Ints = key()
    component: Ints = key()
    quantity_per_unit: Floats = column(0.0, timed=False)


@dataclass(frozen=True, slots=True, eq=False)
class Suppliers(Table):
    supplier: Names = key(str)
    material: Ints = key()
    possible: Flags = column(True, kind=bool)
    price: Floats = column(0.0)
    capacity: Floats = column(INF)
    lead_time_months: Ints = column(0, kind=int)


@dataclass(frozen=True, slots=True, eq=False)
class Subcontract(Table):
    subcontractor: Names = key(str)
    product: Ints = key()
    site: Ints = key()
    possible: Flags = column(True, kind=bool)
    unit_cost: Floats = column(0.0)
    capacity: Floats = column(INF)
    lead_time_months: Ints = column(0, kind=int)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A planning case. Tables left out are empty; the order of rows decides nothing but the output's."""

    settings: Settings
    products: Products
    places: Places
    demand: Demand
    production: Production
    resources: Resources
    routing: Routing
    workforce: Workforce
    stock: Stock
    lanes: Lanes
    materials: Materials
    material_use: MaterialUse
    component_use: ComponentUse
    suppliers: Suppliers
    subcontract: Subcontract

    tables: ClassVar[dict[str, type[Table]]] = {
        "products": Products,
        "places": Places,
        "demand": Demand,
        "production": Production,
        "resources": Resources,
        "routing": Routing,
        "workforce": Workforce,
        "stock": Stock,
        "lanes": Lanes,
        "materials": Materials,
        "material_use": MaterialUse,
        "component_use": ComponentUse,
        "suppliers": Suppliers,
        "subcontract": Subcontract,
    }

    @classmethod
    def of(cls, settings: Settings, **tables: Table) -> Self:
        """A case from the tables given, the others empty."""
        empty = {name: kind.empty(settings.months) for name, kind in cls.tables.items() if name not in tables}
        return cls(settings=settings, **tables, **empty)  # type: ignore[arg-type]

    @property
    def months(self) -> int:
        """Length of the horizon in months."""
        return self.settings.months
