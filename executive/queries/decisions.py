"""Decisions of the brief, and which families each of them touches."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from cycles.choices import Role, StageKind
from cycles.models import Cycle, Decision, User
from executive.models import HeldFamily
from portfolio.models import Family, Product
from reconciliation.choices import DifferenceKind
from reconciliation.models import ScenarioDifference
from sop.errors import NotFound


def decisions_of(cycle: Cycle) -> QuerySet[Decision]:
    """Decisions asked of the executives in their order, with what hangs on them."""
    return (
        Decision.objects.filter(cycle=cycle, stage_kind=StageKind.EXECUTIVE)
        .select_related("link__difference__by", "owner", "decided_by")
        .prefetch_related(
            Prefetch("held_families", HeldFamily.objects.order_by("family_code")), "action_items"
        )
        .order_by("pk")
    )


def decision_or_404(pk: int) -> Decision:
    """A decision of the executive review with its cycle. NotFound otherwise."""
    decisions = Decision.objects.filter(stage_kind=StageKind.EXECUTIVE)
    found = (
        decisions.select_related("cycle", "owner", "link__difference__scenario__cycle").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def deciders() -> QuerySet[User]:
    """Who may carry out what is decided: everybody with a planning role."""
    return User.objects.filter(is_active=True, groups__name__in=Role.planning()).distinct().order_by("pk")


def families_touched(decision: Decision) -> list[str]:
    """Codes of the families that a decision concerns; all of them where it names none."""
    if decision.family_codes:
        return list(decision.family_codes)
    link = getattr(decision, "link", None)
    difference = link.difference if link else None
    codes = _families_of(difference) if difference else []
    return codes or list(
        Family.objects.filter(products__streams__isnull=False).distinct().values_list("code", flat=True)
    )


def _families_of(difference: ScenarioDifference) -> list[str]:
    """Families whose products the difference reaches: by scope, by resource or by supplier."""
    params: dict[str, Any] = difference.params
    products = Product.objects.filter(family__isnull=False)
    if difference.kind in DifferenceKind.of_demand_side():
        products = products.filter(streams__isnull=False)
        if params.get("product"):
            products = products.filter(code=params["product"])
        if params.get("family"):
            products = products.filter(family__code=params["family"])
        if params.get("market"):
            products = products.filter(streams__market__code=params["market"])
    elif difference.kind == DifferenceKind.SUPPLIER_SHUT:
        bought = {"suppliers__supplier__code": params["supplier"]}
        used = {"bill_lines__component__suppliers__supplier__code": params["supplier"]}
        products = products.filter(**bought) | products.filter(**used)
    elif params.get("resource"):
        products = products.filter(routings__resource__code=params["resource"])
    elif difference.gap:
        products = products.filter(pk=difference.gap.stream.product_id)
    return sorted(set(products.values_list("family__code", flat=True)))
