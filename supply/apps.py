from importlib import import_module

from django.apps import AppConfig

from cycles.choices import StageKind, VersionKind
from cycles.registry import (
    register_check,
    register_facts,
    register_freezer,
    register_pages,
    register_run_kind,
    register_search,
)
from demand.registry import OutsideFacts, register_load, register_outside_facts
from portfolio.registry import COMPLEXITY, STOCK, register_source

CHECKS = (
    ("supply-plan", "Planned on the signed demand plan", "check_plan_is_current"),
    ("supply-inputs", "Inputs unchanged since the plan was made", "check_inputs_unchanged"),
    ("supply-gaps", "Every material gap has a cause and an answer", "check_gaps_answered"),
    ("supply-alerts", "Plan without alerts", "check_alerts"),
)


PAGES = (
    ("S&OP sheet of a family", "supply:sheet"),
    ("Projected stock and excess", "supply:stock"),
    ("Materials", "supply:materials"),
    ("Lanes in use", "supply:lanes"),
    ("Level, chase and hybrid strategies", "supply:strategies"),
    ("Compare supply plans", "supply:compare"),
    ("Hours of resources", "supply:resources"),
    ("Supplier reliability", "supply:reliability"),
    ("Fixed production", "supply:fixed"),
)


class SupplyConfig(AppConfig):
    name = "supply"
    verbose_name = "Supply"

    def ready(self) -> None:
        import_module("supply.datasets").register()
        register_search("supply.queries.searching:find")
        register_pages(*PAGES)
        register_source(STOCK, "supply.queries.portfolio:product_stock")
        register_source(COMPLEXITY, "supply.queries.portfolio:product_complexity")
        register_run_kind(
            "supply.plan", "Supply plan", handler="supply.actions.plan:make_plan", done_url="supply:home"
        )
        register_outside_facts(
            OutsideFacts(
                working_days="supply.queries.forecast_facts:working_days",
                stock_outs="supply.queries.forecast_facts:stock_outs",
                stamp="supply.queries.forecast_facts:stamp",
            )
        )
        register_freezer(StageKind.SUPPLY, "supply.actions.plan:freeze_supply")
        register_load("supply.queries.extra_load:extra_load")
        for key, label, function in CHECKS:
            register_check(StageKind.SUPPLY, key, label, f"supply.checks:{function}")
        facts = import_module("supply.facts")
        for kind in (VersionKind.SUPPLY, VersionKind.SCENARIO):
            for model, columns in facts.hashed():
                register_facts(kind, model, columns=columns)
            for model, columns in facts.hashed_where_filled():
                register_facts(kind, model, columns=columns, sparse=True)
