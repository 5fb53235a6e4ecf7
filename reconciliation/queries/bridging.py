"""Bridges between the budget, the plan as it is today and a scenario, over the first twelve months."""

from dataclasses import dataclass

from reconciliation.finance.bridges import Bridge, ebit_bridge, revenue_bridge, stacked_bridge
from reconciliation.finance.lines import Line
from reconciliation.queries.pnl import Basket, basket_of, budget_basket, cost_lines
from reconciliation.queries.scenarios import YEAR, Column, Comparison

FROM_TODAY, FROM_BUDGET, BY_DIFFERENCE = "today", "budget", "differences"


@dataclass(frozen=True)
class NamedBridge:
    """A bridge with the words at its two ends; it starts somewhere and ends at a scenario."""

    bridge: Bridge
    measure: str
    start: str
    end: str


def bridge_to(comparison: Comparison, column: Column, origin: str, *, margins: bool) -> NamedBridge | None:
    """The bridge of EBIT (of revenue for people without margins) to a scenario; None where an end is missing.

    ``origin``: "today" and "budget" split the difference by cause, "differences" by the steps of the stack.
    """
    if column.amounts is None or column.scenario.version is None:
        return None
    if origin == BY_DIFFERENCE:
        return _by_difference(comparison, column) if margins else None
    start = _start(comparison, origin)
    if start is None:
        return None
    name, basket, lines = start
    first, last = comparison.months[0], comparison.months[:YEAR][-1]
    mine = basket_of(column.scenario.version, first, last)
    if not margins:
        return NamedBridge(revenue_bridge(basket, mine), "Revenue", name, column.letter)
    my_lines = cost_lines(column.amounts, _year(comparison))
    return NamedBridge(ebit_bridge(basket, mine, lines, my_lines), "EBIT", name, column.letter)


def _start(comparison: Comparison, origin: str) -> tuple[str, Basket, dict[str, int]] | None:
    first, last = comparison.months[0], comparison.months[:YEAR][-1]
    if origin == FROM_BUDGET:
        if comparison.budget is None:
            return None
        return "Budget", budget_basket(first, last), cost_lines(comparison.budget, _year(comparison))
    baseline = comparison.baseline
    if baseline is None or baseline.amounts is None or baseline.scenario.version is None:
        return None
    basket = basket_of(baseline.scenario.version, first, last)
    return "As today", basket, cost_lines(baseline.amounts, _year(comparison))


def _by_difference(comparison: Comparison, column: Column) -> NamedBridge | None:
    """One step for each active difference, over the whole horizon as its effect was solved."""
    baseline = comparison.baseline
    active = [difference for difference in column.scenario.differences.all() if difference.is_active]
    if baseline is None or baseline.amounts is None or column.amounts is None or not active:
        return None
    if not column.is_current or any(difference.effect_minor is None for difference in active):
        return None
    start = result = sum(baseline.amounts[Line.EBIT])
    results = []
    for difference in active:
        result += difference.effect_minor or 0
        results.append((short_words(difference.sentence), result))
    bridge = stacked_bridge(start, results)
    end = sum(column.amounts[Line.EBIT])
    return NamedBridge(Bridge(start, bridge.steps, end), "EBIT", "As today", column.letter)


def short_words(sentence: str) -> str:
    """A sentence as the word below a bar."""
    return sentence if len(sentence) <= 26 else f"{sentence[:25].rstrip()}…"


def _year(comparison: Comparison) -> range:
    return range(min(YEAR, len(comparison.months)))
