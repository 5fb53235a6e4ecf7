"""Results to chart figures; plain dicts, the page's script adds the look."""

from typing import Any

from executive.queries.brief import ResourceLoad
from sop.periods import month_key


def capacity_chart(today: ResourceLoad, with_measures: ResourceLoad | None) -> dict[str, Any]:
    """Hours needed as bars, what is at hand as lines: today, and with the scenario's measures where they differ."""
    series: list[dict[str, Any]] = [
        {"name": "Needed", "y": [round(hours) for hours in today.needed], "colour": "history", "alpha": 0.6},
        {
            "name": "At hand today",
            "y": [round(hours) for hours in today.limit],
            "colour": "consensus",
            "line": True,
            "end_label": True,
        },
    ]
    if with_measures is not None:
        limit = [max(pair) for pair in zip(with_measures.load, today.limit, strict=True)]
        if any(round(now) != round(then) for now, then in zip(limit, today.limit, strict=True)):
            series.append(
                {
                    "name": "Used in the scenario",
                    "y": [round(hours) for hours in limit],
                    "colour": "good",
                    "line": True,
                    "dash": "dot",
                }
            )
    return {
        "kind": "bars",
        "x": [month_key(month) for month in today.months],
        "series": series,
        "unit": "hours",
    }
