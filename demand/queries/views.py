"""What one person sees of a plan: its streams, cut by scope and by the page's filters, and the tree above them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from cycles.models import User, Version
from demand.queries.streams import (
    StreamTable,
    history_start,
    in_scope,
    planned_streams,
    stream_table,
    visible_pairs,
)
from portfolio.models import Market
from portfolio.queries import FamilyTree, family_tree
from sop.errors import NotFound
from sop.reads import once

if TYPE_CHECKING:
    from demand.steps import Flags, Whole


@dataclass(frozen=True)
class Filters:
    """What the page shows: codes of a family and of a market, empty for all."""

    family: str = ""
    market: str = ""


@dataclass(frozen=True)
class Node:
    """A place in the tree: all, family, product or stream, with its key."""

    kind: str
    key: int = 0

    def __str__(self) -> str:
        return self.kind if self.kind == "all" else f"{self.kind}:{self.key}"


ALL = Node("all")
KINDS = ("all", "family", "product", "stream")


def parse_node(text: str) -> Node:
    """``family:3`` as a node. NotFound for anything that is no node."""
    kind, _, key = text.partition(":")
    if text == "all":
        return ALL
    if kind not in KINDS[1:] or not key.isascii() or not key.isdigit():
        raise NotFound(f"There is no row {text!r} in the plan.")
    return Node(kind, int(key))


@dataclass(frozen=True)
class PlanView:
    """A person's view of a version: its planned streams, and those of them that the person sees (``table``).

    ``digest`` is the identity of all streams of the company with their families, markets and prices.
    """

    version: Version
    user: User
    table: StreamTable
    tree: FamilyTree
    filters: Filters
    planned: StreamTable
    digest: str
    has_all_markets: bool = True

    def rows(self, node: Node) -> "Flags":
        """Which streams of the view (n, bool) lie below a node."""
        import numpy as np

        if node.kind == "all":
            return np.ones(len(self.table.streams), dtype=bool)
        if node.kind == "family":
            below = self.tree.descendants(node.key) if node.key in self.tree.families else []
            return np.isin(self.table.families, below)
        chosen: Flags = (self.table.products if node.kind == "product" else self.table.streams) == node.key
        return chosen

    def shown_families(self, parent: int | None) -> list[int]:
        """The families below one (None: the top ones) in which the person sees a stream."""
        seen = set(self.table.families.tolist())
        children = self.tree.children.get(parent, [])
        return [child for child in children if not seen.isdisjoint(self.tree.descendants(child))]

    def above(self, node: Node) -> list[Node]:
        """The rows over one, nearest first, without the top."""
        if node.kind == "all":
            return []
        if node.kind == "family":
            return [Node("family", key) for key in self.tree.ancestors(node.key)]
        place = int(self.rows(node).argmax())
        family = int(self.table.families[place])
        families = [Node("family", key) for key in (family, *self.tree.ancestors(family))]
        product = [] if node.kind == "product" else [Node("product", int(self.table.products[place]))]
        return product + families

    def require(self, node: Node) -> "Flags":
        """The same; NotFound where the person sees nothing below it."""
        rows = self.rows(node)
        if node != ALL and not rows.any():
            raise NotFound(f"{node} is not in this plan, or lies outside your part of the company.")
        return rows


def plan_view(
    version: Version, user: User, filters: Filters | None = None, *, every: bool = False
) -> PlanView:
    """The streams of a version that a person sees; ``every``: also those not planned any more, to look back.

    NotFound for an unknown family or market.
    """
    import numpy as np

    chosen = filters or Filters()
    tree = family_tree()
    table = stream_table()
    markets = market_keys()
    planned = table if every else table.only(np.isin(table.streams, planned_stream_keys(version)))
    pairs = visible_pairs(user, tree)
    kept = in_scope(planned, pairs, markets) & _filtered(planned, tree, markets, chosen)
    all_markets = not chosen.market and not any(market for _, market in pairs or [])
    return PlanView(version, user, planned.only(kept), tree, chosen, planned, table.digest, all_markets)


@once
def market_keys() -> dict[str, int]:
    """Key of every market by its code."""
    return dict(Market.objects.values_list("code", "pk"))


def _filtered(table: StreamTable, tree: FamilyTree, markets: dict[str, int], filters: Filters) -> "Flags":
    import numpy as np

    kept = np.ones(len(table.streams), dtype=bool)
    if filters.family:
        family = tree.by_code(filters.family)
        if family is None:
            raise NotFound(f"There is no family {filters.family!r}.")
        kept &= np.isin(table.families, tree.descendants(family.pk))
    if filters.market:
        if filters.market not in markets:
            raise NotFound(f"There is no market {filters.market!r}.")
        kept &= table.markets == markets[filters.market]
    return kept


PLANNED = "SELECT stream_id FROM demand_demandfact WHERE version_id = %s AND month = %s ORDER BY stream_id"


@once
def planned_stream_keys(version: Version) -> "Whole":
    """The streams with figures in a version; before its first baseline, those that it will have."""
    import numpy as np

    cycle = version.cycle
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, [version.pk, cycle.month.isoformat()])
        keys = [row[0] for row in cursor.fetchall()]
    if not keys:
        start = history_start(cycle.last_closed_month)
        keys = sorted(planned_streams(start).values_list("pk", flat=True))
    return np.array(keys, dtype=np.int64)
