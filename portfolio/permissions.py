"""Who changes the portfolio."""

from cycles.choices import Role
from cycles.models import Stage, User
from cycles.permissions import can_edit_stage


def can_change_portfolio(user: User, stage: Stage) -> bool:
    """Launches, phase-outs and push, maintain or cut: product management, while the review is open."""
    return user.has_role(Role.PRODUCT) and can_edit_stage(user, stage)
