"""What a change of demand would load, against the hours of the last signed supply plan."""

from collections import defaultdict
from datetime import date

from django.db.models import Q

from cycles.choices import StageKind
from cycles.models import Cycle, Version
from cycles.queries import previous_signed, signed_version
from demand.registry import ExtraLoad
from supply.models import BillLine, ResourceFact, ResourceUse

Units = dict[int, dict[date, float]]
MOST_LEVELS = 8
MANY = 900


def extra_load(*, cycle: Cycle, units: Units) -> list[ExtraLoad]:
    """Resources that the units (product key -> month -> units) load, by their fullest month after it.

    Hours are taken as in the plan: hours per unit times the site's part of the product's demand; components
    through their bills. Empty where no supply plan was signed yet.
    """
    plan = signed_version(cycle, StageKind.SUPPLY) or previous_signed(cycle, StageKind.SUPPLY)
    moved = {product: months for product, months in units.items() if any(months.values())}
    if plan is None or not moved:
        return []
    hours = _hours(plan, _with_components(moved, cycle.month))
    if not hours:
        return []
    months = {month for by_month in hours.values() for month in by_month}
    facts = ResourceFact.objects.filter(version=plan, resource_id__in=hours, month__in=months)
    found = []
    for key, code, name, month, load, regular, overtime in facts.values_list(
        "resource_id", "resource__code", "resource__name", "month", "load_hours", "regular_hours",
        "overtime_limit_hours",
    ):  # fmt: skip
        available, extra = regular + overtime, hours[key].get(month, 0.0)
        if available > 0 and extra:
            before, after = 100 * load / available, 100 * max(0.0, load + extra) / available
            found.append(ExtraLoad(name or code, month, before, after))
    return sorted(found, key=lambda one: (-one.after, one.resource, one.month))


def _hours(plan: Version, units: Units) -> dict[int, dict[date, float]]:
    """Hours by resource and month."""
    uses = ResourceUse.objects.filter(version=plan)
    if len(units) <= MANY:
        uses = uses.filter(product__in=units)
    hours: dict[int, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for resource, product, each, share in uses.values_list(
        "resource_id", "product_id", "hours_per_unit", "share"
    ):
        for month, count in units.get(product, {}).items():
            hours[resource][month] += count * each * share
    return hours


def _with_components(units: Units, day: date) -> Units:
    """The units and what their bills need in the same month, level by level."""
    total: Units = {product: dict(months) for product, months in units.items()}
    level = units
    for _ in range(MOST_LEVELS):
        level = _one_level(level, day)
        if not level:
            break
        for product, months in level.items():
            mine = total.setdefault(product, {})
            for month, count in months.items():
                mine[month] = mine.get(month, 0.0) + count
    return total


def _one_level(parents: Units, day: date) -> Units:
    lines = BillLine.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )
    if len(parents) <= MANY:
        lines = lines.filter(parent__in=parents)
    found: Units = {}
    for parent, component, quantity, scrap in lines.values_list(
        "parent_id", "component_id", "quantity_per", "scrap_percent"
    ):
        for month, count in parents.get(parent, {}).items():
            mine = found.setdefault(component, {})
            mine[month] = mine.get(month, 0.0) + count * quantity * (1 + scrap / 100)
    return found
