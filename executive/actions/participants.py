"""Who takes part in the executive meeting."""

from collections.abc import Iterable

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.choices import StageKind, StageState
from cycles.models import Cycle, User
from cycles.permissions import require
from cycles.queries import stage_of
from executive.models import Participant
from executive.permissions import DECIDING, can_send_back
from sop.errors import WrongState


@transaction.atomic
def note_participants(*, cycle: Cycle, by: User, people: Iterable[User]) -> None:
    """Says who takes part, in place of what was noted before. Logged."""
    require(can_send_back(by), "The sponsor or the process owner says who takes part.")
    if not cycle.is_open or StageState(stage_of(cycle, StageKind.EXECUTIVE).state) not in DECIDING:
        raise WrongState("The executive review is not open: there is no meeting to take part in.")
    present = sorted(set(people), key=lambda person: person.pk)
    Participant.objects.filter(cycle=cycle).delete()
    Participant.objects.bulk_create(Participant(cycle=cycle, person=person) for person in present)
    record_act(
        by=by, act="executive.participants", subject=str(cycle),
        detail={"people": [person.username for person in present]},
    )  # fmt: skip
