"""A function's word that its input is in, and the planner's that a family was looked at."""

from django.db import transaction

from cycles.actions.stages import submit_function, withdraw_function
from cycles.choices import StageKind
from cycles.models import Cycle, User
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from demand.models import ReviewedFamily
from demand.permissions import FUNCTION_ROLES, can_review_family, can_submit_input
from portfolio.models import Family
from sop.errors import InvalidInput, NotFound


def submit_input(*, cycle: Cycle, function: str, by: User) -> None:
    """Says that the person's input for a function is complete. Raises InvalidInput, NotAllowed, Locked, WrongState."""
    _require_function(function, by)
    submit_function(stage=stage_of(cycle, StageKind.DEMAND), function=function, by=by)


def withdraw_input(*, cycle: Cycle, function: str, by: User) -> None:
    """Takes that word back while the review is open."""
    _require_function(function, by)
    withdraw_function(stage=stage_of(cycle, StageKind.DEMAND), function=function, by=by)


def _require_function(function: str, by: User) -> None:
    if function not in FUNCTION_ROLES:
        raise InvalidInput(f"There is no function {function!r}. Known are: {', '.join(FUNCTION_ROLES)}.")
    require(can_submit_input(by, function), f"Your role gives no {function} input.")


@transaction.atomic
def review_family(*, cycle: Cycle, code: str, by: User, reviewed: bool) -> None:
    """Marks a family as looked at in this cycle, or not."""
    require(can_review_family(by), "The demand planner marks families as reviewed.")
    require_editable(by, stage_of(cycle, StageKind.DEMAND))
    family = Family.objects.filter(code=code).first()
    if family is None:
        raise NotFound(f"There is no family {code!r}.")
    if reviewed:
        ReviewedFamily.objects.get_or_create(cycle=cycle, family=family, defaults={"by": by})
    else:
        ReviewedFamily.objects.filter(cycle=cycle, family=family).delete()
