"""Datasets, code spaces and quality rules, plugged in by the rooms that own the data.

Specifications are light and are read at every start. Functions that need pandas are named by their
import path (``"demand.loaders:fill_streams"``) and imported by the worker that calls them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib import import_module
from typing import Any

from django.db import models

from cycles.choices import Role
from datahub.choices import Severity


class Kind(StrEnum):
    """What a column's cells hold; decides how they are read."""

    CODE = "code"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    FLAG = "flag"


class Scale(StrEnum):
    """How a number is stored: as it is, in whole quanta, in whole minor units, or as a whole number."""

    PLAIN = "plain"
    QUANTA = "quanta"
    MINOR = "minor"
    WHOLE = "whole"


@dataclass(frozen=True)
class Column:
    """A column of an import template.

    ``field`` is the model field that keeps it, ``path`` the lookup that reads it back (the field itself
    by default, a related row's code for relations); without a field a loader's hook takes care of it.
    ``refers`` names code spaces of which one must know the code, ``creates`` the one that the code enters.
    """

    name: str
    kind: Kind
    meaning: str
    example: str = ""
    unit: str = ""
    required: bool = False
    optional: bool = False
    field: str = ""
    path: str = ""
    scale: Scale = Scale.PLAIN
    refers: tuple[str, ...] = ()
    creates: str = ""
    choices: tuple[str, ...] = ()
    when_empty: Any = None
    least: float | None = None
    most: float | None = None
    length: int = 64

    @property
    def rule(self) -> str:
        """What a cell must be, in words, for the data contract and the template."""
        words = ["must be filled" if self.required else "may be empty"]
        if self.optional:
            words.append("the column may be missing")
        if self.choices:
            words.append("one of " + ", ".join(self.choices))
        if self.refers:
            words.append("a known " + " or ".join(self.refers))
        if self.least is not None or self.most is not None:
            low = "" if self.least is None else f"from {self.least:g}"
            high = "" if self.most is None else f"to {self.most:g}"
            words.append(f"{low} {high}".strip())
        return ", ".join(words)


@dataclass(frozen=True)
class Dataset:
    """An import template: its columns, where the rows go, and who answers for it.

    ``order`` is the order of loading, masters before what refers to them. ``control`` is the column whose
    sum is shown as control total. ``prepare`` is called with each checked frame before it is written and
    returns further fields; ``write`` replaces the general writer. ``reads`` are query expressions that columns
    without a field name as their path.
    ``covered_until`` answers the last day for which the dataset has facts, which must reach the month's close
    where it is ``monthly`` and kept at all; ``time`` is the model field by which long histories are cut. Without
    a ``basic`` one no company can plan.
    """

    name: str
    label: str
    role: Role
    order: int
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning: str = ""
    control: str = ""
    unique: tuple[str, ...] = ()
    constants: dict[str, Any] = field(default_factory=dict)
    filters: dict[str, Any] = field(default_factory=dict)
    reads: dict[str, Any] = field(default_factory=dict)
    parent: tuple[str, tuple[str, ...]] | None = None
    prepare: str = ""
    write: str = ""
    covered_until: Callable[[], date | None] | None = None
    monthly: bool = False
    basic: bool = False
    time: str = ""
    needs_owner: bool = True

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def limits(self, column: Column) -> tuple[float, float]:
        """Between which numbers a column's cells must lie: its own bounds, and what its field can keep."""
        low = float("-inf") if column.least is None else column.least
        high = float("inf") if column.most is None else column.most
        stored = self.model._meta.get_field(column.field) if column.field else None
        if isinstance(stored, models.DecimalField):
            most = float(10 ** (stored.max_digits - stored.decimal_places) - 1)
            return max(low, -most), min(high, most)
        return low, high

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def needed(self) -> list[str]:
        """Columns that a file must have: those that are always filled, and the key."""
        return [
            column.name
            for column in self.columns
            if not column.optional and (column.required or column.name in self.key)
        ]


@dataclass(frozen=True)
class CodeSpace:
    """A kind of code that datasets refer to, and the model that keeps it."""

    name: str
    model: type[models.Model]
    dataset: str


@dataclass(frozen=True)
class Derived:
    """Figures rebuilt after any of the datasets was loaded."""

    name: str
    datasets: frozenset[str]
    func: str
    order: int


@dataclass(frozen=True)
class Rule:
    """A rule of data quality. ``func(frames) -> RuleOutcome`` is pure and reads template-shaped frames."""

    code: str
    dataset: str
    severity: Severity
    label: str
    func: str
    fix: str = ""
    dimension: str = "validity"


_datasets: dict[str, Dataset] = {}
_spaces: dict[str, CodeSpace] = {}
_derived: dict[str, Derived] = {}
_rules: dict[str, Rule] = {}


def register_dataset(dataset: Dataset) -> None:
    """Offer a dataset for import; its name is the name of its files."""
    _datasets[dataset.name] = dataset


def register_code_space(name: str, *, model: type[models.Model], dataset: str) -> None:
    """Name the model that keeps a kind of code, and the dataset in which people add one."""
    _spaces[name] = CodeSpace(name, model, dataset)


def register_derived(name: str, *, datasets: set[str], func: str, order: int) -> None:
    """Have ``func(context)`` called in the loading transaction after any of ``datasets`` was loaded."""
    _derived[name] = Derived(name, frozenset(datasets), func, order)


def register_rule(
    code: str,
    dataset: str,
    severity: Severity,
    label: str,
    func: str,
    *,
    fix: str = "",
    dimension: str = "validity",
) -> None:
    """Offer a rule of data quality (``func`` as import path)."""
    _rules[code] = Rule(code, dataset, severity, label, func, fix, dimension)


def datasets() -> list[Dataset]:
    """All datasets in their order of loading."""
    return sorted(_datasets.values(), key=lambda dataset: (dataset.order, dataset.name))


def dataset_named(name: str) -> Dataset | None:
    return _datasets.get(name)


def code_space(name: str) -> CodeSpace:
    return _spaces[name]


def derived_for(loaded: set[str]) -> list[Derived]:
    """What must be rebuilt after these datasets were loaded, in order."""
    return sorted((d for d in _derived.values() if d.datasets & loaded), key=lambda derived: derived.order)


def rules() -> list[Rule]:
    """All rules by code."""
    return [_rules[code] for code in sorted(_rules)]


def function_at(path: str) -> Callable[..., Any]:
    """The function that an import path such as ``"demand.loaders:fill_streams"`` names."""
    module, _, name = path.partition(":")
    func: Callable[..., Any] = getattr(import_module(module), name)
    return func
