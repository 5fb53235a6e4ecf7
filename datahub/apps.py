from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class DatahubConfig(AppConfig):
    name = "datahub"
    verbose_name = "Data hub"

    def ready(self) -> None:
        # All models are loaded by now, so every room's ``datasets`` module may name its own.
        for room in settings.ROOMS:
            if find_spec(f"{room}.datasets"):
                import_module(f"{room}.datasets").register()
