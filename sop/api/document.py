"""The OpenAPI document and its viewer, both served from here and both behind sign-in."""

from typing import Any

from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from sop.csp import inline_styles

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


class ApiDocument(SpectacularAPIView):
    """The OpenAPI document."""


@method_decorator(inline_styles, name="dispatch")
class ApiViewer(SpectacularSwaggerSplitView):
    """Swagger UI with its script in a file of its own, since inline script is barred."""
