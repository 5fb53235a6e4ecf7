"""Changing what the planner works with: hours, suppliers, lanes, policies. Prepared by the supply planner."""

from collections.abc import Mapping
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
from supply.models import Lane, ProductSite, Resource, ResourceMonth, SupplierProduct
from supply.queries.reliability import reliabilities

HOURS = (
    "available_hours", "efficiency_percent", "overtime_hours", "overtime_cost_per_hour", "extra_hours",
    "extra_cost_per_hour",
)  # fmt: skip
EDITABLE: dict[type[models.Model], tuple[str, ...]] = {
    SupplierProduct: ("lead_time_days", "price", "capacity_per_month"),
    Lane: ("unit_cost", "volume_capacity", "lead_time_days", "spot_cost"),
    ProductSite: ("safety_stock", "lot_size", "lead_time_days", "service_target_percent"),
}


def change_hours(
    *, cycle: Cycle, resource: Resource, months: Mapping[date, Mapping[str, float]], by: User
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
    _save(changed, detail, subject=f"Hours of {resource}", stage=stage, by=by)
    return len(changed)


def change_row(*, cycle: Cycle, row: models.Model, values: Mapping[str, Any], by: User) -> bool:
    """Set the editable columns of a supplier's product, a lane or a policy; False where nothing changed."""
    stage = _guarded(cycle, by)
    changes = _set(row, values, EDITABLE[type(row)])
    if changes:
        _save([row], changes, subject=f"{row._meta.verbose_name}: {row}", stage=stage, by=by)
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


def _save(rows: list[Any], detail: dict[str, Any], *, subject: str, stage: Stage, by: User) -> None:
    if not rows:
        return
    with transaction.atomic():
        for row in rows:
            row._history_user = by
            row.save()
        note_editor(stage=stage, user=by)
        record_act(by=by, act="supply.input", subject=subject[:200], detail=detail)
