"""What the signature of the reconciliation review signs."""

from cycles.models import Stage, User, Version
from reconciliation.actions.computing import frozen_version
from reconciliation.queries.scenarios import recommended_of


def freeze_reconciliation(stage: Stage, by: User) -> Version:
    """The plan and P&L of the recommended scenario, which is frozen since it was computed."""
    return frozen_version(recommended_of(stage.cycle))
