"""Names of limits and targets as planners read them in gaps.csv and in reasons: `kind:WHAT@MONTH`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from supply.planning.case import Case


class Limit(NamedTuple):
    """One limit: its kind, the row of the table it belongs to, and the month (-1: of no month)."""

    kind: str
    row: int = -1
    month: int = -1


LEAD_TIME, SHELF_LIFE, NO_SOURCE, PRICE = (
    Limit(kind) for kind in ("lead_time", "shelf_life", "no_source", "price")
)


def limit_name(case: Case, limit: Limit) -> str:
    """The limit's name. Rows of `max_stock` and `min_closing_stock` are those of the stock table."""
    if limit.row < 0:
        return limit.kind
    return f"{limit.kind}:{_SUBJECTS[limit.kind](case, limit.row)}@{case.settings.month_name(limit.month)}"


def _resource(case: Case, row: int) -> str:
    return f"{case.places.name[case.resources.site[row]]}/{case.resources.name[row]}"


def _production(case: Case, row: int) -> str:
    return _at(case, case.production.product[row], case.production.site[row])


def _stock(case: Case, row: int) -> str:
    return _at(case, case.stock.product[row], case.stock.site[row])


def _stream(case: Case, row: int) -> str:
    return _at(case, case.demand.product[row], case.demand.market[row])


def _material(case: Case, row: int) -> str:
    return str(case.materials.name[row])


def _supplier(case: Case, row: int) -> str:
    return f"{case.suppliers.supplier[row]}/{_material(case, case.suppliers.material[row])}"


def _subcontract(case: Case, row: int) -> str:
    sub = case.subcontract
    return f"{sub.subcontractor[row]}/{_at(case, sub.product[row], sub.site[row])}"


def _lane(case: Case, row: int) -> str:
    lanes, place = case.lanes, case.places.name
    own = f"/{case.products.name[lanes.product[row]]}" if lanes.product[row] >= 0 else ""
    return f"{place[lanes.origin[row]]}/{place[lanes.destination[row]]}{own}"


def _inbound(case: Case, row: int) -> str:
    return str(case.places.name[row])


def _at(case: Case, product: int, place: int) -> str:
    return f"{case.products.name[product]}/{case.places.name[place]}"


_SUBJECTS: dict[str, Callable[[Case, int], str]] = {
    "resource": _resource,
    "production": _production,
    "min_quantity": _production,
    "fixed": _production,
    "material": _material,
    "supplier": _supplier,
    "subcontract": _subcontract,
    "lane": _lane,
    "inbound": _inbound,
    "max_stock": _stock,
    "min_closing_stock": _stock,
    "must_serve": _stream,
}
