"""Who may do what in the supply room."""

from cycles.choices import Role
from cycles.models import Stage, User
from cycles.permissions import can_edit_stage


def can_plan_supply(user: User, stage: Stage) -> bool:
    """Run the planner."""
    return can_edit_stage(user, stage)


def can_answer_gaps(user: User, stage: Stage) -> bool:
    """Accept a gap, with the reason that the executive will read."""
    return can_edit_stage(user, stage)


def can_edit_inputs(user: User, stage: Stage) -> bool:
    """Hours, suppliers, lanes and policies: prepared by the supply planner, who does not sign."""
    return user.has_role(Role.SUPPLY_PLANNER) and can_edit_stage(user, stage)
