"""Names of limits and targets as planners read them in gaps.csv and in reasons: `kind:WHAT@MONTH`."""

from __future__ import annotations

from dataclasses import dataclass

from supply.planning.case import Case


@dataclass(frozen=True, slots=True, order=True)
class Limit:
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
    return f"{limit.kind}:{_subject(case, limit)}@{case.settings.month_name(limit.month)}"


def _subject(case: Case, limit: Limit) -> str:
    row, product, place = limit.row, case.products.name, case.places.name
    match limit.kind:
        case "resource":
            return f"{place[case.resources.site[row]]}/{case.resources.name[row]}"
        case "production" | "min_quantity":
            return f"{product[case.production.product[row]]}/{place[case.production.site[row]]}"
        case "material":
            return str(case.materials.name[row])
        case "supplier":
            return f"{case.suppliers.supplier[row]}/{case.materials.name[case.suppliers.material[row]]}"
        case "subcontract":
            sub = case.subcontract
            return f"{sub.subcontractor[row]}/{product[sub.product[row]]}/{place[sub.site[row]]}"
        case "lane":
            lanes = case.lanes
            own = f"/{product[lanes.product[row]]}" if lanes.product[row] >= 0 else ""
            return f"{place[lanes.origin[row]]}/{place[lanes.destination[row]]}{own}"
        case "inbound":
            return str(place[row])
        case "must_serve":
            return f"{product[case.demand.product[row]]}/{place[case.demand.market[row]]}"
        case "max_stock" | "min_closing_stock":
            return f"{product[case.stock.product[row]]}/{place[case.stock.site[row]]}"
    raise ValueError(f"no such kind of limit: {limit.kind}")
