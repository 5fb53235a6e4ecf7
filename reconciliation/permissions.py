"""Who may do what to scenarios."""

from cycles.choices import Role
from cycles.models import User
from cycles.permissions import require
from reconciliation.choices import DifferenceKind

ALL_KINDS = frozenset({Role.FINANCE, Role.PROCESS_OWNER, Role.DEMAND_PLANNER, Role.SUPPLY_PLANNER})


def kinds_for(user: User) -> list[DifferenceKind]:
    """Kinds of differences that a person may add: sales the demand side, operations the supply side."""
    allowed: set[DifferenceKind] = set()
    if user.has_role(*ALL_KINDS):
        allowed = set(DifferenceKind)
    if user.has_role(Role.SALES):
        allowed |= DifferenceKind.of_demand_side()
    if user.has_role(Role.OPERATIONS):
        allowed |= set(DifferenceKind) - DifferenceKind.of_demand_side()
    return [kind for kind in DifferenceKind if kind in allowed]


def offered_kinds(user: User) -> list[DifferenceKind]:
    """Of these, the ones with a form to start from."""
    return [kind for kind in kinds_for(user) if kind in DifferenceKind.offered()]


def require_kind(user: User, kind: DifferenceKind) -> None:
    """Raises NotAllowed in words unless the person may add or change differences of the kind."""
    side = "demand" if kind in DifferenceKind.of_demand_side() else "supply"
    require(kind in kinds_for(user), f"Your role may not change the {side} side of a scenario.")


def can_recommend(user: User) -> bool:
    """Finance answers for the recommendation; the process owner facilitates it."""
    return user.has_role(Role.FINANCE, Role.PROCESS_OWNER)
