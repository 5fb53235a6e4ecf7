"""What the forecast may use beside the history, and which months it reads as recorded: for the next baseline."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.models import Cycle, User
from cycles.permissions import require
from demand.models import DemandStream, ForecastSettings, KeptMonth
from demand.permissions import can_tell_engine
from demand.queries.streams import visible_streams
from sop.errors import InvalidInput, NotFound
from sop.periods import first_of_month

CHOICES = ("use_working_days", "use_stock_outs", "use_ended")
WHO = "What the forecast uses is set by the demand planner."


@transaction.atomic
def save_settings(*, by: User, values: Mapping[str, bool]) -> ForecastSettings:
    """Switches facts on or off; what changed goes to the audit log. NotAllowed but for the demand planner."""
    require(can_tell_engine(by), WHO)
    settings = ForecastSettings.current()
    changed = {}
    for name in CHOICES:
        before, after = getattr(settings, name), bool(values.get(name))
        if before != after:
            changed[name] = [before, after]
            setattr(settings, name, after)
    if changed:
        settings.save()
        record_act(by=by, act="forecast.settings", subject="Forecast settings", detail=changed)
    return settings


@transaction.atomic
def keep_month(*, cycle: Cycle, stream: int, month: date, by: User, keep: bool) -> None:
    """A month of history is read as recorded (``keep``), or may be repaired again; nothing stored changes.

    NotAllowed but for the demand planner, NotFound outside the scope, InvalidInput for a month not closed yet.
    """
    require(can_tell_engine(by), WHO)
    found = visible_streams(by).select_related("product", "market").filter(pk=stream).first()
    if found is None:
        raise NotFound(
            "There is no such product in this market, or it lies outside your part of the company."
        )
    if month != first_of_month(month) or month > cycle.last_closed_month:
        raise InvalidInput("Only closed months have a history to keep.")
    if keep:
        _, changed = KeptMonth.objects.get_or_create(stream=found, month=month, defaults={"by": by})
    else:
        count, _ = KeptMonth.objects.filter(stream=found, month=month).delete()
        changed = bool(count)
    if changed:
        record_act(
            by=by, act="forecast.keep_month", subject=_name(found), detail={"month": str(month), "keep": keep}
        )


def _name(stream: DemandStream) -> str:
    return f"{stream.product} in {stream.market}"
