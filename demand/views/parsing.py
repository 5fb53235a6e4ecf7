"""What the grid's script sends, as arguments of use cases."""

import json
import uuid
from datetime import date
from typing import Any

from django.http import HttpRequest

from cycles.models import Assumption
from demand.actions.edits import Edit
from demand.queries.views import Filters
from sop.errors import InvalidInput
from sop.periods import parse_month


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request. InvalidInput, in words, for anything else."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise InvalidInput("The request is no JSON.") from error
    if not isinstance(body, dict):
        raise InvalidInput("The request has to be a JSON object.")
    return body


def filters_of(given: Any) -> Filters:
    """Codes of a family and a market; missing ones mean all."""
    if given is None:
        return Filters()
    if not isinstance(given, dict):
        raise InvalidInput("filters: give an object with family and market.")
    return Filters(text_of(given, "family"), text_of(given, "market"))


def text_of(body: dict[str, Any], name: str, default: str = "") -> str:
    value = body.get(name, default)
    if value is None:
        return default
    if not isinstance(value, str):
        raise InvalidInput(f"{name}: give a text.")
    return value


def texts_of(body: dict[str, Any], name: str) -> list[str]:
    values = body.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidInput(f"{name}: give a list of texts.")
    return values


def action_of(body: dict[str, Any]) -> uuid.UUID | None:
    """The client's key of the action, if it sent one."""
    given = body.get("action_id")
    if given is None:
        return None
    try:
        return uuid.UUID(str(given))
    except ValueError as error:
        raise InvalidInput("action_id: give a UUID.") from error


def edits_of(body: dict[str, Any]) -> list[Edit]:
    """The single entries of an action, in their order."""
    given = body.get("edits")
    if not isinstance(given, list) or not given:
        raise InvalidInput("edits: give a list of at least one entry.")
    return [_edit(entry, number) for number, entry in enumerate(given, start=1)]


def _edit(entry: Any, number: int) -> Edit:
    if not isinstance(entry, dict):
        raise InvalidInput(f"Entry {number} is no object.")
    try:
        month = parse_month(text_of(entry, "month"))
    except ValueError as error:
        raise InvalidInput(f"Entry {number}: {error}") from error
    return Edit(
        text_of(entry, "node"),
        text_of(entry, "measure"),
        month,
        text_of(entry, "operation", "set"),
        _number(entry.get("value"), number),
        _number(entry.get("seen"), number),
        "seen" in entry,
    )


def _number(value: Any, number: int) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"Entry {number}: {value!r} is no number.")
    return float(value)


def places_of(body: dict[str, Any]) -> list[tuple[str, date]]:
    """Cells as (node, month)."""
    cells = body.get("cells") or []
    if not isinstance(cells, list) or not all(isinstance(one, dict) for one in cells):
        raise InvalidInput("cells: give a list of objects with node and month.")
    try:
        return [(text_of(one, "node"), parse_month(text_of(one, "month"))) for one in cells]
    except ValueError as error:
        raise InvalidInput(str(error)) from error


def assumption_of(body: dict[str, Any]) -> Assumption | None:
    """The assumption that an action names. InvalidInput where there is none of this key."""
    key = body.get("assumption")
    if key in (None, ""):
        return None
    found = Assumption.objects.filter(pk=key).first() if isinstance(key, int) else None
    if found is None:
        raise InvalidInput("assumption: there is no such assumption.")
    return found


def ids_of(body: dict[str, Any], name: str) -> list[int]:
    given = body.get(name)
    if not isinstance(given, list) or not all(
        isinstance(key, int) and not isinstance(key, bool) for key in given
    ):
        raise InvalidInput(f"{name}: give a list of whole numbers.")
    return given
