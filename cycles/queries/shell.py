"""What the shell of every page shows: the cycle, its stages, and what the person may do to a stage."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cycles.choices import Act, StageKind, StageState
from cycles.models import Company, Cycle, Stage, User
from cycles.permissions import can_view_plan, has_touched, may
from cycles.queries.cycles import latest_cycle
from cycles.transitions import TRANSITIONS
from sop.periods import month_name

STAGE_PAGES = {
    StageKind.DATA: "datahub:home",
    StageKind.PRODUCT: "portfolio:home",
    StageKind.DEMAND: "demand:home",
    StageKind.SUPPLY: "supply:home",
    StageKind.RECONCILIATION: "reconciliation:home",
    StageKind.EXECUTIVE: "executive:home",
}


CONFIRM = {Act.SIGN: "This publishes the plan: everybody works by it until the next cycle."}


@dataclass(frozen=True)
class Button:
    """An act that the role allows in the stage's state; disabled, with the reason, where a guard is shut."""

    act: Act
    label: str
    needs_reason: bool
    primary: bool
    enabled: bool = True
    why_not: str = ""
    confirm: str = ""


def shell_context(user: User) -> dict[str, Any]:
    """The cycle and its stages for the top bar; for who sees no plan, the data alone."""
    cycle = latest_cycle()
    currency = Company.current().currency
    if not can_view_plan(user):
        return {
            "cycle": None,
            "stages": [_link(*_data_stage(cycle))],
            "currency": currency,
            "plan_shut": True,
        }
    if cycle is None:
        stages = [_link(kind, StageState.NOT_OPEN) for kind in StageKind]
        return {"cycle": None, "stages": stages, "currency": currency}
    states = dict(cycle.stages.values_list("kind", "state"))
    return {
        "cycle": _switch(cycle),
        "currency": currency,
        "stages": [_link(kind, StageState(states.get(kind, StageState.NOT_OPEN))) for kind in StageKind],
    }


def _data_stage(cycle: Cycle | None) -> tuple[StageKind, StageState]:
    states = cycle.stages.filter(kind=StageKind.DATA).values_list("state", flat=True) if cycle else []
    return StageKind.DATA, StageState(next(iter(states), StageState.NOT_OPEN))


def _switch(cycle: Cycle) -> dict[str, Any]:
    others = Cycle.objects.order_by("-month")[:13]
    return {
        "name": month_name(cycle.month),
        "url": reverse("cycles:home"),
        "cycles": [
            {
                "name": str(other),
                "url": reverse("cycles:cycle", args=[other.pk]),
                "is_current": other == cycle,
            }
            for other in others
        ],
    }


def _link(kind: StageKind, state: StageState) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "name": kind.label,
        "url_name": STAGE_PAGES[kind],
        "state": state.value,
        "state_word": state.label.lower(),
    }


def stage_buttons(stage: Stage, user: User) -> list[Button]:
    """The buttons of a stage for a person, from the table of transitions."""
    if not stage.cycle.is_open:
        return []
    buttons = []
    for transition in TRANSITIONS.values():
        if not transition.by_people or StageState(stage.state) not in transition.sources:
            continue
        if not may(user, transition.act, stage):
            continue
        why_not = _four_eyes(stage, user) if transition.act == Act.SIGN else ""
        buttons.append(
            Button(
                transition.act,
                _label(transition.act, stage),
                transition.needs_comment,
                transition.is_primary,
                not why_not,
                why_not,
                CONFIRM.get(transition.act, "") if stage.kind == StageKind.EXECUTIVE else "",
            )
        )
    return buttons


def _label(act: Act, stage: Stage) -> str:
    if act == Act.SIGN and stage.kind == StageKind.EXECUTIVE:
        return "Approve the plan"
    if act == Act.OPEN:
        return "Open early"
    if act == Act.REOPEN and stage.state == StageState.OUT_OF_DATE:
        return "Open again"
    return str(act.label)


def _four_eyes(stage: Stage, user: User) -> str:
    if has_touched(user, stage) and not Company.current().single_person:
        return "You submitted or edited this review, so somebody else signs it."
    return ""
