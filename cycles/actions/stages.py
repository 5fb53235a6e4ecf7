"""The one function that changes the state of a stage, and what belongs to it."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cycles.actions.audit import record_act
from cycles.choices import Act, StageState
from cycles.models import Company, FunctionSubmission, SignOff, Stage, StageEditor, User, Version, Waiver
from cycles.permissions import can_run_cycle, has_touched, may, require, require_editable
from cycles.queries.gates import Finding, gate_findings
from cycles.registry import freezer_of
from cycles.signals import stage_closed
from cycles.transitions import TRANSITIONS, Transition
from sop.errors import Conflict, InvalidInput, NotAllowed, WrongState


def perform(
    *, stage: Stage, act: Act, by: User, comment: str = "", expected_rev: int | None = None
) -> SignOff:
    """Performs an act of a person on a stage: guards, compare-and-set, sign-off row, audit, what follows.

    ``expected_rev`` is the revision that the person saw; Conflict when the stage has moved since. Raises
    NotAllowed (role, four eyes), WrongState (state, gate) and InvalidInput (comment missing), in words.
    """
    transition = TRANSITIONS[Act(act)]
    _require_role(transition, stage, by)
    if transition.needs_comment and not comment.strip():
        raise InvalidInput(f"{transition.act.label} needs a reason: say in a sentence why.")
    with transaction.atomic():
        locked = Stage.objects.select_for_update().select_related("cycle").get(pk=stage.pk)
        if expected_rev is not None and locked.rev != expected_rev:
            raise Conflict(
                f"Meanwhile the {locked.get_kind_display()} review became "
                f"{locked.get_state_display().lower()}. Look at it again before you go on."
            )
        _require_source(transition, locked)
        for guard in transition.guards:
            GUARDS[guard](locked, by)
        version = _freeze(locked, by) if transition.act == Act.SIGN else None
        sign_off = _move(locked, transition, by=by, comment=comment.strip(), version=version)
        _follow(locked, transition.act, by)
        _announce(locked, transition.act, by)
    stage.refresh_from_db()
    return sign_off


def _require_role(transition: Transition, stage: Stage, by: User) -> None:
    require(transition.by_people, f"{transition.act.label} is not something a person does.")
    require(
        may(by, transition.act, stage),
        f"Your role may not do this to the {stage.get_kind_display()} review: {transition.act.label}.",
    )


def _require_source(transition: Transition, stage: Stage) -> None:
    if StageState(stage.state) not in transition.sources:
        raise WrongState(
            f"The {stage.get_kind_display()} review is {stage.get_state_display().lower()}; "
            f"“{transition.act.label}” is not possible now."
        )


def _require_cycle_open(stage: Stage, by: User) -> None:
    if not stage.cycle.is_open:
        raise WrongState(f"The {stage.cycle} is closed.")


def _require_previous_signed(stage: Stage, by: User) -> None:
    before = stage.stage_kind.before
    if before is None:
        return
    previous = Stage.objects.get(cycle=stage.cycle, kind=before)
    if previous.state != StageState.SIGNED:
        raise WrongState(
            f"The {before.label} review is {previous.get_state_display().lower()}: it has to be signed first."
        )


def _require_checks(stage: Stage, by: User) -> None:
    failing = [finding for finding in gate_findings(stage) if finding.blocks]
    if failing:
        raise WrongState(
            f"{len(failing)} of the gate's checks fail: " + "; ".join(finding.message for finding in failing),
            errors=[{"check": finding.key, "message": finding.message} for finding in failing],
        )


def _require_four_eyes(stage: Stage, by: User) -> None:
    if has_touched(by, stage) and not Company.current().single_person:
        raise NotAllowed(
            "You submitted or edited this review in this cycle, so somebody else has to sign it (four eyes)."
        )


GUARDS = {
    "cycle_open": _require_cycle_open,
    "previous_signed": _require_previous_signed,
    "checks_pass": _require_checks,
    "four_eyes": _require_four_eyes,
}


def _freeze(stage: Stage, by: User) -> Version | None:
    freezer = freezer_of(stage.stage_kind)
    return freezer(stage, by) if freezer else None


def _move(
    stage: Stage, transition: Transition, *, by: User | None, comment: str, version: Version | None = None
) -> SignOff:
    source, target = StageState(stage.state), transition.target
    alone = transition.act == Act.SIGN and by is not None and has_touched(by, stage)
    values: dict[str, object] = {"state": target, "rev": F("rev") + 1}
    now = timezone.now()
    if transition.act == Act.SUBMIT:
        values |= {"submitted_by": by, "submitted_at": now, "signed_by": None, "signed_at": None}
    elif transition.act == Act.SIGN:
        values |= {"signed_by": by, "signed_at": now, "signed_version": version}
        if alone:
            values["submitted_by"] = None
    elif target == StageState.OPEN:
        values |= {"submitted_by": None, "submitted_at": None, "signed_by": None, "signed_at": None}
    moved = Stage.objects.filter(pk=stage.pk, state=source, rev=stage.rev).update(**values)
    if moved != 1:
        raise Conflict("Somebody else moved this review at the same moment. Look at it again.")
    stage.refresh_from_db()
    sign_off = SignOff.objects.create(
        stage=stage,
        act=transition.act,
        from_state=source,
        to_state=target,
        by=by,
        comment=comment,
        version=version,
        content_hash=version.content_hash if version else "",
        single_person=alone,
    )
    record_act(
        by=by,
        act=f"stage.{transition.act}",
        subject=str(stage),
        detail={
            "from": source,
            "to": target,
            "comment": comment,
            "hash": sign_off.content_hash,
            "single_person": alone,
        },
    )
    return sign_off


def _follow(stage: Stage, act: Act, by: User) -> None:
    """What an act does to the stages behind: the next one opens; after a re-opening all are out of date."""
    later = {
        kind: later_stage for later_stage in stage.cycle.stages.all() if (kind := later_stage.stage_kind)
    }
    following = stage.stage_kind.later
    if act == Act.SIGN and following:
        next_stage = later[following[0]]
        if next_stage.state == StageState.NOT_OPEN:
            _move(next_stage, TRANSITIONS[Act.OPEN], by=by, comment=f"{stage.get_kind_display()} signed")
            _announce(next_stage, Act.OPEN, by)
    if act in {Act.REOPEN, Act.SEND_BACK}:
        for kind in following:
            mark_out_of_date(stage=later[kind], by=by, because=f"{stage.get_kind_display()} was re-opened")


def mark_out_of_date(*, stage: Stage, by: User | None, because: str) -> None:
    """Turns a stage that built on something that moved out of date; a stage not yet open stays so."""
    if StageState(stage.state) in TRANSITIONS[Act.MARK_OUT_OF_DATE].sources:
        _move(stage, TRANSITIONS[Act.MARK_OUT_OF_DATE], by=by, comment=because)


def _announce(stage: Stage, act: Act, by: User) -> None:
    cycle, kind = stage.cycle, stage.stage_kind
    transaction.on_commit(
        lambda: stage_closed.send_robust(sender=Stage, cycle=cycle, kind=kind, act=act, by=by), robust=True
    )


def note_editor(*, stage: Stage, user: User) -> None:
    """Remembers that a person edited the stage's figures in this cycle: they may not sign it."""
    StageEditor.objects.get_or_create(stage=stage, user=user)


def submit_function(*, stage: Stage, function: str, by: User, family_code: str = "") -> FunctionSubmission:
    """A function's word that its input is in. Saying it twice changes nothing."""
    require_editable(by, stage)
    with transaction.atomic():
        submission, created = FunctionSubmission.objects.get_or_create(
            stage=stage, function=function, family_code=family_code, by=by
        )
        if created:
            record_act(
                by=by,
                act="input.submit",
                subject=str(stage),
                detail={"function": function, "family": family_code},
            )
    return submission


def withdraw_function(*, stage: Stage, function: str, by: User) -> None:
    """Takes a function's word back while the stage is still open."""
    require_editable(by, stage)
    with transaction.atomic():
        if FunctionSubmission.objects.filter(stage=stage, function=function, by=by).delete()[0]:
            record_act(by=by, act="input.withdraw", subject=str(stage), detail={"function": function})


def waive_check(*, stage: Stage, check_key: str, reason: str, by: User) -> Waiver:
    """The process owner sets a failing check aside for this cycle, with a reason that everybody sees."""
    require(can_run_cycle(by), "Only the process owner can waive a check.")
    if not reason.strip():
        raise InvalidInput("A waiver needs a reason: say why the cycle may go on without this.")
    finding: Finding | None = next((found for found in gate_findings(stage) if found.key == check_key), None)
    if finding is None:
        raise InvalidInput(f"This gate has no check called {check_key!r}.")
    try:
        with transaction.atomic():
            waiver = Waiver.objects.create(stage=stage, check_key=check_key, reason=reason.strip(), by=by)
            record_act(
                by=by, act="check.waive", subject=str(stage), detail={"check": check_key, "reason": reason}
            )
    except IntegrityError:
        return Waiver.objects.get(stage=stage, check_key=check_key)
    return waiver


def unwaive_check(*, stage: Stage, check_key: str, by: User) -> None:
    """Takes a waiver back."""
    require(can_run_cycle(by), "Only the process owner can take a waiver back.")
    with transaction.atomic():
        if Waiver.objects.filter(stage=stage, check_key=check_key).delete()[0]:
            record_act(by=by, act="check.unwaive", subject=str(stage), detail={"check": check_key})
