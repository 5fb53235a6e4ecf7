"""The figures by which scenarios are compared, over the first twelve plan months."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciliation.finance.lines import Amounts, Line
from reconciliation.queries.scenarios import YEAR, Column, Comparison

SHARE_STEP = 0.001  # shares are shown with one digit of percent


@dataclass(frozen=True)
class Figure:
    """One row of the scorecard: minor units, quanta or a share; ``better`` is "up", "down" or nothing."""

    key: str
    label: str
    unit: str  # money, units, share
    better: str
    needs_margins: bool
    read: Callable[[Amounts], float | None]
    in_budget: bool = False


@dataclass(frozen=True)
class ScoreRow:
    """A figure of the budget, of as today, of the chosen scenario and of the others."""

    figure: Figure
    budget: float | None
    baseline: float | None
    mine: float | None
    others: list[float | None]
    best: int | None  # place among baseline, mine, others; None where they are equal or nothing is better

    @property
    def from_baseline(self) -> float | None:
        return _less(self.mine, self.baseline)

    @property
    def from_budget(self) -> float | None:
        return _less(self.mine, self.budget)


def total(line: Line) -> Callable[[Amounts], float]:
    """The sum of a row over the year."""
    return lambda amounts: sum(amounts[line][:YEAR])


def closing(line: Line) -> Callable[[Amounts], float]:
    """A balance at the end of the year."""
    return lambda amounts: amounts[line][:YEAR][-1]


def share(part: Line, whole: Line) -> Callable[[Amounts], float | None]:
    """One row's sum over another's; None where there is nothing to divide by."""

    def read(amounts: Amounts) -> float | None:
        base = sum(amounts[whole][:YEAR])
        return sum(amounts[part][:YEAR]) / base if base else None

    return read


def unserved(amounts: Amounts) -> float:
    """Sales that customers wanted and the plan does not deliver."""
    return sum(amounts[Line.WANTED_REVENUE][:YEAR]) - sum(amounts[Line.REVENUE][:YEAR])


FIGURES = [
    Figure("revenue", "Revenue", "money", "up", False, total(Line.REVENUE), in_budget=True),
    Figure("ebit", "EBIT", "money", "up", True, total(Line.EBIT), in_budget=True),
    Figure("contribution", "Contribution margin", "money", "up", True, total(Line.CONTRIBUTION)),
    Figure(
        "margin", "Gross margin", "share", "up", True, share(Line.GROSS_MARGIN, Line.REVENUE), in_budget=True
    ),
    Figure("unserved", "Sales not served", "money", "down", False, unserved),
    Figure(
        "on_time", "Served in its month", "share", "up", False, share(Line.ON_TIME_UNITS, Line.WANTED_UNITS)
    ),
    Figure("stock", "Stock, end of year", "money", "down", True, closing(Line.INVENTORY)),
    Figure("cash", "Cash from operations", "money", "up", True, total(Line.CASH)),
    Figure("once", "Cost of the measures", "money", "down", True, total(Line.SCENARIO_COST)),
]


def scorecard(
    comparison: Comparison, chosen: Column, *, margins: bool, money_step: float = 1.0
) -> list[ScoreRow]:
    """Every figure that the person may see, for the chosen scenario beside budget, as today and others.

    ``money_step`` is the smallest difference (minor units) that the page shows: less makes nothing better.
    """
    others = [c for c in comparison.columns if c is not chosen and not c.scenario.is_baseline]
    figures = [figure for figure in FIGURES if margins or not figure.needs_margins]
    steps = {"money": money_step, "share": SHARE_STEP}
    return [_row(figure, comparison, chosen, others, steps[figure.unit]) for figure in figures]


def figures_of(amounts: Amounts | None, *, margins: bool) -> dict[str, float | None]:
    """The figures of one scenario by key."""
    return {
        figure.key: figure.read(amounts) if amounts else None
        for figure in FIGURES
        if margins or not figure.needs_margins
    }


def _row(
    figure: Figure, comparison: Comparison, chosen: Column, others: list[Column], step: float
) -> ScoreRow:
    def read(amounts: Amounts | None) -> float | None:
        return figure.read(amounts) if amounts else None

    baseline = comparison.baseline
    values = [
        read(baseline.amounts if baseline else None),
        read(chosen.amounts),
        *(read(c.amounts) for c in others),
    ]
    budget = read(comparison.budget) if figure.in_budget else None
    return ScoreRow(figure, budget, values[0], values[1], values[2:], best_of(values, figure.better, step))


def best_of(values: list[float | None], better: str, step: float) -> int | None:
    """Place of the best value; None where no two differ by what is shown, or nothing is better."""
    shown = [None if value is None else round(value / step) for value in values]
    known = [value for value in shown if value is not None]
    if not better or len(set(known)) < 2:
        return None
    return shown.index(max(known) if better == "up" else min(known))


def _less(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base
