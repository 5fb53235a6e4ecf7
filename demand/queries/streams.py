"""Demand streams: which exist, who sees them, and what they are worth."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from cycles.models import User
from cycles.queries import scope_of
from demand.models import DemandHistory, DemandStream
from portfolio.choices import ProductKind, ProductStatus
from portfolio.models import Launch, PhaseOut
from portfolio.queries import FamilyTree, family_tree
from sop.periods import add_months
from sop.quantities import MINOR_PER_MAJOR
from sop.reads import once

if TYPE_CHECKING:
    import numpy as np

    from demand.steps import Flags, Floats, Whole

HISTORY_MONTHS = 36


@dataclass(frozen=True)
class StreamTable:
    """All streams as arrays (n), sorted by key; ``prices`` are minor units per unit."""

    streams: "Whole"
    products: "Whole"
    families: "Whole"
    markets: "Whole"
    prices: "Floats"

    def rows_of(self, streams: "Whole") -> "Whole":
        """Places of streams in the table; every one of them must be in it."""
        return self.streams.searchsorted(streams)

    @cached_property
    def digest(self) -> str:
        """Identity of the streams with their products, families, markets and prices."""
        digest = hashlib.sha256()
        for column in (self.streams, self.products, self.families, self.markets, self.prices):
            digest.update(column.tobytes())
        return digest.hexdigest()

    def only(self, chosen: "Flags") -> "StreamTable":
        return StreamTable(
            self.streams[chosen],
            self.products[chosen],
            self.families[chosen],
            self.markets[chosen],
            self.prices[chosen],
        )


# Planned price, else list price, else nothing: the same order in which prices are refreshed.
STREAM_TABLE = """
    SELECT s.id, s.product_id, COALESCE(p.family_id, 0), s.market_id, COALESCE(pp.price, p.list_price, 0)
    FROM demand_demandstream s
    JOIN portfolio_product p ON p.id = s.product_id
    LEFT JOIN portfolio_plannedprice pp ON pp.product_id = s.product_id AND pp.market_id = s.market_id
    WHERE p.kind = %s
    ORDER BY s.id
"""


@once
def stream_table() -> StreamTable:
    """Every stream of a finished good, in one query."""
    import numpy as np

    with connection.cursor() as cursor:
        cursor.execute(STREAM_TABLE, [ProductKind.FINISHED.value])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    streams, products, families, markets = (np.array(column, dtype=np.int64) for column in columns[:4])
    prices = np.array([float(price) for price in columns[4]], dtype=np.float64) * MINOR_PER_MAJOR
    return StreamTable(streams, products, families, markets, prices)


def visible_streams(user: User) -> QuerySet[DemandStream]:
    """The streams inside the person's scope; a family of the scope covers the families below it."""
    streams = DemandStream.objects.all()
    scope = scope_of(user)
    if scope.everything:
        return streams
    if not scope.pairs:
        return streams.none()
    tree = family_tree()
    allowed = Q(pk__in=[])
    for family_code, market_code in scope.pairs:
        allowed |= _pair(tree, family_code, market_code)
    return streams.filter(allowed)


def _pair(tree: FamilyTree, family_code: str, market_code: str) -> Q:
    condition = Q(pk__isnull=False)
    if family_code:
        family = tree.by_code(family_code)
        condition &= Q(product__family_id__in=tree.descendants(family.pk) if family else [])
    if market_code:
        condition &= Q(market__code=market_code)
    return condition


def visible_pairs(user: User, tree: FamilyTree) -> list[tuple[frozenset[int] | None, str]] | None:
    """The scope as (families or None for all, market code or "") pairs; None for the whole company."""
    scope = scope_of(user)
    if scope.everything:
        return None
    pairs: list[tuple[frozenset[int] | None, str]] = []
    for family_code, market_code in scope.pairs:
        family = tree.by_code(family_code) if family_code else None
        if family_code and family is None:
            continue
        pairs.append((frozenset(tree.descendants(family.pk)) if family else None, market_code))
    return pairs


def planned_streams(first_history_month: date) -> QuerySet[DemandStream]:
    """Streams that a cycle plans: finished goods still planned, with demand since a month, a launch or a successor."""
    starting = Q(Exists(Launch.objects.filter(product=OuterRef("product_id"), is_dropped=False)))
    following = Q(Exists(PhaseOut.objects.filter(successor=OuterRef("product_id"), is_dropped=False)))
    new = Q(product__status=ProductStatus.NEW)
    return _plannable().filter(Q(_sold_since(first_history_month)) | starting | following | new)


def sold_streams(first_history_month: date) -> QuerySet[DemandStream]:
    """Those of the planned streams that have a history to forecast from."""
    return _plannable().filter(_sold_since(first_history_month))


def _sold_since(month: date) -> Exists:
    sold = DemandHistory.objects.filter(stream=OuterRef("pk"), month__gte=month)
    return Exists(sold.exclude(quantity=0))


def _plannable() -> QuerySet[DemandStream]:
    return DemandStream.objects.filter(
        product__kind=ProductKind.FINISHED,
        product__status__in=ProductStatus.planned(),
        product__family__isnull=False,
    ).order_by("pk")


def history_start(last_closed_month: date, months: int = HISTORY_MONTHS) -> date:
    """The first of ``months`` closed months."""
    return add_months(last_closed_month, 1 - months)


def in_scope(
    table: StreamTable, pairs: list[tuple[frozenset[int] | None, str]] | None, market_ids: dict[str, int]
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which streams of the table (n, bool) lie inside a scope."""
    import numpy as np

    if pairs is None:
        return np.ones(len(table.streams), dtype=bool)
    chosen = np.zeros(len(table.streams), dtype=bool)
    for families, market_code in pairs:
        part = np.ones(len(table.streams), dtype=bool)
        if families is not None:
            part &= np.isin(table.families, list(families))
        if market_code:
            part &= table.markets == market_ids.get(market_code, 0)
        chosen |= part
    return chosen
