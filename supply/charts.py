"""Figures of the supply review as chart dictionaries (docs/ui.md)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from supply.strategies import Strategy

COLOURS = {"Level": "baseline", "Chase": "sales", "Hybrid": "consensus"}


def strategy_chart(
    strategies: Mapping[str, Strategy], months: list[date], *, figure: str, unit: str
) -> dict[str, Any]:
    """One line per strategy: ``figure`` is stock, heads or production by month."""
    series = [
        {
            "name": name,
            "y": [round(getattr(one, figure), 1) for one in strategy.months],
            "colour": COLOURS.get(name, ""),
            "end_label": True,
        }
        for name, strategy in strategies.items()
    ]
    return {"kind": "lines", "x": [f"{month:%Y-%m}" for month in months], "series": series, "unit": unit}
