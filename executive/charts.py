"""Results to chart figures; plain dicts, the page's script adds the look."""

from collections.abc import Sequence
from typing import Any

from executive.queries.brief import ResourceLoad
from sop.periods import month_key


def capacity_chart(today: ResourceLoad, with_measures: ResourceLoad | None) -> dict[str, Any]:
    """Hours needed as bars, what is at hand as steps: today, and with the scenario where it takes more."""
    series = [
        {"name": "Needed", "y": _shown(today.needed), "colour": "history", "alpha": 0.6},
        _steps("At hand today", today.limit, "consensus"),
    ]
    if with_measures is not None:
        limit = [max(pair) for pair in zip(with_measures.load, today.limit, strict=True)]
        if _shown(limit) != _shown(today.limit):
            series.append(_steps("Used in the scenario", limit, "good") | {"dash": "dot"})
    return {
        "kind": "bars",
        "x": [month_key(month) for month in today.months],
        "series": series,
        "unit": "hours",
    }


def _steps(name: str, hours: Sequence[float], colour: str) -> dict[str, Any]:
    return {"name": name, "y": _shown(hours), "colour": colour, "line": True, "step": True, "end_label": True}


def _shown(hours: Sequence[float]) -> list[float]:
    return [round(value, 1) for value in hours]
