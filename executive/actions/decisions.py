"""Yes, no or discuss: what each answer does to the plan."""

from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone

from cycles.actions.audit import record_act
from cycles.choices import ActionStatus, StageKind, Verdict
from cycles.models import ActionItem, Decision, User
from cycles.permissions import require
from cycles.queries import stage_of
from executive.models import HeldFamily
from executive.permissions import can_decide
from executive.queries import families_touched
from reconciliation.actions.computing import compute, switch
from reconciliation.models import ScenarioDifference
from sop.errors import InvalidInput

ONLY_SPONSOR = (
    "Only the sponsor answers decisions, while the executive review is open or waiting for approval."
)


def decide(
    *,
    decision: Decision,
    by: User,
    verdict: Verdict,
    owner: User | None = None,
    due: date | None = None,
    note: str = "",
) -> None:
    """Answers a decision; an earlier answer and what it did are taken back.

    *Yes* makes an action with owner and due date and keeps the difference in the scenario. *No* switches the
    difference off, and the scenario is computed again. *Discuss* holds the families that it touches.
    """
    stage = stage_of(decision.cycle, StageKind.EXECUTIVE)
    require(can_decide(by, stage), ONLY_SPONSOR)
    if verdict not in (Verdict.YES, Verdict.NO, Verdict.DISCUSS):
        raise InvalidInput("Answer yes, no or discuss.")
    owner, due = owner or decision.owner, due or decision.due
    if verdict == Verdict.YES and (owner is None or due is None):
        raise InvalidInput("A yes needs an owner and a day by which it is done.")
    with transaction.atomic():
        _take_back(decision)
        Decision.objects.filter(pk=decision.pk).update(
            verdict=verdict, note=note.strip(), decided_by=by, decided_at=timezone.now(), owner=owner, due=due
        )
        decision.refresh_from_db()
        if verdict == Verdict.YES:
            _act_on(decision, cast("User", owner), cast("date", due))
        elif verdict == Verdict.DISCUSS:
            _hold(decision)
        _follow_switch(decision, by, active=verdict != Verdict.NO)
        record_act(
            by=by,
            act="decision.answer",
            subject=decision.question,
            detail={"verdict": verdict, "note": note, "owner": str(owner or ""), "due": str(due or "")},
        )


def _take_back(decision: Decision) -> None:
    decision.action_items.filter(status=ActionStatus.OPEN).delete()
    HeldFamily.objects.filter(decision=decision).delete()


def _act_on(decision: Decision, owner: User, due: date) -> None:
    ActionItem.objects.create(
        cycle=decision.cycle, decision=decision, title=decision.question[:300], owner=owner, due=due
    )


def _hold(decision: Decision) -> None:
    HeldFamily.objects.bulk_create(
        HeldFamily(cycle=decision.cycle, family_code=code, decision=decision)
        for code in families_touched(decision)
    )


def _follow_switch(decision: Decision, by: User, *, active: bool) -> None:
    """Sets the switch of the difference behind a decision; a change computes the scenario again."""
    difference = difference_of(decision)
    if difference is None or difference.is_active == active:
        return
    switch(difference, active=active)
    compute(difference.scenario, by)


def difference_of(decision: Decision) -> ScenarioDifference | None:
    """The scenario difference that a decision switches, if it hangs on one."""
    link = getattr(decision, "link", None)
    return link.difference if link else None
