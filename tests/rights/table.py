"""Who may read and who may change at every address. A new address fails the tests until it has a row.

``NO`` means that the method is not offered. ``any_of`` the roles named get past the door; what the person may do
behind it (state, four eyes, scope) has tests of its own.
"""

from dataclasses import dataclass

from cycles.choices import Role

R = Role
Roles = frozenset[Role]
EVERYBODY: Roles = frozenset(Role)
PLANNING: Roles = EVERYBODY - {R.ADMIN}
NO: Roles | None = None


def any_of(*roles: Role) -> Roles:
    return frozenset(roles)


OWNER, SPONSOR, ADMIN, PRODUCT = (
    any_of(R.PROCESS_OWNER),
    any_of(R.SPONSOR),
    any_of(R.ADMIN),
    any_of(R.PRODUCT),
)
PLANNER = any_of(R.DEMAND_PLANNER)
SUPPLY = any_of(R.SUPPLY_PLANNER, R.OPERATIONS)
SCENARIOS = any_of(R.PROCESS_OWNER, R.DEMAND_PLANNER, R.SUPPLY_PLANNER, R.SALES, R.OPERATIONS, R.FINANCE)
DATA = any_of(
    R.PROCESS_OWNER, R.DEMAND_PLANNER, R.SUPPLY_PLANNER, R.SALES, R.OPERATIONS, R.FINANCE, R.PRODUCT
)


@dataclass(frozen=True)
class Rights:
    """``form_first``: an empty request gets the form again, or "400, say what", before the role is asked."""

    read: Roles | None
    change: Roles | None
    form_first: bool = False


def page(read: Roles = PLANNING) -> Rights:
    return Rights(read, NO)


def act(change: Roles, *, form_first: bool = False) -> Rights:
    return Rights(NO, change, form_first)


def form(roles: Roles, read: Roles | None = None) -> Rights:
    return Rights(roles if read is None else read, roles)


RIGHTS: dict[str, Rights] = {
    "home": page(EVERYBODY),
    "api-token": page(EVERYBODY),
    "new-api-token": act(EVERYBODY),
    "end-api-token": act(EVERYBODY),
    # The cycle
    "cycles:action-add": act(PLANNING),
    "cycles:action-settle": act(PLANNING),
    "cycles:assumption-add": act(PLANNING),
    "cycles:assumption-settle": act(PLANNING),
    "cycles:audit": page(any_of(R.PROCESS_OWNER, R.SPONSOR, R.FINANCE, R.ADMIN)),
    "cycles:comment-add": act(PLANNING),
    "cycles:company": form(any_of(R.PROCESS_OWNER, R.ADMIN)),
    "cycles:cycle": page(),
    "cycles:home": page(),
    "cycles:open-first": act(OWNER),
    "cycles:open-next": act(OWNER),
    "cycles:people": page(ADMIN),
    "cycles:person": form(ADMIN),
    "cycles:person-add": form(ADMIN),
    "cycles:profile": form(EVERYBODY),
    "cycles:risk-add": act(PLANNING),
    "cycles:risk-close": act(PLANNING),
    "cycles:run": page(EVERYBODY),
    "cycles:run-cancel": act(OWNER),
    "cycles:runs": page(EVERYBODY),
    "cycles:search": page(),
    "cycles:stage-act": act(OWNER),
    "cycles:theme": act(EVERYBODY),
    "cycles:unwaive": act(OWNER),
    "cycles:waive": act(OWNER),
    "cycles_api:cycle-detail": page(),
    "cycles_api:cycle-list": page(),
    "cycles_api:cycle-open-one": act(OWNER),
    "cycles_api:run-cancel": act(OWNER),
    "cycles_api:run-detail": page(),
    "cycles_api:run-list": page(),
    "cycles_api:stage-act": act(PLANNING, form_first=True),
    "cycles_api:stage-detail": page(),
    # Data
    "datahub:batch": page(EVERYBODY),
    "datahub:check": act(PLANNING),
    "datahub:check-batch": act(OWNER),
    "datahub:choose": act(OWNER),
    "datahub:columns": page(OWNER),
    "datahub:drop": act(OWNER),
    "datahub:errors": page(OWNER),
    "datahub:home": page(EVERYBODY),
    "datahub:issues": page(),
    "datahub:load": act(OWNER),
    "datahub:match": act(OWNER),
    "datahub:template": page(),
    "datahub:templates": page(),
    "datahub:upload": act(DATA),
    "datahub:waive": act(OWNER),
    "datahub_api:import-commit": act(OWNER),
    "datahub_api:import-detail": page(),
    "datahub_api:import-drop": act(OWNER),
    "datahub_api:import-list": page(),
    "datahub_api:import-upload": act(PLANNING, form_first=True),
    # Product
    "portfolio:decide": act(PRODUCT, form_first=True),
    "portfolio:drop": act(PRODUCT),
    "portfolio:effects": page(),
    "portfolio:export": page(),
    "portfolio:families": page(),
    "portfolio:family": form(PRODUCT),
    "portfolio:family-delete": act(PRODUCT),
    "portfolio:family-new": form(PRODUCT),
    "portfolio:home": page(),
    "portfolio:launch": form(PRODUCT),
    "portfolio:launch-gate": act(PRODUCT),
    "portfolio:launch-new": form(PRODUCT),
    "portfolio:launch-verdict": act(PRODUCT),
    "portfolio:minutes": act(PLANNING, form_first=True),
    "portfolio:phase-out": form(PRODUCT),
    "portfolio:phase-out-new": form(PRODUCT),
    "portfolio:product": Rights(PLANNING, PRODUCT, form_first=True),
    "portfolio:product-move": act(PRODUCT),
    "portfolio:products": page(),
    "portfolio:rules": form(PRODUCT),
    "portfolio_api:effects": page(),
    "portfolio_api:launch-detail": act(PRODUCT),
    "portfolio_api:launch-verdict": act(PRODUCT, form_first=True),
    "portfolio_api:launch-list": Rights(PLANNING, PRODUCT, form_first=True),
    "portfolio_api:phase-out-detail": act(PRODUCT),
    "portfolio_api:phase-out-list": Rights(PLANNING, PRODUCT, form_first=True),
    "portfolio_api:product-decide": act(PRODUCT, form_first=True),
    "portfolio_api:product-detail": page(),
    "portfolio_api:product-list": page(),
    # Demand
    "demand:advice": page(),
    "demand:baseline": act(PLANNER),
    "demand:bridge": page(),
    "demand:cell": Rights(PLANNING, PLANNING, form_first=True),
    "demand:change-undo": act(any_of(R.SALES)),
    "demand:changes": page(),
    "demand:accuracy": page(),
    "demand:backtest": act(any_of(R.DEMAND_PLANNER, R.PROCESS_OWNER)),
    "demand:engine": page(),
    "demand:event": form(any_of(R.SALES)),
    "demand:event-drop": act(any_of(R.SALES)),
    "demand:event-new": form(any_of(R.SALES)),
    "demand:events": page(),
    "demand:export": page(),
    "demand:contributors": page(),
    "demand:edit": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand:facts": page(),
    "demand:forecast-settings": act(PLANNER),
    "demand:gate": page(),
    "demand:grid": page(),
    "demand:home": page(),
    "demand:keep-month": act(PLANNER, form_first=True),
    "demand:learning": page(),
    "demand:lock": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand:meeting": page(),
    "demand:meeting-family": page(),
    "demand:merge": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand:refit": act(any_of(R.DEMAND_PLANNER, R.PROCESS_OWNER)),
    "demand:refit-drop": act(OWNER),
    "demand:refit-use": act(OWNER),
    "demand:repairs": page(),
    "demand:inbox": page(),
    "demand:inbox-accepted": page(),
    "demand:inbox-answer": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand:inbox-policy": act(OWNER, form_first=True),
    "demand:inbox-undo": act(any_of(R.SALES)),
    "demand:record": page(),
    "demand:review": act(PLANNER),
    "demand:submit": act(any_of(R.SALES)),
    "demand:take": act(any_of(R.SALES)),
    "demand:undo": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand:waterfall": page(),
    "demand:workbook": form(any_of(R.SALES, R.DEMAND_PLANNER), PLANNING),
    "demand_api:baseline": act(PLANNER),
    "demand_api:edits": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    "demand_api:line-list": page(),
    "demand_api:undo": act(any_of(R.SALES, R.DEMAND_PLANNER), form_first=True),
    # Supply
    "supply:accept-gap": act(SUPPLY),
    "supply:compare": page(),
    "supply:drill": page(),
    "supply:fixed": Rights(PLANNING, any_of(R.SUPPLY_PLANNER), form_first=True),
    "supply:home": page(),
    "supply:add-input": Rights(PLANNING, any_of(R.SUPPLY_PLANNER), form_first=True),
    "supply:remove-input": act(any_of(R.SUPPLY_PLANNER)),
    "supply:hours-source": act(any_of(R.SUPPLY_PLANNER)),
    "supply:hours": Rights(PLANNING, SUPPLY, form_first=True),
    "supply:input-row": Rights(PLANNING, SUPPLY, form_first=True),
    "supply:inputs": Rights(PLANNING, SUPPLY, form_first=True),
    "supply:lanes": page(),
    "supply:materials": page(),
    "supply:release": act(any_of(R.SUPPLY_PLANNER)),
    "supply:reliability": page(),
    "supply:reopen-gap": act(SUPPLY),
    "supply:resources": page(),
    "supply:run": act(SUPPLY),
    "supply:sheet": page(),
    "supply:stock": page(),
    "supply:strategies": page(),
    "supply:fix-strategy": act(any_of(R.SUPPLY_PLANNER), form_first=True),
    "supply:take-proposal": act(any_of(R.SUPPLY_PLANNER)),
    "supply:workbook": page(),
    "supply_api:gap-list": page(),
    "supply_api:plan-list": Rights(PLANNING, SUPPLY),
    "supply_api:product-site-list": page(),
    "supply_api:resource-list": page(),
    "supply_api:stream-list": page(),
    # Reconciliation
    "reconciliation:compute-all": act(SCENARIOS),
    "reconciliation:difference": form(SCENARIOS),
    "reconciliation:difference-new": form(SCENARIOS),
    "reconciliation:difference-remove": act(SCENARIOS),
    "reconciliation:difference-switch": act(SCENARIOS),
    "reconciliation:export": page(),
    "reconciliation:home": page(),
    "reconciliation:scenario-compute": act(SCENARIOS),
    "reconciliation:scenario-from-gap": form(SCENARIOS),
    "reconciliation:scenario-new": form(SCENARIOS),
    "reconciliation:scenario-recommend": act(any_of(R.PROCESS_OWNER, R.FINANCE)),
    "reconciliation:scenario-remove": act(SCENARIOS),
    "reconciliation:scenario-words": form(SCENARIOS),
    "reconciliation_api:difference-detail": Rights(PLANNING, SCENARIOS, form_first=True),
    "reconciliation_api:difference-switch": act(SCENARIOS, form_first=True),
    "reconciliation_api:scenario-add": act(SCENARIOS, form_first=True),
    "reconciliation_api:scenario-compute": act(SCENARIOS),
    "reconciliation_api:scenario-detail": Rights(PLANNING, SCENARIOS),
    "reconciliation_api:scenario-list": Rights(PLANNING, SCENARIOS, form_first=True),
    "reconciliation_api:scenario-pnl": page(),
    "reconciliation_api:scenario-recommend": act(any_of(R.PROCESS_OWNER, R.FINANCE)),
    # The executives
    "executive:approve": act(SPONSOR),
    "executive:decide": act(SPONSOR, form_first=True),
    "executive:decision-add": form(OWNER),
    "executive:decision-remove": act(OWNER),
    "executive:home": page(),
    "executive:plan": page(),
    "executive:plan-of": page(),
    "executive:prepare": act(OWNER),
    "executive:send-back": form(any_of(R.PROCESS_OWNER, R.SPONSOR)),
    "executive:words": form(OWNER),
    "executive_api:approve": act(SPONSOR),
    "executive_api:brief": page(),
    "executive_api:decision-answer": act(SPONSOR, form_first=True),
    "executive_api:decision-detail": page(),
    "executive_api:decision-list": page(),
    "executive_api:plan-detail": page(),
    "executive_api:plan-lines": page(),
    "executive_api:plan-list": page(),
    "executive_api:send-back": act(any_of(R.PROCESS_OWNER, R.SPONSOR), form_first=True),
    # Key figures
    "kpis:detail": page(),
    "kpis:home": page(),
    "kpis:refresh": act(PLANNING),
    "kpis:target": act(OWNER),
    "kpis_api:value-detail": page(),
    "kpis_api:value-list": page(),
}
