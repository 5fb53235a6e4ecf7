"""Figures for scenarios: what identifies them, asking for their run, and taking its result.

Guards are the callers': a person asks by ``reconciliation.actions.scenarios``, an answer of the executives by
``executive.actions.decisions``.
"""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from cycles.actions.runs import request_run
from cycles.choices import RunState, StageKind, VersionState
from cycles.models import Company, Cycle, Run, User, Version
from cycles.queries import signed_version
from reconciliation.choices import ScenarioState
from reconciliation.models import BudgetLine, Scenario, ScenarioDifference
from reconciliation.queries.scenarios import EFFECTS_KIND, RUN_KIND
from sop.errors import WrongState
from supply.queries.fingerprint import inputs_fingerprint


def switch(difference: ScenarioDifference, *, active: bool) -> None:
    """Sets the switch and marks the scenario out of date; guards are the caller's."""
    difference.is_active = active
    difference.save(update_fields=["is_active"])
    mark_out_of_date(difference.scenario)


def mark_out_of_date(scenario: Scenario) -> None:
    """What was computed no longer holds; what was never computed stays a draft."""
    Scenario.objects.filter(pk=scenario.pk, state=ScenarioState.COMPUTED).update(
        state=ScenarioState.OUT_OF_DATE
    )
    scenario.refresh_from_db(fields=["state"])


def compute(scenario: Scenario, by: User | None) -> Run:
    """Asks for the run of a scenario; guards are the caller's. WrongState where supply is not signed."""
    supply, demand = plans_below(scenario.cycle)
    params = {"scenario": scenario.pk, "identity": identity_of(scenario, supply, demand)}
    key = f"{scenario.pk}:{params['identity']}"
    with transaction.atomic():
        run = request_run(kind=RUN_KIND, key=key, by=by, cycle=scenario.cycle, params=params)
        Scenario.objects.filter(pk=scenario.pk).update(run=run)
        if run.state == RunState.DONE:
            take_version(scenario, run.result["version"], by)
    scenario.refresh_from_db()
    return run


def take_version(scenario: Scenario, version_id: int, by: User | None) -> None:
    """Puts a computed version in place, and has the effects of its differences worked out."""
    Scenario.objects.filter(pk=scenario.pk).update(
        version_id=version_id, state=ScenarioState.COMPUTED, computed_at=timezone.now()
    )
    scenario.differences.update(effect_minor=None)
    if not scenario.differences.filter(is_active=True).exists():
        return
    identity = Version.objects.values_list("inputs_hash", flat=True).get(pk=version_id)
    params = {"scenario": scenario.pk, "identity": identity}
    key = f"{scenario.pk}:{identity}"
    run = request_run(kind=EFFECTS_KIND, key=key, by=by, cycle=scenario.cycle, params=params)
    if run.state == RunState.DONE:
        take_effects(scenario, {int(pk): effect for pk, effect in run.result["effects"].items()})


def take_effects(scenario: Scenario, effects: Mapping[int, int]) -> None:
    """Puts the effect of each difference (minor units of EBIT) beside it."""
    for pk, effect in effects.items():
        scenario.differences.filter(pk=pk).update(effect_minor=effect)


def is_still(scenario: Scenario, identity: str) -> bool:
    """Whether the scenario's inputs are still those that a run was asked to compute."""
    try:
        return identity_of(scenario, *plans_below(scenario.cycle)) == identity
    except WrongState:  # the supply review was re-opened meanwhile
        return False


def plans_below(cycle: Cycle) -> tuple[Version, Version]:
    """The signed supply plan and the demand plan that it was made for. WrongState where one is missing."""
    supply = signed_version(cycle, StageKind.SUPPLY)
    demand = signed_version(cycle, StageKind.DEMAND)
    if supply is None or demand is None:
        raise WrongState(
            "Scenarios build on the signed supply plan: the supply review has to be signed first."
        )
    return supply, demand


def identity_of(scenario: Scenario, supply: Version, demand: Version) -> str:
    """Hash of everything that decides the figures: both plans, the settings and the active differences."""
    active = scenario.differences.filter(is_active=True).order_by("pk")
    facts = {
        "inputs": inputs_fingerprint(scenario.cycle, demand),
        "supply": [supply.pk, supply.content_hash],
        "company": Company.current().updated_at.isoformat(),
        "budget": list(BudgetLine.objects.aggregate(Count("pk"), Sum("opex_minor")).values()),
        "differences": [[d.pk, d.kind, d.params, d.one_off_cost_minor] for d in active],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def frozen_version(scenario: Scenario | None) -> Version:
    """The version of a scenario that is up to date. WrongState in words otherwise."""
    if scenario is None:
        raise WrongState("No scenario is recommended yet: mark one before signing.")
    version = scenario.version
    if scenario.state != ScenarioState.COMPUTED or version is None or version.state != VersionState.FROZEN:
        raise WrongState(f"The recommended scenario {scenario} is not up to date: compute it again first.")
    return version
