"""The order of a case's rows, and what its tables share: structure, pools, findings, lead times."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np

from cycles.models import Company
from sop.periods import days_to_months, first_of_month, months_between
from sop.quantities import QUANTA_PER_UNIT
from supply.planning.case import Flags, Floats
from supply.queries.case.findings import Findings
from supply.queries.case.structure import Pools, Structure
from supply.queries.inputs import Inputs, SupplierRow

Pair = tuple[int, int]  # product and site


class Layout:
    """Rows of a case by the application's ids, in the order of codes."""

    def __init__(self, inputs: Inputs, company: Company) -> None:
        self.inputs, self.company, self.findings = inputs, company, Findings()
        self.months, self.horizon = inputs.months, len(inputs.months)
        self.structure = Structure(inputs, self.findings)
        self.stream_ids = list(inputs.streams)
        self.product_ids = self.structure.planned(sorted({product for product, _ in inputs.streams.values()}))
        self.resource_ids = sorted(inputs.resources, key=lambda pk: inputs.resources[pk][0])
        self.pools = Pools(inputs, self.structure, self.product_ids, self.findings)
        self.materials = self.pools.roots()
        self.row_of = {product: row for row, product in enumerate(self.product_ids)}
        self.site_row = {site: row for row, site in enumerate(inputs.sites)}
        self.market_row = {market: len(inputs.sites) + row for row, market in enumerate(inputs.markets)}
        self.resource_row = {resource: row for row, resource in enumerate(self.resource_ids)}
        self._material_row = {key: row for row, key in enumerate(self.materials)}
        self._delivery_sites = _delivery_sites(inputs.supplier_products)

    def code(self, product: int) -> str:
        return self.inputs.products[product].code

    def cost(self, product: int) -> float:
        """Standard cost; none counts as free (a finding of the structure)."""
        return self.inputs.products[product].standard_cost or 0.0

    def demand_of(self, product: int) -> Floats:
        """(months,): units of the product wanted in all markets."""
        return self._demand.get(product, np.zeros(self.horizon))

    @cached_property
    def _demand(self) -> dict[int, Floats]:
        column = {month: t for t, month in enumerate(self.months)}
        found: dict[int, Floats] = defaultdict(lambda: np.zeros(self.horizon))
        for stream, month, quanta in self.inputs.demand:
            if month in column:
                found[self.inputs.streams[stream][0]][column[month]] += max(0, quanta) / QUANTA_PER_UNIT
        return dict(found)

    def holding_cost(self, product: int) -> float:
        """Per unit in a month's closing stock."""
        return self.cost(product) * self.company.carrying_rate_percent / 100 / 12

    def safety_penalty(self, product: int) -> float:
        """Per unit and month below the safety stock."""
        return self.cost(product) * self.company.safety_penalty_percent / 100

    def makes(self) -> list[Pair]:
        """Everything that can be made, and where."""
        made_at = self.structure.made_at
        return [(product, site) for product in self.product_ids for site in made_at.get(product, [])]

    def material_row(self, material: int, site: int) -> int | None:
        """Row of the pool that a material at a site belongs to; None where no plan uses it there."""
        key = (material, site)
        return self._material_row[self.pools.root(key)] if key in self.pools else None

    def lead_months(self, product: int, site: int, days: float | None = None) -> int:
        """A lead time in whole months: the given days, else the policy's of the product at the site."""
        policy = self.inputs.policies.get((product, site))
        own = policy.lead_time_days if policy else None
        return days_to_months(days if days is not None else own or 0.0)

    def valid_months(self, rows: Sequence[SupplierRow]) -> Flags:
        """(rows, months): of several rows of a supplier the youngest holds from its month on."""
        starts: dict[tuple[int, int, int], list[date]] = defaultdict(list)
        for row in rows:
            starts[row[:3]].append(_start(row))
        valid = np.zeros((len(rows), self.horizon), np.bool_)
        for number, row in enumerate(rows):
            end = min((day for day in starts[row[:3]] if day > _start(row)), default=date.max)
            valid[number] = [_start(row) <= month < end for month in self.months]
        return valid

    def opening_and_receipts(self, row_of: dict[Pair, int]) -> tuple[Floats, Floats]:
        """Free opening stock (rows,) and confirmed receipts (rows, months) in units.

        Goods in transit of a bought product are part of its open orders: of the two figures for the first
        month the larger holds, not their sum.
        """
        opening, transit = np.zeros(len(row_of)), np.zeros(len(row_of))
        for record in self.inputs.stock:
            row = row_of.get((record.product_id, record.site_id))
            if row is not None:
                opening[row] = self._free(record.product_id, record.on_hand - record.blocked)
                transit[row] = record.in_transit / QUANTA_PER_UNIT
        receipts = self._open_orders(row_of)
        receipts[:, 0] = np.maximum(receipts[:, 0], transit)
        return opening, receipts

    def _free(self, product: int, quanta: int) -> float:
        if quanta < 0:
            self.findings.add(
                "negative_stock", "Less than nothing in free stock, taken as none", self.code(product)
            )
        return max(0, quanta) / QUANTA_PER_UNIT

    def _open_orders(self, row_of: dict[Pair, int]) -> Floats:
        """Open purchase orders by due month; what is overdue arrives in the first."""
        receipts = np.zeros((len(row_of), self.horizon))
        for order in self.inputs.open_orders:
            row = row_of.get((order.product_id, self._receiving_site(order.product_id, order.supplier_id)))
            month = max(0, months_between(self.months[0], first_of_month(order.due_date)))
            if row is not None and month < self.horizon:
                receipts[row, month] += order.quantity / QUANTA_PER_UNIT
        return receipts

    def _receiving_site(self, product: int, supplier: int) -> int:
        """An order names no site: that of the supplier's row for the product, else of any supplier's."""
        sites = self._delivery_sites.get((supplier, product)) or self._delivery_sites.get((None, product))
        return sites[0] if sites else -1


def _start(row: SupplierRow) -> date:
    return first_of_month(row.valid_from) if row.valid_from else date.min


def _delivery_sites(rows: Sequence[SupplierRow]) -> dict[tuple[int | None, int], list[int]]:
    """Sites that a supplier delivers a product to; under None those of all its suppliers."""
    sites: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for row in rows:
        sites[row.supplier_id, row.product_id].append(row.site_id)
        sites[None, row.product_id].append(row.site_id)
    return sites
