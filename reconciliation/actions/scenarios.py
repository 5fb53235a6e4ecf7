"""Make scenarios, stack differences on the signed plans, compare, recommend."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from django.db import IntegrityError, transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.models import Cycle, Run, User
from cycles.permissions import require, require_editable
from reconciliation.actions.computing import compute, mark_out_of_date, switch
from reconciliation.actions.differences import clean_params, cost_words_of, sentence_of
from reconciliation.actions.levers import differences_of_lever
from reconciliation.choices import DifferenceKind, ScenarioState
from reconciliation.models import Scenario, ScenarioDifference
from reconciliation.permissions import can_recommend, require_kind
from reconciliation.queries.scenarios import reconciliation_stage
from sop.errors import InvalidInput, WrongState
from sop.quantities import to_minor
from supply.models import SupplyGap

BASELINE_NAME = "As today"
NAME_LENGTH = 60


@transaction.atomic
def ensure_baseline(*, cycle: Cycle, by: User | None) -> Scenario:
    """The scenario without differences, made when the supply plan is signed."""
    baseline, _ = Scenario.objects.get_or_create(
        cycle=cycle,
        is_baseline=True,
        defaults={
            "name": BASELINE_NAME,
            "owner": by,
            "description": "The signed demand and supply plans, nothing decided anew.",
        },
    )
    return baseline


def create_scenario(
    *, cycle: Cycle, by: User, name: str, question: str = "", copy_of: Scenario | None = None
) -> Scenario:
    """A scenario of its own, empty or with the differences of another one."""
    stage = reconciliation_stage(cycle)
    require_editable(by, stage)
    name = name.strip()
    if not name:
        raise InvalidInput(
            "Give the scenario a name.", errors=[{"field": "name", "message": "Give it a name."}]
        )
    with transaction.atomic():
        try:
            with transaction.atomic():
                scenario = Scenario.objects.create(
                    cycle=cycle, name=name, question=question.strip(), owner=by
                )
        except IntegrityError:
            words = f"There is a scenario called {name} already."
            raise InvalidInput(words, errors=[{"field": "name", "message": words}]) from None
        if copy_of is not None:
            _copy_differences(copy_of, scenario, by)
        note_editor(stage=stage, user=by)
        record_act(
            by=by, act="scenario.create", subject=f"{scenario}, {cycle}", detail={"scenario": scenario.pk}
        )
    return scenario


def _copy_differences(source: Scenario, target: Scenario, by: User) -> None:
    for difference in source.differences.all():
        difference.pk, difference.scenario, difference.by, difference.effect_minor = None, target, by, None
        difference.save(force_insert=True)


def describe_scenario(*, scenario: Scenario, by: User, name: str, question: str) -> None:
    """Changes the words of a scenario; its figures stay."""
    require_editable(by, reconciliation_stage(scenario.cycle))
    _require_not_baseline(scenario)
    if not name.strip():
        raise InvalidInput(
            "Give the scenario a name.", errors=[{"field": "name", "message": "Give it a name."}]
        )
    others = Scenario.objects.filter(cycle=scenario.cycle, name=name.strip()).exclude(pk=scenario.pk)
    if others.exists():
        words = f"There is a scenario called {name.strip()} already."
        raise InvalidInput(words, errors=[{"field": "name", "message": words}])
    Scenario.objects.filter(pk=scenario.pk).update(name=name.strip(), question=question.strip())


def remove_scenario(*, scenario: Scenario, by: User) -> None:
    """Drops a scenario and its differences; versions that it was computed to stay as they are frozen."""
    stage = reconciliation_stage(scenario.cycle)
    require_editable(by, stage)
    _require_not_baseline(scenario)
    with transaction.atomic():
        record_act(by=by, act="scenario.remove", subject=f"{scenario}, {scenario.cycle}")
        scenario.delete()
        note_editor(stage=stage, user=by)


def add_difference(
    *,
    scenario: Scenario,
    by: User,
    kind: DifferenceKind,
    params: Mapping[str, Any],
    one_off_cost: float = 0.0,
    gap: SupplyGap | None = None,
) -> ScenarioDifference:
    """Puts a difference on top of a scenario, switched on. ``one_off_cost`` in whole currency units."""
    _require_change(scenario, by, kind)
    cost = _one_off(one_off_cost)
    clean = clean_params(kind, params, scenario.cycle)
    with transaction.atomic():
        difference = ScenarioDifference.objects.create(
            scenario=scenario,
            kind=kind,
            params=clean,
            one_off_cost_minor=cost,
            sentence=sentence_of(kind, clean)[:300],
            cost_words=cost_words_of(clean, cost),
            by=by,
            gap=gap,
        )
        _changed(scenario, by)
    return difference


def edit_difference(
    *, difference: ScenarioDifference, by: User, params: Mapping[str, Any], one_off_cost: float = 0.0
) -> ScenarioDifference:
    """Gives a difference other parameters; the scenario is then out of date until computed again."""
    kind = DifferenceKind(difference.kind)
    _require_change(difference.scenario, by, kind)
    difference.one_off_cost_minor = _one_off(one_off_cost)
    difference.params = clean_params(kind, params, difference.scenario.cycle)
    difference.sentence = sentence_of(kind, difference.params)[:300]
    difference.cost_words = cost_words_of(difference.params, difference.one_off_cost_minor)
    difference.effect_minor = None
    with transaction.atomic():
        difference.save()
        _changed(difference.scenario, by)
    return difference


def toggle_difference(*, difference: ScenarioDifference, by: User, active: bool) -> None:
    """Switches a difference on or off."""
    _require_change(difference.scenario, by, DifferenceKind(difference.kind))
    with transaction.atomic():
        switch(difference, active=active)
        _changed(difference.scenario, by)


def remove_difference(*, difference: ScenarioDifference, by: User) -> None:
    """Takes a difference out for good."""
    _require_change(difference.scenario, by, DifferenceKind(difference.kind))
    with transaction.atomic():
        difference.delete()
        _changed(difference.scenario, by)


def recommend_scenario(*, scenario: Scenario, by: User) -> None:
    """Marks the one scenario of its cycle that is recommended to the executives."""
    stage = reconciliation_stage(scenario.cycle)
    require(can_recommend(by), "Finance or the process owner recommends a scenario.")
    require_editable(by, stage)
    if scenario.state != ScenarioState.COMPUTED:
        raise WrongState(
            f"{scenario} is {scenario.get_state_display().lower()}: compute it before recommending it."
        )
    with transaction.atomic():
        Scenario.objects.filter(cycle=scenario.cycle, is_recommended=True).update(is_recommended=False)
        Scenario.objects.filter(pk=scenario.pk).update(is_recommended=True)
        record_act(by=by, act="scenario.recommend", subject=f"{scenario}, {scenario.cycle}")
    scenario.refresh_from_db(fields=["is_recommended"])


def request_scenario(*, scenario: Scenario, by: User) -> Run:
    """Computes a scenario on the signed plans; the same inputs are the same run, at once where it is done."""
    require_editable(by, reconciliation_stage(scenario.cycle))
    return compute(scenario, by)


def request_all(*, cycle: Cycle, by: User) -> list[Run]:
    """Computes every scenario of a cycle that is not up to date, side by side."""
    require_editable(by, reconciliation_stage(cycle))
    stale = Scenario.objects.filter(cycle=cycle).exclude(state=ScenarioState.COMPUTED)
    return [compute(scenario, by) for scenario in stale.select_related("cycle")]


def supply_was_signed(*, cycle: Cycle, by: User | None) -> None:
    """A new signed supply plan: the baseline is computed at once, all else is out of date until asked for."""
    with transaction.atomic():
        baseline = ensure_baseline(cycle=cycle, by=by)
        Scenario.objects.filter(cycle=cycle, state=ScenarioState.COMPUTED).update(
            state=ScenarioState.OUT_OF_DATE
        )
        baseline.refresh_from_db()
        compute(baseline, by)


def scenario_from_gap(
    *, gap: SupplyGap, lever_index: int, by: User, scenario: Scenario | None = None
) -> Scenario:
    """Puts a priced lever of a gap into the scenario given, or into a new one named after it."""
    if not 0 <= lever_index < len(gap.levers):
        raise InvalidInput("This gap has no such lever; the supply plan may have been computed anew.")
    lever = gap.levers[lever_index]
    parts = differences_of_lever(lever)
    with transaction.atomic():
        target = scenario or _scenario_named(gap.version.cycle, _name_for(gap, str(lever["name"])), by)
        for kind, params in parts:
            add_difference(scenario=target, by=by, kind=kind, params=params, gap=gap)
    return target


def _name_for(gap: SupplyGap, lever: str) -> str:
    """Short enough for a column's head; a lever of many parts is told by its differences."""
    if len(lever) <= NAME_LENGTH:
        return lever
    return shorten(f"Close the gap of {gap.stream.product}", NAME_LENGTH, placeholder=" …")


def _scenario_named(cycle: Cycle, name: str, by: User) -> Scenario:
    taken = set(Scenario.objects.filter(cycle=cycle).values_list("name", flat=True))
    free = next(option for option in (name, *(f"{name} {n}" for n in range(2, 1000))) if option not in taken)
    return create_scenario(cycle=cycle, by=by, name=free)


def _require_change(scenario: Scenario, by: User, kind: DifferenceKind) -> None:
    require_editable(by, reconciliation_stage(scenario.cycle))
    _require_not_baseline(scenario)
    require_kind(by, kind)


def _require_not_baseline(scenario: Scenario) -> None:
    if scenario.is_baseline:
        raise WrongState(
            f"“{scenario}” is the signed plan itself and stays without differences. Make a scenario of your own."
        )


def _changed(scenario: Scenario, by: User) -> None:
    mark_out_of_date(scenario)
    note_editor(stage=reconciliation_stage(scenario.cycle), user=by)


def _one_off(cost: float) -> int:
    if not 0 <= cost <= 1e12:
        words = "The cost once must be a number from 0 on."
        raise InvalidInput(words, errors=[{"field": "one_off_cost", "message": words}])
    return to_minor(cost)
