"""The ledger as people read it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from cycles.choices import Measure
from cycles.models import Change, User, Version
from demand.permissions import may_change
from demand.queries.ledger import SYSTEM_SOURCES, is_active, last_word, undo_map
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT


@dataclass(frozen=True)
class LedgerEntry:
    """One change for the list: what it did in units and money, whether it counts, and what can be done to it."""

    change: Change
    units: float
    money: float
    counts: bool
    undo_key: int
    can_undo: bool
    can_redo: bool

    @property
    def what(self) -> str:
        """The operation in words."""
        operand = self.change.operand
        words = {"set": "Set to", "add": "Added", "multiply": "Times", "undo": "Taken back"}[
            self.change.operation
        ]
        if self.change.source == "baseline" and self.change.operation == "set":
            return "New baseline"
        if operand is None or self.change.operation == "undo":
            return words if self.change.operation == "undo" else f"{words} several figures"
        digits = 4 if self.change.operation == "multiply" else 0 if abs(operand) >= 100 else 3
        return (
            f"{words} {operand:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{words} {operand:,.0f}"
        )


def ledger(version: Version, *, measure: str = "", words: str = "", person: str = "") -> QuerySet[Change]:
    """Changes of a version, newest first, cut by measure, by a word in scope or comment, and by user name."""
    rows = Change.objects.filter(version=version).select_related("by", "undoes", "assumption")
    if measure:
        rows = rows.filter(measure=measure)
    if person:
        rows = rows.filter(by__username=person)
    if words:
        rows = rows.filter(
            Q(comment__icontains=words)
            | Q(scope__name__icontains=words)
            | Q(scope__code__icontains=words)
            | Q(source_key__icontains=words)
        )
    return rows


def entries(changes: list[Change], version: Version, user: User, *, is_editable: bool) -> list[LedgerEntry]:
    """The list's rows with the buttons that this person may press."""
    undone = undo_map(version)
    return [_entry(change, undone, user, is_editable) for change in changes]


def _entry(change: Change, undone: dict[int, int], user: User, is_editable: bool) -> LedgerEntry:
    counts = is_active(change.pk, undone)
    from_review = change.source in SYSTEM_SOURCES and change.measure == Measure.PRODUCT
    allowed = (
        is_editable
        and change.line_count > 0
        and change.operation != "undo"
        and not from_review
        and may_change(user, change.measure)
    )
    return LedgerEntry(
        change,
        change.delta_quanta / QUANTA_PER_UNIT,
        change.delta_value / MINOR_PER_MAJOR,
        counts,
        last_word(change.pk, undone),
        allowed and counts,
        allowed and not counts,
    )


def people_in(version: Version) -> list[Any]:
    """Who has changed this version, for the filter."""
    return list(
        User.objects.filter(pk__in=Change.objects.filter(version=version).values("by_id")).order_by(
            "first_name"
        )
    )
