"""Small named predicates: who may see and do what. Pages, templates and the API ask the same ones."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from cycles.choices import Act, Role, StageState
from cycles.models import Stage, User
from cycles.transitions import EDITORS, roles_for
from sop.errors import Locked, NotAllowed, WrongState


def sees_prices(user: User) -> bool:
    """Revenue and prices."""
    return user.has_role(*Role.sees_prices())


def sees_margins(user: User) -> bool:
    """Cost and margin."""
    return user.has_role(*Role.sees_margins())


def can_view_plan(user: User) -> bool:
    """Everybody active in a cycle sees all of its stages; administrators do not see figures."""
    return user.has_role(*Role.planning())


def can_manage_people(user: User) -> bool:
    return user.has_role(Role.ADMIN)


def can_run_cycle(user: User) -> bool:
    """Open, close and set the calendar of cycles; waive checks."""
    return user.has_role(Role.PROCESS_OWNER)


def may(user: User, act: Act, stage: Stage) -> bool:
    """Whether one of the person's roles allows the act on this kind of stage."""
    return user.has_role(*roles_for(act, stage.stage_kind))


def can_edit_stage(user: User, stage: Stage) -> bool:
    return user.has_role(*EDITORS[stage.stage_kind]) and stage.is_editable


def has_touched(user: User, stage: Stage) -> bool:
    """Whether the person submitted the stage or edited its figures in this cycle."""
    return stage.submitted_by_id == user.pk or stage.editors.filter(user=user).exists()


def require(ok: bool, message: str) -> None:
    """Raises NotAllowed with words unless ``ok``."""
    if not ok:
        raise NotAllowed(message)


def require_editable(user: User, stage: Stage) -> None:
    """Raises NotAllowed, WrongState or Locked with words unless the person may edit the stage now."""
    name = stage.get_kind_display()
    if not user.has_role(*EDITORS[stage.stage_kind]):
        roles = ", ".join(str(role.label) for role in Role if role in EDITORS[stage.stage_kind])
        raise NotAllowed(f"Your role may not change the {name} review. It is edited by: {roles}.")
    if not stage.cycle.is_open:
        raise Locked(f"The {stage.cycle} is closed; its figures stay as they were approved.")
    if stage.state == StageState.NOT_OPEN:
        raise WrongState(f"The {name} review is not open yet. It opens when the review before it is signed.")
    if stage.state == StageState.SUBMITTED:
        raise Locked(
            f"The {name} review is submitted and locked. Ask its signer to send it back to change it."
        )
    if stage.state == StageState.SIGNED:
        raise Locked(f"The {name} review is signed. The process owner can re-open it with a reason.")


View = Callable[..., HttpResponse]


def roles_required(*roles: Role) -> Callable[[View], View]:
    """Lets only people with one of the roles into a view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = cast("User", request.user)
            names = ", ".join(str(role.label) for role in Role if role in roles)
            require(user.has_role(*roles), f"This page is for: {names}.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


planning_required = roles_required(*Role.planning())
