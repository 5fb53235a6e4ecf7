"""Stored key figures as pages read them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from cycles.models import Cycle, User
from cycles.permissions import sees_margins
from kpis.models import KpiTarget, KpiValue
from kpis.registry import HEADLINE_LAG, KPIS, OTIF, TURNS, WAPE, Kpi
from sop.reads import once


@dataclass(frozen=True)
class Reading:
    """A key figure of a month with its trend; ``value`` None: not known."""

    kpi: Kpi
    month: date | None
    value: float | None
    target: float
    warn: float
    trend: list[float] = field(default_factory=list)
    lag: int = 0
    denominator: float = 0.0

    @property
    def tone(self) -> str:
        return self.kpi.tone(self.value, self.target, self.warn)

    @property
    def change(self) -> float | None:
        """Against the month before."""
        return self.trend[-1] - self.trend[-2] if len(self.trend) > 1 else None


def latest_month() -> date | None:
    """The last month that has key figures."""
    found: date | None = KpiValue.objects.aggregate(last=Max("month"))["last"]
    return found


def series(
    key: str, *, lag: int = 0, level: str = "all", member: str = "", months: int = 13
) -> list[tuple[date, float]]:
    """The last values of a key figure, oldest first; months in which it is undefined are left out."""
    newest = _stored(level, member).get(key, {}).get(lag, [])[:months]
    return [
        (month, numerator / denominator) for month, numerator, denominator in reversed(newest) if denominator
    ]


@once
def _stored(level: str, member: str) -> dict[str, dict[int, list[tuple[date, float, float]]]]:
    """(month, numerator, denominator), newest first, by key figure and lag: a page shows several of one member."""
    found: dict[str, dict[int, list[tuple[date, float, float]]]] = {}
    rows = KpiValue.objects.filter(level=level, member=member).order_by("-month")
    for kpi, lag, month, part, whole in rows.values_list("kpi", "lag", "month", "numerator", "denominator"):
        found.setdefault(kpi, {}).setdefault(lag, []).append((month, part, whole))
    return found


@once
def targets() -> dict[str, tuple[float, float]]:
    """Goal and amber edge of each key figure, the defaults where nobody set them."""
    stored = {row.kpi: (row.target, row.warn) for row in KpiTarget.objects.all()}
    return {key: stored.get(key, (kpi.target, kpi.warn)) for key, kpi in KPIS.items()}


def best_lag(key: str, level: str = "all", member: str = "") -> int:
    """The headline lag where it has been measured; until then the least lag that has, shown as what it is."""
    lags = set(_stored(level, member).get(key, {}))
    return HEADLINE_LAG if HEADLINE_LAG in lags or not lags else min(lags)


@once
def reading(key: str, *, level: str = "all", member: str = "", lag: int | None = None) -> Reading:
    """The latest value of a key figure with thirteen months of trend."""
    chosen = best_lag(key, level, member) if lag is None else lag
    values = series(key, lag=chosen, level=level, member=member)
    goal, edge = targets()[key]
    return Reading(
        kpi=KPIS[key],
        month=values[-1][0] if values else None,
        value=values[-1][1] if values else None,
        target=goal,
        warn=edge,
        trend=[value for _, value in values],
        lag=chosen,
    )


def kpi_readings(user: User | None = None) -> list[Reading]:
    """All company-wide key figures that the person may see."""
    hidden = user is not None and not sees_margins(user)
    return [reading(key) for key, kpi in KPIS.items() if not (hidden and kpi.is_margin)]


def headline(user: User) -> list[Reading]:
    """The three figures that everybody watches: accuracy, turns, on time in full."""
    keys = [WAPE, TURNS, OTIF] if sees_margins(user) else [WAPE, OTIF]
    return [reading(key) for key in keys]


def brief_figures(cycle: Cycle) -> list[dict[str, Any]]:
    """The key figures of the executives' brief, ready for the strip of figures: raw values and tones."""
    return [
        {
            "key": found.kpi.key,
            "label": found.kpi.label,
            "value": found.value,
            "unit": found.kpi.unit,
            "target": found.target,
            "tone": found.tone,
            "trend": found.trend,
            "month": found.month,
            "lag": found.lag,
        }
        for found in (reading(key) for key in KPIS)
        if found.month is None or found.month < cycle.month
    ]
