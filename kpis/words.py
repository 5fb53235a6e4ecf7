"""Figures as the person who reads them writes numbers."""

from dataclasses import dataclass
from typing import Any

from cycles.models import Company, User
from kpis.queries.values import Reading
from sop import numbers
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT


@dataclass(frozen=True)
class Words:
    """One person's number format and the company's currency."""

    style: str
    currency: str

    @classmethod
    def of(cls, user: User) -> "Words":
        return cls(user.number_format, Company.current().currency)

    def number(self, value: float | None, digits: int = 0) -> str:
        return numbers.format_number(value, digits, self.style)

    def percent(self, share: float | None, digits: int = 1, *, signed: bool = False) -> str:
        return numbers.format_percent(share, digits, self.style, signed=signed)

    def money(self, minor: float | None, *, signed: bool = False) -> str:
        amount = None if minor is None else minor / MINOR_PER_MAJOR
        return numbers.format_money(amount, self.currency, None, self.style, signed=signed)

    def units(self, quanta: float | None) -> str:
        return numbers.format_compact(None if quanta is None else quanta / QUANTA_PER_UNIT, 1, self.style)

    def reading(self, found: Reading, href: str = "") -> dict[str, Any]:
        """A key figure for the strip of figures."""
        if found.kpi.unit == "percent":
            value, goal = self.percent(found.value), self.percent(found.target, 0)
        else:
            value, goal = self.number(found.value, 1), self.number(found.target, 1)
        when = f"{found.month:%b %Y}" if found.month else "not measured yet"
        lag = (
            f", forecast made {found.lag} month{'s' if found.lag != 1 else ''} ahead"
            if found.kpi.key in ("wape", "bias") and found.month
            else ""
        )
        side = ""
        if found.kpi.key == "bias" and found.value is not None:
            side = " too high" if found.value > 0 else " too low" if found.value < 0 else ""
        return {
            "label": found.kpi.label,
            "value": value,
            "unit": side.strip(),
            "meaning": f"{when}{lag}; goal {goal}",
            "tone": found.tone,
            "trend": found.trend if len(found.trend) > 1 else None,
            "goal": found.target,
            "href": href,
        }


def figure(
    label: str, value: str, meaning: str = "", *, unit: str = "", tone: str = "", href: str = ""
) -> dict[str, Any]:
    """One plain figure of a strip."""
    return {"label": label, "value": value, "unit": unit, "meaning": meaning, "tone": tone, "href": href}
