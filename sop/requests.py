"""What kind of answer a request can use: a page, a fragment of one, or JSON."""

from django.http import HttpRequest


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of a page (a boosted link asks for a whole one)."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asked: the API, or a script that sends JSON, or accepts JSON and no page."""
    if request.path.startswith("/api/v1/") or request.content_type == "application/json":
        return True
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted
