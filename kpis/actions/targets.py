"""Goals of the key figures."""

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import Role
from cycles.models import User
from cycles.permissions import require
from kpis.models import KpiTarget
from kpis.registry import KPIS
from sop.errors import InvalidInput, NotFound


def set_target(*, by: User, kpi: str, target: float, warn: float) -> KpiTarget:
    """Sets goal and amber edge; shares as 0-1. Raises NotAllowed, NotFound or InvalidInput, in words."""
    require(by.has_role(Role.PROCESS_OWNER), "The process owner sets the goals of the key figures.")
    if kpi not in KPIS:
        raise NotFound(f"There is no key figure called {kpi!r}.")
    better = target >= warn if KPIS[kpi].up else target <= warn
    if not better:
        raise InvalidInput("The goal has to be at least as good as the edge at which the figure turns amber.")
    with transaction.atomic():
        saved, _ = KpiTarget.objects.update_or_create(
            kpi=kpi, defaults={"target": target, "warn": warn, "set_by": by}
        )
        record_act(by=by, act="kpi.target", subject=KPIS[kpi].label, detail={"target": target, "warn": warn})
    return saved
