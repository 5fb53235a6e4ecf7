"""What every page knows: the product's name, the person's theme and number format, the cycle and its stages."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from sop.numbers import DEFAULT_STYLE

# The places in the bar, in the order of the cycle: (word, URL name). The cycle's own stages carry their states.
FIRST = ("Home", "home")
LAST = ("KPIs", "kpis:home")
STAGES = [
    ("Data", "datahub:home"),
    ("Product", "portfolio:home"),
    ("Demand", "demand:home"),
    ("Supply", "supply:home"),
    ("Reconciliation", "reconciliation:home"),
    ("Executive", "executive:home"),
]
# The mark in the bar for each state of a stage; what is not named has an empty ring.
MARKS = {"signed": "signed", "open": "open", "submitted": "submitted", "out_of_date": "stale"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Pages for people who are not signed in get the name and the look alone."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    theme = getattr(user, "theme", "auto")
    return {
        "product_name": settings.PRODUCT_NAME,
        "theme": theme if theme in {"light", "dark"} else "",
        "number_format": getattr(user, "number_format", DEFAULT_STYLE),
        **(_bar(request) if signed_in else {"shell": {}, "places": []}),
    }


def _bar(request: HttpRequest) -> dict[str, Any]:
    cycle = _cycle_of(request)
    places = _places(request, cycle.get("stages") or [], plan_shut=bool(cycle.get("plan_shut")))
    return {"shell": cycle, "places": places, "currency": cycle.get("currency", "")}


def _cycle_of(request: HttpRequest) -> dict[str, Any]:
    """The cycle and its stages as the room above tells them; nothing where there is no cycle yet."""
    tell = _shell_query()
    return (tell(request.user) or {}) if tell else {}


@cache
def _shell_query() -> Callable[[Any], dict[str, Any] | None] | None:
    # By name and late: the ground floor imports no room above it, and the bar shows the cycle all the same.
    if not find_spec("cycles.queries"):
        return None
    return getattr(import_module("cycles.queries"), "shell_context", None)


def _places(
    request: HttpRequest, stages: list[dict[str, Any]], *, plan_shut: bool = False
) -> list[dict[str, Any]]:
    known = [_place(request, stage["name"], stage["url_name"], stage) for stage in stages]
    stage_places = known or [_place(request, word, url_name, {}) for word, url_name in STAGES]
    last = [] if plan_shut else [_place(request, *LAST, {})]
    ends = [_place(request, *FIRST, {}), *stage_places, *last]
    return [place for place in ends if place["url"]]


def _place(request: HttpRequest, word: str, url_name: str, stage: dict[str, Any]) -> dict[str, Any]:
    return {
        "word": word,
        "url": _address(url_name),
        "mark": MARKS.get(str(stage.get("state", "")), "empty") if stage else "",
        "state_word": stage.get("state_word", ""),
        "is_current": _is_current(request, url_name),
    }


def _address(url_name: str) -> str:
    """Empty where a room's pages are not installed, so that one missing room does not break every page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _is_current(request: HttpRequest, url_name: str) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    room = url_name.partition(":")[0]
    return match.view_name == url_name or (":" in url_name and match.namespace == room)
