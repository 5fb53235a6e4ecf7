"""Figures of the product review as chart dictionaries (docs/ui.md)."""

from datetime import date
from typing import Any

from portfolio.queries.shapes import PortfolioEffect
from sop.periods import month_key


def launch_chart(
    own: PortfolioEffect | None, takes: PortfolioEffect | None, lifts: PortfolioEffect | None = None
) -> dict[str, Any]:
    """The launch's units by month as a line, what it takes from others as bars below zero, what it adds above."""
    months = _months(own, takes, lifts)
    series: list[dict[str, Any]] = []
    if takes:
        series.append({"name": "Taken from own products", "y": _rounded(takes.units), "colour": "budget"})
    if lifts:
        series.append({"name": "Added to own products", "y": _rounded(lifts.units), "colour": "good"})
    if own:
        series.append(
            {"name": "Plan of the launch", "y": _rounded(own.units), "colour": "consensus", "line": True}
        )
    return {"kind": "bars", "x": [month_key(month) for month in months], "series": series, "unit": "units"}


def chart_table(
    own: PortfolioEffect | None, takes: PortfolioEffect | None, lifts: PortfolioEffect | None = None
) -> dict[str, Any]:
    """The same figures to read."""
    named = [
        ("Plan of the launch", own),
        ("Taken from own products", takes),
        ("Added to own products", lifts),
    ]
    shown = [(name, effect) for name, effect in named if effect]
    rows = [
        [month_key(month), *(f"{effect.units[place]:,.0f}" for _, effect in shown)]
        for place, month in enumerate(_months(own, takes, lifts))
    ]
    return {"columns": ["Month", *(name for name, _ in shown)], "rows": rows}


def _months(*effects: PortfolioEffect | None) -> list[date]:
    return next((effect.months for effect in effects if effect), [])


def _rounded(values: list[float]) -> list[float]:
    return [round(value, 1) for value in values]
