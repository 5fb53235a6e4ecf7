"""Checking what is stored against the rules of data quality."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cycles.actions.runs import request_run
from cycles.choices import RunState
from cycles.models import Company, Cycle, Run, User
from cycles.work import Work
from datahub.models import DataIssue, DatasetLoad, RuleResult
from datahub.registry import Rule, function_at, rules
from sop.quantities import to_minor

if TYPE_CHECKING:
    from datahub.frames import Frames
    from datahub.rulebook import Outcome

RULES_RUN = "datahub.rules"
Judged = list[tuple[Rule, "Outcome"]]


def check_data(*, cycle: Cycle, by: User | None) -> Run:
    """Ask for a check of all rules; a second click while it is waiting or running is the same run."""
    checks = Run.objects.filter(kind=RULES_RUN, cycle=cycle, state__in=RunState.ended()).count()
    last = DatasetLoad.objects.aggregate(last=Max("pk"))["last"] or 0
    return request_run(
        kind=RULES_RUN, key=f"cycle {cycle.pk}, load {last}, check {checks + 1}", by=by, cycle=cycle
    )


def run_rules(work: Work) -> Callable[[], dict[str, Any]]:
    """Handler of the run: judge outside any transaction, return what stores it."""
    from datahub.frames import stored_frames

    cycle = work.cycle
    frames = stored_frames(
        month=cycle.last_closed_month, horizon=cycle.horizon_months, currency=Company.current().currency
    )
    judged = judge_all(frames, work.progress)
    revenue = revenue_by_code(frames)
    return lambda: store_outcomes(cycle, judged, revenue)


def judge_all(frames: "Frames", progress: Callable[[int, int, str], None] | None = None) -> Judged:
    """Every rule with its outcome."""
    judged = []
    every = rules()
    for done, rule in enumerate(every):
        if progress:
            progress(done, len(every), rule.label)
        judged.append((rule, function_at(rule.func)(frames)))
    return judged


def revenue_by_code(frames: "Frames") -> dict[str, float]:
    """Net revenue of the last twelve closed months by product, customer and family (rates of the last month)."""
    orders, items = frames["sales_orders"], frames["item_master"].drop_duplicates("item_code")
    orders = orders[orders["requested_date"].between(frames.year[0], frames.close)]
    rates = frames["fx"][frames["fx"]["month"] == frames.start].set_index("currency")["rate"]
    value = orders["qty_ordered"] * orders["net_price"].fillna(0) * orders["currency"].map(rates).fillna(1.0)
    family = orders["item_code"].map(items.set_index("item_code")["family"])
    revenue: dict[str, float] = {}
    for codes in (family, orders["customer"], orders["item_code"]):
        revenue.update({str(code): float(sum_) for code, sum_ in value.groupby(codes).sum().items()})
    return revenue


def store_outcomes(cycle: Cycle, judged: Judged, revenue: dict[str, float]) -> dict[str, Any]:
    """Replace the cycle's issues and results; waivers of issues that are still there are kept.

    ``revenue`` is last year's revenue by product, customer and family: the money that an issue touches.
    """
    waived = set(DataIssue.objects.filter(cycle=cycle, waived=True).values_list("rule", "record_key"))
    DataIssue.objects.filter(cycle=cycle).delete()
    RuleResult.objects.filter(cycle=cycle).delete()
    RuleResult.objects.bulk_create(
        RuleResult(
            cycle=cycle,
            rule=rule.code,
            dataset=rule.dataset,
            severity=rule.severity,
            checked=outcome.checked,
            failed=len(outcome.failures),
        )
        for rule, outcome in judged
    )
    issues = [issue for rule, outcome in judged for issue in _issues(cycle, rule, outcome, waived, revenue)]
    DataIssue.objects.bulk_create(issues, batch_size=2_000, ignore_conflicts=True)
    return {"issues": len(issues)}


def _issues(
    cycle: Cycle, rule: Rule, outcome: "Outcome", waived: set[tuple[str, str]], revenue: dict[str, float]
) -> list[DataIssue]:
    return [
        DataIssue(
            cycle=cycle,
            rule=rule.code,
            dataset=failure.dataset,
            record_key=failure.key[:200],
            severity=rule.severity,
            message=failure.message,
            suggested_fix=rule.fix,
            money_minor=to_minor(round(max(revenue.get(part, 0.0) for part in failure.key.split("|")), 2)),
            waived=(rule.code, failure.key[:200]) in waived,
        )
        for failure in outcome.failures
    ]
