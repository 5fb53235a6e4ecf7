"""Around every request: refusals become answers, and reads of one page are done once."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sop.error_views import refusal
from sop.errors import SopError
from sop.reads import one_reading


class RefusalMiddleware:
    """Views let refusals pass; here each becomes a page, a fragment or JSON with the refusal's own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return refusal(request, error) if isinstance(error, SopError) else None


class OneReadingMiddleware:
    """A page is read at one moment: what several of its parts ask for is read once (GET and HEAD alone)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)
