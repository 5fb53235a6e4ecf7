"""Where the demand plan listens to the portfolio: a launch or phase-out changes its product step."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from cycles.registry import resolve

if TYPE_CHECKING:
    from cycles.models import Cycle, User
    from portfolio.models import Product


class Listener(Protocol):
    """Called inside the transaction that saved the launch or phase-out."""

    def __call__(self, *, cycle: "Cycle", by: "User", product: "Product") -> Any: ...


_listeners: list[str | Listener] = []
_effects: list[str | Callable[..., Any]] = []


def register_portfolio_listener(function: str | Listener) -> None:
    """``function(cycle=, by=, product=)`` after a launch or phase-out was saved; may be "module:name"."""
    if function not in _listeners:
        _listeners.append(function)


def tell_listeners(*, cycle: "Cycle", by: "User", product: "Product") -> None:
    """Lets the plan take over a saved launch or phase-out."""
    for function in _listeners:
        resolve(function)(cycle=cycle, by=by, product=product)


def register_effect(function: str | Callable[..., Any]) -> None:
    """``function(cycle, user) -> list[portfolio.review.Effect]``: what each portfolio change does to the plan."""
    if function not in _effects:
        _effects.append(function)


def portfolio_effects(cycle: "Cycle", user: "User") -> list[Any]:
    """What each launch and phase-out does to units and revenue over the horizon."""
    return [effect for function in _effects for effect in resolve(function)(cycle, user)]
