"""Push, maintain or cut: the decision on a product, and the freezing of what the review signs."""

import hashlib
import json
from typing import Any

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.actions.versions import writing_version
from cycles.choices import VersionKind
from cycles.models import Cycle, Stage, User, Version
from portfolio.actions.common import editable_stage, finished_product
from portfolio.choices import Proposal
from portfolio.models import Launch, PhaseOut, ProductReview
from portfolio.queries.review import candidates
from sop.errors import InvalidInput
from sop.periods import month_key


@transaction.atomic
def decide_product(*, cycle: Cycle, by: User, code: str, decision: str, reason: str = "") -> ProductReview:
    """Records push, maintain or cut. Another decision than the proposal needs a reason."""
    stage = editable_stage(cycle, by)
    product = finished_product(code)
    if decision not in Proposal.values:
        raise InvalidInput(f"{decision!r} is no decision. Known are: {', '.join(Proposal.values)}.")
    proposal = next(
        (row.advice.proposal for row in candidates(cycle) if row.product.pk == product.pk), decision
    )
    if decision != proposal and not reason.strip():
        raise InvalidInput(
            f"The figures suggest to {Proposal(proposal).label.lower()}. Say why you decide otherwise."
        )
    review, _ = ProductReview.objects.update_or_create(
        cycle=cycle,
        product=product,
        defaults={"proposal": proposal, "decision": decision, "reason": reason.strip(), "by": by},
    )
    note_editor(stage=stage, user=by)
    record_act(
        by=by,
        act="product.decide",
        subject=str(product),
        detail={"decision": decision, "reason": reason.strip()},
    )
    return review


def freeze_portfolio(stage: Stage, by: User) -> Version:
    """The launches, phase-outs and decisions that the review signs, as they stand."""
    content = snapshot(stage.cycle)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with writing_version(
        cycle=stage.cycle,
        kind=VersionKind.PORTFOLIO,
        name=f"Product plan of the {stage.cycle}",
        by=by,
        params=content,
        inputs_hash=digest,
    ) as version:
        pass
    return version


def snapshot(cycle: Cycle) -> dict[str, Any]:
    """The product plan as plain values."""
    launches = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product")
        .prefetch_related("references__product")
    )
    phase_outs = PhaseOut.objects.filter(is_dropped=False).select_related("product", "successor")
    reviews = ProductReview.objects.filter(cycle=cycle).select_related("product")
    return {
        "launches": [
            {
                "product": one.product.code,
                "month": month_key(one.month),
                "gate": one.gate,
                "ramp": one.ramp_months,
                "takes": one.takes_from_like,
                "like": sorted(
                    [reference.product.code, reference.percent] for reference in one.references.all()
                ),
            }
            for one in launches.order_by("product__code")
        ],
        "phase_outs": [
            {
                "product": one.product.code,
                "end": month_key(one.end_month),
                "run_out_months": one.run_out_months,
                "successor": one.successor.code if one.successor else "",
                "percent": one.successor_percent,
            }
            for one in phase_outs.order_by("product__code")
        ],
        "decisions": sorted([one.product.code, one.decision] for one in reviews),
    }
