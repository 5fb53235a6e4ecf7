"""Where the demand review plugs into the cycle, the portfolio and the data gate."""

from typing import Any

from cycles.choices import StageKind, VersionKind
from cycles.registry import (
    register_check,
    register_facts,
    register_freezer,
    register_opener,
    register_pages,
    register_run_kind,
    resolve,
)
from cycles.signals import stage_closed
from demand.models import DemandFact, DemandSummary
from portfolio.registry import (
    EFFECTS,
    SALES,
    register_portfolio_listener,
    register_source,
    register_tree_listener,
)

STEPS = ("baseline", "product", "marketing", "sales", "planner", "consensus")
FACTS = ("month", "stream_id", *STEPS, "low_80", "high_80", "low_95", "high_95")
SUMMARY = ("month", "family_id", "market_id", *STEPS, *(f"{step}_value" for step in STEPS))

PAGES = (
    ("Inbox: what is worth your time", "demand:inbox"),
    ("What your entries were worth", "demand:record"),
    ("Marketing events and pipeline", "demand:events"),
    ("Consensus meeting", "demand:meeting"),
    ("Bridge: what changed since an earlier plan", "demand:bridge"),
    ("Change ledger", "demand:changes"),
    ("Learning: value added by step", "demand:learning"),
    ("Forecast accuracy and bias", "demand:accuracy"),
    ("Forecast waterfall", "demand:waterfall"),
    ("Bias by contributor", "demand:contributors"),
    ("Backtest and refit of the forecast", "demand:engine"),
    ("Repaired months of the history", "demand:repairs"),
)
CHECKS = [
    ("baseline", "Baseline on the present data", "demand.checks:check_baseline"),
    ("families", "Every function has submitted", "demand.checks:check_submissions"),
    ("reasons", "Large changes have a reason", "demand.checks:check_reasons"),
    ("change", "Change against the last plan explained", "demand.checks:check_change"),
    ("runs", "No forecast is running", "demand.checks:check_runs"),
]


def plug_in() -> None:
    """Registers everything; called once, when the application starts."""
    register_opener("demand.actions.draft:open_demand_draft")
    register_pages(*PAGES)
    register_freezer(StageKind.DEMAND, "demand.actions.draft:freeze_demand")
    register_facts(VersionKind.DEMAND, DemandFact, FACTS, copied=(*FACTS, "rev"))
    register_facts(VersionKind.DEMAND, DemandSummary, SUMMARY, copied=(*SUMMARY, "squares_80"))
    register_run_kind(
        "demand.baseline",
        "Statistical baseline",
        handler="demand.actions.baseline:forecast_part",
        split="demand.actions.baseline:split_baseline",
        join="demand.actions.baseline:join_baseline",
        done_url="demand:home",
    )
    register_run_kind(
        "demand.backtest",
        "Backtest of the forecast",
        handler="demand.actions.backtests:backtest_part",
        split="demand.actions.backtests:split_backtest",
        join="demand.actions.backtests:join_backtest",
        done_url="demand:engine",
    )
    register_run_kind(
        "demand.refit",
        "Refit of the learned correction",
        handler="demand.actions.refits:refit",
        done_url="demand:engine",
    )
    for key, label, function in CHECKS:
        register_check(StageKind.DEMAND, key, label, function)
    register_portfolio_listener("demand.actions.portfolio_changes:on_portfolio_change")
    register_tree_listener("demand.actions.summary:revalue_drafts")
    register_source(EFFECTS, "demand.queries.effects:portfolio_effects")
    register_source(SALES, "demand.queries.effects:product_sales")
    stage_closed.connect(_on_stage_closed, dispatch_uid="demand.baseline")


def _on_stage_closed(sender: Any, **news: Any) -> None:
    resolve("demand.actions.baseline:on_stage_closed")(
        **{key: news[key] for key in ("cycle", "kind", "act", "by")}
    )
