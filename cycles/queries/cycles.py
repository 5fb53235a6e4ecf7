"""Cycles, their stages and versions."""

from cycles.choices import CycleState, StageKind, StageState, VersionKind, VersionState
from cycles.models import Cycle, Stage, Version
from sop.errors import NotFound
from sop.reads import once


@once
def open_cycle_or_none() -> Cycle | None:
    """The running cycle."""
    return Cycle.objects.filter(state=CycleState.OPEN).first()


@once
def latest_cycle() -> Cycle | None:
    """The running cycle, or the last one that was closed."""
    return Cycle.objects.order_by("-month").first()


def current_cycle() -> Cycle:
    """The running cycle, or the last closed one between two cycles. NotFound, in words, before the first."""
    cycle = latest_cycle()
    if cycle is None:
        raise NotFound(
            "There is no cycle yet. Load the company's data; the process owner then opens the first one."
        )
    return cycle


@once
def stage_of(cycle: Cycle, kind: StageKind) -> Stage:
    """One stage of a cycle, its cycle at hand."""
    return Stage.objects.select_related("cycle", "submitted_by", "signed_by", "signed_version").get(
        cycle=cycle, kind=kind
    )


@once
def draft_of(cycle: Cycle, kind: VersionKind) -> Version:
    """The draft of a kind. NotFound, in words, where there is none."""
    draft = Version.objects.filter(cycle=cycle, kind=kind, state=VersionState.DRAFT).first()
    if draft is None:
        raise NotFound(f"The {cycle} has no {VersionKind(kind).label.lower()} yet.")
    return draft


@once
def signed_version(cycle: Cycle, kind: StageKind) -> Version | None:
    """The frozen version that a stage has signed; None unless it is signed now."""
    stage = stage_of(cycle, kind)
    return stage.signed_version if stage.state == StageState.SIGNED else None


@once
def latest_version(cycle: Cycle, kind: VersionKind) -> Version | None:
    """The newest frozen version of a kind in a cycle."""
    return Version.objects.filter(cycle=cycle, kind=kind, state=VersionState.FROZEN).first()


@once
def previous_signed(cycle: Cycle, kind: StageKind) -> Version | None:
    """What the same stage signed in the last cycle before."""
    stage = (
        Stage.objects.filter(cycle__month__lt=cycle.month, kind=kind, signed_version__isnull=False)
        .select_related("signed_version")
        .order_by("-cycle__month")
        .first()
    )
    return stage.signed_version if stage else None
