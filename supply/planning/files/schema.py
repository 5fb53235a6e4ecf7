"""Which files a case has, their columns, and what their key columns refer to.

Value columns and their defaults are those of the tables in `case`, so that they are written down once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from supply.planning import case


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column that identifies a row; `refers` says what its name must be found among."""

    name: str
    refers: str = ""  # product, site, market, place, resource, material, component, month, lag
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file of a case."""

    name: str
    keys: tuple[KeyColumn, ...]
    table: type[case.Table]
    required: tuple[str, ...] = ()  # value columns that must be there
    must_exist: bool = False

    @property
    def values(self) -> dict[str, type]:
        """Value columns with the kind of their cells (float, int, bool)."""
        named = (f for f in fields(self.table) if not f.metadata["key"])  # type: ignore[arg-type]
        kinds = {f.name: f.metadata["kind"] for f in named if f.name != "possible"}
        return {name: int if name.endswith("_months") else kind for name, kind in kinds.items()}

    @property
    def columns(self) -> list[str]:
        """All columns the file may have."""
        extra = ["kind"] if self.name == "places.csv" else []
        return [key.name for key in self.keys] + extra + list(self.values)

    @property
    def required_columns(self) -> list[str]:
        """Columns the file must have."""
        return [key.name for key in self.keys if not key.may_be_blank] + list(self.required)

    @property
    def refused_blank(self) -> list[str]:
        """Columns whose cells must not be blank."""
        return [name for name in self.required_columns if (self.name, name) != ("demand.csv", "quantity")]


_PRODUCT = KeyColumn("product", "product")
_SITE = KeyColumn("site", "site")
_RESOURCE = KeyColumn("resource", "resource")
_MATERIAL = KeyColumn("material", "material")
_MONTH = KeyColumn("month", "month", may_be_blank=True)

SETTINGS = "settings.csv"
SETTING_KEYS = ("first_month", "months", "currency", "charge_regular_hours", "whole_heads")
REQUIRED_SETTINGS = ("first_month", "months")

FILES = {
    spec.name: spec
    for spec in (
        FileSpec("products.csv", (KeyColumn("product"),), case.Products, must_exist=True),
        FileSpec("places.csv", (KeyColumn("place"),), case.Places, ("kind",), must_exist=True),
        FileSpec(
            "demand.csv",
            (_PRODUCT, KeyColumn("market", "market"), _MONTH),
            case.Demand,
            ("quantity",),
            must_exist=True,
        ),
        FileSpec("production.csv", (_PRODUCT, _SITE, _MONTH), case.Production),
        FileSpec("resources.csv", (_SITE, KeyColumn("resource"), _MONTH), case.Resources),
        FileSpec(
            "routing.csv",
            (_PRODUCT, _SITE, _RESOURCE, KeyColumn("lag_months", "lag", may_be_blank=True)),
            case.Routing,
            ("hours_per_unit",),
        ),
        FileSpec("workforce.csv", (_SITE, _RESOURCE, _MONTH), case.Workforce),
        FileSpec("stock.csv", (_PRODUCT, _SITE, _MONTH), case.Stock),
        FileSpec(
            "lanes.csv",
            (
                KeyColumn("origin", "site"),
                KeyColumn("destination", "place"),
                KeyColumn("product", "product", may_be_blank=True),
                _MONTH,
            ),
            case.Lanes,
        ),
        FileSpec("materials.csv", (KeyColumn("material"), _MONTH), case.Materials),
        FileSpec(
            "bom.csv",
            (_PRODUCT, KeyColumn("component", "component")),
            case.MaterialUse,
            ("quantity_per_unit",),
        ),
        FileSpec("suppliers.csv", (KeyColumn("supplier"), _MATERIAL, _MONTH), case.Suppliers),
        FileSpec("subcontract.csv", (KeyColumn("subcontractor"), _PRODUCT, _SITE, _MONTH), case.Subcontract),
    )
}
