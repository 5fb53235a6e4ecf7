"""Who gets what of the common capacities, and the case of one family within its share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supply.planning.case import Case, Floats, Ints, Workforce
from supply.planning.network import Network, matches
from supply.planning.options import Options
from supply.planning.plan import Plan
from supply.planning.profit import Quantities, overtime_limit, regular_limit
from supply.planning.tightness import arriving_volume


class Shares:
    """Fractions of every common capacity, (families, rows, months), from the plan of the families."""

    def __init__(self, case: Case, groups: Ints, small: Case, guide: Plan) -> None:
        self.count = int(groups.max(initial=-1)) + 1
        hours, use = _hours_and_materials(small, guide, self.count)
        regular, overtime = regular_limit(case, guide.heads), overtime_limit(case, guide.heads)
        extra = case.resources.extra_hours
        self.hours = _fractions(hours, regular + overtime + extra)
        self.limits = {"regular_hours": regular, "overtime_hours": overtime, "extra_hours": extra}
        total = use.sum(axis=(0, 2))
        even = np.full((self.count, len(total)), 1.0 / max(self.count, 1))
        taken = use.sum(axis=2)
        self.material = np.where(total > 0, taken / np.where(total > 0, total, 1.0), even)
        leaving, arriving = _volumes(small, guide, self.count)
        self.lane = _fractions(self._common(case, small, leaving), case.lanes.capacity)
        self.door = _fractions(arriving, case.places.inbound_capacity)

    def _common(self, case: Case, small: Case, leaving: Floats) -> Floats:
        """Volume by the case's own lane rows; a product's own lane is its family's alone."""
        places = len(case.places)
        common = np.nonzero(small.lanes.product < 0)[0]
        wanted = np.nonzero(case.lanes.product < 0)[0]
        i, j = matches(
            case.lanes.origin[wanted] * places + case.lanes.destination[wanted],
            small.lanes.origin[common] * places + small.lanes.destination[common],
        )
        by_row = np.zeros((self.count, len(case.lanes), case.months))
        by_row[:, wanted[i]] = leaving[:, common[j]]
        return by_row


def _fractions(use: Floats, capacity: Floats) -> Floats:
    """What a family uses, and what is left over by its usual use; 1 where nothing is limited."""
    total, usual = use.sum(axis=0), use.mean(axis=2, keepdims=True)
    everyone = usual.sum(axis=0)
    even = np.full_like(usual, 1.0 / max(len(use), 1))
    claim = np.where(everyone > 0, usual / np.where(everyone > 0, everyone, 1.0), even)
    limited = np.isfinite(capacity)
    size = np.where(limited, np.maximum(capacity, total), 1.0)
    left = np.where(limited, np.maximum(capacity - total, 0.0), 0.0)
    shared = (use + claim * left) / np.where(size > 0, size, 1.0)
    return np.where(limited, shared, 1.0)


def _hours_and_materials(small: Case, guide: Plan, count: int) -> tuple[Floats, Floats]:
    """(families, resources, months) hours and (families, materials, months) units of the families' plan."""
    made, routing, bills = small.production, small.routing, small.material_use
    hours = np.zeros((count, len(small.resources), small.months))
    row_of = np.full((count, len(small.places)), -1)
    row_of[made.product, made.site] = np.arange(len(made))
    row = row_of[routing.product, small.resources.site[routing.resource]]
    for lag in np.unique(routing.lag_months):
        ours = (routing.lag_months == lag) & (row >= 0)
        units = guide.production[row[ours], : max(small.months - lag, 0)]
        at = (routing.product[ours], routing.resource[ours])
        np.add.at(hours[:, :, lag:], at, units * routing.hours_per_unit[ours, None])
    use = np.zeros((count, len(small.materials), small.months))
    bill, start = matches(bills.product, made.product)
    units = bills.quantity_per_unit[bill, None] * guide.production[start]
    np.add.at(use, (bills.product[bill], bills.material[bill]), units)
    return hours, use


def _volumes(small: Case, guide: Plan, count: int) -> tuple[Floats, Floats]:
    """(families, lanes, months) volume leaving and (families, places, months) volume arriving."""
    network = guide.network
    leaving = np.zeros((count, len(small.lanes), small.months))
    arriving = np.zeros((count, len(small.places), small.months))
    if network is None:
        return leaving, arriving
    volume = small.products.volume[network.flow_product][:, None] * guide.shipments
    np.add.at(leaving, (network.flow_product, network.flow_lane), volume)
    for family in range(count):
        ours = network.flow_product == family
        destination, lane = network.flow_destination[ours], network.flow_lane[ours]
        arriving[family] = arriving_volume(small, destination, lane, volume[ours])
    return leaving, arriving


@dataclass(frozen=True, slots=True, eq=False)
class FamilyPart:
    """The case of one family, and where its rows stand in the whole case."""

    case: Case
    products: Ints
    rows: dict[str, Ints]  # by table

    def options(self, options: Options) -> Options:
        """The same preferences for these rows."""
        made, stability, lots = self.rows["production"], options.stability, options.lots
        fixed = options.fixed_production
        return replace(
            options,
            stability=stability and replace(stability, last_production=stability.last_production[made]),
            fixed_production=None if fixed is None else fixed[made],
            lots=lots and replace(lots, lot_size=lots.lot_size[made]),
        )

    def put_into(self, whole: Quantities, plan: Plan, case: Case, network: Network) -> None:
        """The family's quantities, at their places in the whole plan."""
        for table, names in (
            ("production", ("production",)),
            ("subcontract", ("subcontract",)),
            ("demand", ("lost", "backlog")),
        ):
            for name in names:
                whole[name][self.rows[table]] = getattr(plan, name)
        whole["purchases"] += plan.purchases
        own = plan.network
        if own is None:
            return
        pair = network.pair_of[self.products[own.pair_product], own.pair_site]
        whole["scrap"][pair] = plan.scrap
        lanes = len(case.lanes)
        ours = self.products[own.flow_product] * lanes + self.rows["lanes"][own.flow_lane]
        i, j = matches(ours, network.flow_product * lanes + network.flow_lane)
        whole["shipments"][j] = plan.shipments[i]


def own_rows(case: Case, products: Ints) -> tuple[dict[str, Ints], dict[str, Any]]:
    """Rows and tables of these products alone, numbered anew; lanes for all products belong to everyone."""
    number = np.full(len(case.products), -1)
    number[products] = np.arange(len(products))
    rows: dict[str, Ints] = {"products": products}
    tables: dict[str, Any] = {"products": _rows(case.products, products)}
    for name in (
        "demand", "production", "routing", "stock", "material_use", "component_use", "subcontract", "lanes",
    ):  # fmt: skip
        table = getattr(case, name)
        kept = number[table.product] >= 0
        if name == "lanes":
            kept = (kept & (table.product >= 0)) | (table.product < 0)
        rows[name] = np.nonzero(kept)[0]
        chosen = _rows(table, rows[name])
        product = np.where(chosen.product >= 0, number[chosen.product], -1)
        tables[name] = replace(chosen, product=product)
        if name == "component_use":
            tables[name] = replace(chosen, product=product, component=number[chosen.component])
    return rows, tables


def family_part(case: Case, groups: Ints, shares: Shares, family: int) -> FamilyPart:
    """The case of the family's products, with its share of hours, materials, lanes and doors."""
    products = np.nonzero(groups == family)[0]
    rows, tables = own_rows(case, products)
    common = tables["lanes"].product < 0
    lane_share = np.where(common[:, None], shares.lane[family][rows["lanes"]], 1.0)
    tables["lanes"] = _scaled(tables["lanes"], capacity=lane_share)
    tables["places"] = _scaled(case.places, inbound_capacity=shares.door[family])
    hours = {name: limit * shares.hours[family] for name, limit in shares.limits.items()}
    tables["resources"] = replace(case.resources, **hours)
    material = shares.material[family]
    every = material[:, None]
    tables["materials"] = _scaled(case.materials, opening_stock=material, receipts=every)
    tables["suppliers"] = _scaled(case.suppliers, capacity=every[case.suppliers.material])
    tables["workforce"] = Workforce.empty(case.months)
    return FamilyPart(replace(case, **tables), products, rows)


def _rows(table: Any, rows: Ints) -> Any:
    """Some rows of a table."""
    return replace(table, **{name: getattr(table, name)[rows] for name in table.__dataclass_fields__})


def _scaled(table: Any, **fractions: NDArray[Any]) -> Any:
    """A table with some columns multiplied; a limit of inf stays so even at a fraction of 0."""
    columns = {}
    for name, fraction in fractions.items():
        values = getattr(table, name)
        columns[name] = np.where(
            np.isfinite(values), np.where(np.isfinite(values), values, 0.0) * fraction, values
        )
    return replace(table, **columns)
