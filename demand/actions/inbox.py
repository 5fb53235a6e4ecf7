"""Answering items of the inbox, taking an answer back, and the policy for the rest."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.actions.company import save_company
from cycles.choices import Operation, ReasonCode, StageKind
from cycles.models import Comment, User, Version
from cycles.permissions import can_run_cycle, require, require_editable
from cycles.queries import stage_of
from demand.actions.comments import LONGEST, cell_subject
from demand.actions.edits import Edit, edit_cells
from demand.actions.undo import undo_changes
from demand.choices import Answer
from demand.models import DemandFact, InboxAnswer
from demand.queries.inbox import COLUMN_OF, Ranking, function_of, ranking
from demand.queries.streams import visible_streams
from sop.errors import Conflict, InvalidInput, NotFound
from sop.periods import month_key
from sop.quantities import QUANTA_PER_UNIT, to_quanta


def answer_item(
    *,
    version: Version,
    by: User,
    stream: int,
    answer: Answer,
    units: float | None = None,
    note: str = "",
    asked: User | None = None,
    reason_code: str = "",
) -> InboxAnswer:
    """Settles one item in the person's function: accepted, changed to ``units`` over the shown months, or asked.

    A change goes to the function's own step, spread over the months as they are. A question needs a ``note`` and
    whom it is for; it stands in the cell's comments too. Raises NotAllowed, NotFound (outside the scope), Conflict
    (answered already), InvalidInput, Locked, WrongState or ReasonNeeded, and then has saved nothing.
    """
    stage = stage_of(version.cycle, StageKind.DEMAND)
    require_editable(by, stage)
    function = _require_function(by)
    words = note.strip()
    found = ranking(version, by)
    if stream not in found.streams:
        raise NotFound("There is no such item in your part of the plan.")
    place = found.place_of(stream)
    with transaction.atomic():
        changes: list[int] = []
        if answer == Answer.CHANGED:
            changes = _change(found, place, by=by, units=units, note=words, reason_code=reason_code)
        elif answer == Answer.ASKED:
            _ask(found, stream, by=by, asked=asked, note=words)
        _close_question(version, stream, function, by)
        try:
            with transaction.atomic():
                return InboxAnswer.objects.create(
                    cycle=version.cycle,
                    stream_id=stream,
                    function=function,
                    answer=answer,
                    by=by,
                    note=words[:LONGEST],
                    asked=asked if answer == Answer.ASKED else None,
                    change_ids=changes,
                    units=float(found.plan[place]) / QUANTA_PER_UNIT,
                    risk_minor=found.risk([place], margins=True),
                )
        except IntegrityError as error:
            raise Conflict("This was answered meanwhile. Load the inbox again.") from error


def _require_function(by: User) -> str:
    function = function_of(by)
    require(bool(function), "Items are answered by sales & marketing and the demand planner.")
    return function


def _close_question(version: Version, stream: int, function: str, by: User) -> None:
    """Whoever was asked within the own function answers in its name."""
    InboxAnswer.objects.filter(
        cycle=version.cycle,
        stream_id=stream,
        function=function,
        answer=Answer.ASKED,
        asked=by,
        withdrawn_at=None,
    ).update(withdrawn_at=timezone.now())


def _change(
    found: Ranking, place: int, *, by: User, units: float | None, note: str, reason_code: str
) -> list[int]:
    from cycles.spreading import spread

    if units is None or units < 0:
        raise InvalidInput("Say how many units it should be over the shown months.")
    version, stream = found.view.version, int(found.streams[place])
    column = COLUMN_OF[found.function]
    now = dict(
        DemandFact.objects.filter(version=version, stream_id=stream, month__in=found.months).values_list(
            "month", column
        )
    )
    months = sorted(now)
    parts = spread(to_quanta(units), [now[month] or 0 for month in months]).tolist()
    edits = [
        Edit(f"stream:{stream}", column, month, Operation.SET, part / QUANTA_PER_UNIT)
        for month, part in zip(months, parts, strict=True)
    ]
    result = edit_cells(
        version=version, by=by, edits=edits, reason_code=reason_code or ReasonCode.CORRECTION, comment=note,
        source="inbox",
    )  # fmt: skip
    return [change.pk for change in result.changes]


def _ask(found: Ranking, stream: int, *, by: User, asked: User | None, note: str) -> None:
    if asked is None or asked.pk == by.pk or not function_of(asked):
        raise InvalidInput("Say whom to ask: somebody in sales & marketing or demand planning.")
    if not note:
        raise InvalidInput("Write what you want to know.")
    if not visible_streams(asked).filter(pk=stream).exists():
        raise InvalidInput(f"{asked} does not see this item. Ask somebody whose part of the plan it is.")
    subject = cell_subject(f"stream:{stream}", "consensus", month_key(found.months[0]))
    Comment.objects.create(
        cycle=found.view.version.cycle, stage_kind=StageKind.DEMAND, subject=subject,
        text=f"To {asked}: {note}"[:LONGEST], by=by,
    )  # fmt: skip


@transaction.atomic
def withdraw_answer(*, version: Version, by: User, answer: InboxAnswer) -> None:
    """Takes an answer of one's own function back; what it changed in the plan is undone.

    Raises NotAllowed, NotFound, Locked, or what undoing raises.
    """
    require_editable(by, stage_of(version.cycle, StageKind.DEMAND))
    require(_require_function(by) == answer.function, f"This was answered by the {answer.function} function.")
    if answer.cycle_id != version.cycle_id or not visible_streams(by).filter(pk=answer.stream_id).exists():
        raise NotFound("There is no such answer in your part of the plan.")
    kept = InboxAnswer.objects.filter(pk=answer.pk, withdrawn_at=None)
    if not kept.update(withdrawn_at=timezone.now()):
        raise Conflict("This answer was taken back already.")
    if answer.change_ids:
        undo_changes(version=version, by=by, change_ids=answer.change_ids)


def set_policy(*, by: User, covered_percent: float, least_money: float) -> None:
    """What the inbox asks about; the rest is accepted. Changes are in the audit log."""
    require(can_run_cycle(by), "The process owner sets what the inbox asks about.")
    save_company(by=by, values={"inbox_covered_percent": covered_percent, "inbox_least_money": least_money})
