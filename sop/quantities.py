"""Whole numbers in the database, floats in the engines: the one place that converts.

Quantities are stored as whole quanta of 1/1000 unit, money as whole minor units (cents),
so that sums are exact on every database.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

QUANTA_PER_UNIT = 1000
MINOR_PER_MAJOR = 100


def to_quanta(units: Decimal | float | int | str) -> int:
    """Units as whole quanta, half away from zero."""
    return _scaled(units, QUANTA_PER_UNIT)


def from_quanta(quanta: int) -> float:
    """Quanta as units."""
    return quanta / QUANTA_PER_UNIT


def to_minor(amount: Decimal | float | int | str) -> int:
    """Money as whole minor units, half away from zero."""
    return _scaled(amount, MINOR_PER_MAJOR)


def from_minor(minor: int) -> float:
    """Minor units as money."""
    return minor / MINOR_PER_MAJOR


def value_of(quanta: int, price_minor: Decimal | float) -> int:
    """Money in minor units of a quantity in quanta at a price in minor units per unit."""
    return _scaled(Decimal(quanta) * Decimal(str(price_minor)) / QUANTA_PER_UNIT, 1)


def quanta_array(units: "npt.NDArray[np.float64]") -> "npt.NDArray[np.int64]":
    """An array of units as quanta, half away from zero."""
    import numpy as np

    scaled = np.abs(units) * QUANTA_PER_UNIT
    return (np.sign(units) * np.floor(scaled + 0.5)).astype(np.int64)


def _scaled(value: Decimal | float | int | str, factor: int) -> int:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return int((exact * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))
