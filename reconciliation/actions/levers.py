"""A priced lever of a gap as differences of a scenario."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciliation.choices import DifferenceKind
from sop.errors import InvalidInput
from sop.periods import add_months, month_key, parse_month
from supply.models import Resource

KINDS = {"added_hours": DifferenceKind.CAPACITY, "overtime": DifferenceKind.OVERTIME}


def differences_of_lever(lever: Mapping[str, Any]) -> list[tuple[DifferenceKind, dict[str, Any]]]:
    """Kind and raw parameters of each difference that a lever consists of.

    InvalidInput in words where the lever holds nothing that a scenario can take over.
    """
    found = [
        _difference(change, first, last)
        for change in lever.get("changes", [])
        for first, last in spans(change["months"])
    ]
    if not found:
        raise InvalidInput(
            f"“{lever.get('name', 'This lever')}” cannot be put in a scenario by itself. "
            "Make a scenario with the difference that comes nearest to it."
        )
    return found


def _difference(change: Mapping[str, Any], first: str, last: str) -> tuple[DifferenceKind, dict[str, Any]]:
    months = {"first_month": first, "last_month": last}
    if change["kind"] not in KINDS:
        source = {key: change[key] for key in ("name", "units_per_month", "cost_per_unit")}
        return DifferenceKind.SOURCE, {"limit": change["kind"], **source, **months}
    hours = {
        "resource": Resource.objects.values_list("code", flat=True).get(pk=change["resource_id"]),
        "hours_per_month": change["hours_per_month"],
        "cost_per_hour": change["cost_per_hour"],
    }
    return KINDS[change["kind"]], hours | months


def spans(months: Iterable[str]) -> list[tuple[str, str]]:
    """Months ("YYYY-MM") as spans without a break: first and last of each."""
    found: list[tuple[str, str]] = []
    for month in sorted(months):
        before = month_key(add_months(parse_month(month), -1))
        if found and found[-1][1] == before:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
