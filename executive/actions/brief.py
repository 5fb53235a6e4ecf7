"""What the executives read: made from the recommended scenario, in words that the process owner may change."""

from datetime import date, timedelta

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.choices import StageKind, Verdict
from cycles.models import Cycle, Decision, User
from cycles.permissions import require, require_editable
from cycles.queries import stage_of
from executive.models import Brief, DecisionLink
from executive.permissions import can_prepare
from reconciliation.models import Scenario, ScenarioDifference
from reconciliation.queries.changes import family_of
from reconciliation.queries.scenarios import letter_of, recommended_of
from sop.errors import InvalidInput, WrongState
from sop.periods import parse_month

DAYS_TO_ACT = 14


@transaction.atomic
def prepare_brief(*, cycle: Cycle, by: User | None) -> Brief:
    """The brief of a cycle, with one decision for each active difference of the recommended scenario.

    Safe to repeat: decisions that were answered stay, pending ones of other scenarios go.
    """
    scenario = recommended_of(cycle)
    if scenario is None:
        raise WrongState("No scenario is recommended yet: the reconciliation review marks one.")
    brief, _ = Brief.objects.get_or_create(cycle=cycle)
    active = list(scenario.differences.filter(is_active=True).select_related("by", "gap__stream__product"))
    _drop_pending(cycle, active)
    for difference in active:
        _ask_about(cycle, difference)
    if not brief.headline or brief.headline_is_made:
        brief.headline, brief.headline_is_made = headline_of(scenario, active), True
        brief.save()
    return brief


def headline_of(scenario: Scenario, active: list[ScenarioDifference]) -> str:
    """What is asked, in a sentence."""
    if scenario.is_baseline:
        return "Carry on with the plan as it is today"
    words = active[0].sentence[:1].lower() + active[0].sentence[1:] if len(active) == 1 else scenario.name
    return f"Adopt scenario {letter_of(scenario)}: {words}"


def _drop_pending(cycle: Cycle, active: list[ScenarioDifference]) -> None:
    kept = {difference.pk for difference in active}
    links = DecisionLink.objects.filter(decision__cycle=cycle, decision__verdict=Verdict.PENDING)
    for link in links.select_related("decision"):
        if link.difference_id not in kept:
            link.decision.delete()


def _ask_about(cycle: Cycle, difference: ScenarioDifference) -> None:
    known = Decision.objects.filter(cycle=cycle, link__difference=difference)
    if known.exists():
        known.filter(verdict=Verdict.PENDING).update(margin_minor=difference.effect_minor or 0)
        return
    family = family_of(difference.params)
    decision = Decision.objects.create(
        cycle=cycle,
        question=difference.sentence,
        rationale=_rationale(difference),
        options=[{"name": "Yes", "effect_minor": difference.effect_minor}, {"name": "No", "effect_minor": 0}],
        family_codes=[family] if family else [],
        margin_minor=difference.effect_minor or 0,
        source_key=f"difference:{difference.pk}",
        owner=difference.by,
        due=_needed_by(cycle, difference),
    )
    DecisionLink.objects.create(decision=decision, difference=difference)


def _rationale(difference: ScenarioDifference) -> str:
    """Why it is asked: the gap that it closes, with its cause."""
    gap = difference.gap
    return f"Customers lack {gap.stream.product}. {gap.cause}".strip() if gap else ""


def _needed_by(cycle: Cycle, difference: ScenarioDifference) -> date:
    """The first day on which it has to be in place, but not before there is time to act."""
    return max(parse_month(difference.params["first_month"]), cycle.today + timedelta(days=DAYS_TO_ACT))


def write_brief(*, cycle: Cycle, by: User, headline: str, note: str = "") -> Brief:
    """The process owner's own words above the figures."""
    stage = stage_of(cycle, StageKind.EXECUTIVE)
    require_editable(by, stage)
    if not headline.strip():
        raise InvalidInput("Say in a sentence what the executives are asked to do.")
    with transaction.atomic():
        brief, _ = Brief.objects.update_or_create(
            cycle=cycle,
            defaults={"headline": headline.strip(), "note": note.strip(), "headline_is_made": False},
        )
        note_editor(stage=stage, user=by)
    return brief


def add_decision(
    *,
    cycle: Cycle,
    by: User,
    question: str,
    rationale: str = "",
    owner: User | None = None,
    due: date | None = None,
    family_codes: list[str] | None = None,
) -> Decision:
    """A decision that hangs on no scenario: a policy, a price list, a customer."""
    stage = stage_of(cycle, StageKind.EXECUTIVE)
    require(can_prepare(by), "The process owner puts decisions before the executives.")
    require_editable(by, stage)
    if not question.strip():
        raise InvalidInput("The decision is empty: ask a question that yes or no answers.")
    with transaction.atomic():
        decision = Decision.objects.create(
            cycle=cycle,
            question=question.strip(),
            rationale=rationale.strip(),
            owner=owner or by,
            due=due or cycle.today + timedelta(days=DAYS_TO_ACT),
            family_codes=family_codes or [],
        )
        note_editor(stage=stage, user=by)
        record_act(by=by, act="decision.ask", subject=decision.question)
    return decision


def remove_decision(*, decision: Decision, by: User) -> None:
    """Takes back a free decision that nobody has answered."""
    require_editable(by, stage_of(decision.cycle, StageKind.EXECUTIVE))
    if decision.verdict != Verdict.PENDING or DecisionLink.objects.filter(decision=decision).exists():
        raise WrongState("Only a decision of your own that is not answered yet can be taken back.")
    with transaction.atomic():
        record_act(by=by, act="decision.withdraw", subject=decision.question)
        decision.delete()
