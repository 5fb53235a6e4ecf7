"""Random small cases that use every column of every file now and then."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

Cells = dict[str, str]
Tables = dict[str, list[Cells]]

FILES = (
    "settings",
    "products",
    "places",
    "demand",
    "production",
    "resources",
    "routing",
    "workforce",
    "stock",
    "lanes",
    "materials",
    "bom",
    "suppliers",
    "subcontract",
)


def random_tables(seed: int) -> Tables:
    """A case with up to four products, three sites, two markets and six months."""
    return _Invention(random.Random(seed)).tables


class _Invention:
    """Fills the tables one after the other; later ones refer to earlier ones."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.tables: Tables = {name: [] for name in FILES}
        self.months = [f"2026-{m:02d}" for m in (11, 12)] + [f"2027-{m:02d}" for m in range(1, 5)]
        self.months = self.months[: dice.randint(1, 6)]
        self.products = ["A", "B", "C", "D"][: dice.randint(1, 4)]
        self.sites = ["Plant", "Depot", "East"][: dice.randint(1, 3)]
        self.markets = ["Home", "Away"][: dice.randint(1, 2)]
        for fill in (
            self._frame, self._demand, self._production, self._resources, self._people, self._routing,
            self._stock, self._lanes, self._materials, self._parts, self._subcontract,
        ):  # fmt: skip
            fill()

    def number(self, low: float, high: float, digits: int = 1) -> str:
        return str(round(self.dice.uniform(low, high), digits))

    def size(self, low: float, high: float, digits: int = 1) -> str:
        """A number, now and then a plain 0 that says "none of it"."""
        return "0" if self.chance(0.05) else self.number(low, high, digits)

    def maybe(self, share: float, text: str) -> str:
        return text if self.dice.random() < share else ""

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def timed(
        self,
        file: str,
        key: Cells,
        cells: Callable[[], Cells],
        opening: Cells | None = None,
        own: float = 0.2,
    ) -> None:
        """An every-month row, mostly, and rows of some months with some of the cells."""
        if self.chance(0.8):
            self.tables[file].append({**key, "month": "", **(opening or {}), **cells()})
        for month in self.months:
            if self.chance(own):
                some = {name: self.maybe(0.5, text) for name, text in cells().items()}
                self.tables[file].append({**key, "month": month, **some})

    def _frame(self) -> None:
        self.tables["settings"] = [
            {"key": "first_month", "value": self.months[0]},
            {"key": "months", "value": str(len(self.months))},
            {"key": "charge_regular_hours", "value": self.dice.choice(["yes", "no"])},
        ]
        for product in self.products:
            self.tables["products"].append(
                {
                    "product": product,
                    "volume": self.maybe(0.5, self.size(0.5, 2)),
                    "shelf_life_months": self.maybe(0.3, str(self.dice.randint(1, 3))),
                    "scrap_cost": self.maybe(0.5, self.number(0, 3)),
                }
            )
        for place in (*self.sites, *self.markets):
            kind = "site" if place in self.sites else "market"
            door = self.maybe(0.2, self.number(50, 300))
            self.tables["places"].append({"place": place, "kind": kind, "inbound_capacity": door})

    def _demand(self) -> None:
        forced = 0.15 if self.chance(0.4) else 0.0

        def cells() -> Cells:
            return {
                "quantity": self.size(0, 100),
                "price": self.size(10, 60),
                "must_serve": self.maybe(forced, "yes"),
                "lost_sale_penalty": self.maybe(0.3, self.number(0, 10)),
                "priority_weight": self.maybe(0.3, self.number(0, 1)),
                "backorder_cost": self.maybe(0.5, self.number(0, 5)),
                "max_backlog_months": self.maybe(0.4, str(self.dice.randint(0, 3))),
                "end_backlog_allowed": self.maybe(0.4, self.dice.choice(["yes", "no"])),
            }

        for product in self.products:
            for market in self.markets:
                if self.chance(0.85):
                    self.timed("demand", {"product": product, "market": market}, cells, own=0.4)

    def _production(self) -> None:
        def cells() -> Cells:
            return {
                "unit_cost": self.number(1, 20),
                "min_quantity": self.maybe(0.1, self.number(0, 20)),
                "max_quantity": self.maybe(0.3, self.size(20, 120)),
                "lead_time_months": self.maybe(0.3, str(self.dice.randint(0, 3))),
            }

        everywhere = self.dice.choice([0.4, 0.95])
        for product in self.products:
            for site in self.sites:
                if self.chance(everywhere):
                    self.timed("production", {"product": product, "site": site}, cells)

    def _resources(self) -> None:
        def cells() -> Cells:
            return {
                "regular_hours": self.size(20, 120),
                "regular_cost_per_hour": self.maybe(0.5, self.number(0, 5)),
                "overtime_hours": self.maybe(0.5, self.number(0, 30)),
                "overtime_cost_per_hour": self.maybe(0.7, self.number(1, 15)),
                "extra_hours": self.maybe(0.3, self.number(0, 30)),
                "extra_cost_per_hour": self.maybe(0.7, self.number(1, 30)),
                "idle_cost_per_hour": self.maybe(0.3, self.number(0, 4)),
            }

        for site in self.sites:
            for resource in ["Line", "Oven"][: self.dice.randint(0, 2)]:
                self.timed("resources", {"site": site, "resource": resource}, cells)

    def known_resources(self) -> list[tuple[str, str]]:
        return sorted({(row["site"], row["resource"]) for row in self.tables["resources"]})

    def _people(self) -> None:
        def cells() -> Cells:
            return {
                "hours_per_head": self.size(5, 20),
                "wage": self.size(5, 50),
                "hire_cost": self.maybe(0.7, self.number(0, 40)),
                "layoff_cost": self.maybe(0.7, self.number(0, 40)),
                "overtime_hours_per_head": self.maybe(0.5, self.number(0, 4)),
            }

        for site, resource in self.known_resources():
            if self.chance(0.35):
                opening = {"opening_heads": self.number(0, 8)}
                self.timed("workforce", {"site": site, "resource": resource}, cells, opening)

    def _routing(self) -> None:
        for site, resource in self.known_resources():
            for product in self.products:
                for lag, share in (("", 0.6), ("1", 0.15), ("2", 0.08)):
                    if self.chance(share):
                        key = {"product": product, "site": site, "resource": resource, "lag_months": lag}
                        hours = {"hours_per_unit": self.number(0.1, 1.5, 2)}
                        self.tables["routing"].append(key | hours)

    def _stock(self) -> None:
        def cells() -> Cells:
            return {
                "receipts": self.maybe(0.3, self.number(0, 20)),
                "holding_cost": self.maybe(0.7, self.number(0, 2)),
                "safety_stock": self.maybe(0.5, self.number(0, 30)),
                "safety_penalty": self.maybe(0.6, self.number(0, 5)),
                "max_stock": self.maybe(0.2, self.number(40, 150)),
                "min_closing_stock": self.maybe(0.1, self.number(0, 10)),
            }

        for product in self.products:
            for site in self.sites:
                if self.chance(0.5):
                    opening = {"opening_stock": self.number(0, 40)}
                    self.timed("stock", {"product": product, "site": site}, cells, opening)

    def _lanes(self) -> None:
        def cells() -> Cells:
            return {
                "unit_cost": self.number(0, 3),
                "capacity": self.maybe(0.4, self.size(10, 150)),
                "spot_cost": self.maybe(0.4, self.number(0, 6)),
                "lead_time_months": self.maybe(0.25, str(self.dice.randint(0, 2))),
            }

        for origin in self.sites:
            for destination in (*self.sites, *self.markets):
                for product in ("", *self.products):
                    if origin != destination and self.chance(0.12 if product else 0.6):
                        key = {"origin": origin, "destination": destination, "product": product}
                        self.timed("lanes", key, cells, own=0.12)

    def _materials(self) -> None:
        def held() -> Cells:
            return {
                "receipts": self.maybe(0.4, self.number(0, 60)),
                "holding_cost": self.maybe(0.5, self.number(0, 1)),
            }

        def bought() -> Cells:
            return {
                "price": self.number(0, 5),
                "capacity": self.maybe(0.8, self.size(5, 80)),
                "lead_time_months": self.maybe(0.4, str(self.dice.randint(0, 2))),
            }

        for material in ["Steel", "Chip"][: self.dice.randint(0, 2)]:
            self.timed("materials", {"material": material}, held, {"opening_stock": self.number(0, 40)})
        for material in sorted({row["material"] for row in self.tables["materials"]}):
            for supplier in ["Mill", "Trader"][: self.dice.choice([0, 1, 2, 2])]:
                self.timed("suppliers", {"supplier": supplier, "material": material}, bought)
            for product in self.products:
                if self.chance(0.4):
                    self._needs(product, material)

    def _parts(self) -> None:
        """Bills of up to three levels: products of products that come after them in the list."""
        for place, product in enumerate(self.products):
            for component in self.products[place + 1 :]:
                if self.chance(0.4):
                    self._needs(product, component)

    def _needs(self, product: str, component: str) -> None:
        units = {"quantity_per_unit": self.number(0.2, 2)}
        self.tables["bom"].append({"product": product, "component": component} | units)

    def _subcontract(self) -> None:
        def cells() -> Cells:
            return {
                "unit_cost": self.number(5, 40),
                "capacity": self.maybe(0.7, self.size(5, 60)),
                "lead_time_months": self.maybe(0.3, str(self.dice.randint(0, 2))),
            }

        for product in self.products:
            if self.chance(0.3):
                site = self.dice.choice(self.sites)
                key = {"subcontractor": "Helper", "product": product, "site": site}
                self.timed("subcontract", key, cells)


def write_tables(tables: Tables, folder: Path, seed: int | None = None) -> Path:
    """Write the case folder; with a seed, rows and columns in another order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, written in tables.items():
        rows = list(written)
        if not rows and name not in ("settings", "products", "places", "demand"):
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        if name == "demand" and not rows:
            columns = ["product", "market", "quantity"]
        if seed is not None:
            random.Random(seed).shuffle(rows)
            random.Random(seed).shuffle(columns)
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
