from django.apps import AppConfig


class ExecutiveConfig(AppConfig):
    name = "executive"
    verbose_name = "Executive review"

    def ready(self) -> None:
        from cycles.choices import StageKind, VersionKind
        from cycles.registry import register_check, register_facts, register_freezer, register_pages, registry
        from cycles.signals import stage_closed
        from executive.receivers import on_stage_closed
        from reconciliation.plan_tables import plan_tables

        register_pages(("Operating plan", "executive:plan"))
        register_freezer(StageKind.EXECUTIVE, "executive.actions.approval:freeze_operating")
        for key, label, function in (
            ("brief", "The brief says what is asked", "check_brief"),
            ("decisions", "Every decision answered", "check_decisions"),
            ("held", "What is discussed holds its families", "check_held"),
            ("figures", "Figures up to date", "check_figures"),
            ("quorum", "Sales, operations and finance take part", "check_quorum"),
        ):
            register_check(StageKind.EXECUTIVE, key, label, f"executive.checks:{function}")
        # The operating plan holds what the demand plan and the scenario hold; their rooms are ready by now.
        for facts in [*registry.facts.get(VersionKind.DEMAND, []), *plan_tables()]:
            register_facts(VersionKind.OPERATING, facts.model, facts.columns, facts.copied)
        stage_closed.connect(on_stage_closed, dispatch_uid="executive.stage_closed")
