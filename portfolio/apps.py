from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"
    verbose_name = "Product portfolio"

    def ready(self) -> None:
        from cycles.choices import StageKind
        from cycles.registry import register_check, register_freezer, register_pages, register_search
        from portfolio import datasets

        datasets.register()
        register_search("portfolio.queries.searching:find")
        register_pages(
            ("Families", "portfolio:families"),
            ("Products", "portfolio:products"),
            ("Effects of launches and phase-outs", "portfolio:effects"),
        )
        register_freezer(StageKind.PRODUCT, "portfolio.actions.reviews:freeze_portfolio")
        for key, label, function in (
            ("launches", "Launches complete", "check_launches"),
            ("phase-outs", "Phase-outs complete", "check_phase_outs"),
            ("cuts", "Proposals to cut decided", "check_decisions"),
        ):
            register_check(StageKind.PRODUCT, key, label, f"portfolio.checks:{function}")
