from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = "Key figures"

    def ready(self) -> None:
        from cycles.registry import register_pages, register_run_kind
        from cycles.signals import stage_closed
        from kpis import listeners

        register_pages(("Key figures (KPIs)", "kpis:home"))
        register_run_kind(
            "kpis.refresh", "Key figures", handler="kpis.actions.refresh:refresh_kpis", done_url="kpis:home"
        )
        stage_closed.connect(listeners.measure_after_data, dispatch_uid="kpis.measure_after_data")
