"""Remarks on cells of the plan."""

from cycles.choices import Measure, StageKind
from cycles.models import Comment, User, Version
from cycles.permissions import can_view_plan, require
from demand.queries.views import parse_node, plan_view
from sop.errors import InvalidInput
from sop.periods import parse_month

LONGEST = 2_000


def comment_on_cell(*, version: Version, by: User, node: str, measure: str, month: str, text: str) -> Comment:
    """Adds a remark to a cell that the person sees; everybody active in the cycle may.

    Raises NotAllowed, NotFound or InvalidInput.
    """
    require(can_view_plan(by), "Administrators do not take part in the plan.")
    plan_view(version, by).require(parse_node(node))
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise InvalidInput(f"A comment has between 1 and {LONGEST:,} letters.")
    subject = cell_subject(node, measure, month)
    return Comment.objects.create(
        cycle=version.cycle, stage_kind=StageKind.DEMAND, subject=subject, text=words, by=by
    )


def cell_subject(node: str, measure: str, month: str) -> str:
    """How the comments of a cell are filed. InvalidInput for an unknown measure or month."""
    if measure not in (*Measure.values, "history", "previous", "budget"):
        raise InvalidInput(f"There is no measure {measure!r}.")
    try:
        parse_month(month)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return f"{node}|{measure}|{month}"
