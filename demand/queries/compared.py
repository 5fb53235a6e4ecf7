"""This plan against another one: totals by step over the months that both cover."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cycles.choices import StageKind, VersionKind, VersionState
from cycles.models import Version
from cycles.queries import previous_signed
from demand.bridges import STEPS, Bridge, bridge
from demand.models import DemandSummary
from demand.queries.blocks import load_block
from demand.queries.views import PlanView

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTHS = 12


@dataclass(frozen=True)
class Comparison:
    """A bridge from ``other`` to the shown plan, in all and by family, over ``months``."""

    other: Version
    months: list[date]
    total: Bridge
    families: list[tuple[str, str, Bridge]]


def comparable_versions(version: Version) -> list[Version]:
    """Frozen demand plans, the newest first: what this plan can be compared with."""
    rows = Version.objects.filter(kind=VersionKind.DEMAND, state=VersionState.FROZEN).exclude(pk=version.pk)
    return list(rows.select_related("cycle")[:36])


def default_other(version: Version) -> Version | None:
    """The plan that the last cycle signed, else the newest frozen one."""
    signed = previous_signed(version.cycle, StageKind.DEMAND)
    return signed or next(iter(comparable_versions(version)), None)


def compare(view: PlanView, other: Version, unit: str) -> Comparison:
    """What changed between ``other`` and the shown plan within the person's view."""
    covered = set(other.cycle.months)
    months = [month for month in view.version.cycle.months if month in covered][:MONTHS]
    new = _totals(view, view.version, months, unit)
    starts: dict[int, int] | None = None
    if unit == "money":
        starts = {family: sums["consensus"] for family, sums in _totals(view, other, months, unit).items()}
        old = _at_new_prices(view, other, months)
    else:
        old = _totals(view, other, months, unit)
    families = sorted({*new, *old}, key=lambda key: view.tree.families[key].code)
    return Comparison(
        other,
        months,
        bridge(
            _sum(old.values()), _sum(new.values()), start=None if starts is None else sum(starts.values())
        ),
        [
            (
                view.tree.families[key].code,
                view.tree.families[key].name,
                bridge(
                    old.get(key, _nothing()),
                    new.get(key, _nothing()),
                    start=None if starts is None else starts.get(key, 0),
                ),
            )
            for key in families
        ],
    )


def _nothing() -> dict[str, int]:
    return dict.fromkeys(STEPS, 0)


def _sum(rows: "Iterable[dict[str, int]]") -> dict[str, int]:
    total = _nothing()
    for row in rows:
        for step in STEPS:
            total[step] += row[step]
    return total


def _totals(view: PlanView, version: Version, months: list[date], unit: str) -> dict[int, dict[str, int]]:
    """By family, the totals of each column in quanta or minor units, from the summary."""
    pairs = set(zip(view.table.families.tolist(), view.table.markets.tolist(), strict=True))
    columns = [f"{step}_value" for step in STEPS] if unit == "money" else list(STEPS)
    rows = DemandSummary.objects.filter(version=version, month__in=months)
    found: dict[int, dict[str, int]] = {}
    for family, market, *figures in rows.values_list("family_id", "market_id", *columns):
        if (family, market) in pairs:
            sums = found.setdefault(family, _nothing())
            for step, figure in zip(STEPS, figures, strict=True):
                sums[step] += figure
    return found


def _at_new_prices(view: PlanView, version: Version, months: list[date]) -> dict[int, dict[str, int]]:
    """The old plan at the prices of today, by family."""
    from demand.steps import money

    table = view.table
    block = load_block(version, table.streams, months)
    found: dict[int, dict[str, int]] = {}
    for index, step in enumerate(STEPS):
        values = money(block.plan[index], table.prices[:, None]).sum(axis=1)
        for family, value in zip(table.families.tolist(), values.tolist(), strict=True):
            found.setdefault(family, _nothing())[step] += value
    return found
