"""Measures that higher rooms show in the demand grid, such as the budget."""

from collections.abc import Callable
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
