"""Who takes part in the executive meeting, and which functions are missing."""

from collections.abc import Iterable

from cycles.choices import Role, StageKind, StageState
from cycles.models import Cycle, Stage, User
from executive.models import Participant
from executive.queries.decisions import deciders

QUORUM = (Role.SALES, Role.OPERATIONS, Role.FINANCE)
"""Beside the sponsor, who signs: one plan needs those who sell, make and pay."""


def participants_of(cycle: Cycle) -> list[User]:
    """Those noted as taking part, in the order of their accounts."""
    return list(deciders().filter(pk__in=Participant.objects.filter(cycle=cycle).values("person")))


def missing_functions(people: Iterable[User]) -> list[str]:
    """Names of the functions of the quorum that none of the people speaks for."""
    present = list(people)
    return [str(role.label) for role in QUORUM if not any(person.has_role(role) for person in present)]


def expected_participants(cycle: Cycle) -> set[int]:
    """Keys of whom to expect: those noted already, else those who signed the reviews before."""
    noted = set(Participant.objects.filter(cycle=cycle).values_list("person_id", flat=True))
    signed = Stage.objects.filter(cycle=cycle, state=StageState.SIGNED, signed_by__isnull=False)
    return noted or set(signed.exclude(kind=StageKind.EXECUTIVE).values_list("signed_by_id", flat=True))


def possible_participants() -> list[User]:
    """Everybody who speaks for a function of the quorum."""
    return list(deciders().filter(groups__name__in=QUORUM).prefetch_related("groups"))
