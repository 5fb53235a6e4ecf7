"""Walking stages in tests with their gates held open."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from cycles.actions.stages import perform
from cycles.choices import Act, StageKind
from cycles.models import Cycle, User
from cycles.queries import stage_of
from cycles.registry import registry

SUBMITTER = {
    StageKind.DATA: "planner",
    StageKind.PRODUCT: "product",
    StageKind.DEMAND: "planner",
    StageKind.SUPPLY: "supply",
    StageKind.RECONCILIATION: "finance",
    StageKind.EXECUTIVE: "owner",
}
SIGNER = {
    StageKind.DATA: "owner",
    StageKind.PRODUCT: "product2",
    StageKind.DEMAND: "sales",
    StageKind.SUPPLY: "operations",
    StageKind.RECONCILIATION: "finance2",
    StageKind.EXECUTIVE: "sponsor",
}


@contextmanager
def bare_cycle() -> Iterator[None]:
    """The cycle alone: without the checks and freezers that the rooms plug in."""
    with patch.multiple(registry, checks={}, freezers={}, openers=[], facts={}):
        yield


def sign_through(cycle: Cycle, people: dict[str, User], last: StageKind) -> None:
    """Submits and signs every stage up to ``last``."""
    for kind in StageKind:
        stage = stage_of(cycle, kind)
        perform(stage=stage, act=Act.SUBMIT, by=people[SUBMITTER[kind]])
        perform(stage=stage, act=Act.SIGN, by=people[SIGNER[kind]])
        if kind == last:
            return
