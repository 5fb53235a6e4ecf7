"""Answering gaps."""

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.choices import StageKind
from cycles.models import Cycle, User
from cycles.permissions import require_editable
from cycles.queries import stage_of
from portfolio.models import Product
from sop.errors import InvalidInput, NotFound
from supply.models import GapAnswer
from supply.queries.gaps import product_gaps
from supply.queries.plans import required_plan

SHORTEST = 10


def answer_gap(*, cycle: Cycle, product: Product, text: str, by: User) -> GapAnswer:
    """Accept the gaps of a product with the reason that the executive reads; said again, it replaces the old one.

    Raises NotAllowed, Locked or WrongState; InvalidInput for a reason too short; NotFound without a gap.
    """
    stage = stage_of(cycle, StageKind.SUPPLY)
    require_editable(by, stage)
    if len(text.strip()) < SHORTEST:
        raise InvalidInput("Say in a sentence why the gap is accepted, and what customers are told.")
    gap = next(iter(product_gaps(required_plan(cycle), cycle, products=[product.pk])), None)
    if gap is None:
        raise NotFound(f"{product} has no gap in this plan.")
    values = {"text": text.strip(), "revenue_minor": gap.revenue_minor, "by": by}
    with transaction.atomic():
        answer, _ = GapAnswer.objects.update_or_create(cycle=cycle, product=product, defaults=values)
        note_editor(stage=stage, user=by)
        record_act(
            by=by, act="gap.accept", subject=f"{product}, {cycle}",
            detail={"reason": answer.text, "revenue_minor": gap.revenue_minor},
        )  # fmt: skip
    return answer


def withdraw_answer(*, cycle: Cycle, product: Product, by: User) -> None:
    """Take an answer back: the gap is open again."""
    stage = stage_of(cycle, StageKind.SUPPLY)
    require_editable(by, stage)
    with transaction.atomic():
        if GapAnswer.objects.filter(cycle=cycle, product=product).delete()[0]:
            note_editor(stage=stage, user=by)
            record_act(by=by, act="gap.reopen", subject=f"{product}, {cycle}", detail={})
