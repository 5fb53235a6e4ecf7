"""The rows of the management profit and loss, and which follow from which."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

Amounts = dict[str, list[int]]  # row -> amount of each month


class Line(StrEnum):
    """Rows in their order on the page."""

    UNITS = "units"
    REVENUE = "revenue"
    COGS = "cogs"
    GROSS_MARGIN = "gross_margin"
    FREIGHT = "freight"
    SPOT_FREIGHT = "spot_freight"
    OVERTIME = "overtime"
    PURCHASE_PREMIUM = "purchase_premium"
    HOLDING = "holding"
    SCENARIO_COST = "scenario_cost"
    CONTRIBUTION = "contribution"
    OPEX = "opex"
    EBIT = "ebit"
    INVENTORY = "inventory"
    RECEIVABLES = "receivables"
    PAYABLES = "payables"
    WORKING_CAPITAL = "working_capital"
    CASH = "cash"
    WANTED_UNITS = "wanted_units"
    ON_TIME_UNITS = "on_time_units"
    WANTED_REVENUE = "wanted_revenue"


VARIABLE_COSTS = (
    Line.FREIGHT,
    Line.SPOT_FREIGHT,
    Line.OVERTIME,
    Line.PURCHASE_PREMIUM,
    Line.HOLDING,
    Line.SCENARIO_COST,
)
BALANCES = frozenset({Line.INVENTORY, Line.RECEIVABLES, Line.PAYABLES, Line.WORKING_CAPITAL})
QUANTITIES = frozenset({Line.UNITS, Line.WANTED_UNITS, Line.ON_TIME_UNITS})

# What people without the right to see margins may see.
WITHOUT_MARGINS = frozenset(
    {Line.UNITS, Line.REVENUE, Line.WANTED_UNITS, Line.ON_TIME_UNITS, Line.WANTED_REVENUE}
)


def with_results(amounts: Mapping[str, Sequence[int]], months: int, opening_capital: int = 0) -> Amounts:
    """The statement of one family with its results worked out.

    gross margin = revenue - COGS; contribution = gross margin - all variable costs;
    EBIT = contribution - operating cost; working capital = stock + receivables - payables;
    cash = EBIT - increase of working capital (indirect method), the first month against
    ``opening_capital``, what stood at the end of the month before the horizon.
    """
    full: Amounts = {line.value: list(amounts.get(line.value, ())) or [0] * months for line in Line}
    full[Line.GROSS_MARGIN] = _minus(full[Line.REVENUE], full[Line.COGS])
    full[Line.CONTRIBUTION] = _minus(full[Line.GROSS_MARGIN], *(full[cost] for cost in VARIABLE_COSTS))
    full[Line.EBIT] = _minus(full[Line.CONTRIBUTION], full[Line.OPEX])
    tied_up = [sum(pair) for pair in zip(full[Line.INVENTORY], full[Line.RECEIVABLES], strict=True)]
    full[Line.WORKING_CAPITAL] = _minus(tied_up, full[Line.PAYABLES])
    full[Line.CASH] = _minus(full[Line.EBIT], _increases(full[Line.WORKING_CAPITAL], opening_capital))
    return full


def added(statements: Sequence[Mapping[str, Sequence[int]]]) -> Amounts:
    """The sum of several statements: a company of its families."""
    return {
        line.value: [sum(column) for column in zip(*(s[line.value] for s in statements), strict=True)]
        for line in Line
    }


def difference(new: Mapping[str, Sequence[int]], base: Mapping[str, Sequence[int]]) -> Amounts:
    """Row by row ``new`` less ``base``."""
    return {line.value: _minus(new[line.value], base[line.value]) for line in Line}


def _minus(first: Sequence[int], *others: Sequence[int]) -> list[int]:
    return [column[0] - sum(column[1:]) for column in zip(first, *others, strict=True)]


def _increases(levels: Sequence[int], opening: int) -> list[int]:
    return [level - before for level, before in zip(levels, [opening, *levels[:-1]], strict=True)]
