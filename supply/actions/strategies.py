"""Taking a strategy of a family into the plan: its production by month as fixed quantities of its products."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum

from cycles.models import Cycle, User, Version
from portfolio.models import Family, Product
from sop.errors import InvalidInput
from supply.actions.fixed_lines import fix_production
from supply.models import ProductSiteFact, Site


def fix_strategy(
    *, cycle: Cycle, plan: Version, family: Family, months: Sequence[date], production: Sequence[float],
    reason: str, by: User,
) -> int:  # fmt: skip
    """Fix the family's production of the months; returns how many products and sites were fixed.

    A month is parted among products and sites by what the plan makes of each over the whole horizon. Raises
    InvalidInput where the plan makes nothing of the family.
    """
    facts = ProductSiteFact.objects.filter(version=plan, product__family=family, production__gt=0)
    rows = facts.values_list("product", "site").annotate(total=Sum("production")).order_by("product", "site")
    shares = {(product, site): total for product, site, total in rows}
    whole = sum(shares.values())
    if not whole:
        raise InvalidInput(f"The plan makes nothing of {family}, so there is nothing to fix.")
    products = Product.objects.in_bulk({product for product, _ in shares})
    sites = Site.objects.in_bulk({site for _, site in shares})
    with transaction.atomic():
        for (product, site), total in shares.items():
            for month, units in zip(months, production, strict=True):
                fix_production(
                    cycle=cycle, product=products[product], site=sites[site], months=[month],
                    units=round(units * total / whole), reason=reason, by=by,
                )  # fmt: skip
    return len(shares)
