"""Figures of the product review as chart dictionaries (docs/ui.md)."""

from typing import Any

from portfolio.queries.shapes import PortfolioEffect
from sop.periods import month_key


def launch_chart(own: PortfolioEffect | None, taken: PortfolioEffect | None) -> dict[str, Any]:
    """The launch's units by month as a line, what it takes from its like products below zero."""
    months = own.months if own else taken.months if taken else []
    series: list[dict[str, Any]] = []
    if taken:
        series.append({"name": "Taken from own products", "y": _rounded(taken.units), "colour": "budget"})
    if own:
        series.append(
            {"name": "Plan of the launch", "y": _rounded(own.units), "colour": "consensus", "line": True}
        )
    return {"kind": "bars", "x": [month_key(month) for month in months], "series": series, "unit": "units"}


def chart_table(own: PortfolioEffect | None, taken: PortfolioEffect | None) -> dict[str, Any]:
    """The same figures to read."""
    months = own.months if own else taken.months if taken else []
    columns = ["Month", "Plan of the launch", "Taken from own products"]
    rows = [
        [
            month_key(month),
            f"{own.units[place]:,.0f}" if own else "–",
            f"{taken.units[place]:,.0f}" if taken else "–",
        ]
        for place, month in enumerate(months)
    ]
    return {"columns": columns, "rows": rows}


def _rounded(values: list[float]) -> list[float]:
    return [round(value, 1) for value in values]
