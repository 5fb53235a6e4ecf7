"""Rows of the planning grid with their figures: each level is read once and the rows are cut out of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cycles.models import Company
from demand.queries.figures import Axis, Figures, family_figures, stream_figures
from demand.queries.marks import (
    Attention,
    Cells,
    Locks,
    RowLocks,
    comment_counts,
    flagged_cells,
    reviewed_families,
)
from demand.queries.views import ALL, Node, PlanView
from portfolio.models import Market, Product

if TYPE_CHECKING:
    from demand.steps import Flags

Row = dict[str, Any]
INNER = ("squares", "floor", "ceiling")  # tables that the page does not show


@dataclass(frozen=True)
class Label:
    """A row's place in the tree and its name."""

    node: Node
    parent: Node | None
    level: int
    name: str
    code: str = ""
    has_children: bool = True


class Rows:
    """Draws rows of one view."""

    def __init__(self, view: PlanView, axis: Axis) -> None:
        self.view, self.axis = view, axis
        self.attention = Attention()
        fence = min(Company.current().fence_months, len(axis.plan))
        self.fenced = list(range(axis.first_plan, axis.first_plan + fence))

    @cached_property
    def families(self) -> Figures:
        return family_figures(self.view, self.axis)

    @cached_property
    def comments(self) -> dict[str, Cells]:
        return comment_counts(self.view.version.cycle, self.axis)

    @cached_property
    def reviewed(self) -> set[int]:
        return reviewed_families(self.view.version.cycle)

    @cached_property
    def locks(self) -> Locks:
        return Locks(self.view, self.axis)

    def _locks_below(self, inside: "Flags") -> RowLocks:
        import numpy as np

        return self.locks.of(np.where(inside, 0, -1), 1)[0]

    def everything(self) -> Row:
        """The top row."""
        summed = self.families.summed([0] * len(self.families.rows), [0])
        label = Label(ALL, None, 0, "All products", has_children=bool(self.families.rows))
        return self._row(label, summed, 0, locks=self._locks_below(self.view.rows(ALL)))

    def family(self, key: int) -> Row:
        """A family with all that lies below it."""
        family = self.view.tree.families[key]
        below = set(self.view.tree.descendants(key))
        part = self.families.only([place for place, row in enumerate(self.families.rows) if row in below])
        parent = Node("family", family.parent_id) if family.parent_id else ALL
        label = Label(Node("family", key), parent, self.view.tree.level(key), family.name, family.code)
        locks = self._locks_below(self.view.rows(label.node))
        row = self._row(label, part.summed([0] * len(part.rows), [0]), 0, locks=locks)
        row["reviewed"] = key in self.reviewed
        if not self.attention.families.isdisjoint(below):
            row["flags"] = ["attention"]
        return row

    def products(self, chosen: "Flags") -> list[Row]:
        """The products of the chosen streams (mask over the view), by code."""
        import numpy as np

        if not chosen.any():
            return []
        of_stream = self.view.table.products[chosen].tolist()
        named = Product.objects.in_bulk(list(set(of_stream)))
        keys = sorted(named, key=lambda key: named[key].code)
        places = {key: place for place, key in enumerate(keys)}
        groups = [places[key] for key in of_stream]
        figures = stream_figures(self.view, chosen, self.axis)
        summed, flagged = figures.summed(groups, keys), flagged_cells(figures, groups, len(keys))
        in_view = [places.get(key, -1) for key in self.view.table.products.tolist()]
        locks = self.locks.of(np.array(in_view, dtype=np.int64), len(keys))
        return [
            self._row(self._product(named[key]), summed, place, flagged[place], locks=locks[place])
            for key, place in places.items()
        ]

    def _product(self, product: Product) -> Label:
        parent = Node("family", product.family_id or 0)
        name = product.description or product.code
        return Label(Node("product", product.pk), parent, self.view.tree.depth + 1, name, product.code)

    def streams(self, chosen: "Flags") -> list[Row]:
        """The chosen streams (mask over the view), each named by its market."""
        import numpy as np

        if not chosen.any():
            return []
        table, markets = self.view.table, Market.objects.in_bulk()
        figures = stream_figures(self.view, chosen, self.axis)
        flagged = flagged_cells(figures, range(len(figures.rows)), len(figures.rows))
        places = zip(table.products[chosen].tolist(), table.markets[chosen].tolist(), strict=True)
        groups = np.full(len(chosen), -1, dtype=np.int64)
        groups[chosen] = np.arange(len(figures.rows))
        locks = self.locks.of(groups, len(figures.rows))
        return [
            self._row(
                self._stream(figures.rows[place], product, markets[market]),
                figures,
                place,
                flagged[place],
                locks=locks[place],
            )
            for place, (product, market) in enumerate(places)
        ]

    def _stream(self, key: int, product: int, market: Market) -> Label:
        node, parent = Node("stream", key), Node("product", product)
        return Label(node, parent, self.view.tree.depth + 2, market.name, market.code, has_children=False)

    def _row(
        self, label: Label, figures: Figures, place: int, attention: Cells | None = None, *, locks: RowLocks
    ) -> Row:
        values = figures.values(place)
        if label.node.kind != "stream" and "squares" in values:
            values |= _band(values, self.axis)
        return {
            "id": str(label.node),
            "parent": str(label.parent or ""),
            "level": label.level,
            "name": label.name,
            "code": label.code,
            "has_children": label.has_children,
            "flags": ["attention"] if attention else [],
            "attention": attention or [],
            "values": {measure: row for measure, row in values.items() if measure not in INNER},
            "locked": sorted({*self.fenced, *locks.columns}),
            "locked_in_part": locks.in_part,
            "row_locked": locks.is_row,
            "comments": self.comments.get(str(label.node), []),
        }


def _band(values: dict[str, list[float | None]], axis: Axis) -> dict[str, list[float | None]]:
    """The 80 % interval around the baseline from the sum of squared half widths (in quanta)."""
    low: list[float | None] = []
    high: list[float | None] = []
    for middle, squares in zip(values["baseline"], values["squares"], strict=True):
        known = middle is not None and squares is not None
        half = ((squares or 0.0) * axis.scale) ** 0.5 / axis.scale
        low.append(round(max((middle or 0.0) - half, 0.0), axis.digits) if known else None)
        high.append(round((middle or 0.0) + half, axis.digits) if known else None)
    return {"low": low, "high": high}
