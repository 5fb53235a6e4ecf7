"""Opening and closing cycles."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cycles.actions.audit import record_act
from cycles.choices import ActionStatus, AssumptionStatus, CycleState, StageKind, StageState
from cycles.models import ActionItem, Assumption, Company, Cycle, Risk, Stage, User
from cycles.permissions import can_run_cycle, require
from cycles.queries.cycles import latest_cycle, open_cycle_or_none
from cycles.registry import registry, resolve
from sop.errors import WrongState
from sop.periods import add_months, first_of_month, month_name, nth_working_day

# Working day of the plan month by which each stage is signed (the usual calendar of a monthly cycle).
DUE_WORKING_DAY = {
    StageKind.DATA: 2,
    StageKind.PRODUCT: 3,
    StageKind.DEMAND: 7,
    StageKind.SUPPLY: 11,
    StageKind.RECONCILIATION: 14,
    StageKind.EXECUTIVE: 18,
}


@transaction.atomic
def open_cycle(
    *, month: date, by: User, horizon_months: int | None = None, today: date | None = None
) -> Cycle:
    """Opens the cycle whose first plan month is ``month``; its data gate is open, the rest waits.

    Raises NotAllowed for anybody but the process owner and WrongState while another cycle is open.
    """
    require(can_run_cycle(by), "Only the process owner opens a cycle.")
    month = first_of_month(month)
    running = open_cycle_or_none()
    if running:
        raise WrongState(f"The {running} is still open. Approve and close it first.")
    if Cycle.objects.filter(month=month).exists():
        raise WrongState(f"There has been a {month_name(month)} cycle already.")
    cycle = Cycle.objects.create(
        month=month,
        opened_by=by,
        today=today or month,
        horizon_months=horizon_months or Company.current().horizon_months,
    )
    for kind in StageKind:
        state = StageState.OPEN if kind == StageKind.DATA else StageState.NOT_OPEN
        due = nth_working_day(month, DUE_WORKING_DAY[kind])
        Stage.objects.create(cycle=cycle, kind=kind, state=state, due=due)
    _carry_over(cycle)
    for opener in registry.openers:
        resolve(opener)(cycle, by)
    record_act(by=by, act="cycle.open", subject=str(cycle), detail={"horizon": cycle.horizon_months})
    return cycle


def _carry_over(cycle: Cycle) -> None:
    """Open actions, assumptions and risks of the cycle before go on in this one."""
    previous = Cycle.objects.filter(month__lt=cycle.month).first()
    if previous is None:
        return
    for item in previous.action_items.filter(status=ActionStatus.OPEN):
        ActionItem.objects.create(
            cycle=cycle,
            decision=item.decision,
            title=item.title,
            owner=item.owner,
            due=item.due,
            carried_from=item,
        )
    for assumption in previous.assumptions.filter(status=AssumptionStatus.OPEN):
        _copy(assumption, Assumption, cycle)
    for risk in previous.risks.filter(is_open=True):
        _copy(risk, Risk, cycle)


def _copy(record: Assumption | Risk, model: type[Assumption] | type[Risk], cycle: Cycle) -> None:
    values = {
        field.attname: getattr(record, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in {"id", "cycle", "created_at"}
    }
    model.objects.create(cycle=cycle, **values)


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Closes a cycle whose plan is approved. Raises WrongState before that."""
    require(can_run_cycle(by), "Only the process owner closes a cycle.")
    executive = cycle.stages.get(kind=StageKind.EXECUTIVE)
    if executive.state != StageState.SIGNED:
        raise WrongState(
            f"The {cycle} has no approved plan yet: "
            f"the Executive review is {executive.get_state_display().lower()}."
        )
    if not Cycle.objects.filter(pk=cycle.pk, state=CycleState.OPEN).update(
        state=CycleState.CLOSED, closed_at=timezone.now()
    ):
        raise WrongState(f"The {cycle} is closed already.")
    cycle.refresh_from_db()
    record_act(by=by, act="cycle.close", subject=str(cycle))


@transaction.atomic
def open_next_cycle(*, by: User, today: date | None = None) -> Cycle:
    """Closes the running cycle, rolls the horizon a month on and carries over what is open."""
    last = latest_cycle()
    if last is None:
        raise WrongState("There is no cycle yet: open the first one with its first plan month.")
    if last.is_open:
        close_cycle(cycle=last, by=by)
    return open_cycle(month=add_months(last.month, 1), by=by, horizon_months=last.horizon_months, today=today)
