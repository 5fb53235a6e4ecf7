"""Where higher rooms plug into the supply review: further alerts of a plan, such as sales below budget."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cycles.registry import resolve

if TYPE_CHECKING:
    from cycles.models import Version
    from supply.queries.alerts import Alert

_alerts: dict[str, str | Callable[..., "Alert | None"]] = {}


def register_alert(key: str, function: str | Callable[..., "Alert | None"]) -> None:
    """``function(version)``, or its path "module:name", answers an alert of a supply plan or None."""
    _alerts[key] = function


def further_alerts(version: "Version") -> list["Alert"]:
    """What the registered functions find, in the order of registration."""
    found: list[Alert | None] = [resolve(function)(version) for function in _alerts.values()]
    return [alert for alert in found if alert is not None]
