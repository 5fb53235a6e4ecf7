"""What the executive review does when the cycle moves."""

from typing import Any

from django.utils import timezone

from cycles.choices import Act, StageKind
from executive.actions.brief import prepare_brief
from executive.models import Brief


def on_stage_closed(*, cycle: Any, kind: StageKind, act: Act, by: Any, **_: Any) -> None:
    """Finance has signed: the brief is made. The brief is submitted: it has gone out."""
    if kind == StageKind.RECONCILIATION and act == Act.SIGN:
        prepare_brief(cycle=cycle, by=by)
    if kind == StageKind.EXECUTIVE and act == Act.SUBMIT:
        Brief.objects.filter(cycle=cycle).update(sent_at=timezone.now(), sent_by=by)
