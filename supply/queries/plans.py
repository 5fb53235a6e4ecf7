"""Which supply plan a page shows, and what stands beside its figures."""

from datetime import date

from cycles.choices import StageKind, VersionKind
from cycles.models import Cycle, Stage, Version
from cycles.queries import latest_version, signed_version
from sop.errors import NotFound


def shown_plan(cycle: Cycle) -> Version | None:
    """The signed plan, else the latest one of the cycle."""
    return signed_version(cycle, StageKind.SUPPLY) or latest_version(cycle, VersionKind.SUPPLY)


def required_plan(cycle: Cycle) -> Version:
    """The plan that is shown; NotFound in words before the first run."""
    plan = shown_plan(cycle)
    if plan is None:
        raise NotFound(
            f"The {cycle} has no supply plan yet. The supply planner runs it on the signed demand plan."
        )
    return plan


def signed_plans(before: date, count: int) -> dict[date, int]:
    """Version of the supply plan signed in each of the last ``count`` cycles before a month."""
    rows = (
        Stage.objects.filter(kind=StageKind.SUPPLY, cycle__month__lt=before, signed_version__isnull=False)
        .order_by("-cycle__month")
        .values_list("cycle__month", "signed_version_id")[:count]
    )
    return {month: version for month, version in rows if version is not None}
