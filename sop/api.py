"""What all API endpoints share: sign-in by token, pages of results, and one shape for errors."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import authentication, exceptions, pagination, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from sop.answers import error_body
from sop.errors import SopError


class TokenAuthentication(authentication.TokenAuthentication):
    """``Authorization: Bearer TOKEN``; first in the list, so that a missing sign-in answers 401 and not 403."""

    keyword = "Bearer"


class Pages(pagination.PageNumberPagination):
    """``?page=2&page_size=500``; at most a thousand rows at a time."""

    page_size_query_param = "page_size"
    max_page_size = 1000


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


ERROR_SCHEMA = {
    "type": "object",
    "required": ["message", "errors"],
    "properties": {
        "message": {"type": "string", "description": "What is wrong, where, and how to mend it."},
        "errors": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": True},
            "description": "Single findings: field, or file, row and column, each with a message.",
        },
    },
}

# Every endpoint may answer these, whatever it does.
COMMON_ERRORS = {
    "400": "The request cannot be read or is not valid.",
    "401": "Nobody is signed in.",
    "403": "The person may see this but not do it.",
    "404": "It does not exist or lies outside the person's scope.",
    "409": "It does not fit the present state, or somebody else changed the same figures.",
    "422": "A reason is needed for a change this large.",
    "423": "The figures are locked.",
    "429": "Too many requests; wait as long as Retry-After says.",
    "503": "Something the application stands on is down for the moment.",
}


def describe_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the error shape and the common error answers to every operation of the OpenAPI document."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR_SCHEMA
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for methods in result["paths"].values():
        for operation in methods.values():
            for code, words in COMMON_ERRORS.items():
                operation["responses"].setdefault(code, {"description": words, "content": content})
    return result
