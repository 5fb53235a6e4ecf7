"""Bringing a deal of the pipeline into the sales figures, at what it is worth on average."""

from cycles.choices import Measure, ReasonCode
from cycles.models import User, Version
from cycles.permissions import require
from demand.actions.edits import Edit, EditResult, edit_cells
from demand.models import Opportunity
from demand.permissions import may_change
from demand.queries.inputs_seen import taken_opportunities
from portfolio.models import Family, Product
from sop.errors import InvalidInput, NotFound, WrongState
from sop.periods import add_months
from sop.quantities import MINOR_PER_MAJOR, QUANTA_PER_UNIT


def take_opportunity(*, version: Version, by: User, code: str) -> EditResult:
    """Adds quantity (or amount) times probability, in equal parts over the months of delivery, as a change of sales.

    Raises NotFound, WrongState where the plan holds it already, InvalidInput for a deal without size, and
    whatever editing raises.
    """
    require(may_change(by, Measure.SALES), "Deals are brought in by sales and marketing.")
    deal = Opportunity.objects.filter(code=code).first()
    if deal is None:
        raise NotFound(f"There is no opportunity {code!r}.")
    if code in taken_opportunities(version):
        raise WrongState(f"The plan holds {code} already. Take that change back first.")
    share = deal.probability / 100
    unit = "units" if deal.quantity else "money"
    size = deal.quantity / QUANTA_PER_UNIT if deal.quantity else deal.amount_minor / MINOR_PER_MAJOR
    if size * share <= 0:
        raise InvalidInput(f"{code} has no quantity, amount or probability, so there is nothing to add.")
    months = [add_months(deal.close_month, place) for place in range(deal.delivery_months)]
    part, node = size * share / len(months), _node(deal.target_code)
    planned = set(version.cycle.months)
    edits = [Edit(node, "sales", month, "add", part) for month in months if month in planned]
    return edit_cells(
        version=version, by=by, edits=edits, unit=unit, reason_code=ReasonCode.CUSTOMER, source="pipeline",
        comment=f"{code}: {deal.probability:g} % of {size:,.0f} {unit}", note={"opportunity": code},
    )  # fmt: skip


def _node(code: str) -> str:
    product = Product.objects.filter(code=code).first()
    if product is not None:
        return f"product:{product.pk}"
    family = Family.objects.filter(code=code).first()
    if family is None:
        raise InvalidInput(f"The pipeline names {code!r}, which is neither a product nor a family.")
    return f"family:{family.pk}"
