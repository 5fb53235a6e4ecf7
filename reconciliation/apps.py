from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "reconciliation"
    verbose_name = "Reconciliation"

    def ready(self) -> None:
        from cycles.choices import StageKind, VersionKind
        from cycles.registry import register_check, register_facts, register_freezer, register_run_kind
        from cycles.signals import stage_closed
        from demand.registry import register_measure
        from reconciliation.models import PnlLine
        from reconciliation.receivers import on_stage_closed
        from supply.registry import register_alert

        register_run_kind(
            "reconciliation.scenario",
            "Scenario",
            handler="reconciliation.actions.evaluation:evaluate_scenario",
            done_url="reconciliation:home",
        )
        register_run_kind(
            "reconciliation.effects",
            "Effect of each difference",
            handler="reconciliation.actions.evaluation:evaluate_stack",
            split="reconciliation.actions.evaluation:split_effects",
            join="reconciliation.actions.evaluation:join_effects",
            done_url="reconciliation:home",
        )
        register_freezer(StageKind.RECONCILIATION, "reconciliation.actions.signing:freeze_reconciliation")
        for key, label, function in (
            ("alternatives", "Baseline and an alternative, computed", "check_alternatives"),
            ("recommendation", "One scenario recommended", "check_recommendation"),
            ("gaps", "Material gaps settled", "check_gaps"),
            ("brief-size", "Few enough scenarios for the brief", "check_brief_size"),
        ):
            register_check(StageKind.RECONCILIATION, key, label, f"reconciliation.checks:{function}")
        register_facts(VersionKind.SCENARIO, PnlLine, columns=("family_id", "month", "row", "amount"))
        register_measure("budget", "Budget", "reconciliation.queries.pnl:budget_figures")
        register_alert("budget", "reconciliation.queries.below_budget:below_budget")
        stage_closed.connect(on_stage_closed, dispatch_uid="reconciliation.stage_closed")
