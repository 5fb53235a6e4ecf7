"""Two supply plans side by side: what moved, and which changes of the inputs lie between them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from cycles.choices import StageKind, VersionKind, VersionState
from cycles.models import AuditEvent, Cycle, Version
from cycles.queries import previous_signed
from sop.errors import NotFound
from supply.models import ProductSiteFact, ResourceFact, SupplySummary
from supply.queries.overview import TOTALS

MOST = 15
"""Lines of what moved most."""

INPUT_ACTS = ("supply.input", "supply.fix", "supply.release", "import.commit")


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure in the older and in the newer plan."""

    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: its name and its figures by column."""

    name: str
    figures: dict[str, Pair]

    @property
    def weight(self) -> float:
        return sum(abs(pair.change) for pair in self.figures.values())


def comparable_plans(cycle: Cycle) -> list[Version]:
    """Plans of the cycle, newest first, then the one that was signed last month."""
    own = Version.objects.filter(cycle=cycle, kind=VersionKind.SUPPLY, state=VersionState.FROZEN).order_by(
        "-pk"
    )
    last = previous_signed(cycle, StageKind.SUPPLY)
    return [*own[:20], *([last] if last else [])]


def chosen_pair(plans: list[Version], before: str, after: str) -> tuple[Version, Version] | None:
    """The two plans asked for by key, else the newest and the one before it; None where there is only one."""
    if len(plans) < 2:
        return None
    known = {str(plan.pk): plan for plan in plans}
    if (before and before not in known) or (after and after not in known):
        raise NotFound("There is no such plan in this cycle.")
    return known.get(before, plans[1]), known.get(after, plans[0])


def family_lines(before: Version, after: Version) -> list[Line]:
    """Totals of the horizon that both plans share, by family; the stock is that of its last month."""
    months = sorted(set(before.cycle.months) & set(after.cycle.months))
    rows = SupplySummary.objects.filter(version__in=[before, after], month__in=months)
    sums = [Sum(name) for name in TOTALS]
    found: dict[str, dict[int, dict[str, float]]] = {}
    for name, version, *totals in (
        rows.order_by("family__code").values_list("family__name", "version_id").annotate(*sums)
    ):
        found.setdefault(name, {})[version] = dict(zip(TOTALS, totals, strict=True))
    last = rows.filter(month=months[-1]) if months else rows.none()
    for name, version, closing in last.values_list("family__name", "version_id", "closing"):
        found[name][version]["closing"] = closing
    columns = ("supplied", "production", "closing", "revenue_minor", "gap_minor")
    return [Line(name, _pairs(by_version, before, after, columns)) for name, by_version in found.items()]


def _pairs(
    by_version: dict[int, dict[str, float]], before: Version, after: Version, columns: tuple[str, ...]
) -> dict[str, Pair]:
    old, new = by_version.get(before.pk, {}), by_version.get(after.pk, {})
    return {name: Pair(old.get(name, 0), new.get(name, 0)) for name in columns}


def production_moves(before: Version, after: Version) -> list[Line]:
    """Products and sites whose production moved most, over the months that both plans share."""
    rows = ProductSiteFact.objects.filter(version__in=[before, after]).filter(
        month__in=set(before.cycle.months) & set(after.cycle.months)
    )
    names = ("product__code", "product__description", "site__name", "site__code")
    totals: dict[str, dict[int, dict[str, float]]] = {}
    sums = rows.order_by().values_list(*names, "version_id").annotate(made=Sum("production"))
    for code, words, site, site_code, version, made in sums:
        totals.setdefault(f"{words or code} in {site or site_code}", {})[version] = {"production": made}
    lines = [
        Line(name, _pairs(by_version, before, after, ("production",))) for name, by_version in totals.items()
    ]
    return _most(lines)


def load_moves(before: Version, after: Version) -> list[Line]:
    """Resources whose available or used hours moved most."""
    rows = ResourceFact.objects.filter(version__in=[before, after]).filter(
        month__in=set(before.cycle.months) & set(after.cycle.months)
    )
    totals: dict[str, dict[int, dict[str, float]]] = {}
    sums = rows.order_by().values_list("resource__code", "resource__name", "version_id").annotate(
        regular=Sum("regular_hours"), overtime=Sum("overtime_limit_hours"), used=Sum("load_hours")
    )  # fmt: skip
    for code, words, version, regular, overtime, used in sums:
        totals.setdefault(words or code, {})[version] = {"available": regular + overtime, "used": used}
    lines = [
        Line(name, _pairs(by_version, before, after, ("available", "used")))
        for name, by_version in totals.items()
    ]
    return _most(lines)


def _most(lines: list[Line]) -> list[Line]:
    moved = [line for line in lines if line.weight >= 0.5]
    return sorted(moved, key=lambda line: (-line.weight, line.name))[:MOST]


def input_changes(before: Version, after: Version) -> "QuerySet[AuditEvent]":
    """What people changed of the inputs between the two plans, oldest first."""
    between = Q(at__gt=before.frozen_at, at__lte=after.frozen_at) if before.frozen_at else Q()
    return AuditEvent.objects.filter(between, act__in=INPUT_ACTS).select_related("by").order_by("number")[:50]


def reasons(before: Version, after: Version) -> list[str]:
    """Whole inputs that differ: demand plan, month, settings, engine."""
    found = []
    if before.params.get("demand_version") != after.params.get("demand_version"):
        found.append("They stand on different signed demand plans.")
    if before.cycle_id != after.cycle_id:
        found.append(
            f"One belongs to the {before.cycle}, the other to the {after.cycle}: stock and orders moved on."
        )
    found += [
        f"{name.replace('_', ' ').capitalize()}: {old:g} became {new:g}."
        for name, old, new in _changed_settings(before.params, after.params)
    ]
    if before.engine_version != after.engine_version:
        found.append(f"{before.engine_version} became {after.engine_version}.")
    return found


def _changed_settings(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, float, float]]:
    old, new = before.get("preferences", {}), after.get("preferences", {})
    return [(name, old[name], new[name]) for name in new if name in old and old[name] != new[name]]
