"""Where the plan stands: the demand plan beside history, last cycle and budget, and what moved."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from cycles.choices import StageKind, VersionKind, VersionState
from cycles.models import Cycle, User, Version
from cycles.queries import Scope, previous_signed, scope_of, signed_version
from demand.models import DemandHistory, DemandSummary
from demand.queries.stamp import kept_by_history
from portfolio.models import Family
from reconciliation.models import BudgetLine
from sop.periods import add_months, month_range
from sop.reads import once

MONTHS_SHOWN = 12
MONTHS_BEFORE = 6


@dataclass(frozen=True)
class Standing:
    """Sums over the next twelve months and by month, in quanta and minor units."""

    months: list[date]
    history: dict[date, int]
    plan: dict[date, int]
    previous: dict[date, int]
    budget: dict[date, int]
    plan_value: int
    budget_value: int

    @property
    def change(self) -> float | None:
        """Of the plan against last cycle's, over the months that both have."""
        shared = [month for month in self.months if month in self.plan and month in self.previous]
        before = sum(self.previous[month] for month in shared)
        return sum(self.plan[month] for month in shared) / before - 1 if before else None

    @property
    def to_budget(self) -> float | None:
        return self.plan_value / self.budget_value - 1 if self.budget_value else None


@once
def plan_version(cycle: Cycle) -> Version | None:
    """The signed demand plan of a cycle, its draft while there is none."""
    return (
        signed_version(cycle, StageKind.DEMAND)
        or Version.objects.filter(cycle=cycle, kind=VersionKind.DEMAND, state=VersionState.DRAFT).first()
    )


@once
def standing(cycle: Cycle, user: User) -> Standing:
    """The plan of the part of the company that the person plans."""
    scope = scope_of(user)
    months = month_range(cycle.month, min(MONTHS_SHOWN, cycle.horizon_months))
    version, previous = plan_version(cycle), previous_signed(cycle, StageKind.DEMAND)
    plan = _by_month(version, scope, months)
    values = _summary(version, scope).filter(month__in=months).aggregate(total=Sum("consensus_value"))
    budget = BudgetLine.objects.filter(month__in=months)
    past = month_range(add_months(cycle.month, -MONTHS_BEFORE), MONTHS_BEFORE)
    whole = scope.everything
    return Standing(
        months=months,
        history=kept_by_history(f"sold by month, {scope}", cycle, lambda: _history(past, scope)),
        plan=plan,
        previous=_by_month(previous, scope, months),
        # The budget is by family only: beside a part of the markets it would mislead.
        budget=dict(budget.values_list("month").annotate(Sum("quantity"))) if whole else {},
        plan_value=values["total"] or 0,
        budget_value=(budget.aggregate(total=Sum("revenue_minor"))["total"] or 0) if whole else 0,
    )


@once
def family_changes(cycle: Cycle, user: User, most: int = 7) -> list[tuple[Family, int, float | None]]:
    """Families that moved most against last cycle: family, change in quanta, change as a share."""
    version, previous = plan_version(cycle), previous_signed(cycle, StageKind.DEMAND)
    if version is None or previous is None:
        return []
    scope = scope_of(user)
    months = month_range(cycle.month, min(MONTHS_SHOWN, cycle.horizon_months - 1))
    now, before = (_by_family(chosen, scope, months) for chosen in (version, previous))
    families = Family.objects.in_bulk(now.keys() | before.keys())
    moved = [
        (
            families[pk],
            now.get(pk, 0) - before.get(pk, 0),
            now.get(pk, 0) / before[pk] - 1 if before.get(pk) else None,
        )
        for pk in now.keys() | before.keys()
        if now.get(pk, 0) != before.get(pk, 0)
    ]
    return sorted(moved, key=lambda row: (-abs(row[1]), row[0].code))[:most]


def _summary(version: Version | None, scope: Scope) -> QuerySet[DemandSummary]:
    rows = DemandSummary.objects.filter(version=version) if version else DemandSummary.objects.none()
    return rows.filter(inside(scope, "family__code", "market__code"))


def inside(scope: Scope, family: str, market: str) -> Q:
    """The scope as a filter on the two named lookups."""
    if scope.everything:
        return Q()
    condition = Q(pk__in=[])
    for family_code, market_code in scope.pairs:
        pair = Q()
        if family_code:
            pair &= Q(**{family: family_code})
        if market_code:
            pair &= Q(**{market: market_code})
        condition |= pair
    return condition


def _by_month(version: Version | None, scope: Scope, months: list[date]) -> dict[date, int]:
    rows = _summary(version, scope).filter(month__in=months)
    return dict(rows.values_list("month").annotate(Sum("consensus")))


def _by_family(version: Version, scope: Scope, months: list[date]) -> dict[int, int]:
    rows = _summary(version, scope).filter(month__in=months)
    return dict(rows.values_list("family_id").annotate(Sum("consensus")))


def _history(months: list[date], scope: Scope) -> dict[date, int]:
    rows = DemandHistory.objects.filter(month__in=months).filter(
        inside(scope, "stream__product__family__code", "stream__market__code")
    )
    return dict(rows.values_list("month").annotate(Sum("quantity")))
