"""The operating plan: what the executives approved, by family and month."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cycles.models import Cycle
from executive.models import HeldFamily, OperatingPlan
from portfolio.models import Family
from reconciliation.finance.lines import Amounts
from reconciliation.queries import statement_of, statements_by_family


@dataclass(frozen=True)
class PlanFamily:
    """A family of the operating plan with its statement by month; held while a decision is discussed."""

    code: str
    name: str
    amounts: Amounts
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class PlanView:
    """The operating plan of a cycle, of the company and by family."""

    plan: OperatingPlan
    months: list[date]
    total: Amounts
    families: list[PlanFamily]


def operating_plan_of(cycle: Cycle) -> OperatingPlan | None:
    """The plan that was approved in a cycle."""
    return _plans().filter(cycle=cycle).first()


def plan_in_force() -> OperatingPlan | None:
    """The latest plan that was approved: what everybody works to."""
    return _plans().order_by("-cycle__month").first()


def _plans() -> QuerySet[OperatingPlan]:
    return OperatingPlan.objects.select_related(
        "cycle", "version", "demand_version", "scenario", "approved_by"
    )


def plan_view(plan: OperatingPlan) -> PlanView:
    """The figures of an operating plan."""
    months = plan.cycle.months
    names = dict(Family.objects.values_list("code", "name"))
    held = held_families(plan.cycle)
    families = [
        PlanFamily(code, names.get(code, "Not of one family"), amounts, held.get(code, ()))
        for code, amounts in statements_by_family(plan.version, months).items()
    ]
    return PlanView(plan, months, statement_of(plan.version, months), families)


def held_families(cycle: Cycle) -> dict[str, tuple[str, ...]]:
    """Family code to the questions that hold it."""
    held: dict[str, list[str]] = {}
    rows = HeldFamily.objects.filter(cycle=cycle).select_related("decision").order_by("family_code", "pk")
    for row in rows:
        held.setdefault(row.family_code, []).append(row.decision.question)
    return {code: tuple(questions) for code, questions in held.items()}
