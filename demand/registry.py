"""What higher rooms give the demand review: measures for its grid, and facts that the forecast may use."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cycles.registry import resolve

if TYPE_CHECKING:
    from cycles.models import Cycle

# ``function(cycle=, months=, unit=) -> {family key: [figure or None for each month]}`` in units or major money.
FamilyFigures = dict[int, list[float | None]]


@dataclass(frozen=True)
class ExtraMeasure:
    """A read-only row of the grid, known by family and for the whole company only."""

    key: str
    label: str
    function: str | Callable[..., FamilyFigures]
    colour: str = ""

    def figures(self, cycle: "Cycle", months: list[date], unit: str) -> FamilyFigures:
        found: FamilyFigures = resolve(self.function)(cycle=cycle, months=months, unit=unit)
        return found


_measures: dict[str, ExtraMeasure] = {}


def register_measure(
    key: str, label: str, function: str | Callable[..., FamilyFigures], colour: str = ""
) -> None:
    """Adds a row to the grid; ``function`` may be "module:name"."""
    _measures[key] = ExtraMeasure(key, label, function, colour or key)


def extra_measures() -> list[ExtraMeasure]:
    """What has been registered, in that order."""
    return list(_measures.values())


@dataclass(frozen=True)
class OutsideFacts:
    """Facts of a higher room for the forecast; the stamp moves when they do, and is cheap to ask for.

    ``working_days(first, last) -> {month: days}`` with every month that the calendars cover;
    ``stock_outs(first, last, products) -> [(product key, month)]``: months in which there was nothing to sell
    of these products, of all where none are named.
    """

    working_days: str | Callable[..., dict[date, float]]
    stock_outs: str | Callable[..., list[tuple[int, date]]]
    stamp: str | Callable[..., str]


_outside: list[OutsideFacts] = []


def register_outside_facts(facts: OutsideFacts) -> None:
    """Says where working days and stock-outs come from; the last word counts."""
    _outside[:] = [facts]


def days_in(first: date, last: date) -> dict[date, float]:
    """Working days of the months that a calendar covers; nothing where no room knows any."""
    found: dict[date, float] = resolve(_outside[0].working_days)(first, last) if _outside else {}
    return found


def stock_outs_in(first: date, last: date, products: Collection[int] | None = None) -> list[tuple[int, date]]:
    """Products, of those named or of all, and months with nothing to sell."""
    if not _outside:
        return []
    found: list[tuple[int, date]] = resolve(_outside[0].stock_outs)(first, last, products)
    return found


def outside_stamp(first: date, closed: date, last: date) -> str:
    """Identity of the calendars from ``first`` to ``last`` and of the stock-outs up to ``closed``."""
    return str(resolve(_outside[0].stamp)(first, closed, last)) if _outside else ""


@dataclass(frozen=True)
class ExtraLoad:
    """A resource in a month that extra units load: percent of its hours, overtime included, before and after."""

    resource: str
    month: date
    before: float
    after: float

    @property
    def is_over(self) -> bool:
        return self.after > 100


# ``function(cycle=, units={product key: {month: units, below zero for fewer}}) -> the loads it moves, fullest first``.
LoadFunction = str | Callable[..., list[ExtraLoad]]
_load: list[LoadFunction] = []


def register_load(function: LoadFunction) -> None:
    """Tells what extra demand loads in the last signed supply plan; ``function`` may be "module:name"."""
    if function not in _load:
        _load.append(function)


def extra_load(cycle: "Cycle", units: dict[int, dict[date, float]]) -> list[ExtraLoad]:
    """What these extra units do to resources; empty where no plan was signed."""
    return [one for function in _load for one in resolve(function)(cycle=cycle, units=units)]
