"""What the key figures do when the cycle moves."""

from typing import Any

from cycles.choices import Act, StageKind
from cycles.models import Cycle, User


def measure_after_data(
    sender: Any, cycle: Cycle, kind: StageKind, act: Act, by: User | None, **_: Any
) -> None:
    """A submitted or signed data gate closes the month before: its key figures are measured."""
    from kpis.actions.refresh import closed_months, request_refresh

    if kind == StageKind.DATA and act in {Act.SUBMIT, Act.SIGN} and closed_months(cycle):
        request_refresh(by=by, cycle=cycle)
