"""Pages for what went wrong: each says what happened, and what to do now."""

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from sop.answers import error_body
from sop.errors import SopError
from sop.requests import is_fragment, wants_json

# What to do, by status; the refusal's own words say what happened.
MENDS = {
    400: "Go back, correct what is named and send it again.",
    403: "If you need this, ask your administrator for the role or the scope.",
    404: "Check the address, or start from the home page.",
    409: "Load the page again to see the present state, then decide.",
    422: "Give a reason and send it again.",
    423: "Ask the owner of the stage to re-open it.",
    429: "Wait a while, then try again.",
    500: "The error has been logged. Try again; if it stays, tell your administrator when it happened.",
    503: "What was saved is safe, and nothing is half-saved. Try again in a minute.",
}
TITLES = {
    400: "That cannot be used as it is",
    403: "You may not do this",
    404: "There is nothing here",
    409: "This does not fit the present state",
    422: "A reason is needed",
    423: "These figures are locked",
    429: "Signing in is locked for a while",
    500: "Something broke on our side",
    503: "Not available at the moment",
}


def refusal(request: HttpRequest, error: SopError) -> HttpResponse:
    """A refused use case as the kind of answer that was asked for."""
    if wants_json(request):
        return JsonResponse(error_body(error), status=error.status)
    return _answer(request, error.status, error.message, errors=error.errors)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "The request could not be read.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        403,
        "The form was too old, or cookies are blocked, so it could not be trusted.",
        mend="Load the page again and repeat the step; allow cookies for this address.",
    )


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, str(exception) or "Your roles do not include this.")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "Nothing is found at this address, or it is outside your scope.")


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """Stands alone: when something broke, the page about it must not depend on the database."""
    # Django calls this while it handles the error: a database that is down is not our bug, and passes.
    status = 503 if isinstance(sys.exc_info()[1], OperationalError | InterfaceError) else 500
    if wants_json(request) or is_fragment(request):
        return JsonResponse({"message": f"{TITLES[status]}. {MENDS[status]}", "errors": []}, status=status)
    # Without the request, so that no context processor runs.
    context = {"title": TITLES[status], "mend": MENDS[status]}
    return HttpResponse(render_to_string("errors/broken.html", context), status=status)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords. It says how long, and not whether the account exists."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return _answer(
        request,
        429,
        f"The password was wrong {settings.AXES_FAILURE_LIMIT} times, so this account is locked from your "
        f"address for {minutes} minutes.",
        mend="Wait, or ask your administrator to unlock it. If it was not you, tell them now.",
    )


def _answer(
    request: HttpRequest, status: int, text: str, *, mend: str = "", errors: Any = ()
) -> HttpResponse:
    mend = mend or MENDS.get(status, "")
    if wants_json(request):
        return JsonResponse({"message": f"{text} {mend}".strip(), "errors": list(errors)}, status=status)
    template = "errors/_refusal.html" if is_fragment(request) else "errors/refusal.html"
    # Strangers get the shell without the planning bar; so do requests refused before it is known who asks.
    user = getattr(request, "user", None)
    parent = "base.html" if user is not None and user.is_authenticated else "base_alone.html"
    context = {
        "parent": parent,
        "title": TITLES.get(status, TITLES[400]),
        "text": text,
        "mend": mend,
        "errors": errors,
    }
    return render(request, template, context, status=status)
