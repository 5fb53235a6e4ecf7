"""Results to chart figures; plain dicts, the page's script adds the look."""

from typing import Any

from reconciliation.finance.bridges import Bridge

STEP_WORDS = {
    "volume": "Volume",
    "mix": "Mix",
    "price": "Price",
    "unit_cost": "Unit cost",
    "new": "New",
    "lost": "Ended",
    "freight": "Freight",
    "spot_freight": "Spot freight",
    "overtime": "Overtime",
    "purchase_premium": "Dearer suppliers",
    "holding": "Holding",
    "scenario_cost": "Measures",
    "opex": "Operating cost",
}


def step_word(key: str) -> str:
    """A step of a bridge in words; steps of a stack carry their own."""
    return STEP_WORDS.get(key, key)


def bridge_chart(bridge: Bridge, start: str, end: str, divisor: float, unit: str) -> dict[str, Any]:
    """A waterfall of the steps that move anything, in units of ``divisor`` minor units."""
    steps = [step for step in bridge.steps if step.amount]
    heights = [bridge.start]
    for step in steps:
        heights.append(heights[-1] + step.amount)
    return {
        "kind": "waterfall",
        "x": [start, *(step_word(step.key) for step in steps), end],
        "y": [amount / divisor for amount in (bridge.start, *(step.amount for step in steps), bridge.end)],
        "measure": ["absolute", *("relative" for _ in steps), "total"],
        "unit": unit,
        "axis_start": axis_start(heights, divisor),
        "digits": 1,
    }


def axis_start(heights: list[int], divisor: float) -> float:
    """Zero, or a round figure below the lowest bar where the steps would else be too small to see."""
    low, high = min(heights), max(heights)
    if low <= 0 or high - low > low * 0.5:
        return 0.0
    return float(round(max(0.0, low - 1.5 * (high - low) - 0.02 * low) / divisor))
