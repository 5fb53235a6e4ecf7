"""Bridges: why one figure differs from another, in steps that add up to the last minor unit.

Steps are worked out as exact fractions, which sum to the whole difference by algebra; they are then
rounded together by the largest remainder, so the rounded steps sum to it as well. Nothing is plugged.

Sources: price, volume and mix after the usual variance analysis (volume at the average base price, mix
as the shift of shares at base prices, price at the new quantities).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from reconciliation.finance.lines import VARIABLE_COSTS, Line


@dataclass(frozen=True)
class Sold:
    """Quantity (quanta), revenue and cost of goods (minor units) of one thing sold."""

    quantity: int
    revenue: int
    cogs: int = 0


@dataclass(frozen=True)
class Step:
    """One step of a bridge, minor units, positive when it lifts the figure."""

    key: str
    amount: int


@dataclass(frozen=True)
class Bridge:
    """From ``start`` over ``steps`` to ``end``."""

    start: int
    steps: tuple[Step, ...]
    end: int

    @property
    def residual(self) -> int:
        """What the steps leave unexplained: always 0."""
        return self.end - self.start - sum(step.amount for step in self.steps)

    def of(self, key: str) -> int:
        """The amount of a step, 0 where there is none."""
        return sum(step.amount for step in self.steps if step.key == key)


Basket = Mapping[Any, Sold]  # by family, product, or whatever is sold


def revenue_bridge(base: Basket, new: Basket) -> Bridge:
    """Revenue by volume, mix and price, with what is new and what is lost.

    volume = (Q1 - Q0) x average base price; mix = sum (q1 - Q1 x q0 / Q0) x p0;
    price = sum (p1 - p0) x q1, over what is sold in both. Example: A 100 at 50, B 200 at 30 become
    120 at 55, 180 at 28: price +240, volume 0, mix +400.
    """
    return _rounded(_total(base, "revenue"), _effects(base, new, ("revenue",)), _total(new, "revenue"))


def margin_bridge(base: Basket, new: Basket) -> Bridge:
    """Gross margin (revenue - COGS): as revenue, at base margins, with unit cost as a step of its own."""
    return _rounded(_margin(base), _effects(base, new, ("revenue", "cogs")), _margin(new))


def ebit_bridge(
    base: Basket, new: Basket, base_lines: Mapping[str, int], new_lines: Mapping[str, int]
) -> Bridge:
    """EBIT: the steps of the gross margin, then each cost line (dearer is negative).

    ``*_lines`` hold the variable costs and the operating cost of both sides; a missing line is 0.
    """
    effects = _effects(base, new, ("revenue", "cogs"))
    for line in (*VARIABLE_COSTS, Line.OPEX):
        effects[line.value] = Fraction(base_lines.get(line, 0) - new_lines.get(line, 0))
    start, end = _margin(base) - _costs(base_lines), _margin(new) - _costs(new_lines)
    return _rounded(start, effects, end)


def stacked_bridge(start: int, results: Sequence[tuple[str, int]]) -> Bridge:
    """Steps of a stack: each difference adds what the result moves when it is put on the ones before."""
    steps, before = [], start
    for key, result in results:
        steps.append(Step(key, result - before))
        before = result
    return Bridge(start, tuple(steps), before)


def largest_remainder(exact: Sequence[Fraction]) -> list[int]:
    """Whole numbers that lie within 1 of the exact ones and have the same (whole) sum."""
    parts = [floor(value) for value in exact]
    missing = round(sum(exact, Fraction(0))) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[:missing]:
        parts[place] += 1
    return parts


def _effects(base: Basket, new: Basket, measures: tuple[str, ...]) -> dict[str, Fraction]:
    both = [key for key in base if key in new and base[key].quantity > 0 and new[key].quantity > 0]
    effects = {"volume": Fraction(0), "mix": Fraction(0), "price": Fraction(0)}
    if "cogs" in measures:
        effects["unit_cost"] = Fraction(0)
    total_base = sum(base[key].quantity for key in both)
    total_new = sum(new[key].quantity for key in both)
    for key in both:
        _add_effects(effects, base[key], new[key], Fraction(total_new, total_base), measures)
    kept = set(both)
    effects["new"] = Fraction(sum(_worth(sold, measures) for key, sold in new.items() if key not in kept))
    effects["lost"] = -Fraction(sum(_worth(sold, measures) for key, sold in base.items() if key not in kept))
    return effects


def _add_effects(
    effects: dict[str, Fraction], old: Sold, now: Sold, growth: Fraction, measures: tuple[str, ...]
) -> None:
    worth = Fraction(_worth(old, measures), old.quantity)
    effects["volume"] += (growth - 1) * old.quantity * worth
    effects["mix"] += (now.quantity - growth * old.quantity) * worth
    effects["price"] += now.revenue - now.quantity * Fraction(old.revenue, old.quantity)
    if "cogs" in measures:
        effects["unit_cost"] += now.quantity * Fraction(old.cogs, old.quantity) - now.cogs


def _rounded(start: int, effects: Mapping[str, Fraction], end: int) -> Bridge:
    amounts = largest_remainder(list(effects.values()))
    return Bridge(start, tuple(Step(key, amount) for key, amount in zip(effects, amounts, strict=True)), end)


def _worth(sold: Sold, measures: tuple[str, ...]) -> int:
    return sold.revenue - (sold.cogs if "cogs" in measures else 0)


def _margin(basket: Basket) -> int:
    return sum(sold.revenue - sold.cogs for sold in basket.values())


def _total(basket: Basket, measure: str) -> int:
    return sum(int(getattr(sold, measure)) for sold in basket.values())


def _costs(lines: Mapping[str, int]) -> int:
    return sum(lines.get(line, 0) for line in (*VARIABLE_COSTS, Line.OPEX))
