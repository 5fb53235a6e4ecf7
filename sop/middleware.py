"""Turn a refused use case into an answer that a person, a fragment or a script can use."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sop.error_views import refusal
from sop.errors import SopError


class RefusalMiddleware:
    """Views let refusals pass; here each becomes a page, a fragment or JSON with the refusal's own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return refusal(request, error) if isinstance(error, SopError) else None
