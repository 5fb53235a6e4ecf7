"""Where the constrained plan sells less than the budget, and whether it is supply that keeps it there."""

from collections import defaultdict

from cycles.models import Version
from portfolio.models import Family
from reconciliation.models import BudgetLine
from supply.choices import AlertKind
from supply.models import SupplySummary
from supply.queries.alerts import Alert


def below_budget(version: Version) -> Alert | None:
    """Families whose constrained sales fall short of the budget while some demand is not served.

    Compared over the months that have a budget: revenue at planned prices against budgeted net revenue. A
    family that serves everything is a matter of demand, not of supply, and is left out.
    """
    planned = SupplySummary.objects.filter(version=version)
    budget = {
        (family, month): amount
        for family, month, amount in BudgetLine.objects.filter(month__in=planned.values("month")).values_list(
            "family_id", "month", "revenue_minor"
        )
    }
    missing: dict[int, int] = defaultdict(int)
    gaps: dict[int, int] = defaultdict(int)
    for family, month, revenue, gap in planned.values_list(
        "family_id", "month", "revenue_minor", "gap_minor"
    ):
        if (family, month) in budget:
            missing[family] += budget[family, month] - revenue
            gaps[family] += gap
    short = {family: amount for family, amount in missing.items() if amount > 0 and gaps[family] > 0}
    if not short:
        return None
    worst = Family.objects.get(pk=max(short, key=lambda family: short[family]))
    words = "family stay" if len(short) == 1 else "families stay"
    text = f"Constrained sales of {len(short)} {words} below budget, most of all {worst}"
    return Alert(
        AlertKind.BUDGET, text, len(short), "supply:sheet", "Its family sheet", query=f"family={worst.code}"
    )
