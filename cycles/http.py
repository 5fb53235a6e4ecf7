"""What views of every room share: the signed-in person, where to go next, and stages with their parts."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from cycles.models import Cycle, Stage, User
from cycles.permissions import can_run_cycle
from cycles.queries import current_cycle, gate_findings, latest_cycle, stage_buttons


def person(request: HttpRequest) -> User:
    """The signed-in person; every page asks for one."""
    return cast("User", request.user)


def go_next(request: HttpRequest, fallback: str, *args: Any) -> HttpResponse:
    """Back to the page that posted, where it named one of ours, else to ``fallback`` (a URL name)."""
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(target)
    return redirect(fallback, *args)


def say(request: HttpRequest, text: str) -> None:
    """Tells the person, on the next page, what was done."""
    messages.success(request, text)


LOOKED_AT = "cycle looked at"


def shown_cycle(request: HttpRequest) -> Cycle:
    """The cycle that a page is about: the running one, or an earlier one that the person looks back at.

    ``?cycle=17`` turns to that one and keeps it for the next pages, ``?cycle=now`` comes back.
    """
    asked = request.GET.get("cycle", "")
    if asked.isdecimal():
        request.session[LOOKED_AT] = int(asked)
    elif asked:
        request.session.pop(LOOKED_AT, None)
    looked_at = request.session.get(LOOKED_AT)
    return Cycle.objects.filter(pk=looked_at).first() or current_cycle() if looked_at else current_cycle()


def stage_parts(stage: Stage, user: User) -> dict[str, Any]:
    """Context of a review's page: the stage, its buttons and its gate, and the cycle before to look back at."""
    latest = latest_cycle()
    return {
        "looking_back": stage.cycle if stage.cycle != latest else None,
        "earlier": Cycle.objects.filter(month__lt=stage.cycle.month).first(),
        "stage": stage,
        "actions": stage_buttons(stage, user),
        "checks": gate_findings(stage) if stage.cycle.is_open else [],
        "can_waive": can_run_cycle(user) and stage.cycle.is_open,
    }
