"""A scenario's differences as changes of the planner's inputs, and as costs of their own."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from demand.models import DemandStream
from portfolio.models import Product
from reconciliation.choices import DifferenceKind
from reconciliation.models import ScenarioDifference
from sop.periods import add_months, month_range, months_between, parse_month
from supply.adjustments import AddedHours, Adjustments, DemandFactor, PriceFactor, SupplierShut
from supply.models import Resource, Supplier

Params = Mapping[str, Any]


def adjustments_of(differences: Iterable[ScenarioDifference]) -> Adjustments:
    """All differences given, as the supply plan takes them."""
    demand: list[DemandFactor] = []
    prices: list[PriceFactor] = []
    shut: list[SupplierShut] = []
    hours: list[AddedHours] = []
    for difference in differences:
        params, months = difference.params, months_of(difference.params)
        if difference.kind == DifferenceKind.DEMAND:
            demand.append(DemandFactor(1 + params["percent"] / 100, streams_of(params), months))
        elif difference.kind == DifferenceKind.PRICE:
            prices.append(PriceFactor(1 + params["percent"] / 100, streams_of(params), months))
            if volume := params.get("elasticity", 0.0) * params["percent"]:
                demand.append(DemandFactor(max(0.0, 1 + volume / 100), streams_of(params), months))
        elif difference.kind == DifferenceKind.SUPPLIER_SHUT:
            shut.append(SupplierShut(Supplier.objects.get(code=params["supplier"]).pk, months))
        elif difference.kind != DifferenceKind.SOURCE:
            resource = Resource.objects.get(code=params["resource"]).pk
            hours.append(
                AddedHours(resource, params["hours_per_month"], params["cost_per_hour"], months=months)
            )
    return Adjustments(tuple(demand), tuple(prices), tuple(shut), tuple(hours))


def sources_of(differences: Iterable[ScenarioDifference]) -> list[Params]:
    """More from suppliers, subcontractors, lanes: what changes the rows of the planner's case."""
    return [difference.params for difference in differences if difference.kind == DifferenceKind.SOURCE]


def months_of(params: Params) -> frozenset[date]:
    """The months in which a difference holds."""
    first, last = parse_month(params["first_month"]), parse_month(params["last_month"])
    return frozenset(month_range(first, months_between(first, last) + 1))


def streams_of(params: Params) -> frozenset[int] | None:
    """Streams in the scope of a difference; None where it is the whole company."""
    filters = {
        "product__family__code": params.get("family"),
        "product__code": params.get("product"),
        "market__code": params.get("market"),
    }
    chosen = {path: code for path, code in filters.items() if code}
    return frozenset(DemandStream.objects.filter(**chosen).values_list("pk", flat=True)) if chosen else None


def one_off_costs(differences: Iterable[ScenarioDifference]) -> list[tuple[str, date, int]]:
    """(family code or "", month, minor units): what differences cost once, in their first month."""
    return [
        (family_of(difference.params), parse_month(difference.params["first_month"]), cost)
        for difference in differences
        if (cost := difference.one_off_cost_minor)
    ]


def family_of(params: Params) -> str:
    """Code of the family that a difference concerns; "" where it is none in particular."""
    if family := params.get("family"):
        return str(family)
    if code := params.get("product"):
        product = Product.objects.select_related("family").filter(code=code).first()
        return product.family.code if product and product.family else ""
    return ""


def month_choices(first: date, count: int) -> list[date]:
    """Plan months that a difference may name."""
    return [add_months(first, place) for place in range(count)]
