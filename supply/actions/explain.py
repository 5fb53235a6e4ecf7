"""A solved plan with the causes of its gaps in words. Imports numpy: for workers only."""

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

    ``levers`` are by place in ``plan.gaps``.
    """
    rows = plan_rows(built, plan)
    names = names_in_words()
    rows.gaps.extend(
        _gap_row(gap, names, (levers or {}).get(place, []))
        for place, gap in enumerate(plan.gaps)
        if rows.gap_quanta[gap.stream, gap.month] >= SMALLEST_GAP
    )
    return rows


def _gap_row(gap: Gap, names: Names, levers: list[dict[str, object]]) -> GapRow:
    return GapRow(gap.stream, gap.month, list(gap.binding), cause_in_words(gap.binding, names), levers)


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
