"""Approval publishes the operating plan; sending back re-opens what has to change."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast, Round
from django.utils import timezone

from cycles.actions.stages import perform
from cycles.actions.versions import copy_facts, writing_version
from cycles.choices import Act, StageKind, StageState, Verdict, VersionKind
from cycles.models import Cycle, SignOff, Stage, User, Version
from cycles.permissions import may, require
from cycles.queries import signed_version, stage_of
from cycles.registry import registry
from demand.actions.summary import rebuild_summary
from demand.models import DemandFact
from executive.actions.participants import note_participants
from executive.models import OperatingPlan
from executive.permissions import can_send_back
from reconciliation.actions.computing import frozen_version
from reconciliation.models import Scenario
from reconciliation.plan_tables import plan_tables
from reconciliation.queries.changes import adjustments_of
from reconciliation.queries.scenarios import recommended_of
from sop.errors import InvalidInput, WrongState

SENT_BACK_TO = {
    StageKind.EXECUTIVE: "The brief",
    StageKind.RECONCILIATION: "Reconciliation: scenarios and money",
    StageKind.SUPPLY: "Supply: the limited plan",
    StageKind.DEMAND: "Demand: what customers want",
}


def approve(
    *,
    cycle: Cycle,
    by: User,
    comment: str = "",
    expected_rev: int | None = None,
    participants: Iterable[User] | None = None,
) -> OperatingPlan:
    """The sponsor's signature: freezes and publishes the operating plan. Refusals as those of a signature.

    ``participants`` says who decided together, unless it has been said before: the gate wants a quorum.
    """
    stage = stage_of(cycle, StageKind.EXECUTIVE)
    require(may(by, Act.SIGN, stage), "The executive sponsor approves the plan.")
    with transaction.atomic():
        if participants is not None:
            note_participants(cycle=cycle, by=by, people=participants)
        perform(stage=stage, act=Act.SIGN, by=by, comment=comment, expected_rev=expected_rev)
        plan = OperatingPlan.objects.get(cycle=cycle)
        plan.comment = comment.strip()
        plan.save(update_fields=["comment"])
    return plan


def conditions_of(cycle: Cycle) -> list[dict[str, str]]:
    """What was noted beside a yes: the plan holds under these conditions."""
    agreed = cycle.decisions.filter(stage_kind=StageKind.EXECUTIVE, verdict=Verdict.YES).exclude(note="")
    return [
        {
            "question": decision.question,
            "condition": decision.note,
            "owner": str(decision.owner or ""),
            "due": decision.due.isoformat() if decision.due else "",
        }
        for decision in agreed.select_related("owner")
    ]


def send_back(*, cycle: Cycle, by: User, to: StageKind, reason: str) -> SignOff:
    """Sends the plan back to the review that has to change it, with a reason; what follows is out of date."""
    require(can_send_back(by), "The sponsor or the process owner sends a plan back.")
    if to not in SENT_BACK_TO:
        raise InvalidInput("Choose the review that has to change the plan.")
    if not reason.strip():
        raise InvalidInput("Say in a sentence why the plan goes back.")
    stage = stage_of(cycle, to)
    if to == StageKind.EXECUTIVE and stage.state == StageState.SUBMITTED:
        return perform(stage=stage, act=Act.SEND_BACK, by=by, comment=reason)
    return perform(stage=stage, act=Act.REOPEN, by=by, comment=reason)


def freeze_operating(stage: Stage, by: User) -> Version:
    """What the approval signs: the recommended scenario on the signed demand plan, copied and published."""
    cycle = stage.cycle
    scenario = recommended_of(cycle)
    plan, demand = frozen_version(scenario), signed_version(cycle, StageKind.DEMAND)
    if demand is None:
        raise WrongState("The demand plan is not signed.")
    with writing_version(
        cycle=cycle,
        kind=VersionKind.OPERATING,
        name=f"Operating plan, {cycle}",
        by=by,
        parent=plan,
        params=plan.params | {"scenario": scenario.pk if scenario else None, "demand_version": demand.pk},
        inputs_hash=plan.inputs_hash,
        engine_version=plan.engine_version,
    ) as version:
        for facts in registry.facts.get(VersionKind.DEMAND, []):
            copy_facts(facts, source=demand, target=version)
        for facts in plan_tables():
            copy_facts(facts, source=plan, target=version)
        adopt_demand_changes(version, scenario)
    publish(cycle=cycle, version=version, demand=demand, by=by)
    return version


def adopt_demand_changes(version: Version, scenario: Scenario | None) -> None:
    """The approved demand is the signed one with the scenario's demand changes: what the plan serves.

    Call it while the version is being written. Consensus moves alone: the steps before it stay as people
    entered them.
    """
    active = scenario.differences.filter(is_active=True) if scenario else []
    changes = adjustments_of(active).demand
    for change in changes:
        facts = DemandFact.objects.filter(version=version)
        if change.streams is not None:
            facts = facts.filter(stream_id__in=change.streams)
        if change.months is not None:
            facts = facts.filter(month__in=change.months)
        facts.update(consensus=Cast(Round(F("consensus") * change.factor), BigIntegerField()))
    if changes:
        rebuild_summary(version)


def publish(*, cycle: Cycle, version: Version, demand: Version, by: User) -> OperatingPlan:
    """Makes a frozen version the plan that everybody works to."""
    plan, _ = OperatingPlan.objects.update_or_create(
        cycle=cycle,
        defaults={
            "version": version,
            "demand_version": demand,
            "scenario": recommended_of(cycle),
            "approved_by": by,
            "approved_at": timezone.now(),
            "content_hash": version.content_hash,
            "conditions": conditions_of(cycle),
        },
    )
    return plan
