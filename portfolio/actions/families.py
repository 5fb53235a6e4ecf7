"""The family tree as product management edits it, and where a product belongs in it."""

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.actions.stages import note_editor
from cycles.models import Cycle, User
from portfolio.actions.common import editable_stage, finished_product, saved
from portfolio.models import Family, Product
from portfolio.queries.tree import family_tree
from portfolio.registry import tell_tree_listeners
from sop.errors import InvalidInput, NotFound, WrongState


@transaction.atomic
def save_family(
    *, cycle: Cycle, by: User, code: str, name: str = "", parent: str = "", new: bool = False
) -> Family:
    """Adds a family, renames it or moves it with all below it under another one; no parent: to the top.

    Raises NotAllowed, WrongState, Locked, NotFound (family, parent) or InvalidInput (a circle, a code twice).
    """
    stage = editable_stage(cycle, by)
    above = _family(parent) if parent else None
    family = _new(code) if new else _family(code)
    tree = family_tree()
    if above and family.pk and above.pk in tree.descendants(family.pk):
        raise InvalidInput(f"{family.code} cannot stand below {above.code}, which stands below it.")
    family.name, family.parent = name.strip() or family.code, above
    family.save()
    note_editor(stage=stage, user=by)
    detail = {"name": family.name, "parent": above.code if above else ""}
    record_act(by=by, act="family.save", subject=family.code, detail=detail)
    return family


def _new(code: str) -> Family:
    words = code.strip()
    if not words or len(words) > 64:
        raise InvalidInput("A family needs a code of up to 64 letters.")
    if Family.objects.filter(code__iexact=words).exists():
        raise InvalidInput(f"There is a family {words} already.")
    return Family(code=words)


def _family(code: str) -> Family:
    family = Family.objects.filter(code=code).first()
    if family is None:
        raise NotFound(f"There is no family {code!r}.")
    return family


@transaction.atomic
def delete_family(*, cycle: Cycle, by: User, code: str) -> None:
    """Takes out a family that nothing belongs to. Raises WrongState where products or families are below it."""
    stage = editable_stage(cycle, by)
    family = _family(code)
    if family.products.exists() or family.children.exists():
        raise WrongState(f"{family.code} is not empty: move its products and families first.")
    family.delete()
    note_editor(stage=stage, user=by)
    record_act(by=by, act="family.delete", subject=code, detail={})


@transaction.atomic
def move_product(*, cycle: Cycle, by: User, code: str, family: str) -> Product:
    """Puts a finished good into another family; its figures are rolled up there from now on."""
    stage = editable_stage(cycle, by)
    product, target = finished_product(code), _family(family)
    before = product.family.code if product.family else ""
    product.family = target
    product.save()
    detail = {"from": before, "to": target.code}
    saved(cycle=cycle, stage=stage, by=by, product=product, act="product.move", detail=detail)
    tell_tree_listeners()
    return product
