"""What reconciliation does when the cycle moves."""

from typing import Any

from cycles.choices import Act, StageKind
from reconciliation.actions.scenarios import supply_was_signed


def on_stage_closed(*, cycle: Any, kind: StageKind, act: Act, by: Any, **_: Any) -> None:
    """The supply plan is signed: the baseline scenario is made and computed."""
    if kind == StageKind.SUPPLY and act == Act.SIGN:
        supply_was_signed(cycle=cycle, by=by)
