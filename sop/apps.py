"""The ground floor as a Django application."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SopConfig(AppConfig):
    name = "sop"
    verbose_name = "Foundations"

    def ready(self) -> None:
        # Here and not in the package itself, so that pure engines may import sop.periods without Celery.
        import_module("sop.celery")


class TechnicalAdminConfig(AdminConfig):
    """Django's administration, on a site of our own."""

    default_site = "sop.admin_site.TechnicalAdminSite"
