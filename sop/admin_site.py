"""The technical view at /admin/: for administrators, and without what the application does with its own rules.

Roles are given on the application's own page, where the audit log sees it; and nobody makes a token or a
password for somebody else here, since that would let an administrator act in that person's name.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# Lost second factors, links to the identity provider, and addresses to write to.
TECHNICAL_APPS = frozenset({"mfa", "account", "socialaccount"})


class TechnicalAdminSite(AdminSite):
    """Only of the technical applications' models, and signed in to like everything else."""

    site_header = site_title = "Technical administration"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        shown = [model for model in models if model._meta.app_label in TECHNICAL_APPS]
        super().register(shown, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_login")


class TechnicalRights(BaseBackend):
    """Administrators may change the technical applications' rows, and no others by this way."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active and user_obj.is_staff) and perm.partition(".")[0] in TECHNICAL_APPS

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, f"{app_label}.view")
