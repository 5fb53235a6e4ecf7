"""One shape for every error of the API."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from sop.answers import error_body
from sop.errors import SopError


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal as ``{"message": words, "errors": [{"field", "message"}, ...]}``.

    None for an error nobody foresaw: Django then logs it and answers 500.
    """
    if isinstance(error, SopError):
        return Response(error_body(error), status=error.status)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _framework_error_body(error, response)
    return response


def _framework_error_body(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        findings = list(_findings(error.detail))
        return {"message": _summary(findings), "errors": findings}
    if response.status_code == status.HTTP_404_NOT_FOUND:
        return {"message": "There is nothing at this address, or it is outside your scope.", "errors": []}
    return {"message": str(response.data.get("detail", error)), "errors": []}


def _summary(findings: list[dict[str, str]]) -> str:
    if len(findings) == 1:
        return f"{findings[0]['field']}: {findings[0]['message']}"
    return f"{len(findings)} fields are not right; nothing was saved."


def _findings(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Flatten the framework's nested error lists; ``lines.2.month`` names the month of the third line."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _findings(inner, f"{field}.{name}".lstrip("."))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _findings(inner, f"{field}.{position}".lstrip(".") if nested else field)
    else:
        yield {"field": field or "request", "message": str(detail)}
