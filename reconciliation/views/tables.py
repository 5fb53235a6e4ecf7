"""Figures of the pages as rows of cells that templates can print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reconciliation.choices import PnlRow
from reconciliation.finance.lines import Amounts, difference
from reconciliation.finance.periods import Period, amount_of, monthly, quarterly, with_years, yearly
from reconciliation.queries.scenarios import Column, Comparison
from reconciliation.queries.scorecard import ScoreRow, scorecard
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT

SPANS = {"month": "Months", "quarter": "Quarters", "year": "Years"}
SHOWN = {"mine": "This scenario", "today": "As today", "budget": "Budget", "difference": "Against today"}


@dataclass(frozen=True)
class Scale:
    """Money and units in one size for a whole table: in m above ten million, else in k or whole."""

    divisor: float
    word: str
    digits: int

    @property
    def step_minor(self) -> float:
        """The smallest difference that is shown, minor units."""
        return MINOR_PER_MAJOR * self.divisor / 10**self.digits

    @classmethod
    def for_amount(cls, largest: float) -> "Scale":
        """The size that shows ``largest`` (whole currency or units) with three to five digits."""
        for size, word, digits in ((1e10, "bn", 2), (1e7, "m", 1), (1e6, "k", 0), (1e4, "k", 1)):
            if largest >= size:
                return cls({"bn": 1e9, "m": 1e6, "k": 1e3}[word], word, digits)
        return cls(1.0, "", 0)


@dataclass(frozen=True)
class Cell:
    """A number ready to format: value, digits, whether it is a difference, and its tone."""

    value: float | None
    digits: int = 0
    kind: str = "number"  # number, share
    signed: bool = False
    tone: str = ""
    css: str = ""
    is_best: bool = False


def money_scale(comparison: Comparison) -> Scale:
    """One size for all money on a page, after the largest revenue of a year."""
    known = [column.amounts for column in comparison.columns if column.amounts] + [comparison.budget or {}]
    largest = max((sum(amounts.get(PnlRow.REVENUE.value, [])[:12]) for amounts in known), default=0)
    return Scale.for_amount(largest / MINOR_PER_MAJOR)


def score_table(comparison: Comparison, chosen: Column, scale: Scale, *, margins: bool) -> dict[str, Any]:
    """The scorecard: head and rows of cells."""
    others = [c for c in comparison.columns if c is not chosen and not c.scenario.is_baseline]
    rows = scorecard(comparison, chosen, margins=margins, money_step=scale.step_minor)
    return {
        "others": others,
        "rows": [{"row": row, "cells": _score_cells(row, chosen, scale)} for row in rows],
    }


def _score_cells(row: ScoreRow, chosen: Column, scale: Scale) -> list[Cell]:
    better = row.figure.better
    cells = [score_cell(row, row.budget, scale), score_cell(row, row.baseline, scale, best=row.best == 0)]
    if not chosen.scenario.is_baseline:
        cells += [
            score_cell(row, row.mine, scale, css="mine", best=row.best == 1),
            score_cell(row, row.from_baseline, scale, signed=True, better=better),
        ]
    cells.append(score_cell(row, row.from_budget, scale, signed=True, better=better))
    return cells + [
        score_cell(row, value, scale, css="spare", best=row.best == place + 2)
        for place, value in enumerate(row.others)
    ]


def score_cell(
    row: ScoreRow,
    value: float | None,
    scale: Scale,
    *,
    css: str = "",
    signed: bool = False,
    better: str = "",
    best: bool = False,
) -> Cell:
    """A figure of the scorecard in the table's size; shares stay shares."""
    tone = ""
    if signed and value and better:
        tone = "good" if (value > 0) == (better == "up") else "bad"
    if row.figure.unit == "share":
        return Cell(value, 1, "share", signed, tone, css, best)
    shown = None if value is None else value / MINOR_PER_MAJOR / scale.divisor
    return Cell(shown, scale.digits, "number", signed, tone, css, best)


def periods_of(span: str, months: Sequence[Any]) -> list[Period]:
    """Columns of the P&L: months or quarters with their years, or years alone."""
    if span == "year":
        return yearly(months)
    return with_years(monthly(months) if span == "month" else quarterly(months), months)


def shown_amounts(comparison: Comparison, chosen: Column, show: str) -> Amounts | None:
    """The statement that a view of the P&L shows."""
    baseline = comparison.baseline.amounts if comparison.baseline else None
    if show == "today":
        return baseline
    if show == "budget":
        return comparison.budget
    if show == "difference":
        return difference(chosen.amounts, baseline) if chosen.amounts and baseline else None
    return chosen.amounts


def pnl_table(
    amounts: Amounts, periods: Sequence[Period], rows: Sequence[PnlRow], scale: Scale, *, signed: bool = False
) -> list[dict[str, Any]]:
    """The P&L as rows of cells; units are shown in a size of their own."""
    largest = max((abs(sum(amounts[PnlRow.UNITS.value])) / QUANTA_PER_UNIT, 1))
    unit_scale = Scale.for_amount(largest)
    return [
        _pnl_row(amounts, row, periods, unit_scale if row in PnlRow.quantities() else scale, signed)
        for row in rows
    ]


def _pnl_row(
    amounts: Amounts, row: PnlRow, periods: Sequence[Period], scale: Scale, signed: bool
) -> dict[str, Any]:
    base = QUANTA_PER_UNIT if row in PnlRow.quantities() else MINOR_PER_MAJOR
    cells = [
        Cell(
            amount_of(row.value, amounts[row.value], period) / base / scale.divisor,
            scale.digits,
            signed=signed,
            css="year" if period.is_year else "",
        )
        for period in periods
    ]
    suffix = f", {scale.word}" if row in PnlRow.quantities() and scale.word else ""
    return {"row": row, "label": f"{row.label}{suffix}", "cells": cells, "is_sum": row in PnlRow.results()}
