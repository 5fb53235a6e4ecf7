"""Level, chase and hybrid: three ways to meet the same demand of a family, in stock, people and money.

The field's aggregate planning (Chopra & Meindl; Heizer & Render), per month t:

- net stock = last net stock + production - demand; below zero it is backlog;
- heads needed = production x hours per unit / hours per head; people may be fractions (part time);
- chase: production = demand + target - last net stock, heads follow production;
- level: the same heads in every month, just enough for all demand and the last target;
- hybrid: the cheapest mix of hiring, overtime, stock and backlog (a small linear programme).

cost = wages + hiring + laying off + overtime + holding of stock + backlog. What a unit costs anyway is left out,
since all three make the same units. Quantities are units, money is major currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

COSTS = ("wages", "hiring", "laying_off", "overtime", "holding", "backlog")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a family starts from and what people and stock cost.

    ``hours_per_head`` are regular hours of a person in each month, ``targets`` the wanted closing stock.
    """

    demand: Sequence[float]
    targets: Sequence[float]
    hours_per_head: Sequence[float]
    hours_per_unit: float
    opening_stock: float = 0.0
    opening_heads: float = 0.0
    overtime_hours_per_head: float = 0.0
    overtime_cost: float = 0.0  # per hour
    wage: float = 0.0  # per head and month
    hire_cost: float = 0.0
    layoff_cost: float = 0.0
    holding_cost: float = 0.0  # per unit in closing stock
    backlog_cost: float = 0.0  # per unit owed at a month's end


@dataclass(frozen=True, slots=True)
class StrategyMonth:
    """A month of a strategy."""

    demand: float
    production: float
    stock: float
    backlog: float
    heads: float
    hired: float
    laid_off: float
    overtime_hours: float


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy by month with its costs by name (COSTS)."""

    months: list[StrategyMonth]
    costs: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.costs.values())


def chase(given: Assumptions) -> Strategy:
    """Production follows demand so that every month closes on its target."""
    production, last = [], given.opening_stock
    for wanted, target in zip(given.demand, given.targets, strict=True):
        made = max(0.0, wanted + target - last)
        production.append(made)
        last += made - wanted
    heads = [
        made * given.hours_per_unit / hours if hours else 0.0
        for made, hours in zip(production, given.hours_per_head, strict=True)
    ]
    return followed(given, production, heads)


def level(given: Assumptions) -> Strategy:
    """The same people throughout, making what their hours allow; months may end short."""
    needed = max(0.0, sum(given.demand) + given.targets[-1] - given.opening_stock)
    hours = sum(given.hours_per_head)
    heads = needed * given.hours_per_unit / hours if hours else 0.0
    production = [needed * share / hours if hours else 0.0 for share in given.hours_per_head]
    return followed(given, production, [heads] * len(production))


def followed(given: Assumptions, production: Sequence[float], heads: Sequence[float]) -> Strategy:
    """What follows from production and people: stock, backlog, hiring, overtime and their cost."""
    months, net, before = [], given.opening_stock, given.opening_heads
    for wanted, made, people, hours in zip(
        given.demand, production, heads, given.hours_per_head, strict=True
    ):
        net += made - wanted
        months.append(
            StrategyMonth(
                demand=wanted,
                production=made,
                stock=max(0.0, net),
                backlog=max(0.0, -net),
                heads=people,
                hired=max(0.0, people - before),
                laid_off=max(0.0, before - people),
                overtime_hours=max(0.0, made * given.hours_per_unit - people * hours),
            )
        )
        before = people
    return Strategy(months, _costs(given, months))


def _costs(given: Assumptions, months: Sequence[StrategyMonth]) -> dict[str, float]:
    return {
        "wages": sum(one.heads for one in months) * given.wage,
        "hiring": sum(one.hired for one in months) * given.hire_cost,
        "laying_off": sum(one.laid_off for one in months) * given.layoff_cost,
        "overtime": sum(one.overtime_hours for one in months) * given.overtime_cost,
        "holding": sum(one.stock for one in months) * given.holding_cost,
        "backlog": sum(one.backlog for one in months) * given.backlog_cost,
    }
