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
_sources: dict[str, str | Callable[..., Any]] = {}

EFFECTS, SALES, STOCK, COMPLEXITY = "effects", "sales", "stock", "complexity"


def register_portfolio_listener(function: str | Listener) -> None:
    """``function(cycle=, by=, product=)`` after a launch or phase-out was saved; may be "module:name"."""
    if function not in _listeners:
        _listeners.append(function)


def tell_listeners(*, cycle: "Cycle", by: "User", product: "Product") -> None:
    """Lets the plan take over a saved launch or phase-out."""
    for function in _listeners:
        resolve(function)(cycle=cycle, by=by, product=product)


_tree_listeners: list[str | Callable[[], Any]] = []


def register_tree_listener(function: str | Callable[[], Any]) -> None:
    """``function()`` after a product went to another family, in the same transaction; may be "module:name"."""
    if function not in _tree_listeners:
        _tree_listeners.append(function)


def tell_tree_listeners() -> None:
    """Lets sums by family follow a product that was moved."""
    for function in _tree_listeners:
        resolve(function)()


def register_source(name: str, function: str | Callable[..., Any]) -> None:
    """Figures of a higher room that the product review shows; ``function(cycle)`` answers by product key.

    ``effects``: ``list[PortfolioEffect]``, what each change does to the plan. ``sales``:
    ``{product: ProductSales}``, what was sold. ``stock``: ``{product: ProductStock}``, what lies on hand and
    is coming. ``complexity``: ``{product: ProductComplexity}``, what production needs for it.
    """
    _sources[name] = function


def figures_of(name: str, cycle: "Cycle", default: Any) -> Any:
    """What a source says; ``default`` where no room has registered one."""
    return resolve(_sources[name])(cycle) if name in _sources else default
