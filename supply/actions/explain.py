"""A solved plan with the causes of its gaps in words. Imports numpy: for workers only."""

from collections import defaultdict
from collections.abc import Mapping

from portfolio.models import Market, Product
from supply.actions.causes import Names, cause_in_words
from supply.actions.facts import SMALLEST_GAP, GapRow, PlanRows, plan_rows
from supply.models import Resource, Site, Supplier
from supply.planning.plan import Gap, Plan
from supply.queries.case.built import BuiltCase


def explain_plan(
    built: BuiltCase, plan: Plan, levers: Mapping[int, list[dict[str, object]]] | None = None
) -> PlanRows:
    """The plan, rounded, with one row for each gap: units, cause in words, levers where they were tried out.

    The cause is told for a product as a whole, so that a limit's months stand together.
    ``levers`` are by place in ``plan.gaps``.
    """
    rows = plan_rows(built, plan)
    kept = [
        (place, gap)
        for place, gap in enumerate(plan.gaps)
        if rows.gap_quanta[gap.stream, gap.month] >= SMALLEST_GAP
    ]
    causes = _causes(built, [gap for _, gap in kept])
    for place, gap in kept:
        cause = causes[int(built.case.demand.product[gap.stream])]
        rows.gaps.append(
            GapRow(gap.stream, gap.month, list(gap.binding), cause, (levers or {}).get(place, []))
        )
    return rows


def _causes(built: BuiltCase, gaps: list[Gap]) -> dict[int, str]:
    """What stands in the way of each product, in the order of its months."""
    if not gaps:
        return {}
    names, binding = names_in_words(), defaultdict[int, list[str]](list)
    for gap in sorted(gaps, key=lambda gap: gap.month):
        binding[int(built.case.demand.product[gap.stream])] += gap.binding
    return {product: cause_in_words(dict.fromkeys(limits), names) for product, limits in binding.items()}


def names_in_words() -> Names:
    """Words for the codes of the case."""
    sites = {site.code: str(site) for site in Site.objects.all()}
    markets = {market.code: market.name or market.code for market in Market.objects.all()}
    return Names(
        sites=sites,
        resources={resource.code: str(resource) for resource in Resource.objects.all()},
        products={code: words or code for code, words in Product.objects.values_list("code", "description")},
        suppliers={supplier.code: str(supplier) for supplier in Supplier.objects.all()},
        places=markets | sites,
    )
