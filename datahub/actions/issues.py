"""Setting single issues of data quality aside."""

from cycles.actions.audit import record_act
from cycles.models import User
from cycles.permissions import require
from datahub.models import DataIssue
from datahub.permissions import can_waive_issues
from sop.errors import ReasonNeeded, WrongState


def waive_issue(*, issue: DataIssue, by: User, reason: str) -> None:
    """Set an issue aside for this cycle; it keeps waived when the rules are run again.

    Raises NotAllowed for others than the process owner, ReasonNeeded without a reason.
    """
    require(can_waive_issues(by), "Only the process owner sets an issue aside.")
    if not reason.strip():
        raise ReasonNeeded("Say why this issue may be set aside; the reason is kept in the log.")
    if not DataIssue.objects.filter(pk=issue.pk, waived=False).update(waived=True):
        raise WrongState("This issue is set aside already.")
    detail = {"rule": issue.rule, "record": issue.record_key, "reason": reason.strip()}
    record_act(by=by, act="waive data issue", subject=str(issue.cycle), detail=detail)
