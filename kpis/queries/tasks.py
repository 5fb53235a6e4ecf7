"""What a person has to do now, in the order in which it is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cycles.choices import Act, ActionStatus, Role, RunState, StageKind, StageState, Verdict
from cycles.models import Cycle, Decision, FunctionSubmission, Run, Stage, User
from cycles.permissions import can_edit_stage
from cycles.queries import gate_findings, stage_buttons
from cycles.queries.shell import STAGE_PAGES
from datahub.choices import ImportState
from datahub.models import ImportBatch

# Which function's word a role gives in the demand review.
DEMAND_FUNCTION = {Role.SALES: "sales", Role.DEMAND_PLANNER: "planner"}


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why, by when, and where."""

    title: str
    text: str
    href: str
    action: str = "Open"
    due: date | None = None
    is_late: bool = False


def tasks_of(user: User, cycle: Cycle | None) -> list[Task]:
    """Everything that waits for this person, most urgent first."""
    found: list[Task] = []
    if cycle and cycle.is_open:
        stages = list(cycle.stages.select_related("cycle", "submitted_by", "signed_by").order_by("pk"))
        found += [task for stage in stages for task in _stage_tasks(stage, user)]
        found += list(_decision_tasks(cycle, user))
        found += list(_action_tasks(cycle, user))
        if user.has_role(Role.PROCESS_OWNER) and stages[-1].state == StageState.SIGNED:
            found.append(
                Task("Close the month, open the next", "The plan is approved.", reverse("cycles:home"))
            )
    elif user.has_role(Role.PROCESS_OWNER):
        found.append(Task("Open the next cycle", "No cycle is open now.", reverse("cycles:home")))
    if user.has_role(Role.ADMIN):
        found += list(_admin_tasks())
    return sorted(found, key=lambda task: (not task.is_late, task.due or date.max))


def _stage_tasks(stage: Stage, user: User) -> Iterator[Task]:
    page, name = reverse(STAGE_PAGES[stage.stage_kind]), stage.get_kind_display()
    late = stage.due < stage.cycle.today
    buttons = {button.act: button for button in stage_buttons(stage, user) if button.enabled}
    if Act.SIGN in buttons and stage.state == StageState.SUBMITTED:
        verb = "Approve the plan" if stage.kind == StageKind.EXECUTIVE else f"Sign the {name} review"
        yield Task(verb, f"{stage.submitted_by} submitted it.", page, "Review", stage.due, late)
    if not stage.is_editable:
        return
    function = next((word for role, word in DEMAND_FUNCTION.items() if user.has_role(role)), "")
    if stage.kind == StageKind.DEMAND and function and not _has_submitted(stage, function, user):
        yield Task(
            f"Submit the {function} input",
            "Check your figures, change what you know better, submit.",
            page,
            "Continue",
            stage.due,
            late,
        )
        yield Task(
            "Answer what is worth your time",
            "The items where you can add most; the rest is accepted.",
            reverse("demand:inbox"),
            "Open the inbox",
            stage.due,
            late,
        )
    if Act.SUBMIT in buttons:
        blocking = [finding.message for finding in gate_findings(stage) if finding.blocks]
        text = blocking[0] if blocking else "All checks hold: it can go to its signer."
        yield Task(
            f"Prepare the {name} review" if blocking else f"Submit the {name} review",
            text,
            page,
            "Open",
            stage.due,
            late,
        )
    elif stage.kind == StageKind.PRODUCT and can_edit_stage(user, stage):
        yield Task(
            "Look through launches and phase-outs",
            "Each needs a date, an owner and its volume.",
            page,
            "Open",
            stage.due,
            late,
        )


def _has_submitted(stage: Stage, function: str, user: User) -> bool:
    return FunctionSubmission.objects.filter(stage=stage, function=function, by=user).exists()


def _decision_tasks(cycle: Cycle, user: User) -> Iterator[Task]:
    if not user.has_role(Role.SPONSOR):
        return
    waiting = Decision.objects.filter(cycle=cycle, verdict=Verdict.PENDING).count()
    if waiting:
        executive = cycle.stages.get(kind=StageKind.EXECUTIVE)
        yield Task(
            f"Answer {waiting} decision{'s' if waiting > 1 else ''}",
            "Yes, no, or discuss.",
            reverse("executive:home"),
            "Decide",
            executive.due,
            executive.due < cycle.today,
        )


def _action_tasks(cycle: Cycle, user: User) -> Iterator[Task]:
    for item in cycle.action_items.filter(owner=user, status=ActionStatus.OPEN):
        yield Task(
            item.title,
            "An action of yours.",
            reverse("cycles:home") + "#actions",
            "Open",
            item.due,
            item.due < cycle.today,
        )


def _admin_tasks() -> Iterator[Task]:
    failed = Run.objects.filter(state=RunState.DEAD, parent=None).order_by("-pk")[:5]
    for run in failed:
        yield Task(
            f"A background run failed: {run.kind}", run.error, reverse("cycles:run", args=[run.pk]), "Look"
        )
    for batch in ImportBatch.objects.filter(state=ImportState.REJECTED)[:5]:
        yield Task(
            f"Import {batch.pk} has errors",
            batch.message or "Its files were not loaded.",
            reverse("datahub:home"),
            "Look",
        )
