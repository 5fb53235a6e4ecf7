"""Who may do what in the executive review."""

from cycles.choices import Role, StageState
from cycles.models import Stage, User

DECIDING = frozenset({StageState.OPEN, StageState.SUBMITTED})


def can_decide(user: User, stage: Stage) -> bool:
    """The sponsor answers decisions while the brief is open or before the executives."""
    return user.has_role(Role.SPONSOR) and StageState(stage.state) in DECIDING and stage.cycle.is_open


def can_prepare(user: User) -> bool:
    """The process owner writes the brief and adds decisions."""
    return user.has_role(Role.PROCESS_OWNER)


def can_send_back(user: User) -> bool:
    return user.has_role(Role.SPONSOR, Role.PROCESS_OWNER)
