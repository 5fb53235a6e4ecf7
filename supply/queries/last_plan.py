"""Production of an earlier plan in the rows of a case. Imports numpy: for workers only."""

import numpy as np

from cycles.models import Version
from sop.quantities import QUANTA_PER_UNIT
from supply.models import ProductSiteFact
from supply.planning.case import Floats
from supply.queries.case.built import BuiltCase


def last_production(plan: Version, built: BuiltCase) -> Floats:
    """(production rows, months) units started in an earlier plan; nan in months that it did not reach."""
    production = built.case.production
    row_of = {
        (built.product_ids[product], built.site_ids[site]): row
        for row, (product, site) in enumerate(zip(production.product, production.site, strict=True))
    }
    month_of = {month: t for t, month in enumerate(built.months)}
    facts = ProductSiteFact.objects.filter(version=plan, month__gte=built.months[0])
    units = np.full((len(row_of), len(built.months)), np.nan)
    # Cells without production were left out when the plan was stored: within its reach they are zero.
    reached = {
        month_of[month] for month in facts.values_list("month", flat=True).distinct() if month in month_of
    }
    units[:, sorted(reached)] = 0.0
    for product, site, month, quanta in facts.values_list("product_id", "site_id", "month", "production"):
        if (product, site) in row_of and month in month_of:
            units[row_of[product, site], month_of[month]] = quanta / QUANTA_PER_UNIT
    return units
