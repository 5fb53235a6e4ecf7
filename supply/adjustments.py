"""What a scenario changes in the inputs of a supply plan: small frozen values, without database or numpy.

``streams`` and ``months`` say where a change holds; None means everywhere. The ids are those of the
application's rows, so that a change can be stored and read by people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Months = frozenset[date] | None
Streams = frozenset[int] | None


@dataclass(frozen=True, slots=True)
class DemandFactor:
    """Demand of some streams in some months times ``factor`` (1.1: ten percent more)."""

    factor: float
    streams: Streams = None
    months: Months = None


@dataclass(frozen=True, slots=True)
class PriceFactor:
    """The planned price of some streams in some months times ``factor``."""

    factor: float
    streams: Streams = None
    months: Months = None


@dataclass(frozen=True, slots=True)
class SupplierShut:
    """A supplier that takes no orders in some months; orders placed before still arrive."""

    supplier_id: int
    months: Months = None


@dataclass(frozen=True, slots=True)
class AddedHours:
    """Hours that a resource gets on top in each month, at their cost; ``one_off_cost`` is paid once."""

    resource_id: int
    hours_per_month: float
    cost_per_hour: float = 0.0
    one_off_cost: float = 0.0
    months: Months = None


@dataclass(frozen=True, slots=True)
class OvertimeFactor:
    """The overtime limit of one resource, or of all, times ``factor``."""

    factor: float
    resource_id: int | None = None
    months: Months = None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """All changes of one scenario. Factors on the same cell multiply; added hours add up."""

    demand: tuple[DemandFactor, ...] = field(default=())
    prices: tuple[PriceFactor, ...] = field(default=())
    shut_suppliers: tuple[SupplierShut, ...] = field(default=())
    added_hours: tuple[AddedHours, ...] = field(default=())
    overtime: tuple[OvertimeFactor, ...] = field(default=())

    @property
    def one_off_cost(self) -> float:
        """What the changes cost once, whatever the plan then does with them."""
        return sum(change.one_off_cost for change in self.added_hours)

    def __bool__(self) -> bool:
        return any((self.demand, self.prices, self.shut_suppliers, self.added_hours, self.overtime))
