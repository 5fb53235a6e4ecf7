"""Changing what the planner works with: hours, suppliers, lanes, policies. Prepared by the supply planner."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.choices import Role, StageKind
from cycles.models import Cycle, Stage, User, Version
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from sop.errors import InvalidInput, NotFound
from sop.periods import month_key
from supply.choices import HoursFrom
from supply.models import (
    Lane,
    Maintenance,
    ProductSite,
    Resource,
    ResourceMonth,
    ShiftPattern,
    SupplierProduct,
    Workforce,
)
from supply.queries.reliability import reliabilities

HOURS = (
    "available_hours", "efficiency_percent", "overtime_hours", "overtime_cost_per_hour", "extra_hours",
    "extra_cost_per_hour",
)  # fmt: skip
EDITABLE: dict[type[models.Model], tuple[str, ...]] = {
    ShiftPattern: ("shifts_per_day", "hours_per_shift", "efficiency_percent"),
    Maintenance: ("hours", "reason"),
    Workforce: ("heads", "hours_per_head", "overtime_hours_per_head", "wage", "hire_cost", "layoff_cost"),
    SupplierProduct: ("lead_time_days", "price", "capacity_per_month"),
    Lane: ("unit_cost", "volume_capacity", "lead_time_days", "spot_cost"),
    ProductSite: (
        "safety_stock",
        "safety_days",
        "ceiling",
        "lot_size",
        "lead_time_days",
        "service_target_percent",
    ),
}


ADDABLE = (ShiftPattern, Maintenance, Workforce)


def change_hours(
    *,
    cycle: Cycle,
    resource: Resource,
    months: Mapping[date, Mapping[str, float]],
    by: User,
    reason: str = "",
) -> int:
    """Set the hours of a resource in some months; returns how many months really changed.

    ``months`` holds values of HOURS. Each change keeps its history and is one entry of the audit log.
    """
    stage = _guarded(cycle, by)
    known = {
        row.month: row for row in ResourceMonth.objects.filter(resource=resource, month__in=list(months))
    }
    rows = [
        known.get(month) or ResourceMonth(resource=resource, month=month, available_hours=0)
        for month in months
    ]
    changes = {row.month: _set(row, months[row.month], HOURS) for row in rows}
    changed = [row for row in rows if changes[row.month] or row.pk is None]
    detail = {month_key(row.month): changes[row.month] for row in changed}
    _save(changed, detail, subject=f"Hours of {resource}", stage=stage, by=by, reason=reason)
    return len(changed)


def choose_hours(*, cycle: Cycle, resource: Resource, source: str, by: User) -> bool:
    """Choose which figure plans the resource's hours: stated, shifts or demonstrated; False for the same again."""
    stage = _guarded(cycle, by)
    if source not in HoursFrom.values:
        raise InvalidInput("Choose stated hours, calendar and shifts, or demonstrated hours.")
    if resource.hours_from == source:
        return False
    detail = {"hours_from": [resource.hours_from, source]}
    with transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(hours_from=source)
        note_editor(stage=stage, user=by)
        record_act(by=by, act="supply.input", subject=f"Hours of {resource}"[:200], detail=detail)
    return True


def add_row(*, cycle: Cycle, row: models.Model, by: User, reason: str = "") -> None:
    """Add a shift pattern, planned maintenance or the people of a resource."""
    stage = _guarded(cycle, by)
    require(type(row) in ADDABLE, "Rows of this kind come with the import.")
    detail = {name: [None, _plain(getattr(row, name))] for name in EDITABLE[type(row)]}
    _save([row], detail, subject=_subject(row), stage=stage, by=by, reason=reason)


def remove_row(*, cycle: Cycle, row: models.Model, by: User) -> None:
    """Take such a row away again; its history stays."""
    stage = _guarded(cycle, by)
    require(type(row) in ADDABLE, "Rows of this kind are not removed by hand.")
    detail = {name: [_plain(getattr(row, name)), None] for name in EDITABLE[type(row)]}
    with transaction.atomic():
        note_editor(stage=stage, user=by)
        record_act(by=by, act="supply.input", subject=_subject(row), detail=detail)
        row._history_user = by  # type: ignore[attr-defined]
        row.delete()


def change_rows(
    *, cycle: Cycle, changes: Sequence[tuple[models.Model, Mapping[str, Any]]], by: User, reason: str = ""
) -> int:
    """Change several rows of a list, all or none; returns how many really changed."""
    with transaction.atomic():
        return sum(
            change_row(cycle=cycle, row=row, values=values, by=by, reason=reason) for row, values in changes
        )


def change_row(
    *, cycle: Cycle, row: models.Model, values: Mapping[str, Any], by: User, reason: str = ""
) -> bool:
    """Set the editable columns of a row of inputs; False where nothing changed."""
    stage = _guarded(cycle, by)
    changes = _set(row, values, EDITABLE[type(row)])
    if changes:
        _save([row], changes, subject=_subject(row), stage=stage, by=by, reason=reason)
    return bool(changes)


def take_proposal(*, cycle: Cycle, plan: Version | None, row_id: int, by: User) -> ProductSite:
    """Take the safety stock that a supplier's deliveries propose for a product at its site, in whole units."""
    _guarded(cycle, by)
    found = next((one for one in reliabilities(cycle, plan) if one.row.pk == row_id), None)
    if found is None or found.policy is None or found.proposal is None:
        raise NotFound("There is no proposal for this supplier and product.")
    policy = ProductSite.objects.select_related("product", "site").get(pk=found.policy.pk)
    change_row(cycle=cycle, row=policy, values={"safety_stock": float(round(found.proposal))}, by=by)
    return policy


def _guarded(cycle: Cycle, by: User) -> Stage:
    stage = stage_of(cycle, StageKind.SUPPLY)
    require(by.has_role(Role.SUPPLY_PLANNER), "Supply inputs are changed by the supply planner.")
    require_editable(by, stage)
    return stage


def _set(row: models.Model, values: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, list[Any]]:
    """Old and new value of every column that changes."""
    changes = {}
    for name in columns:
        if name in values and getattr(row, name) != values[name]:
            changes[name] = [_plain(getattr(row, name)), _plain(values[name])]
            setattr(row, name, values[name])
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(columns))
    except ValidationError as error:
        raise InvalidInput(
            "These figures cannot be saved.",
            errors=[
                {"field": name, "message": " ".join(words)} for name, words in error.message_dict.items()
            ],
        ) from error
    return changes


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _subject(row: models.Model) -> str:
    return f"{row._meta.verbose_name}: {row}"[:200]


def _save(
    rows: list[Any], detail: dict[str, Any], *, subject: str, stage: Stage, by: User, reason: str = ""
) -> None:
    if not rows:
        return
    reason = reason.strip()[:100]
    if reason:
        detail = detail | {"reason": reason}
    with transaction.atomic():
        for row in rows:
            row._history_user, row._change_reason = by, reason or None
            row.save()
        note_editor(stage=stage, user=by)
        record_act(by=by, act="supply.input", subject=subject[:200], detail=detail)
