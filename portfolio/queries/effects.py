"""The effects of the portfolio as its page and workbook show them: per change, in total, and by month."""

from dataclasses import dataclass
from datetime import date

from portfolio.queries.shapes import ROLES, PortfolioEffect

MEASURES = (("units", "Units"), ("money", "Revenue"), ("margin", "Margin"))


@dataclass(frozen=True)
class ChangeEffect:
    """A launch, phase-out or push with its effects by role; the sums are net over all products."""

    name: str
    source: str
    code: str
    planned: bool
    parts: list[PortfolioEffect]

    @property
    def units(self) -> list[float]:
        return _summed([part.units for part in self.parts])

    @property
    def money(self) -> list[float]:
        return _summed([part.money for part in self.parts])

    @property
    def margin(self) -> list[float]:
        return _summed([part.margin for part in self.parts])

    @property
    def total_units(self) -> float:
        return sum(self.units)

    @property
    def total_money(self) -> float:
        return sum(self.money)

    @property
    def total_margin(self) -> float:
        return sum(self.margin)


def change_effects(effects: list[PortfolioEffect]) -> list[ChangeEffect]:
    """One row for each change that moves anything, the largest in money first, what is not planned last."""
    grouped: dict[tuple[str, str, bool], list[PortfolioEffect]] = {}
    for effect in effects:
        if any(effect.units):
            grouped.setdefault((effect.source, effect.code, effect.planned), []).append(effect)
    rows = [
        ChangeEffect(parts[0].name, source, code, planned, sorted(parts, key=_place))
        for (source, code, planned), parts in grouped.items()
    ]
    return sorted(rows, key=lambda row: (not row.planned, -abs(row.total_money), row.code))


def _place(part: PortfolioEffect) -> int:
    return list(ROLES).index(part.role)


def total_effect(rows: list[ChangeEffect], months: list[date]) -> ChangeEffect:
    """What the planned changes do together."""
    parts = [part for row in rows if row.planned for part in row.parts]
    nothing = PortfolioEffect("launch", "", "own", months, [0.0] * len(months), [0.0] * len(months))
    return ChangeEffect("All changes in the plan", "", "", planned=True, parts=parts or [nothing])


def _summed(columns: list[list[float]]) -> list[float]:
    filled = [column for column in columns if column]
    return [sum(values) for values in zip(*filled, strict=True)]
