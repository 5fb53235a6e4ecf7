"""A priced way to close a gap, as it is stored with the gap and turned into a scenario."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Lever:
    """One way, tried out by solving the plan again: units in quanta, money in minor units.

    ``changes`` are rows that a scenario can take over, each with a ``kind``: "added_hours" (resource_id,
    months, hours_per_month, cost_per_hour), "overtime" (resource_id, months, hours_per_month, cost_per_hour),
    "supplier_capacity" (supplier_id, product_id, months, units_per_month, cost_per_unit). Months are "YYYY-MM".
    """

    key: str
    kind: str
    name: str
    units: int
    cost_minor: int
    margin_minor: int  # gained by the whole plan before the measure's cost
    note: str = ""
    payer: str = ""
    needed_by: str = ""  # "YYYY-MM-DD"
    displaced: list[str] = field(default_factory=list)  # other demand that gives way, in words
    changes: list[dict[str, Any]] = field(default_factory=list)
    is_best: bool = False

    def as_row(self) -> dict[str, Any]:
        """Ready to be stored as JSON, with what is left after the cost."""
        return asdict(self) | {"net_minor": self.margin_minor - self.cost_minor}
