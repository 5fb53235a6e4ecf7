"""Acts on stages, sent by the buttons of every review's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cycles.actions.stages import perform, unwaive_check, waive_check
from cycles.choices import Act
from cycles.http import go_next, person, say
from cycles.models import Stage
from cycles.permissions import planning_required
from sop.errors import NotFound


@require_POST
@planning_required
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Performs one act of the table of transitions."""
    stage = get_object_or_404(Stage, pk=pk)
    if act not in Act.values:
        raise NotFound("There is no such act.")
    seen = request.POST.get("rev", "")
    perform(
        stage=stage,
        act=Act(act),
        by=person(request),
        comment=request.POST.get("comment", ""),
        expected_rev=int(seen) if seen.isdecimal() else None,
    )
    say(request, f"The {stage.get_kind_display()} review is {stage.get_state_display().lower()}.")
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def waive(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Sets a failing check aside."""
    stage = get_object_or_404(Stage, pk=pk)
    waive_check(stage=stage, check_key=key, reason=request.POST.get("comment", ""), by=person(request))
    say(request, "The check is waived for this cycle.")
    return go_next(request, "cycles:home")


@require_POST
@planning_required
def unwaive(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Takes a waiver back."""
    unwaive_check(stage=get_object_or_404(Stage, pk=pk), check_key=key, by=person(request))
    return go_next(request, "cycles:home")
