"""Production quantities that the supply planner fixes for the next plan of a cycle."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.choices import Role, StageKind
from cycles.models import Cycle, Stage, User
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from portfolio.models import Product
from sop.errors import InvalidInput, NotFound
from sop.periods import month_key
from sop.quantities import to_quanta
from supply.models import FixedLine, Routing, Site


def fix_production(
    *, cycle: Cycle, product: Product, site: Site, months: Sequence[date], units: float, reason: str, by: User
) -> int:
    """Fix what is started in each of the months; 0 keeps the line free of the product. Returns how many months.

    Raises InvalidInput for a product that the site does not make, a month outside the plan, a missing reason.
    """
    stage = _guarded(cycle, by)
    if not Routing.objects.filter(product=product, resource__site=site).exists():
        raise InvalidInput(f"{site} does not make {product}: there is no routing for it.")
    if not months or not set(months) <= set(cycle.months):
        raise InvalidInput(f"Choose months of the plan, {cycle.months[0]:%B %Y} to {cycle.months[-1]:%B %Y}.")
    if units < 0 or not reason.strip():
        raise InvalidInput("Say how many units, none or more, and why they are fixed.")
    values = {"quantity": to_quanta(units), "reason": reason.strip()[:200], "by": by}
    with transaction.atomic():
        for month in months:
            FixedLine.objects.update_or_create(
                cycle=cycle, product=product, site=site, month=month, defaults=values
            )
        detail = {
            "months": [month_key(month) for month in months],
            "units": units,
            "reason": values["reason"],
        }
        _note(stage, by, "supply.fix", f"{product} at {site}", detail)
    return len(months)


def release_production(*, cycle: Cycle, line_id: int, by: User) -> FixedLine:
    """Let the planner choose the quantity again. NotFound where the cycle has no such line."""
    stage = _guarded(cycle, by)
    line = cycle.fixed_lines.select_related("product", "site").filter(pk=line_id).first()
    if line is None:
        raise NotFound("There is no such fixed quantity; somebody may have released it already.")
    with transaction.atomic():
        _note(stage, by, "supply.release", f"{line.product} at {line.site}", {"month": month_key(line.month)})
        line.delete()
    return line


def _guarded(cycle: Cycle, by: User) -> Stage:
    stage = stage_of(cycle, StageKind.SUPPLY)
    require(by.has_role(Role.SUPPLY_PLANNER), "Production is fixed by the supply planner.")
    require_editable(by, stage)
    return stage


def _note(stage: Stage, by: User, act: str, subject: str, detail: dict[str, object]) -> None:
    note_editor(stage=stage, user=by)
    record_act(by=by, act=act, subject=subject[:200], detail=detail)
