from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings

# Key, name and function of what the data gate asks for.
GATE = (
    ("month-loaded", "The closed month is loaded", "datahub.checks:check_month_loaded"),
    ("rules-current", "Rules run after the last load", "datahub.checks:check_rules_are_current"),
    ("no-critical-issue", "No open issue that blocks", "datahub.checks:check_no_blocking_issue"),
    ("data-score", "Data score", "datahub.checks:check_score"),
    ("owners-named", "Owners named", "datahub.checks:check_owners"),
)


class DatahubConfig(AppConfig):
    name = "datahub"
    verbose_name = "Data hub"

    def ready(self) -> None:
        self._plug_into_the_cycle()
        # All models are loaded by now, so every room's ``datasets`` module may name its own.
        for room in settings.ROOMS:
            if find_spec(f"{room}.datasets"):
                import_module(f"{room}.datasets").register()

    def _plug_into_the_cycle(self) -> None:
        from cycles.choices import StageKind
        from cycles.registry import register_check, register_pages, register_run_kind

        register_pages(
            ("Issues of data quality", "datahub:issues"), ("Templates of import files", "datahub:templates")
        )
        for key, label, function in GATE:
            register_check(StageKind.DATA, key, label, function)
        register_run_kind(
            "datahub.check", "Check of uploaded files", handler="datahub.actions.runs:run_check"
        )
        register_run_kind("datahub.load", "Loading of data", handler="datahub.actions.runs:run_load")
        register_run_kind(
            "datahub.rules",
            "Check of data quality",
            handler="datahub.actions.quality:run_rules",
            done_url="datahub:home",
        )
