"""The key figures: what each is called, how it reads and which way is good."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kpi:
    """``unit`` is percent (a share), times or money; ``up`` says whether more is better.

    ``target`` and ``warn`` are defaults that the process owner changes; shares as 0-1.
    """

    key: str
    label: str
    unit: str
    up: bool
    target: float
    warn: float
    meaning: str
    is_margin: bool = False

    def tone(self, value: float | None, target: float | None = None, warn: float | None = None) -> str:
        """good, warn or bad; nothing for what is not known."""
        if value is None:
            return ""
        goal = self.target if target is None else target
        edge = self.warn if warn is None else warn
        if self.key == BIAS:
            value = abs(value)
        if (value >= goal) if self.up else (value <= goal):
            return "good"
        return "warn" if ((value >= edge) if self.up else (value <= edge)) else "bad"


WAPE, BIAS, OTIF, FILL, TURNS, REVENUE = "wape", "bias", "otif", "fill_rate", "turns", "revenue_to_budget"

KPIS: dict[str, Kpi] = {
    kpi.key: kpi
    for kpi in (
        Kpi(WAPE, "Forecast error", "percent", False, 0.20, 0.30,
            "Absolute error of each product and market over demand (WAPE)"),
        Kpi(BIAS, "Forecast bias", "percent", False, 0.05, 0.10, "Forecast minus demand, over demand"),
        Kpi(OTIF, "On time in full", "percent", True, 0.95, 0.90, "Order lines delivered in the window, complete"),
        Kpi(FILL, "Order fill", "percent", True, 0.97, 0.94, "Units delivered in the window, of units ordered"),
        Kpi(TURNS, "Inventory turns", "times", True, 8.0, 6.0,
            "Yearly cost of goods over mean stock of finished goods", is_margin=True),
        Kpi(REVENUE, "Revenue to budget", "percent", True, 1.0, 0.95, "Ordered revenue of the month, of its budget"),
    )
}  # fmt: skip
LAGS = (0, 1, 2, 3, 6)
HEADLINE_LAG = 1
