"""Writes the facts of a plan. Imports numpy: for workers only."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cycles.models import Version
from sop.bulk import bulk_insert
from sop.quantities import MINOR_PER_MAJOR
from supply.actions.facts import (
    PlanRows,
    Row,
    lane_rows,
    material_rows,
    money,
    product_site_rows,
    resource_rows,
    resource_use_rows,
    stream_rows,
    workforce_rows,
)
from supply.facts import GAP, LANE, MATERIAL, PRODUCT_SITE, RESOURCE, STREAM, SUMMARY, USE, WORKFORCE
from supply.models import (
    LaneFact,
    MaterialFact,
    ProductSiteFact,
    ResourceFact,
    ResourceUse,
    StreamFact,
    SupplyGap,
    SupplySummary,
    WorkforceFact,
)
from supply.planning.case import Floats, Ints


def store_rows(version: Version, rows: PlanRows) -> dict[str, Any]:
    """All facts of a plan into a version that is being written; returns its totals."""
    tables: list[tuple[Any, tuple[str, ...], Iterator[Row]]] = [
        (ProductSiteFact, PRODUCT_SITE, product_site_rows(rows)),
        (StreamFact, STREAM, stream_rows(rows)),
        (ResourceFact, RESOURCE, resource_rows(rows)),
        (WorkforceFact, WORKFORCE, workforce_rows(rows)),
        (ResourceUse, USE, resource_use_rows(rows)),
        (MaterialFact, MATERIAL, material_rows(rows)),
        (LaneFact, LANE, lane_rows(rows)),
        (SupplyGap, GAP, _gap_rows(rows)),
        (SupplySummary, SUMMARY, _summary_rows(rows)),
    ]
    for model, columns, figures in tables:
        bulk_insert(model, ("version", *columns), ((version.pk, *row) for row in figures))
    return _totals(rows)


def _unit_margin_minor(rows: PlanRows) -> Floats:
    """Price less standard cost of each stream and month, minor units per unit."""
    costs = np.array(rows.built.standard_costs)[rows.built.case.demand.product]
    margin: Floats = rows.price_minor - costs[:, None] * MINOR_PER_MAJOR
    return margin


def _gap_rows(rows: PlanRows) -> Iterator[Row]:
    revenue = money(rows.gap_quanta, rows.price_minor)
    margin = money(rows.gap_quanta, _unit_margin_minor(rows))
    for gap in rows.gaps:
        cell = gap.stream, gap.month
        yield (
            rows.built.stream_ids[gap.stream], rows.built.months[gap.month],
            int(rows.gap_quanta[cell]), int(revenue[cell]), int(margin[cell]),
            gap.binding, gap.cause, gap.levers,
        )  # fmt: skip


def _summary_rows(rows: PlanRows) -> Iterator[Row]:
    """By family and month, in the order of families; products without a family are in no summary."""
    built, rounded = rows.built, rows.rounded
    families = sorted({family for family in built.family_ids if family is not None})
    place = {family: row for row, family in enumerate(families)}
    of_product = np.array([-1 if family is None else place[family] for family in built.family_ids], np.int64)
    of_stream = of_product[built.case.demand.product]
    of_pair = of_product[rows.network.pair_product]
    of_making = of_product[built.case.production.product]
    costs = np.array(built.standard_costs)[rows.network.pair_product][:, None] * MINOR_PER_MAJOR
    columns = [
        _by_family(rounded.demand, of_stream, len(families)),
        _by_family(rounded.balances.supplied, of_stream, len(families)),
        _by_family(rounded.flows.production, of_making, len(families)),
        _by_family(rounded.balances.stock, of_pair, len(families)),
        _by_family(money(rounded.balances.supplied, rows.price_minor), of_stream, len(families)),
        _by_family(money(rows.gap_quanta, rows.price_minor), of_stream, len(families)),
        _by_family(money(rounded.balances.stock, costs), of_pair, len(families)),
    ]
    for row, family in enumerate(families):
        for month, day in enumerate(built.months):
            yield (family, day, *(int(column[row, month]) for column in columns))


def _by_family(values: Ints, family: Ints, count: int) -> Ints:
    total = np.zeros((count, values.shape[1]), np.int64)
    known = family >= 0
    np.add.at(total, family[known], values[known])
    return total


def _totals(rows: PlanRows) -> dict[str, Any]:
    rounded, price = rows.rounded, rows.price_minor
    return {
        "demand": int(rounded.demand.sum()),
        "supplied": int(rounded.balances.supplied.sum()),
        "lost": int(rounded.lost.sum()),
        "revenue_minor": int(money(rounded.balances.supplied, price).sum()),
        "lost_minor": int(money(rounded.lost, price).sum()),
        "gaps": len(rows.gaps),
    }
