"""Assumptions, risks, actions and comments: small rows that everybody in a cycle may write."""

from datetime import date

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import ActionStatus, AssumptionStatus, StageKind
from cycles.models import ActionItem, Assumption, Comment, Cycle, Risk, User
from cycles.permissions import can_view_plan, require
from sop.errors import InvalidInput, Locked

NOT_IN_CYCLE = "Only people with a planning role take part in a cycle."


def _require_writable(user: User, cycle: Cycle) -> None:
    require(can_view_plan(user), NOT_IN_CYCLE)
    if not cycle.is_open:
        raise Locked(f"The {cycle} is closed; its records stay as they are.")


def _words(text: str, what: str) -> str:
    if not text.strip():
        raise InvalidInput(f"{what} is empty: write it in words.")
    return text.strip()


def add_assumption(
    *,
    cycle: Cycle,
    by: User,
    statement: str,
    family_code: str = "",
    effect: str = "",
    source: str = "",
    review_by: date | None = None,
) -> Assumption:
    """Writes down what the plan takes for granted."""
    _require_writable(by, cycle)
    return Assumption.objects.create(
        cycle=cycle,
        owner=by,
        statement=_words(statement, "The assumption"),
        family_code=family_code,
        effect=effect,
        source=source,
        review_by=review_by,
    )


def settle_assumption(
    *, assumption: Assumption, by: User, status: AssumptionStatus, outcome: str = ""
) -> None:
    """Confirms an assumption or marks it as invalidated, with what came of it."""
    _require_writable(by, assumption.cycle)
    with transaction.atomic():
        Assumption.objects.filter(pk=assumption.pk).update(status=status, outcome=outcome.strip())
        record_act(by=by, act="assumption.settle", subject=assumption.statement, detail={"status": status})


def add_risk(
    *,
    cycle: Cycle,
    by: User,
    description: str,
    is_opportunity: bool,
    money_minor: int,
    probability: float,
    mitigation: str = "",
    family_code: str = "",
    month: date | None = None,
) -> Risk:
    """A risk or opportunity with its price and likelihood (0-1)."""
    _require_writable(by, cycle)
    if not 0 <= probability <= 1:
        raise InvalidInput("The likelihood lies between 0 and 100 %.")
    return Risk.objects.create(
        cycle=cycle,
        owner=by,
        description=_words(description, "The description"),
        is_opportunity=is_opportunity,
        money_minor=abs(money_minor),
        probability=probability,
        mitigation=mitigation,
        family_code=family_code,
        month=month,
    )


def close_risk(*, risk: Risk, by: User) -> None:
    """Takes a risk off the list."""
    _require_writable(by, risk.cycle)
    Risk.objects.filter(pk=risk.pk).update(is_open=False)


def add_action_item(*, cycle: Cycle, by: User, title: str, owner: User, due: date) -> ActionItem:
    """Somebody does something by a day."""
    _require_writable(by, cycle)
    return ActionItem.objects.create(
        cycle=cycle, title=_words(title, "The action")[:300], owner=owner, due=due
    )


def settle_action_item(*, item: ActionItem, by: User, status: ActionStatus) -> None:
    """Done, or dropped."""
    _require_writable(by, item.cycle)
    ActionItem.objects.filter(pk=item.pk).update(status=status)


def add_comment(*, cycle: Cycle, by: User, stage_kind: StageKind, subject: str, text: str) -> Comment:
    """A remark on a page or a cell."""
    _require_writable(by, cycle)
    return Comment.objects.create(
        cycle=cycle, by=by, stage_kind=stage_kind, subject=subject[:200], text=_words(text, "The comment")
    )
