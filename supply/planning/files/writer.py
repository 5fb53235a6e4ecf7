"""Writing a plan: summary.json, plan.csv and gaps.csv."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from supply.planning.case import Case, Floats
from supply.planning.network import Network
from supply.planning.plan import Plan

PLAN_COLUMNS = (
    "kind",
    "product",
    "site",
    "destination",
    "resource",
    "material",
    "supplier",
    "month",
    "quantity",
)
GAP_COLUMNS = (
    "product",
    "market",
    "month",
    "demand",
    "supplied",
    "gap_units",
    "gap_value",
    "binding",
)


def write_plan(case: Case, plan: Plan, folder: Path) -> None:
    """Write the three files; without a plan, the summary alone."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = json.dumps(summary_of(plan), indent=1) + "\n"
    (folder / "summary.json").write_text(summary, encoding="utf-8")
    if plan.network is not None:
        _write_rows(folder / "plan.csv", PLAN_COLUMNS, plan_rows(case, plan))
        _write_rows(folder / "gaps.csv", GAP_COLUMNS, gap_rows(case, plan))


def summary_of(plan: Plan) -> dict[str, Any]:
    """What summary.json holds."""
    if plan.network is None:
        return {"status": str(plan.status), "reason": plan.reason}
    return {
        "status": str(plan.status),
        "objective": plan.objective,
        "margin": plan.margin,
        "revenue": plan.revenue,
        "costs": plan.costs,
        "penalties": plan.penalties,
        "lost_units": plan.lost_units,
        "backlog_unit_months": plan.backlog_unit_months,
        "end_backlog_units": plan.end_backlog_units,
        "solver_seconds": plan.solver_seconds,
    }


def plan_rows(case: Case, plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows of plan.csv; quantities of 0 are left out."""
    month = case.settings.month_names()
    if plan.network is None:
        return
    for kind, quantities, labels in _sections(case, plan.network, plan):
        for row, t in np.argwhere(quantities != 0):
            yield {
                "kind": kind,
                "month": month[t],
                "quantity": repr(float(quantities[row, t])),
                **{column: names[row] for column, names in labels.items()},
            }


def gap_rows(case: Case, plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows of gaps.csv; sets of limits that would do as well stand in what --explain writes."""
    month = case.settings.month_names()
    for gap in plan.gaps:
        yield {
            "product": case.products.name[case.demand.product[gap.stream]],
            "market": case.places.name[case.demand.market[gap.stream]],
            "month": month[gap.month],
            "demand": repr(gap.demand),
            "supplied": repr(gap.supplied),
            "gap_units": repr(gap.gap_units),
            "gap_value": repr(gap.gap_value),
            "binding": "; ".join(gap.binding),
        }


def _sections(case: Case, network: Network, plan: Plan) -> Iterator[tuple[str, Floats, dict[str, Any]]]:
    """(kind, quantities, names of the rows by column) of every kind of row."""
    product, place = case.products.name, case.places.name
    made, sub, lanes, bought = case.production, case.subcontract, case.lanes, case.suppliers
    yield "production", plan.production, {"product": product[made.product], "site": place[made.site]}
    yield (
        "subcontract",
        plan.subcontract,
        {"product": product[sub.product], "site": place[sub.site], "supplier": sub.subcontractor},
    )
    route = {
        "product": product[network.flow_product],
        "site": place[network.flow_origin],
        "destination": place[network.flow_destination],
    }
    yield "shipment", plan.shipments, route
    own = np.where(lanes.product >= 0, product[lanes.product], "")
    lane = {"product": own, "site": place[lanes.origin], "destination": place[lanes.destination]}
    yield "spot", plan.spot, lane
    pair = {"product": product[network.pair_product], "site": place[network.pair_site]}
    yield "stock", plan.stock, pair
    yield "scrap", plan.scrap, pair
    stream = {"product": product[case.demand.product], "destination": place[case.demand.market]}
    yield "lost", plan.lost, stream
    yield "backlog", plan.backlog, stream
    yield from _hours_and_people(case, plan)
    material = case.materials.name
    supply = {"material": material[bought.material], "supplier": bought.supplier}
    yield "purchase", plan.purchases, supply
    yield "material_stock", plan.material_stock, {"material": material}


def _hours_and_people(case: Case, plan: Plan) -> Iterator[tuple[str, Floats, dict[str, Any]]]:
    site, name = case.places.name[case.resources.site], case.resources.name
    for kind in ("regular_hours", "overtime_hours", "extra_hours"):
        yield kind, getattr(plan, kind), {"site": site, "resource": name}
    staffed = case.workforce.resource
    for kind in ("heads", "hired", "laid_off"):
        yield kind, getattr(plan, kind), {"site": site[staffed], "resource": name[staffed]}


def _write_rows(path: Path, columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
