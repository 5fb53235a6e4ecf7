"""The five figures that each role sees first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum

from cycles.choices import ActionStatus, Role, RunState, StageKind, StageState, Verdict, VersionKind
from cycles.models import AuditHead, Cycle, FunctionSubmission, Run, User, Version
from cycles.queries import latest_version, scope_of
from datahub.choices import ImportState
from datahub.models import DataIssue, ImportBatch
from datahub.queries import data_score, minimum_score
from demand.models import DemandHistory, Opportunity, Promotion
from demand.queries.stamp import kept_by_history
from kpis.queries.standing import family_changes, plan_version, standing
from kpis.queries.values import reading
from kpis.registry import BIAS, FILL, OTIF, REVENUE, TURNS, WAPE
from kpis.words import Words, figure
from portfolio.models import Launch, PhaseOut
from reconciliation.models import BudgetLine
from sop.periods import add_months, last_of_month, month_range
from sop.quantities import MINOR_PER_MAJOR, value_of
from supply.models import ProductionOrder, ProductSiteFact, ResourceFact, StockRecord, SupplyGap

Figures = list[dict[str, Any]]
LARGE_CHANGE = 0.10


def role_figures(user: User, cycle: Cycle | None, role: Role) -> Figures:
    """Ready for the strip; before the first cycle only what needs none."""
    if role == Role.ADMIN:
        return _admin(Words.of(user))
    return BUILDERS[role](user, cycle, Words.of(user)) if cycle else []


def _owner(user: User, cycle: Cycle, words: Words) -> Figures:
    stages = list(cycle.stages.all())
    signed = sum(stage.state == StageState.SIGNED for stage in stages)
    late = [
        stage.get_kind_display()
        for stage in stages
        if stage.state != StageState.SIGNED and stage.due < cycle.today
    ]
    score = data_score(cycle)
    overdue = cycle.action_items.filter(status=ActionStatus.OPEN, due__lt=cycle.today).count()
    pending = cycle.decisions.filter(verdict=Verdict.PENDING).count()
    return [
        figure("Stages signed", f"{signed} of {len(stages)}", "the data gate and five reviews"),
        figure(
            "Late",
            str(len(late)),
            ", ".join(late) or "every stage is on time",
            tone="bad" if late else "good",
        ),
        figure(
            "Data score",
            words.number(score, 1),
            f"of 100; the gate asks for {words.number(minimum_score(), 0)}",
            tone="" if score is None else "good" if score >= minimum_score() else "bad",
        ),
        figure("Overdue actions", str(overdue), "open and past their day", tone="bad" if overdue else "good"),
        figure("Decisions to take", str(pending), "not yet answered"),
    ]


def _sponsor(user: User, cycle: Cycle, words: Words) -> Figures:
    pending = cycle.decisions.filter(verdict=Verdict.PENDING).count()
    return [
        figure("Decisions waiting", str(pending), "for your yes or no", tone="warn" if pending else "good"),
        _outlook(cycle, words),
        *[words.reading(reading(key), "/kpis/") for key in (WAPE, TURNS, OTIF)],
    ]


def _planner(user: User, cycle: Cycle, words: Words) -> Figures:
    moved = [
        share for _, _, share in family_changes(cycle, user, most=1000) if share and abs(share) > LARGE_CHANGE
    ]
    now = standing(cycle, user)
    issues = DataIssue.objects.filter(
        cycle=cycle, waived=False, dataset__in=["sales_orders", "forecast"]
    ).count()
    return [
        words.reading(reading(WAPE), "/kpis/"),
        words.reading(reading(BIAS), "/kpis/"),
        figure(
            "Plan, 12 months",
            words.units(sum(now.plan.values())),
            f"{words.percent(now.change, signed=True)} on last cycle"
            if now.change is not None
            else "first cycle",
        ),
        figure(
            "Families to look at",
            str(len(moved)),
            "moved more than 10 % since last cycle",
            tone="warn" if moved else "good",
        ),
        figure("Open data issues", str(issues), "in orders and forecasts", tone="warn" if issues else "good"),
    ]


def _supply(user: User, cycle: Cycle, words: Words) -> Figures:
    version = latest_version(cycle, VersionKind.SUPPLY)
    return [
        _overloads(version, words),
        *_gaps(version, words),
        _below_safety(version, words),
        words.reading(reading(OTIF), "/kpis/"),
    ]


def _sales(user: User, cycle: Cycle, words: Words) -> Figures:
    demand = cycle.stages.get(kind=StageKind.DEMAND)
    submitted = FunctionSubmission.objects.filter(stage=demand, by=user).exists()
    markets = {market for _, market in scope_of(user).pairs if market}
    mine = markets.pop() if len(markets) == 1 else ""
    level = "market" if mine else "all"
    promotions = Promotion.objects.filter(end__gte=cycle.month).count()
    pipeline = Opportunity.objects.filter(close_month__gte=cycle.month).aggregate(
        total=Sum(F("amount_minor") * F("probability") / 100.0)
    )["total"]
    return [
        figure(
            "My input",
            "In" if submitted else "Due",
            f"closes {demand.due:%a} {demand.due.day} {demand.due:%b}",
            tone="good" if submitted else "warn",
            href="/demand/",
        ),
        words.reading(reading(BIAS, level=level, member=mine), "/kpis/"),
        words.reading(reading(WAPE, level=level, member=mine), "/kpis/"),
        figure("Promotions ahead", str(promotions), "planned from this month on"),
        figure("Pipeline, weighted", words.money(pipeline), "amount times probability, from this month on"),
    ]


def _operations(user: User, cycle: Cycle, words: Words) -> Figures:
    version = latest_version(cycle, VersionKind.SUPPLY)
    used = _utilisation(version, cycle)
    closed = cycle.last_closed_month
    made = ProductionOrder.objects.filter(day__range=(closed, last_of_month(closed)))
    planned = sum(made.values_list("planned", flat=True))
    kept = sum(min(plan, good) for plan, good in made.values_list("planned", "good"))
    return [
        figure(
            "Utilisation, 3 months",
            words.percent(used),
            "hours of the plan over regular hours",
            tone="" if used is None else "good" if used <= 0.85 else "warn" if used <= 1 else "bad",
        ),
        _overloads(version, words),
        figure(
            "Plan kept",
            words.percent(kept / planned if planned else None),
            f"made of what was planned in {closed:%b %Y}",
        ),
        words.reading(reading(FILL), "/kpis/"),
        words.reading(reading(OTIF), "/kpis/"),
    ]


def _finance(user: User, cycle: Cycle, words: Words) -> Figures:
    version = latest_version(cycle, VersionKind.SUPPLY)
    return [
        _outlook(cycle, words),
        words.reading(reading(REVENUE), "/kpis/"),
        *_gaps(version, words)[:1],
        figure(
            "Stock value",
            words.money(_stock_value(cycle)),
            f"at standard cost, end of {cycle.last_closed_month:%b %Y}",
        ),
        words.reading(reading(TURNS), "/kpis/"),
    ]


def _product(user: User, cycle: Cycle, words: Words) -> Figures:
    last = add_months(cycle.month, cycle.horizon_months)
    launches = Launch.objects.filter(is_dropped=False, month__range=(cycle.month, last))
    unready = (
        launches.annotate(n=Count("references")).filter(n=0).count() + launches.filter(owner=None).count()
    )
    endings = PhaseOut.objects.filter(is_dropped=False, end_month__gte=cycle.month)
    open_ends = endings.filter(successor=None, no_successor=False).count()
    tail, share = kept_by_history("tail", cycle, lambda: _tail(cycle))
    return [
        figure("Launches ahead", str(launches.count()), "in the horizon", href="/product/"),
        figure("Not ready", str(unready), "without like product or owner", tone="bad" if unready else "good"),
        figure("Phase-outs running", str(endings.count()), "end date still to come", href="/product/"),
        figure(
            "Without successor",
            str(open_ends),
            "say who follows, or nobody",
            tone="warn" if open_ends else "good",
        ),
        figure("Tail", str(tail), f"products bring the last {words.percent(share, 0)} of revenue"),
    ]


def _admin(words: Words) -> Figures:
    from axes.models import AccessAttempt

    failed = Run.objects.filter(state=RunState.DEAD, parent=None).count()
    rejected = ImportBatch.objects.filter(state=ImportState.REJECTED).count()
    locked = AccessAttempt.objects.filter(failures_since_start__gte=5).count()
    head = AuditHead.objects.filter(pk=1).first()
    return [
        figure(
            "Failed imports",
            str(rejected),
            "files with errors",
            tone="bad" if rejected else "good",
            href="/data/",
        ),
        figure(
            "Failed runs",
            str(failed),
            "background work that gave up",
            tone="bad" if failed else "good",
            href="/runs/",
        ),
        figure(
            "Locked accounts", str(locked), "after five wrong passwords", tone="bad" if locked else "good"
        ),
        figure("People", str(User.objects.filter(is_active=True).count()), "may sign in", href="/people/"),
        figure(
            "Audit log", words.number(head.last_number if head else 0), "rows, each sealed", href="/audit/"
        ),
    ]


def _outlook(cycle: Cycle, words: Words) -> dict[str, Any]:
    """Revenue of the calendar year: actual to date, plan for the rest, against the budget."""
    year = month_range(cycle.month.replace(month=1), 12)
    budget = BudgetLine.objects.filter(month__in=year).aggregate(total=Sum("revenue_minor"))["total"] or 0
    actual = kept_by_history("revenue to date", cycle, lambda: _revenue_to_date(year, cycle))
    version = plan_version(cycle)
    rest = (
        version.demand_summary.filter(month__in=[month for month in year if month >= cycle.month]).aggregate(
            total=Sum("consensus_value")
        )["total"]
        if version
        else 0
    ) or 0
    gap = actual + rest - budget
    share = gap / budget if budget else None
    tone = "" if share is None else "good" if share >= -0.02 else "warn" if share >= -0.05 else "bad"
    return figure(
        f"Outlook {year[0].year} to budget",
        words.money(gap, signed=True) if budget else "–",
        f"{words.money(actual + rest)}; {words.percent(share, signed=True)}"
        if budget
        else "no budget loaded",
        tone=tone,
    )


def _revenue_to_date(year: list[date], cycle: Cycle) -> int:
    closed = DemandHistory.objects.filter(month__in=[month for month in year if month < cycle.month])
    return closed.aggregate(total=Sum("value"))["total"] or 0


def _overloads(version: Version | None, words: Words) -> dict[str, Any]:
    if version is None:
        return figure("Lines over their hours", "–", "no supply plan yet", href="/supply/")
    full = ResourceFact.objects.filter(version=version, needed_hours__gt=F("regular_hours"))
    return figure(
        "Lines over their hours",
        str(full.count()),
        "line-months where demand needs more than regular hours",
        tone="warn" if full.exists() else "good",
        href="/supply/",
    )


def _gaps(version: Version | None, words: Words) -> Figures:
    if version is None:
        return [figure("Gap", "–", "no supply plan yet", href="/supply/")] * 2
    total = SupplyGap.objects.filter(version=version).aggregate(
        Sum("revenue_minor"), Sum("units"), Count("pk")
    )
    value, units = total["revenue_minor__sum"] or 0, total["units__sum"] or 0
    tone = "bad" if value else "good"
    return [
        figure(
            "Not served",
            words.money(value),
            f"{total['pk__count']} product-months short",
            tone=tone,
            href="/supply/",
        ),
        figure("Units not served", words.units(units), "over the horizon", tone=tone, href="/supply/"),
    ]


def _below_safety(version: Version | None, words: Words) -> dict[str, Any]:
    if version is None:
        return figure("Below safety stock", "–", "no supply plan yet")
    below = ProductSiteFact.objects.filter(version=version, closing__lt=F("safety_stock")).count()
    return figure(
        "Below safety stock",
        str(below),
        "product-months of the plan",
        tone="warn" if below else "good",
        href="/supply/",
    )


def _utilisation(version: Version | None, cycle: Cycle) -> float | None:
    if version is None:
        return None
    sums = ResourceFact.objects.filter(version=version, month__in=month_range(cycle.month, 3)).aggregate(
        Sum("load_hours"), Sum("regular_hours")
    )
    hours = sums["regular_hours__sum"]
    return sums["load_hours__sum"] / hours if hours else None


def _stock_value(cycle: Cycle) -> float | None:
    day = last_of_month(cycle.last_closed_month)
    rows = StockRecord.objects.filter(day=day).values_list("on_hand", "product__standard_cost")
    values = [value_of(on_hand, cost * MINOR_PER_MAJOR) for on_hand, cost in rows if cost is not None]
    return sum(values) if values else None


def _tail(cycle: Cycle, share: float = 0.05) -> tuple[int, float]:
    """How many products bring the last part of the last year's revenue."""
    first = add_months(cycle.month, -12)
    rows = (
        DemandHistory.objects.filter(month__gte=first, month__lt=cycle.month)
        .values_list("stream__product_id")
        .annotate(total=Sum("value"))
    )
    values = sorted(total for _, total in rows)
    limit, run, count = share * sum(values), 0, 0
    for value in values:
        run += value
        if run > limit:
            break
        count += 1
    return count, share


BUILDERS: dict[Role, Callable[[User, Cycle, Words], Figures]] = {
    Role.PROCESS_OWNER: _owner,
    Role.SPONSOR: _sponsor,
    Role.DEMAND_PLANNER: _planner,
    Role.SUPPLY_PLANNER: _supply,
    Role.SALES: _sales,
    Role.OPERATIONS: _operations,
    Role.FINANCE: _finance,
    Role.PRODUCT: _product,
}
