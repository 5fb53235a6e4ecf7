"""From parsed rows to the tables of a case: names sorted, month rows merged over every-month rows.

Sorting makes the order of rows in a file irrelevant to the bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from supply.planning import case
from supply.planning.files.schema import FILES

Key = tuple[Any, ...]


@dataclass(slots=True)
class Record:
    """A parsed row: keys and values by column, None where blank; sound if all its keys are good."""

    line: int
    keys: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows of a file by their key without the month, keys sorted (blank first)."""

    keys: list[Key]
    rows: list[list[Record]]

    def column(self, place: int) -> list[Any]:
        """One column of the keys."""
        return [key[place] for key in self.keys]


def build_case(settings: case.Settings, records: dict[str, list[Record]]) -> case.Case:
    """The case of rows that have passed every check."""
    by_file = {name: grouped(rows) for name, rows in records.items()}
    product = _places(by_file["products.csv"].column(0))
    place = _places(by_file["places.csv"].column(0))
    material = _places(by_file["materials.csv"].column(0))
    resource = _places(by_file["resources.csv"].keys)

    def filled(file: str, **keys: Iterable[Any]) -> Any:
        return fill_table(FILES[file].table, by_file[file], settings.months, keys)

    def located(file: str, index: dict[Any, int], column: int) -> list[int]:
        return [index[name] if name is not None else -1 for name in by_file[file].column(column)]

    def resources(file: str, site: int, name: int) -> list[int]:
        return [resource[key[site], key[name]] for key in by_file[file].keys]

    return case.Case.of(
        settings,
        products=filled("products.csv", name=product),
        places=filled("places.csv", name=place, is_site=_kinds(by_file["places.csv"])),
        demand=filled(
            "demand.csv",
            product=located("demand.csv", product, 0),
            market=located("demand.csv", place, 1),
        ),
        production=filled(
            "production.csv",
            product=located("production.csv", product, 0),
            site=located("production.csv", place, 1),
        ),
        resources=filled(
            "resources.csv",
            site=located("resources.csv", place, 0),
            name=by_file["resources.csv"].column(1),
        ),
        routing=filled(
            "routing.csv",
            product=located("routing.csv", product, 0),
            resource=resources("routing.csv", 1, 2),
            lag_months=by_file["routing.csv"].column(3),
        ),
        workforce=filled("workforce.csv", resource=resources("workforce.csv", 0, 1)),
        stock=filled(
            "stock.csv", product=located("stock.csv", product, 0), site=located("stock.csv", place, 1)
        ),
        lanes=filled(
            "lanes.csv",
            origin=located("lanes.csv", place, 0),
            destination=located("lanes.csv", place, 1),
            product=located("lanes.csv", product, 2),
        ),
        materials=filled("materials.csv", name=material),
        suppliers=filled(
            "suppliers.csv",
            supplier=by_file["suppliers.csv"].column(0),
            material=located("suppliers.csv", material, 1),
        ),
        subcontract=filled(
            "subcontract.csv",
            subcontractor=by_file["subcontract.csv"].column(0),
            product=located("subcontract.csv", product, 1),
            site=located("subcontract.csv", place, 2),
        ),
        **_bills(by_file["bom.csv"], settings.months, product, material),
    )


def grouped(records: list[Record]) -> Groups:
    """Rows by key without the month."""
    groups: defaultdict[Key, list[Record]] = defaultdict(list)
    for record in records:
        groups[tuple(value for name, value in record.keys.items() if name != "month")].append(record)
    keys = sorted(groups, key=lambda key: [(part is not None, part) for part in key])
    return Groups(keys, [groups[key] for key in keys])


def fill_table(
    kind: type[case.Table], groups: Groups, months: int, keys: dict[str, Iterable[Any]]
) -> case.Table:
    """A table with its keys and, for every value column, the merged cells."""
    columns: dict[str, Any] = {name: list(values) for name, values in keys.items()}
    for name, about in kind.__dataclass_fields__.items():  # type: ignore[attr-defined]
        if about.metadata["key"]:
            continue
        merge = _covered if name == "possible" else _merger(name, about.metadata)
        shape = (len(groups.keys), months) if about.metadata["timed"] else (len(groups.keys),)
        column = np.empty(shape, about.metadata["kind"])
        for i, rows in enumerate(groups.rows):
            column[i] = merge(rows, months)
        columns[name] = column
    return kind.make(months, **columns)


def _merger(name: str, about: Any) -> Callable[[list[Record], int], Any]:
    default, timed = about["default"], about["timed"]

    def merge(rows: list[Record], months: int) -> Any:
        """The month's own cell, else the every-month row's, else the default."""
        given = {row.keys.get("month"): row.values[name] for row in rows if row.values[name] is not None}
        every = given.pop(None, default)
        if not timed:
            return given.get(0, every)
        cells = np.full(months, every, about["kind"])
        for month, value in given.items():
            cells[month] = value
        return cells

    return merge


def _covered(rows: list[Record], months: int) -> Any:
    """Months that a row covers: its own, or all."""
    own = {row.keys.get("month") for row in rows}
    return [None in own or month in own for month in range(months)]


def _places(names: list[Any]) -> dict[Any, int]:
    return {name: i for i, name in enumerate(names)}


def _kinds(places: Groups) -> list[bool]:
    return [rows[0].values["kind"] for rows in places.rows]


def _bills(
    bills: Groups, months: int, product: dict[Any, int], material: dict[Any, int]
) -> dict[str, case.Table]:
    """The bill of material in its two parts: materials, and products taken from stock."""
    tables: dict[str, case.Table] = {}
    for name, column, index, kind in (
        ("material_use", "material", material, case.MaterialUse),
        ("component_use", "component", product, case.ComponentUse),
    ):
        chosen = [i for i, key in enumerate(bills.keys) if key[1] in index]
        part = Groups([bills.keys[i] for i in chosen], [bills.rows[i] for i in chosen])
        keys: dict[str, Iterable[Any]] = {
            "product": [product[key[0]] for key in part.keys],
            column: [index[key[1]] for key in part.keys],
        }
        tables[name] = fill_table(kind, part, months, keys)
    return tables
