"""The agenda of the product review's meeting with what stands under each item, and its minutes."""

from dataclasses import dataclass

from cycles.choices import ActionStatus, Role
from cycles.models import ActionItem, Cycle
from portfolio.choices import AgendaItem
from portfolio.models import AgendaNote, GateDecision, ProductReview


@dataclass(frozen=True)
class AgendaRow:
    """An item, its minutes, and what was decided under it in this cycle."""

    item: AgendaItem
    note: AgendaNote | None
    decided: list[str]

    @property
    def minutes(self) -> int:
        return self.item.minutes


def agenda(cycle: Cycle) -> list[AgendaRow]:
    """The meeting in its order."""
    notes = {note.item: note for note in AgendaNote.objects.filter(cycle=cycle).select_related("by")}
    decided = {
        AgendaItem.ACTIONS: _actions(cycle),
        AgendaItem.GATES: _verdicts(cycle),
        AgendaItem.TAIL: _reviews(cycle),
    }
    return [AgendaRow(item, notes.get(item), decided.get(item, [])) for item in AgendaItem]


MOST = 8


def _actions(cycle: Cycle) -> list[str]:
    """What product management still has to do, from this cycle or carried into it."""
    rows = ActionItem.objects.filter(
        cycle=cycle, status=ActionStatus.OPEN, owner__groups__name=Role.PRODUCT
    ).select_related("owner")
    return [f"{one.title} ({one.owner}, due {one.due:%-d %b})" for one in rows[:MOST]]


def _verdicts(cycle: Cycle) -> list[str]:
    rows = GateDecision.objects.filter(cycle=cycle).select_related("launch__product", "by")
    return [
        f"{one.get_verdict_display()}: {one.launch.product}, {one.get_to_gate_display().lower()}"
        f"{f'. {one.reason}' if one.reason else ''} ({one.by})"
        for one in rows[:MOST]
    ]


def _reviews(cycle: Cycle) -> list[str]:
    rows = ProductReview.objects.filter(cycle=cycle).exclude(decision="").select_related("product", "owner")
    return [
        f"{one.get_decision_display()}: {one.product}{f'. {one.reason}' if one.reason else ''}"
        f"{f' ({one.owner})' if one.owner else ''}"
        for one in rows.order_by("-at")[:MOST]
    ]
