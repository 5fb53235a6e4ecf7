"""One shape for every refusal that leaves as JSON, whether a page's script or an API client asked."""

from typing import Any

from sop.errors import Conflict, ReasonNeeded, SopError


def error_body(error: SopError) -> dict[str, Any]:
    """``{"message", "errors"}``, and what the planning grid reacts to: conflicts, or a missing reason."""
    body: dict[str, Any] = {"message": error.message, "errors": error.errors}
    if isinstance(error, Conflict):
        body["conflicts"] = error.errors
    if isinstance(error, ReasonNeeded):
        body["reason_required"] = True
    return body
