"""What the demand review does when a cycle opens and when it is signed."""

from cycles.actions.versions import freeze_draft, open_draft
from cycles.choices import VersionKind
from cycles.models import Cycle, Stage, User, Version
from cycles.queries import draft_of
from demand.actions.streams import ensure_streams
from demand.models import DemandFact
from sop.errors import WrongState


def open_demand_draft(cycle: Cycle, by: User | None) -> None:
    """The draft of a new cycle and the streams it will plan; its figures come with the baseline."""
    ensure_streams()
    open_draft(cycle=cycle, kind=VersionKind.DEMAND, by=by, name=f"Demand plan of the {cycle}")


def freeze_demand(stage: Stage, by: User) -> Version:
    """The unconstrained consensus plan, frozen as it is signed. WrongState where there is no plan yet."""
    draft = draft_of(stage.cycle, VersionKind.DEMAND)
    if not DemandFact.objects.filter(version=draft).exists():
        raise WrongState("There is no demand plan to sign yet: the baseline has not run.")
    return freeze_draft(draft=draft, by=by, name=f"Consensus demand of the {stage.cycle}")
