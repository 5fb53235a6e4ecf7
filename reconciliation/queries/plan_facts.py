"""What the profit and loss needs of a supply plan, from stored rows or from rows about to be stored.

Imports numpy: for workers only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from cycles.models import Company, Cycle, Version
from demand.models import DemandHistory, DemandStream
from portfolio.models import Family, Product
from reconciliation.finance.lines import Line
from reconciliation.finance.statement import PlanFacts, Rows, Terms, late_of_own_month, money
from reconciliation.queries.pnl import NO_FAMILY, opex_of
from sop.periods import add_months, month_range
from sop.quantities import MINOR_PER_MAJOR
from supply.actions.facts import lane_rows, material_rows, product_site_rows, resource_rows, stream_rows
from supply.models import (
    BillLine,
    Lane,
    LaneFact,
    MaterialFact,
    ProductSiteFact,
    ResourceFact,
    Routing,
    StreamFact,
    SupplierProduct,
)

if TYPE_CHECKING:
    from supply.actions.facts import PlanRows

Row = tuple[Any, ...]
KNOWN_MONTHS = 6  # before the horizon, enough for any days of receivables and payables


@dataclass(frozen=True)
class FactRows:
    """Rows of a plan's facts, quantities in quanta, money in minor units."""

    streams: list[Row]  # stream, month, demand, supplied, lost, backlog, price
    stock: list[Row]  # product, month, opening, closing, made, bought, paid
    materials: list[Row]  # product, month, opening, closing, bought, paid
    resources: list[Row]  # resource, month, cost of overtime and extra hours
    lanes: list[Row]  # lane, product, month, quantity, freight with spot


def stored_rows(version: Version) -> FactRows:
    """The rows of a stored plan."""

    def of(model: Any, *columns: str) -> list[Row]:
        return list(model.objects.filter(version=version).values_list(*columns))

    return FactRows(
        of(StreamFact, "stream_id", "month", "demand", "supplied", "lost", "backlog", "price_minor"),
        of(
            ProductSiteFact,
            "product_id",
            "month",
            "opening",
            "closing",
            "production",
            "purchases",
            "purchase_cost_minor",
        ),
        of(MaterialFact, "product_id", "month", "opening", "closing", "purchases", "purchase_cost_minor"),
        of(ResourceFact, "resource_id", "month", "premium_minor"),
        of(LaneFact, "lane_id", "product_id", "month", "quantity", "freight_minor"),
    )


def planned_rows(rows: PlanRows) -> FactRows:
    """The same of a solved plan that is not stored (yet)."""
    return FactRows(
        list(stream_rows(rows)),
        _picked(product_site_rows(rows), 0, 2, 3, 9, 4, 11, 12),
        _picked(material_rows(rows), 0, 2, 3, 9, 6, 10),
        _picked(resource_rows(rows), 0, 1, 8),
        _picked(lane_rows(rows), 0, 1, 2, 3, 5),
    )


def _picked(rows: Iterable[Row], *places: int) -> list[Row]:
    return [tuple(row[place] for place in places) for row in rows]


@dataclass
class Valuation:
    """Master data that turns the rows into money, read once for all plans of a run."""

    cycle: Cycle
    families: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.months = {month: place for place, month in enumerate(self.cycle.months)}
        self.families = [*Family.objects.order_by("code").values_list("code", flat=True), NO_FAMILY]
        self._place = {code: place for place, code in enumerate(self.families)}
        self.family_of, self.cost_of = self._products()
        self.product_of = dict(DemandStream.objects.values_list("pk", "product_id"))
        self.hours_of = self._pairs(
            Routing.objects.values_list("resource_id", "product_id", "hours_per_unit")
        )
        bill = BillLine.objects.all()
        self.users_of = self._pairs((b.component_id, b.parent_id, b.gross_quantity_per) for b in bill)
        self.cheapest = self._cheapest()
        self.lane_price = {
            pk: cost * MINOR_PER_MAJOR for pk, cost in Lane.objects.values_list("pk", "unit_cost")
        }

    def _products(self) -> tuple[dict[int, int], dict[int, float]]:
        families, costs = {}, {}
        for pk, code, cost in Product.objects.values_list("pk", "family__code", "standard_cost"):
            families[pk] = self._place[code or NO_FAMILY]
            costs[pk] = float(cost or 0) * MINOR_PER_MAJOR
        return families, costs

    @staticmethod
    def _pairs(rows: Iterable[tuple[int, int, float]]) -> dict[int, list[tuple[int, float]]]:
        pairs: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for key, product, weight in rows:
            pairs[key].append((product, weight))
        return pairs

    @staticmethod
    def _cheapest() -> dict[int, float]:
        """Lowest price of each product among its suppliers, minor units per unit."""
        prices: dict[int, float] = {}
        for product, price in SupplierProduct.objects.values_list("product_id", "price"):
            prices[product] = min(prices.get(product, float("inf")), float(price) * MINOR_PER_MAJOR)
        return prices

    def facts(self, rows: FactRows, one_off: Sequence[tuple[str, date, int]] = ()) -> PlanFacts:
        """The facts of one plan; ``one_off`` are (family code, month, minor units) of its measures."""
        streams, stock, lanes = _columns(rows.streams, 7), _columns(rows.stock, 7), _columns(rows.lanes, 5)
        materials = _columns(rows.materials, 6)
        products = [self.product_of[stream] for stream in streams[0]]
        wanted, supplied, lost, backlog = (_whole(streams[place]) for place in (2, 3, 4, 5))
        lane_products = lanes[1]
        # What was paid above the lane's own price is spot freight, whatever its price was.
        freight = money(_whole(lanes[3]), np.array([self.lane_price[lane] for lane in lanes[0]]))
        return PlanFacts(
            families=self.families,
            months=len(self.months),
            sales=self._rows(products, streams[1]),
            wanted=wanted,
            supplied=supplied,
            on_time=wanted - lost - late_of_own_month(wanted, lost, backlog),
            price=np.array(streams[6], dtype=np.float64),
            cost=self._costs(products),
            stock=self._rows([*stock[0], *materials[0]], [*stock[1], *materials[1]]),
            closing=_whole([*stock[3], *materials[3]]),
            stock_cost=self._costs([*stock[0], *materials[0]]),
            lanes=self._rows(lane_products, lanes[2]),
            freight=freight,
            spot_freight=_whole(lanes[4]) - freight,
            shared_costs=[
                *self._overtime(rows),
                *self._premiums(rows),
                *self._measures(one_off),
            ],
        )

    def _rows(self, products: Sequence[int], months: Sequence[date]) -> Rows:
        return Rows(
            _whole([self.family_of[product] for product in products]),
            _whole([self.months[month] for month in months]),
        )

    def _costs(self, products: Sequence[int]) -> Any:
        return np.array([self.cost_of[product] for product in products], dtype=np.float64)

    def _made(self, rows: FactRows) -> dict[int, dict[date, int]]:
        made: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        for product, month, _, _, started, _, _ in rows.stock:
            made[product][month] += started
        return made

    def _overtime(self, rows: FactRows) -> list[tuple[Line, int, int, list[float]]]:
        """Overtime of a resource, shared by the hours that each family takes on it in the month."""
        made = self._made(rows)
        return [
            (Line.OVERTIME, self.months[month], cost, self._weights(self.hours_of[resource], made, month))
            for resource, month, cost in rows.resources
            if cost
        ]

    def _premiums(self, rows: FactRows) -> list[tuple[Line, int, int, list[float]]]:
        """What was paid above the cheapest supplier's price (without one, the standard cost).

        Shared by the families that use a material; a finished product's own family carries its own.
        """
        made, found = self._made(rows), []
        for product, month, _, _, bought, paid in rows.materials:
            if premium := self._premium(product, bought, paid):
                weights = self._weights(self.users_of[product], made, month)
                found.append((Line.PURCHASE_PREMIUM, self.months[month], premium, weights))
        for product, month, _, _, _, bought, paid in rows.stock:
            if premium := self._premium(product, bought, paid):
                weights = [float(place == self.family_of[product]) for place in range(len(self.families))]
                found.append((Line.PURCHASE_PREMIUM, self.months[month], premium, weights))
        return found

    def _premium(self, product: int, bought: int, paid: int) -> int:
        base = self.cheapest.get(product, self.cost_of[product])
        return paid - int(money(_whole([bought]), np.array([base]))[0]) if bought else 0

    def _weights(
        self, users: Sequence[tuple[int, float]], made: dict[int, dict[date, int]], month: date
    ) -> list[float]:
        weights = [0.0] * len(self.families)
        for product, per_unit in users:
            weights[self.family_of[product]] += made[product][month] * per_unit if product in made else 0.0
        return weights

    def _measures(self, one_off: Sequence[tuple[str, date, int]]) -> list[tuple[Line, int, int, list[float]]]:
        costs = []
        for code, month, amount in one_off:
            weights = [0.0] * len(self.families)
            weights[self._place.get(code, -1)] = 1.0
            costs.append((Line.SCENARIO_COST, self.months[month], amount, weights))
        return costs

    def terms(self, rows: FactRows) -> Terms:
        """The company's settings, its operating cost and what came before the horizon."""
        company = Company.current()
        revenue, cogs = self._before()
        return Terms(
            carrying_rate=company.carrying_rate_percent / 100,
            receivable_days=company.receivable_days,
            payable_days=company.payable_days,
            opex=opex_of(self.cycle.months),
            revenue_before=revenue,
            cogs_before=cogs,
            opening_stock=self._opening_stock(rows),
        )

    def _opening_stock(self, rows: FactRows) -> dict[str, int]:
        opening: dict[str, int] = defaultdict(int)
        for product, month, quanta, *_ in [*rows.stock, *rows.materials]:
            if month == self.cycle.month:
                value = money(_whole([quanta]), self._costs([product]))
                opening[self.families[self.family_of[product]]] += int(value[0])
        return opening

    def _before(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Revenue and COGS at standard of the closed months just before the horizon, by family."""
        months = month_range(add_months(self.cycle.month, -KNOWN_MONTHS), KNOWN_MONTHS)
        places = {month: place for place, month in enumerate(months)}
        revenue = {code: [0] * KNOWN_MONTHS for code in self.families}
        cogs = {code: [0] * KNOWN_MONTHS for code in self.families}
        history = DemandHistory.objects.filter(month__in=months)
        for stream, month, quantity, value in history.values_list("stream_id", "month", "quantity", "value"):
            product = self.product_of[stream]
            code = self.families[self.family_of[product]]
            revenue[code][places[month]] += value
            cogs[code][places[month]] += round(quantity * self.cost_of[product] / 1000)
        known = {code for code in self.families if any(revenue[code])}
        return {c: revenue[c] for c in known}, {c: cogs[c] for c in known}


def _columns(rows: Sequence[Row], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]


def _whole(values: Sequence[int]) -> Any:
    return np.array(values, dtype=np.int64)
