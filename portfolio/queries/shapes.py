"""What higher rooms tell the product review about products. Units are floats, money is major currency."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class PortfolioEffect:
    """What one launch or phase-out does to the plan of a product, month by month over the horizon.

    ``role`` is "own" for the product itself, "takes" for what a launch takes from its like products,
    "follows" for what a successor wins.
    """

    source: str
    code: str
    role: str
    months: list[date]
    units: list[float]
    money: list[float]
    plan_units: list[float] = field(default_factory=list)

    @property
    def total_units(self) -> float:
        return sum(self.units)

    @property
    def total_money(self) -> float:
        return sum(self.money)

    def first_year(self) -> tuple[float, float]:
        """Units and money of the first twelve months in which it changes anything."""
        start = next((place for place, value in enumerate(self.units) if value), 0)
        return sum(self.units[start : start + 12]), sum(self.money[start : start + 12])


@dataclass(frozen=True)
class ProductSales:
    """The last closed months of a product: units by month (oldest first) and revenue of the last twelve."""

    units: list[float]
    revenue: float

    @property
    def year_units(self) -> float:
        return sum(self.units[-12:])
