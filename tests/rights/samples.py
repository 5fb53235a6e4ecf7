"""Arguments for every address: objects of the company that exist."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cycles.choices import StageKind
from cycles.models import ActionItem, Assumption, Change, Cycle, Decision, Risk, Run, Stage, User
from datahub.models import DataIssue, ImportBatch, ImportFile
from demand.models import DemandStream, InboxAnswer, Opportunity, Promotion
from executive.models import OperatingPlan
from kpis.models import KpiValue
from portfolio.models import Family, Launch, PhaseOut, Product
from reconciliation.models import Scenario, ScenarioDifference
from supply.models import Resource, SupplierProduct, SupplyGap
from tests.rights.addresses import Address

Arguments = dict[str, Any]


def first(model: Any, **scope: Any) -> Any:
    """The key of a row that exists."""
    key = model.objects.filter(**scope).values_list("pk", flat=True).first()
    assert key is not None, f"the company has no {model.__name__} {scope}"
    return key


def stage(kind: StageKind = StageKind.DEMAND) -> Any:
    return first(Stage, cycle__state="open", kind=kind)


def code_of(model: Any, **scope: Any) -> str:
    code: str = model.objects.filter(**scope).values_list("code", flat=True).first()
    return code


def product_code(model: Any) -> str:
    code: str = model.objects.values_list("product__code", flat=True).first()
    return code


def gap_product() -> int:
    key: int = SupplyGap.objects.values_list("stream__product_id", flat=True).first()
    return key


def coming_event() -> str:
    month = Cycle.objects.get(state="open").month
    return code_of(Promotion, end__gte=month)


def coming_deal() -> str:
    month = Cycle.objects.get(state="open").month
    return code_of(Opportunity, close_month__gte=month)


def standing_answer() -> int:
    """An answer of sales to an item of the inbox."""
    cycle = Cycle.objects.get(state="open")
    by = User.objects.filter(groups__name="sales_marketing").first()
    return InboxAnswer.objects.get_or_create(
        cycle=cycle, stream_id=first(DemandStream), function="sales", withdrawn_at=None,
        defaults={"answer": "accepted", "by": by},
    )[0].pk  # fmt: skip


MONTH = date(2026, 9, 1)

SAMPLES: dict[str, Callable[[], Arguments]] = {
    "cycles:action-settle": lambda: {"pk": first(ActionItem, cycle__state="open")},
    "cycles:assumption-settle": lambda: {"pk": first(Assumption, cycle__state="open")},
    "cycles:cycle": lambda: {"pk": first(Cycle)},
    "cycles:person": lambda: {"pk": first(User)},
    "cycles:risk-close": lambda: {"pk": first(Risk, cycle__state="open")},
    "cycles:run": lambda: {"pk": first(Run, parent=None)},
    "cycles:run-cancel": lambda: {"pk": first(Run, parent=None)},
    "cycles:stage-act": lambda: {"pk": stage(), "act": "open"},
    "cycles:waive": lambda: {"pk": stage(), "key": "baseline"},
    "cycles:unwaive": lambda: {"pk": stage(), "key": "baseline"},
    "cycles_api:cycle-detail": lambda: {"pk": first(Cycle)},
    "cycles_api:run-cancel": lambda: {"pk": first(Run, parent=None)},
    "cycles_api:run-detail": lambda: {"pk": first(Run, parent=None)},
    "cycles_api:stage-act": lambda: {"pk": stage()},
    "cycles_api:stage-detail": lambda: {"pk": stage()},
    "datahub:batch": lambda: {"pk": first(ImportBatch)},
    "datahub:check-batch": lambda: {"pk": first(ImportBatch)},
    "datahub:choose": lambda: {"pk": first(ImportBatch), "file": first(ImportFile)},
    "datahub:columns": lambda: {"pk": first(ImportBatch)},
    "datahub:drop": lambda: {"pk": first(ImportBatch)},
    "datahub:errors": lambda: {"pk": first(ImportBatch)},
    "datahub:load": lambda: {"pk": first(ImportBatch)},
    "datahub:match": lambda: {"pk": first(ImportBatch)},
    "datahub:template": lambda: {"name": "sales_orders"},
    "datahub:waive": lambda: {"pk": first(DataIssue)},
    "datahub_api:import-commit": lambda: {"pk": first(ImportBatch)},
    "datahub_api:import-detail": lambda: {"pk": first(ImportBatch)},
    "datahub_api:import-drop": lambda: {"pk": first(ImportBatch)},
    "demand:change-undo": lambda: {"pk": first(Change, version__cycle__state="open", source="grid")},
    "demand:event": lambda: {"code": coming_event()},
    "demand:event-drop": lambda: {"code": coming_event()},
    "demand:take": lambda: {"code": coming_deal()},
    "demand:inbox-answer": lambda: {"pk": first(DemandStream)},
    "demand:inbox-undo": lambda: {"pk": standing_answer()},
    "demand:meeting-family": lambda: {"code": code_of(Family, parent=None)},
    "demand:refit-drop": lambda: {"pk": 1},
    "demand:refit-use": lambda: {"pk": 1},
    "demand:review": lambda: {"code": code_of(Family)},
    "demand:submit": lambda: {"function": "sales"},
    "executive:decide": lambda: {"pk": first(Decision)},
    "executive:decision-remove": lambda: {"pk": first(Decision)},
    "executive:plan-of": lambda: {"pk": OperatingPlan.objects.values_list("cycle_id", flat=True)[0]},
    "executive_api:decision-answer": lambda: {"pk": first(Decision)},
    "executive_api:decision-detail": lambda: {"pk": first(Decision)},
    "executive_api:plan-detail": lambda: {"pk": first(OperatingPlan)},
    "executive_api:plan-lines": lambda: {"pk": first(OperatingPlan)},
    "kpis:detail": lambda: {"kpi": "otif"},
    "kpis:target": lambda: {"kpi": "otif"},
    "kpis_api:value-detail": lambda: {"pk": first(KpiValue, kpi="otif")},
    "portfolio:decide": lambda: {"code": code_of(Product, kind="FG")},
    "portfolio:drop": lambda: {"code": product_code(Launch), "kind": "launch"},
    "portfolio:family": lambda: {"code": code_of(Family)},
    "portfolio:family-delete": lambda: {"code": code_of(Family)},
    "portfolio:product": lambda: {"code": code_of(Product, kind="FG")},
    "portfolio:product-move": lambda: {"code": code_of(Product, kind="FG")},
    "portfolio:launch-verdict": lambda: {"code": product_code(Launch)},
    "portfolio:launch": lambda: {"code": product_code(Launch)},
    "portfolio:launch-gate": lambda: {"code": product_code(Launch)},
    "portfolio:phase-out": lambda: {"code": product_code(PhaseOut)},
    "portfolio_api:launch-verdict": lambda: {"code": product_code(Launch)},
    "portfolio_api:product-decide": lambda: {"code": code_of(Product, kind="FG")},
    "portfolio_api:launch-detail": lambda: {"code": product_code(Launch)},
    "portfolio_api:phase-out-detail": lambda: {"code": product_code(PhaseOut)},
    "portfolio_api:product-detail": lambda: {"code": code_of(Product, kind="FG")},
    "reconciliation:difference": lambda: {"pk": first(ScenarioDifference)},
    "reconciliation:difference-new": lambda: {"pk": first(Scenario, is_baseline=False), "kind": "demand"},
    "reconciliation:difference-remove": lambda: {"pk": first(ScenarioDifference)},
    "reconciliation:difference-switch": lambda: {"pk": first(ScenarioDifference)},
    "reconciliation:scenario-compute": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation:scenario-from-gap": lambda: {"pk": first(SupplyGap), "lever": 0},
    "reconciliation:scenario-recommend": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation:scenario-remove": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation:scenario-words": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation_api:difference-detail": lambda: {"pk": first(ScenarioDifference)},
    "reconciliation_api:difference-switch": lambda: {"pk": first(ScenarioDifference)},
    "reconciliation_api:scenario-add": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation_api:scenario-compute": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation_api:scenario-detail": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation_api:scenario-pnl": lambda: {"pk": first(Scenario, is_baseline=False)},
    "reconciliation_api:scenario-recommend": lambda: {"pk": first(Scenario, is_baseline=False)},
    "supply:accept-gap": lambda: {"product": gap_product()},
    "supply:drill": lambda: {"resource": first(Resource), "month": "2026-11"},
    "supply:hours": lambda: {"pk": first(Resource)},
    "supply:hours-source": lambda: {"pk": first(Resource)},
    "supply:add-input": lambda: {"name": "maintenance"},
    "supply:remove-input": lambda: {"name": "suppliers", "pk": first(SupplierProduct)},
    "supply:input-row": lambda: {"name": "suppliers", "pk": first(SupplierProduct)},
    "supply:inputs": lambda: {"name": "suppliers"},
    "supply:reopen-gap": lambda: {"product": gap_product()},
}


def arguments(address: Address) -> Arguments:
    """Values for the arguments of an address; none where it takes none."""
    if not address.arguments:
        return {}
    assert address.name in SAMPLES, f"{address.name} needs sample arguments: {', '.join(address.arguments)}"
    return SAMPLES[address.name]()
