"""What master data needs beyond the general writer: make or buy, launches and phase-outs."""

from datetime import date
from typing import Any

import pandas as pd

from datahub.context import LoadContext
from portfolio.choices import ProductStatus
from portfolio.models import Family, Launch, LaunchReference, PhaseOut, Product
from sop.errors import InvalidInput
from sop.periods import first_of_month


def product_fields(frame: pd.DataFrame, context: LoadContext) -> dict[str, list[Any]]:
    """Whether a product is bought."""
    return {"is_bought": (frame["source"] == "buy").tolist()} if "source" in frame else {}


def check_family_tree(context: LoadContext) -> None:
    """Refuses a load after which families would belong to each other in a circle; nothing of it is kept."""
    parents = dict(Family.objects.values_list("code", "parent__code"))
    for code in parents:
        path = [code]
        while above := parents.get(path[-1]):
            if above in path:
                circle = " to ".join([*path[path.index(above) :], above])
                raise InvalidInput(f"Families belong to each other in a circle: {circle}.")
            path.append(above)


def apply_life_cycle(context: LoadContext) -> None:
    """Launches of new products and phase-outs of ending ones, as far as nobody has planned them yet.

    What people have decided in a product review stays as it is; a later load only adds what is missing.
    """
    _add_launches()
    _add_phase_outs()


def _add_launches() -> None:
    products = Product.objects.filter(
        status=ProductStatus.NEW, launch_date__isnull=False, launch__isnull=True
    )
    likes = {
        product.code: product
        for product in Product.objects.filter(code__in=products.values("like_product_code"))
    }
    for product in products:
        launch = Launch.objects.create(product=product, month=first_of_month(_day(product.launch_date)))
        like = likes.get(product.like_product_code)
        if like and product.like_percent:
            LaunchReference.objects.create(launch=launch, product=like, percent=product.like_percent)


def _add_phase_outs() -> None:
    products = Product.objects.filter(status=ProductStatus.PHASE_OUT, phase_out__isnull=True)
    successors = {
        product.code: product
        for product in Product.objects.filter(code__in=products.values("successor_code"))
    }
    for product in products.filter(end_date__isnull=False):
        successor = successors.get(product.successor_code)
        PhaseOut.objects.create(
            product=product,
            end_month=first_of_month(_day(product.end_date)),
            successor=successor if successor != product else None,
            no_successor=not product.successor_code,
        )


def _day(value: date | None) -> date:
    if value is None:
        raise AssertionError("The query asked for products with a date.")
    return value
