"""In which units the plan is shown and entered: pieces, money, and what the unit conversions lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cycles.models import Company, User
from cycles.permissions import sees_prices
from demand.queries.views import PlanView
from portfolio.models import Product, UnitConversion
from sop.errors import InvalidInput, NotAllowed
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT
from sop.reads import once

if TYPE_CHECKING:
    from demand.steps import Floats, Whole

UNITS, MONEY = "units", "money"


@dataclass(frozen=True)
class Unit:
    """A unit of the grid: ``scale`` stored ones are one shown one, ``digits`` is how exactly it is sent."""

    key: str
    label: str

    @property
    def is_units(self) -> bool:
        return self.key == UNITS

    @property
    def is_money(self) -> bool:
        return self.key == MONEY

    @property
    def is_converted(self) -> bool:
        """Neither the products' own units nor money: another unit of measure."""
        return self.key not in (UNITS, MONEY)

    @property
    def scale(self) -> int:
        return MINOR_PER_MAJOR if self.is_money else QUANTA_PER_UNIT

    @property
    def digits(self) -> int:
        return 2 if self.is_money else 3

    @property
    def shown_digits(self) -> int:
        """Decimals on the screen: a pallet is more than a piece."""
        return 1 if self.is_converted else 0


class Conversions:
    """Factors from the products' own units to others; a product's own conversion goes before the general one.

    ``factors`` are by (product code or "", from, to); a way that only the other direction tells is its inverse.
    """

    def __init__(
        self, factors: dict[tuple[str, str, str], float], products: dict[int, tuple[str, str]]
    ) -> None:
        self.factors, self.products = factors, products

    @classmethod
    def stored(cls) -> "Conversions":
        rows = UnitConversion.objects.values_list("product_code", "from_unit", "to_unit", "factor")
        factors = {(code, source, target): factor for code, source, target, factor in rows if factor > 0}
        products = Product.objects.values_list("pk", "code", "unit") if factors else []
        return cls(factors, {pk: (code, unit) for pk, code, unit in products})

    def factor(self, product: int, target: str) -> float:
        """How many of the target one own unit of the product is; NaN where nothing says so."""
        code, own = self.products[product]
        if own == target:
            return 1.0
        for owner in (code, ""):
            if (owner, own, target) in self.factors:
                return self.factors[owner, own, target]
            if (owner, target, own) in self.factors:
                return 1 / self.factors[owner, target, own]
        return float("nan")

    def targets(self, products: Sequence[int]) -> list[str]:
        """The units into which some of these products convert, and which differ from their own."""
        known = sorted({unit for _, *units in self.factors for unit in units} - {UNITS, MONEY})
        found = []
        for target in known:
            factors = [self.factor(product, target) for product in products]
            if any(factor == factor for factor in factors) and any(factor != 1 for factor in factors):  # noqa: PLR0124
                found.append(target)
        return found


@once
def conversions() -> Conversions:
    """All conversions of the company, in two queries."""
    return Conversions.stored()


def units_of(view: PlanView) -> list[Unit]:
    """What a person may choose: units, money for those who see prices, other units of measure."""
    units = [Unit(UNITS, "Units")]
    if sees_prices(view.user):
        units.append(Unit(MONEY, Company.current().currency))
    shown = list(dict.fromkeys(view.table.products.tolist()))
    return units + [Unit(target, target) for target in conversions().targets(shown)]


def unit_named(key: str) -> Unit:
    """Raises InvalidInput for an unknown unit."""
    if key == UNITS:
        return Unit(UNITS, "units")
    if key == MONEY:
        return Unit(MONEY, Company.current().currency)
    if key not in {unit for _, *units in conversions().factors for unit in units}:
        raise InvalidInput(f"{key!r} is no unit: use units, money, or a unit of the unit conversions.")
    return Unit(key, key)


def require_unit(user: User, key: str) -> Unit:
    """The unit; NotAllowed for money where the person sees no prices, InvalidInput for an unknown one."""
    if key == MONEY and not sees_prices(user):
        raise NotAllowed("Your role does not see money. Choose units.")
    return unit_named(key)


def require_units_or_money(user: User, key: str) -> None:
    """For pages that add up unlike products: no other unit of measure."""
    if require_unit(user, key).is_converted:
        raise InvalidInput(f"{key!r} is no unit here: use units or money.")


def rates_of(view: PlanView, unit: Unit, streams: "Whole") -> "Floats":
    """What one own unit of each stream (n, sorted keys of the plan) is in stored ones of the unit; NaN for unknown."""
    import numpy as np

    places = view.planned.rows_of(streams)
    if unit.is_money:
        prices: Floats = view.planned.prices[places]
        return prices
    if unit.is_units:
        return np.full(len(streams), float(QUANTA_PER_UNIT))
    known = conversions()
    products = view.planned.products[places].tolist()
    factors = {product: known.factor(product, unit.key) for product in set(products)}
    return np.array([factors[product] for product in products], dtype=np.float64) * QUANTA_PER_UNIT
