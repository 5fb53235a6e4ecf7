"""Reading a case folder: parse every cell, check every reference, merge the month rows, fill the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supply.planning.case import Case, Settings
from supply.planning.files import cells
from supply.planning.files.problems import CaseRefusedError, Problem
from supply.planning.files.schema import (
    FILES,
    REQUIRED_SETTINGS,
    SETTING_KEYS,
    SETTINGS,
    FileSpec,
    KeyColumn,
)
from supply.planning.files.sheets import Row, Sheet, read_sheet
from supply.planning.files.tables import Record, build_case

_OPENING = ("opening_stock", "opening_heads")


def read_case(folder: Path) -> Case:
    """The case in the folder; CaseRefusedError with every problem found."""
    reading = _Reading(folder)
    settings = reading.settings()
    records = {name: reading.records(spec) for name, spec in FILES.items()}
    if reading.problems or settings is None:
        order = [SETTINGS, *FILES]
        rank = {name: i for i, name in enumerate(order)}
        raise CaseRefusedError(sorted(reading.problems, key=lambda p: (rank.get(p.file, -1), p.file, p.row)))
    return build_case(settings, records)


@dataclass(slots=True)
class _Reading:
    """What is known so far. A set of names that is None could not be read, so nothing is held against it."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    first: int | None = None  # the first month's number
    months: int | None = None
    names: dict[str, set[Any] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        present = sorted(path.name for path in self.folder.glob("*.csv") if path.is_file())
        expected = {SETTINGS, *FILES}
        for name in present:
            if name not in expected:
                self._report(name, 0, "", f"unknown file; expected among {', '.join(sorted(expected))}")

    def _report(self, file: str, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(file, row, column, message))

    def _sheet(self, name: str, allowed: list[str], required: list[str], filled: list[str]) -> Sheet | None:
        path = self.folder / name
        return read_sheet(path, allowed, required, filled, self.problems) if path.is_file() else None

    # settings.csv

    def settings(self) -> Settings | None:
        """The settings; None when they are wrong."""
        both = ["key", "value"]
        sheet = self._sheet(SETTINGS, both, both, both)
        if sheet is None:
            self._report(SETTINGS, 0, "", "the required file is absent")
            return None
        if not sheet.sound:
            return None
        values: dict[str, Any] = {}
        for row in sheet.rows:
            self._take_setting(row, values)
        for key in REQUIRED_SETTINGS:
            if key not in values:
                self._report(SETTINGS, 1, "key", f"the required key {key} is absent")
        first, months = values.get("first_month"), values.get("months")
        self.months = months
        if first is None or months is None:
            return None
        self.first = cells.month_number(first)
        return Settings(**values)

    def _take_setting(self, row: Row, values: dict[str, Any]) -> None:
        name, text = row.cells["key"], row.cells["value"]
        if not name:
            return
        if name not in SETTING_KEYS:
            known = ", ".join(SETTING_KEYS)
            self._report(SETTINGS, row.line, "key", f"unknown key '{name}'; expected among {known}")
        elif name in values:
            self._report(SETTINGS, row.line, "key", f"the key {name} is there twice; expected once")
        else:
            values[name] = None
            values[name] = self._setting(name, text, row.line)

    def _setting(self, name: str, text: str, line: int) -> Any:
        parse: Callable[[str], Any] = _SETTING_PARSERS[name]
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as wrong:
            self._report(SETTINGS, line, "value", str(wrong))
            return None

    # the other files

    def records(self, spec: FileSpec) -> list[Record]:
        """The rows of a file, parsed; what they name becomes known to the files after it."""
        sheet = self._sheet(spec.name, spec.columns, spec.required_columns, spec.refused_blank)
        if sheet is None and spec.must_exist:
            self._report(spec.name, 0, "", "the required file is absent")
        unknown = (sheet is None and spec.must_exist) or (sheet is not None and not sheet.sound)
        records = [self._record(spec, row) for row in sheet.rows] if sheet and sheet.sound else []
        if sheet:
            self._check_twice(spec, sheet, records)
        if declare := _DECLARES.get(spec.name):
            declare(self.names, records, unknown)
        return records

    def _record(self, spec: FileSpec, row: Row) -> Record:
        record = Record(row.line)
        for key in spec.keys:
            self._take_key(spec, key, row, record)
        if spec.name == "places.csv":
            record.values["kind"] = self._parsed(spec, row, "kind", cells.site_or_market)
        for name, kind in spec.values.items():
            parser = cells.shelf_life if name == "shelf_life_months" else cells.PARSERS[kind]
            record.values[name] = self._parsed(spec, row, name, parser)
        self._check_opening(spec, row, record)
        return record

    def _parsed(self, spec: FileSpec, row: Row, column: str, parser: Callable[[str], Any]) -> Any:
        text = row.cells.get(column, "")
        if not text:
            return None
        try:
            return parser(text)
        except ValueError as wrong:
            self._report(spec.name, row.line, column, str(wrong))
            return None

    def _take_key(self, spec: FileSpec, key: KeyColumn, row: Row, record: Record) -> None:
        text = row.cells.get(key.name, "")
        if not text:
            record.sound &= key.may_be_blank
            record.keys[key.name] = 0 if key.refers == "lag" else None
            return
        try:
            record.keys[key.name] = self._referred(spec, key, text, record)
        except ValueError as wrong:
            self._report(spec.name, row.line, key.name, str(wrong))
            record.sound = False
            record.keys[key.name] = None if key.refers else text

    def _referred(self, spec: FileSpec, key: KeyColumn, text: str, record: Record) -> Any:
        if key.refers == "month":
            return self._month(text)
        if key.refers == "lag":
            return cells.whole_number(text)
        if key.refers == "resource":
            self._check_known("resource", (record.keys["site"], text), f"'{text}' is no resource of the site")
        elif key.refers:
            self._check_known(key.refers, text, f"{self._met(text)}; expected a {key.refers}")
        if spec.name == "lanes.csv" and key.name == "destination" and text == record.keys["origin"]:
            raise ValueError("the lane leads to its own origin; expected another place")
        if spec.name == "bom.csv" and key.name == "component" and text == record.keys["product"]:
            raise ValueError("the product is its own component; expected another product or a material")
        if spec.name == "materials.csv" and text in (self.names.get("product") or ()):
            raise ValueError(f"'{text}' is a product; expected a name of its own")
        return text

    def _met(self, name: str) -> str:
        """What a name that does not fit is, as far as is known."""
        for kind in ("market", "site", "product", "material"):
            if name in (self.names.get(kind) or ()):
                return f"'{name}' is a {kind}"
        return f"'{name}' is unknown"

    def _check_known(self, kind: str, name: Any, message: str) -> None:
        """A name whose own file is wrong, or whose site is, is not held against the row."""
        known = self.names[kind]
        if known is None or name in known:
            return
        doubtful = kind == "resource" and (name[0] is None or (None, name[1]) in known)
        if not doubtful:
            raise ValueError(message)

    def _month(self, text: str) -> int:
        number = cells.month_number(text)
        if self.first is None or self.months is None:
            return number  # of no known horizon, but good enough to tell one row from another
        if not 0 <= number - self.first < self.months:
            raise ValueError(f"{text} is outside the horizon of {self.months} months")
        return number - self.first

    def _check_opening(self, spec: FileSpec, row: Row, record: Record) -> None:
        for name in _OPENING:
            later = self.first is not None and record.keys.get("month")
            if later and record.values.get(name) is not None:
                text = "only the first month's row or the every-month row may have it"
                self._report(spec.name, row.line, name, text)

    def _check_twice(self, spec: FileSpec, sheet: Sheet, records: list[Record]) -> None:
        """The same key twice is reported at the second row, in the last key column that the file has."""
        last = next((key.name for key in reversed(spec.keys) if key.name in sheet.columns), "")
        seen: dict[tuple[Any, ...], int] = {}
        for record in records:
            key = tuple(record.keys.values())
            if record.sound and key in seen:
                text = f"the same key as in row {seen[key]}; expected it once"
                self._report(spec.name, record.line, last, text)
            elif record.sound:
                seen[key] = record.line


def _months_setting(text: str) -> int:
    value = cells.number(text)
    if value != int(value) or not 1 <= value <= 240:
        raise ValueError(f"{text} is no horizon; expected a whole number of months from 1 to 240")
    return int(value)


def _month_text(text: str) -> str:
    cells.month_number(text)
    return text


_SETTING_PARSERS: dict[str, Callable[[str], Any]] = {
    "first_month": _month_text,
    "months": _months_setting,
    "currency": lambda text: text,
    "charge_regular_hours": cells.yes_no,
    "whole_heads": cells.yes_no,
}


# What a file makes known: names that later files may refer to.


def _declare_products(names: dict[str, set[Any] | None], records: list[Record], unknown: bool) -> None:
    names["product"] = None if unknown else {r.keys["product"] for r in records}


def _declare_places(names: dict[str, set[Any] | None], records: list[Record], unknown: bool) -> None:
    """A place whose kind is wrong may be either."""
    for refers, kind in (("site", True), ("market", False), ("place", None)):
        fitting = {r.keys["place"] for r in records if kind is None or r.values["kind"] in (kind, None)}
        names[refers] = None if unknown else fitting


def _declare_resources(names: dict[str, set[Any] | None], records: list[Record], unknown: bool) -> None:
    names["resource"] = None if unknown else {(r.keys["site"], r.keys["resource"]) for r in records}


def _declare_materials(names: dict[str, set[Any] | None], records: list[Record], unknown: bool) -> None:
    products = names["product"]
    names["material"] = None if unknown else {r.keys["material"] for r in records}
    both = names["material"]
    names["component"] = None if both is None or products is None else both | products


_DECLARES: dict[str, Callable[[dict[str, set[Any] | None], list[Record], bool], None]] = {
    "products.csv": _declare_products,
    "places.csv": _declare_places,
    "resources.csv": _declare_resources,
    "materials.csv": _declare_materials,
}
