"""Launches: what starts, when, and after whose example."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from cycles.models import Cycle, User
from portfolio.actions.common import editable_stage, finished_product, saved
from portfolio.choices import LaunchGate, ProductKind, ProductStatus
from portfolio.models import Family, Launch, LaunchReference, Product
from sop.errors import InvalidInput, NotFound
from sop.periods import first_of_month, month_key

MOST_PERCENT = 1_000.0


@dataclass(frozen=True)
class NewProduct:
    """Master data of a product that does not exist yet."""

    code: str
    description: str
    family_code: str
    list_price: Decimal | None = None
    standard_cost: Decimal | None = None


@transaction.atomic
def save_launch(
    *,
    cycle: Cycle,
    by: User,
    product: str | NewProduct,
    month: date,
    references: Sequence[tuple[str, float]],
    gate: str = LaunchGate.DEVELOPMENT,
    ramp_months: int = 6,
    takes_from_like: bool = True,
    owner: User | None = None,
    note: str = "",
) -> Launch:
    """Plans a launch or changes a planned one; the demand plan takes it over at once.

    ``references`` are like products (code) with the percent of their volume. Raises NotAllowed,
    WrongState, Locked, NotFound (product, family) or InvalidInput.
    """
    stage = editable_stage(cycle, by)
    likes = _likes(references)
    if gate not in LaunchGate.values:
        raise InvalidInput(f"{gate!r} is no gate. Known are: {', '.join(LaunchGate.values)}.")
    if not 1 <= ramp_months <= 60:
        raise InvalidInput("The ramp takes between 1 and 60 months.")
    item = _create(product) if isinstance(product, NewProduct) else finished_product(product)
    if item.code in {like.code for like, _ in likes}:
        raise InvalidInput(f"{item.code} cannot be its own like product.")
    launch, _ = Launch.objects.update_or_create(
        product=item,
        defaults={
            "month": first_of_month(month),
            "gate": gate,
            "ramp_months": ramp_months,
            "owner": owner,
            "takes_from_like": takes_from_like,
            "note": note.strip(),
            "is_dropped": False,
        },
    )
    launch.references.all().delete()
    LaunchReference.objects.bulk_create(
        LaunchReference(launch=launch, product=like, percent=percent) for like, percent in likes
    )
    item.status, item.launch_date = ProductStatus.NEW, first_of_month(month)
    item.save()
    detail = {
        "month": month_key(month),
        "like": [[like.code, percent] for like, percent in likes],
        "gate": gate,
    }
    saved(cycle=cycle, stage=stage, by=by, product=item, act="launch.save", detail=detail)
    return launch


def _likes(references: Sequence[tuple[str, float]]) -> list[tuple[Product, float]]:
    codes = [code for code, _ in references]
    if len(set(codes)) < len(codes):
        raise InvalidInput("Name each like product once.")
    for code, percent in references:
        if not 0 < percent <= MOST_PERCENT:
            raise InvalidInput(f"{code}: give a percent above 0 and up to {MOST_PERCENT:g}.")
    return [(finished_product(code), percent) for code, percent in references]


def _create(new: NewProduct) -> Product:
    code = new.code.strip()
    if not code:
        raise InvalidInput("A new product needs a code.")
    if Product.objects.filter(code__iexact=code).exists():
        raise InvalidInput(f"There is a product {code} already. Choose it, or give another code.")
    family = Family.objects.filter(code=new.family_code).first()
    if family is None:
        raise NotFound(f"There is no family {new.family_code!r}.")
    return Product.objects.create(
        code=code,
        description=new.description.strip(),
        kind=ProductKind.FINISHED,
        family=family,
        status=ProductStatus.NEW,
        list_price=new.list_price,
        standard_cost=new.standard_cost,
    )


@transaction.atomic
def move_launch(*, cycle: Cycle, by: User, code: str, gate: str, reason: str = "") -> Launch:
    """Go to another gate. Raises NotFound or InvalidInput besides the usual refusals."""
    stage = editable_stage(cycle, by)
    launch = _launch(code)
    if gate not in LaunchGate.values:
        raise InvalidInput(f"{gate!r} is no gate. Known are: {', '.join(LaunchGate.values)}.")
    before, launch.gate = launch.gate, gate
    launch.save()
    detail = {"from": before, "to": gate, "reason": reason.strip()}
    saved(cycle=cycle, stage=stage, by=by, product=launch.product, act="launch.gate", detail=detail)
    return launch


@transaction.atomic
def drop_launch(*, cycle: Cycle, by: User, code: str, reason: str) -> Launch:
    """Stops a launch; what it did to the plan is taken back. A reason is required."""
    stage = editable_stage(cycle, by)
    launch = _launch(code)
    if not reason.strip():
        raise InvalidInput("Say why the launch is stopped.")
    launch.is_dropped, launch.note = True, reason.strip()
    launch.save()
    launch.product.status = ProductStatus.OBSOLETE
    launch.product.save()
    detail = {"reason": reason.strip()}
    saved(cycle=cycle, stage=stage, by=by, product=launch.product, act="launch.drop", detail=detail)
    return launch


def _launch(code: str) -> Launch:
    launch = Launch.objects.select_related("product").filter(product__code=code, is_dropped=False).first()
    if launch is None:
        raise NotFound(f"There is no launch of {code!r}.")
    return launch
