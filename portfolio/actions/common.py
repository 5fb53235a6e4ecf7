"""What every portfolio use case begins and ends with."""

from typing import Any

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.models import Cycle, Stage, User
from cycles.permissions import require_editable
from portfolio.models import Product
from portfolio.queries.review import product_stage
from portfolio.registry import tell_listeners
from sop.errors import InvalidInput, NotFound


def editable_stage(cycle: Cycle, by: User) -> Stage:
    """The product review, if this person may change it now. Raises NotAllowed, WrongState or Locked."""
    stage = product_stage(cycle)
    require_editable(by, stage)
    return stage


def finished_product(code: str) -> Product:
    """A finished good by its code. NotFound for an unknown one, InvalidInput for a material."""
    product = Product.objects.filter(code=code).first()
    if product is None:
        raise NotFound(f"There is no product {code!r}.")
    if not product.is_finished:
        raise InvalidInput(f"{product} is no finished good, so it has no demand of its own to plan.")
    return product


def saved(
    *, cycle: Cycle, stage: Stage, by: User, product: Product, act: str, detail: dict[str, Any]
) -> None:
    """After a change: the editor, the audit log, and the demand plan, all in the caller's transaction."""
    note_editor(stage=stage, user=by)
    record_act(by=by, act=act, subject=str(product), detail=detail)
    tell_listeners(cycle=cycle, by=by, product=product)
