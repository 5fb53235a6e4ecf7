"""Figures of the demand review as chart dictionaries (docs/ui.md)."""

from typing import Any

from demand.bridges import Bridge

CAUSES = {
    "prices": "Prices",
    "baseline": "New baseline",
    "product": "Product changes",
    "marketing": "Marketing",
    "sales": "Sales",
    "planner": "Planner",
    "consensus": "Consensus",
}


def bridge_chart(found: Bridge, *, start: str, end: str, scale: int) -> dict[str, Any]:
    """A waterfall from one plan to the other; the axis is cut, since the changes are small beside the plans."""
    parts = {cause: value for cause, value in found.parts.items() if value}
    values = [found.start, *parts.values(), found.end]
    return {
        "kind": "waterfall",
        "x": [start, *(CAUSES[cause] for cause in parts), end],
        "y": [value / scale for value in values],
        "measure": ["absolute", *["relative"] * len(parts), "total"],
        "axis_start": _axis_start(found, scale),
        "digits": 0,
    }


def _axis_start(found: Bridge, scale: int) -> float:
    level, levels = found.start, [found.start, found.end]
    for value in found.parts.values():
        level += value
        levels.append(level)
    reach = max(levels) - min(levels)
    return max(0.0, min(levels) - 0.5 * reach) / scale


def bridge_table(found: Bridge, *, start: str, end: str, scale: int) -> dict[str, Any]:
    """The same to read, with the residual."""
    rows = [[start, f"{found.start / scale:,.0f}"]]
    rows += [[CAUSES[cause], f"{value / scale:+,.0f}"] for cause, value in found.parts.items()]
    rows += [["Residual", f"{found.residual / scale:,.0f}"], [end, f"{found.end / scale:,.0f}"]]
    return {"columns": ["Cause", "Units or money"], "rows": rows}


def stair_chart(steps: list[tuple[str, float]]) -> dict[str, Any]:
    """The error in percent after each step, as bars: (words, share); the first is what has to be beaten."""
    return {
        "kind": "bars",
        "x": [name for name, _ in steps],
        "series": [
            {
                "name": "WAPE",
                "y": [round(100 * share, 2) for _, share in steps],
                "text": [f"{100 * share:.1f} %" for _, share in steps],
                "colours": ["baseline", *["consensus"] * (len(steps) - 1)],
            }
        ],
        "unit": "%",
    }


def bias_chart(contributors: list[tuple[str, float, bool]]) -> dict[str, Any]:
    """Signed bias in percent of who changed what: (name, share, beyond the limit); right is over-forecast."""
    return {
        "kind": "bars",
        "horizontal": True,
        "x": [name for name, _, _ in contributors],
        "series": [
            {
                "name": "Bias",
                "y": [round(100 * share, 2) for _, share, _ in contributors],
                "text": [f"{100 * share:+.1f} %" for _, share, _ in contributors],
                "colours": ["bad" if beyond else "consensus" for _, _, beyond in contributors],
            }
        ],
        "unit": "%",
    }
