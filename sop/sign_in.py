"""Rules of sign-in: no signing up, and whose wrong tries count against whom."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The company's identity provider signs in people who have an account here, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def client_address(request: HttpRequest) -> str:
    """The address of the person's machine: what the outermost trusted proxy saw, or the peer itself.

    Entries further left in X-Forwarded-For are the client's own claim and are not believed.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.PROXY_COUNT
    forwarded = [
        part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()
    ]
    return forwarded[-hops] if hops and len(forwarded) >= hops else peer


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The account a sign-in aimed at: e-mail address and user name of one person count together."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login", "")
    name = str(name).strip().lower()
    if "@" in name:
        known = get_user_model().objects.filter(email__iexact=name).values_list("username", flat=True).first()
        name = (known or name).lower()
    return name
