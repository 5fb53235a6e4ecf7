"""How long a sign-in lasts, and what somebody meets who is not (or no longer) signed in."""

import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from sop.requests import is_fragment, wants_json

SIGNED_IN_AT, ACTIVE_AT, SECOND_FACTOR = "signed_in_at", "active_at", "second_factor"
# Activity is written down once a minute at most: a write per request would make every reader a writer.
ACTIVITY_STEP_SECONDS = 60

Next = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitsMiddleware:
    """End a session after half an hour without activity, and after twelve hours in any case.

    A request with the header ``X-Background: 1`` is no activity: a page asks by itself how a run goes.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._keep_or_end(request, time.time())
        return self.get_response(request)

    def _keep_or_end(self, request: HttpRequest, now: float) -> None:
        if why := limit_passed(request.session, now):
            logout(request)
            messages.info(request, why)
            return
        background = request.headers.get("x-background") == "1"
        if not background and now - request.session.get(ACTIVE_AT, 0) >= ACTIVITY_STEP_SECONDS:
            request.session[ACTIVE_AT] = now
            request.session.setdefault(SIGNED_IN_AT, now)


def limit_passed(session: SessionBase, now: float) -> str:
    """Why this session is over at the time ``now`` (seconds), in words; empty while it is not."""
    if now - session.get(SIGNED_IN_AT, now) >= settings.SESSION_ABSOLUTE_SECONDS:
        hours = settings.SESSION_ABSOLUTE_SECONDS // 3600
        return f"You were signed out {hours} hours after signing in. Sign in again to go on."
    if now - session.get(ACTIVE_AT, now) >= settings.SESSION_IDLE_SECONDS:
        minutes = settings.SESSION_IDLE_SECONDS // 60
        return f"You were signed out after {minutes} minutes without activity. Sign in again to go on."
    return ""


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Deny by default. A page is redirected to sign-in; a fragment or a script is told to go there.

    Without that, htmx would follow the redirect and paint the sign-in form into a corner of the page.
    """

    def handle_no_permission(  # type: ignore[override]  # not only redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if is_fragment(request):
            response = HttpResponse(status=401)
            response["HX-Redirect"] = _sign_in_address(_page_of(request))
            return response
        if wants_json(request):
            address = _sign_in_address(_page_of(request))
            return JsonResponse(
                {"message": "You are signed out. Sign in again.", "sign_in": address}, status=401
            )
        return cast("HttpResponse", super().handle_no_permission(request, view_func))


def _page_of(request: HttpRequest) -> str:
    htmx = getattr(request, "htmx", None)
    return (htmx.current_url_abs_path if htmx else None) or "/"


def _sign_in_address(back_to: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back_to})}"


class SecondFactorMiddleware:
    """Send people whose role must have a second factor to set one up before anything else."""

    def __init__(self, get_response: Next) -> None:
        if not settings.REQUIRE_MFA_ROLES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._may_pass(request):
            return self.get_response(request)
        address = reverse("mfa_activate_totp")
        if is_fragment(request) or wants_json(request):
            return JsonResponse(
                {"message": "Set up a second factor first."}, status=403, headers={"HX-Redirect": address}
            )
        messages.info(request, "Your role needs a second factor. Set one up to go on.")
        return redirect(address)

    def _may_pass(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated or request.path.startswith(
            reverse("account_login").rsplit("/", 2)[0]
        ):
            return True
        if not request.session.get(SECOND_FACTOR):
            needed = request.user.groups.filter(name__in=settings.REQUIRE_MFA_ROLES).exists()
            request.session[SECOND_FACTOR] = not needed or is_mfa_enabled(request.user)
        return bool(request.session[SECOND_FACTOR])
