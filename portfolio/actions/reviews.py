"""Push, maintain or cut: the decision on a product, and the freezing of what the review signs."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from cycles.actions.versions import writing_version
from cycles.choices import VersionKind
from cycles.models import Cycle, Stage, User, Version
from portfolio.actions.common import editable_stage, finished_product, saved
from portfolio.choices import Proposal
from portfolio.models import Launch, PhaseOut, ProductReview
from portfolio.queries.candidates import candidates
from portfolio.rationalisation import Advice
from sop.errors import InvalidInput
from sop.periods import first_of_month, month_key
from sop.quantities import MINOR_PER_MAJOR

MOST_PUSH = 1_000.0


@dataclass(frozen=True)
class Push:
    """How much more of a product will be sold, in percent of the baseline, for twelve months from a month."""

    percent: float
    first_month: date


@transaction.atomic
def decide_product(
    *,
    cycle: Cycle,
    by: User,
    code: str,
    decision: str,
    reason: str = "",
    owner: User | None = None,
    push: Push | None = None,
) -> ProductReview:
    """Records push, maintain or cut with its owner and its effect in a year.

    Another decision than the proposal needs a reason. A push with a percent changes the demand plan at
    once; a cut does so when its phase-out is planned.
    """
    stage = editable_stage(cycle, by)
    product = finished_product(code)
    if decision not in Proposal.values:
        raise InvalidInput(f"{decision!r} is no decision. Known are: {', '.join(Proposal.values)}.")
    advice = next((row.advice for row in candidates(cycle) if row.product.pk == product.pk), None)
    proposal = advice.proposal if advice else decision
    if decision != proposal and not reason.strip():
        raise InvalidInput(
            f"The figures suggest to {Proposal(proposal).label.lower()}. Say why you decide otherwise."
        )
    _check_push(push, decision, cycle)
    review, _ = ProductReview.objects.update_or_create(
        cycle=cycle,
        product=product,
        defaults={
            "proposal": proposal,
            "decision": decision,
            "reason": reason.strip(),
            "by": by,
            "owner": owner or by,
            "growth_percent": push.percent if push else None,
            "first_month": first_of_month(push.first_month) if push else None,
            **_effect(advice, decision, push),
        },
    )
    detail = {
        "decision": decision,
        "reason": reason.strip(),
        "owner": str(review.owner),
        "percent": review.growth_percent,
    }
    saved(cycle=cycle, stage=stage, by=by, product=product, act="product.decide", detail=detail)
    return review


def _check_push(push: Push | None, decision: str, cycle: Cycle) -> None:
    if push is None:
        return
    if decision != Proposal.PUSH:
        raise InvalidInput("Only a push raises the plan of a product.")
    if not 0 < push.percent <= MOST_PUSH:
        raise InvalidInput(f"A push adds between 0 and {MOST_PUSH:g} percent.")
    if not cycle.month <= first_of_month(push.first_month) <= cycle.months[-1]:
        raise InvalidInput("The push begins in a month of the plan.")


def _effect(advice: Advice | None, decision: str, push: Push | None) -> dict[str, Any]:
    """Expected effect of a year: a cut gives up the last year's sales, a push adds its percent to them."""
    if advice is None:
        return {"effect_units": None, "effect_revenue_minor": None, "effect_margin_minor": None}
    share = -1.0 if decision == Proposal.CUT else push.percent / 100 if push else 0.0
    return {
        "effect_units": share * advice.year_units,
        "effect_revenue_minor": round(share * advice.revenue * MINOR_PER_MAJOR),
        "effect_margin_minor": round(share * advice.margin * MINOR_PER_MAJOR),
    }


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
        .prefetch_related("references__product", "influences__product")
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
                "basis": one.basis,
                "copy": one.copy_percent,
                "units": one.full_units,
                "diffusion": [one.innovators, one.imitators],
                "held": one.is_held,
                "influences": sorted([other.product.code, other.percent] for other in one.influences.all()),
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
                "curve": one.curve,
                "run_out_units": one.run_out_units,
                "coming_units": one.coming_units,
                "last_order": one.last_order.isoformat() if one.last_order else None,
                "salvage": one.salvage_percent,
            }
            for one in phase_outs.order_by("product__code")
        ],
        "decisions": sorted(
            [
                one.product.code,
                one.decision,
                one.growth_percent,
                month_key(one.first_month) if one.first_month else "",
            ]
            for one in reviews
        ),
    }
