"""What higher rooms tell the product review about products. Units are floats, money is major currency."""

from dataclasses import dataclass, field
from datetime import date

ROLES = {
    "own": "the product itself",
    "takes": "taken from other products",
    "lifts": "added to other products",
    "follows": "won by the successor",
}
KINDS = {"launch": "Launch", "phase_out": "Phase-out", "push": "Push"}


@dataclass(frozen=True)
class PortfolioEffect:
    """What one launch, phase-out or push does to the plan of a product, month by month over the horizon.

    ``role`` is "own" for the product itself, "takes" for what a launch takes from others, "lifts" for
    what it adds to them, "follows" for what a successor wins. ``margin`` is revenue less units at standard
    cost. ``products`` are the units by product key over the horizon. Effects that are not ``planned``
    (ideas, launches on hold) are what the plan would become, not what it is.
    """

    source: str
    code: str
    role: str
    months: list[date]
    units: list[float]
    money: list[float]
    plan_units: list[float] = field(default_factory=list)
    margin: list[float] = field(default_factory=list)
    products: dict[int, float] = field(default_factory=dict)
    planned: bool = True

    @property
    def total_units(self) -> float:
        return sum(self.units)

    @property
    def total_money(self) -> float:
        return sum(self.money)

    @property
    def total_margin(self) -> float:
        return sum(self.margin)

    @property
    def name(self) -> str:
        return f"{KINDS[self.source]} of {self.code}"

    @property
    def where(self) -> str:
        return ROLES[self.role]

    @property
    def start(self) -> int:
        """The place of the first month in which it changes anything."""
        return next((place for place, value in enumerate(self.units) if value), 0)

    def year_from(self, start: int) -> tuple[float, float, float]:
        """Units, money and margin of twelve months from a place on."""
        year = slice(start, start + 12)
        return sum(self.units[year]), sum(self.money[year]), sum(self.margin[year])


@dataclass(frozen=True)
class ProductSales:
    """The last closed months of a product: units by month (oldest first) and revenue of the last twelve."""

    units: list[float]
    revenue: float

    @property
    def year_units(self) -> float:
        return sum(self.units[-12:])


@dataclass(frozen=True)
class ProductComplexity:
    """What a product asks of production, as far as the supply data know it.

    ``components`` on its bill, ``own_components`` of these used by no other product; ``lot_units`` the
    largest lot among its resources and sites; ``setup_hours`` of one changeover over all its resources.
    """

    components: int = 0
    own_components: int = 0
    resources: int = 0
    lot_units: float | None = None
    setup_hours: float = 0.0

    def lots_per_year(self, year_units: float) -> float | None:
        """Lots, and so changeovers, that a year's units need; None without a lot size."""
        return year_units / self.lot_units if self.lot_units else None

    def months_per_lot(self, year_units: float) -> float | None:
        """How long one lot lasts."""
        return 12 * self.lot_units / year_units if self.lot_units and year_units > 0 else None

    def setup_hours_per_year(self, year_units: float) -> float:
        return (self.lots_per_year(year_units) or 0.0) * self.setup_hours


@dataclass(frozen=True)
class ProductStock:
    """Finished stock of a product, units: on hand at the last count, and still coming from open orders."""

    on_hand: float = 0.0
    coming: float = 0.0
