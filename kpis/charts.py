"""Results to chart figures."""

from typing import Any

from kpis.queries.standing import Standing
from kpis.queries.values import Reading
from sop.periods import month_key
from sop.quantities import QUANTA_PER_UNIT


def standing_chart(now: Standing) -> dict[str, Any]:
    """History, this plan, last cycle's and the budget, in units."""
    months = [*now.history, *now.months]
    lines = [
        ("History", now.history, "history", None),
        ("This cycle", now.plan, "consensus", None),
        ("Last cycle", now.previous, "previous", None),
        ("Budget", now.budget, "budget", "dot"),
    ]
    series = []
    for name, values, colour, dash in lines:
        if not values:
            continue
        line: dict[str, Any] = {
            "name": name,
            "y": [values[month] / QUANTA_PER_UNIT if month in values else None for month in months],
            "colour": colour,
            "end_label": name != "History",
        }
        series.append(line | ({"dash": dash} if dash else {}))
    return {"kind": "lines", "x": [month_key(month) for month in months], "series": series}


def standing_table(now: Standing) -> dict[str, Any]:
    """The same figures as rows."""
    months = [*now.history, *now.months]
    columns = ["Month", "History", "This cycle", "Last cycle", "Budget"]
    rows = [
        [
            month_key(month),
            *(_units(values, month) for values in (now.history, now.plan, now.previous, now.budget)),
        ]
        for month in months
    ]
    return {"columns": columns, "rows": rows}


def _units(values: dict[Any, int], month: Any) -> str:
    return f"{values[month] / QUANTA_PER_UNIT:,.0f}" if month in values else "–"


def trend_chart(found: Reading, values: list[tuple[Any, float]]) -> dict[str, Any]:
    """A key figure by month with its goal."""
    factor = 100 if found.kpi.unit == "percent" else 1
    months = [month_key(month) for month, _ in values]
    return {
        "kind": "lines",
        "x": months,
        "unit": "%" if factor == 100 else "",
        "series": [
            {"name": found.kpi.label, "y": [value * factor for _, value in values], "colour": "consensus"},
            {"name": "Goal", "y": [found.target * factor] * len(months), "colour": "budget", "dash": "dot"},
        ],
    }
