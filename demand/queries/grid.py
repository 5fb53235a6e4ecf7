"""The planning grid's answers: rows of the tree with their figures, loaded branch by branch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from cycles.choices import StageKind
from cycles.models import Comment, Company, User
from cycles.permissions import sees_prices
from cycles.queries import stage_of
from demand.models import CellLock, DemandFact, ReviewedFamily
from demand.permissions import editable_measures
from demand.queries.figures import Axis, Figures, axis_of, family_figures, stream_figures
from demand.queries.views import ALL, Node, PlanView, parse_node
from demand.registry import extra_measures
from portfolio.models import Market, Product
from sop.errors import InvalidInput, NotAllowed, NotFound
from sop.periods import add_months, month_key

if TYPE_CHECKING:
    from demand.steps import Flags

# (key, label, colour): the rows of each item, in their order.
MEASURES = [
    ("history", "History", "history"),
    ("baseline", "Baseline", "baseline"),
    ("product", "Product changes", "product"),
    ("marketing", "Marketing", "marketing"),
    ("sales", "Sales", "sales"),
    ("planner", "Planner", "planner"),
    ("consensus", "Consensus", "consensus"),
    ("previous", "Last cycle", "previous"),
]
SENT = ("low", "high")
MOST_NODES = 1_000  # more are loaded branch by branch


def require_unit(user: User, unit: str) -> None:
    """Raises InvalidInput for an unknown unit, NotAllowed for money where the person sees no prices."""
    if unit not in ("units", "money"):
        raise InvalidInput(f"{unit!r} is no unit: use units or money.")
    if unit == "money" and not sees_prices(user):
        raise NotAllowed("Your role does not see money. Choose units.")


def measures_for(view: PlanView) -> list[dict[str, Any]]:
    """The rows of the grid and which of them this person may change now."""
    stage = stage_of(view.version.cycle, StageKind.DEMAND)
    editable = editable_measures(view.user, stage) if not view.version.is_frozen else frozenset()
    rows = [{"key": key, "label": label, "editable": key in editable, "colour": colour} for key, label, colour in MEASURES]
    extra = [{"key": one.key, "label": one.label, "editable": False, "colour": one.colour} for one in extra_measures()]
    return rows + extra


def grid_answer(
    view: PlanView, *, parent: str = "", depth: int = 1, unit: str = "units", only_attention: bool = False
) -> dict[str, Any]:
    """The top of the tree down to level ``depth``, or the children of one row. See docs/ui.md for the shape."""
    require_unit(view.user, unit)
    axis = axis_of(view, unit)
    tree = _Rows(view, axis)
    nodes = tree.children(parse_node(parent)) if parent else tree.top(depth)
    fence = Company.current().fence_months
    answer: dict[str, Any] = {
        "months": [month_key(month) for month in axis.months],
        "first_plan_index": axis.first_plan,
        "fence_index": axis.first_plan + fence,
        "unit": unit,
        "rev": view.version.rev,
        "measures": measures_for(view),
        "nodes": [node for node in nodes if not only_attention or "attention" in node["flags"]],
    }
    if not parent:
        answer["attention_count"] = tree.attention.products
    return answer


def nodes_after(
    view: PlanView, *, edited: Sequence[str], expanded: Sequence[str], unit: str
) -> list[dict[str, Any]]:
    """What an edit changed on the page: the edited rows, those above them, and the open ones below them."""
    rows = _Rows(view, axis_of(view, unit))
    touched = [parse_node(text) for text in dict.fromkeys(edited)]
    return rows.around(touched, [parse_node(text) for text in dict.fromkeys(expanded)])


@dataclass
class Attention:
    """What lies outside the interval that history suggests: by family, and how many products in all."""

    families: set[int] = field(default_factory=set)
    products: int = 0


class _Rows:
    """Rows of one view: reads each level once and cuts the rows out of it."""

    def __init__(self, view: PlanView, axis: Axis) -> None:
        self.view, self.axis = view, axis
        self.version = view.version
        self._families: Figures | None = None
        self._comments: dict[str, list[list[Any]]] | None = None
        self._reviewed: set[int] | None = None
        self.attention = Attention()
        fence = Company.current().fence_months
        self.fenced = list(range(axis.first_plan, axis.first_plan + min(fence, len(axis.plan))))
        self.family_keys = set(view.table.families.tolist())

    # ---- which rows ----

    def top(self, depth: int) -> list[dict[str, Any]]:
        self.attention = self._attention()
        nodes = [self._all()]
        roots = [family for family in self.view.tree.tops if self._has_streams(family)]
        for family in roots:
            nodes += self._branch(family, depth, len(self.view.table.streams))
        return nodes

    def _branch(self, family: int, depth: int, size: int) -> list[dict[str, Any]]:
        nodes = [self._family(family)]
        level = self.view.tree.level(family)
        if depth <= level:
            return nodes
        for child in self._child_families(family):
            nodes += self._branch(child, depth, size)
        if depth > self.view.tree.depth and size <= MOST_NODES:
            nodes += self._products(family, with_streams=depth > self.view.tree.depth + 1)
        return nodes

    def children(self, parent: Node) -> list[dict[str, Any]]:
        self.view.require(parent)
        if parent == ALL:
            return [self._family(family) for family in self.view.tree.tops if self._has_streams(family)]
        if parent.kind == "family":
            below = [self._family(family) for family in self._child_families(parent.key)]
            return below + self._products(parent.key, with_streams=False)
        return self._streams(self.view.rows(parent)) if parent.kind == "product" else []

    def around(self, touched: list[Node], expanded: list[Node]) -> list[dict[str, Any]]:
        """Everything above the touched rows, and the open branches below or around them."""
        wanted = {ALL, *touched}
        for node in touched:
            wanted |= set(self.above(node))
        families = {node.key for node in wanted if node.kind == "family"}
        below = [node for node in expanded if node.kind != "all" and self._is_concerned(node, touched)]
        families |= {key for node in below if node.kind == "family" for key in self._child_families(node.key)}
        if any(node == ALL for node in touched):
            families |= {family for family in self.view.tree.tops if self._has_streams(family)}
        nodes = [self._all(), *(self._family(family) for family in sorted(families))]
        open_families = {node.key for node in below if node.kind == "family"}
        products = {node.key for node in wanted if node.kind == "product"} | {
            node.key for node in below if node.kind == "product"
        }
        nodes += self._products_of(open_families, products)
        return nodes + self._streams_of(touched, {node.key for node in below if node.kind == "product"})

    def _is_concerned(self, node: Node, touched: list[Node]) -> bool:
        rows = self.view.rows(node)
        return any((rows & self.view.rows(other)).any() for other in touched)

    def above(self, node: Node) -> list[Node]:
        """The rows over one, nearest first, without the top."""
        table = self.view.table
        if node.kind == "all":
            return []
        if node.kind == "family":
            return [Node("family", family) for family in self.view.tree.ancestors(node.key)]
        place = int(self.view.rows(node).argmax())
        family = int(table.families[place])
        families = [Node("family", family), *(Node("family", key) for key in self.view.tree.ancestors(family))]
        return families if node.kind == "product" else [Node("product", int(table.products[place])), *families]

    def _child_families(self, family: int) -> list[int]:
        return [child for child in self.view.tree.children.get(family, []) if self._has_streams(child)]

    def _has_streams(self, family: int) -> bool:
        return not self.family_keys.isdisjoint(self.view.tree.descendants(family))

    # ---- rows with their figures ----

    @property
    def families(self) -> Figures:
        if self._families is None:
            self._families = family_figures(self.view, self.axis)
        return self._families

    def _all(self) -> dict[str, Any]:
        summed = self.families.summed([0] * len(self.families.rows), [0])
        return self._node(ALL, None, 0, "All products", "", bool(self.families.rows), summed, 0)

    def _family(self, key: int) -> dict[str, Any]:
        family = self.view.tree.families[key]
        below = set(self.view.tree.descendants(key))
        chosen = [place for place, row in enumerate(self.families.rows) if row in below]
        part = Figures(self.axis, [], {name: table[chosen] for name, table in self.families.tables.items()})
        parent = Node("family", family.parent_id) if family.parent_id else ALL
        node = self._node(
            Node("family", key), parent, self.view.tree.level(key), family.name, family.code, True,
            part.summed([0] * len(chosen), [0]), 0,
        )
        node["reviewed"] = key in self.reviewed
        if not self.attention.families.isdisjoint(below):
            node["flags"] = ["attention"]
        return node

    def _products(self, family: int, *, with_streams: bool) -> list[dict[str, Any]]:
        nodes = self._products_of({family}, set())
        if not with_streams:
            return nodes
        streams: dict[str, list[dict[str, Any]]] = {}
        for node in self._streams(self.view.table.families == family):
            streams.setdefault(node["parent"], []).append(node)
        return [row for node in nodes for row in (node, *streams.get(node["id"], []))]

    def _products_of(self, families: set[int], products: set[int]) -> list[dict[str, Any]]:
        import numpy as np

        table = self.view.table
        chosen = np.isin(table.families, sorted(families)) | np.isin(table.products, sorted(products))
        if not chosen.any():
            return []
        figures = stream_figures(self.view, chosen, self.axis)
        keys = list(dict.fromkeys(table.products[chosen].tolist()))
        named = Product.objects.in_bulk(keys)
        keys.sort(key=lambda key: named[key].code)
        places = {key: place for place, key in enumerate(keys)}
        summed = figures.summed([places[key] for key in table.products[chosen].tolist()], keys)
        flagged = self._flags(figures, [places[key] for key in table.products[chosen].tolist()], len(keys))
        level = self.view.tree.depth + 1
        return [
            self._node(
                Node("product", key), Node("family", named[key].family_id or 0), level,
                named[key].description or named[key].code, named[key].code, True, summed, place, flagged[place],
            )
            for key, place in places.items()
        ]

    def _streams_of(self, touched: list[Node], products: set[int]) -> list[dict[str, Any]]:
        import numpy as np

        streams = [node.key for node in touched if node.kind == "stream"]
        chosen = np.isin(self.view.table.products, sorted(products)) | np.isin(self.view.table.streams, streams)
        return self._streams(chosen)

    def _streams(self, chosen: "Flags") -> list[dict[str, Any]]:
        table = self.view.table
        if not chosen.any():
            return []
        figures = stream_figures(self.view, chosen, self.axis)
        markets = Market.objects.in_bulk()
        flagged = self._flags(figures, list(range(len(figures.rows))), len(figures.rows))
        locks = self._locks(figures.rows)
        nodes = []
        cut = zip(figures.rows, table.products[chosen].tolist(), table.markets[chosen].tolist(), strict=True)
        for place, (stream, product, market) in enumerate(cut):
            node = self._node(
                Node("stream", stream), Node("product", product), self.view.tree.depth + 2, markets[market].name,
                markets[market].code, False, figures, place, flagged[place],
            )
            node["locked"] = sorted({*self.fenced, *locks.get(stream, [])})
            nodes.append(node)
        return nodes

    def _locks(self, streams: list[int]) -> dict[int, list[int]]:
        places = {month: place for place, month in enumerate(self.axis.months)}
        found: dict[int, list[int]] = {}
        wanted = set(streams)
        for stream, month in CellLock.objects.filter(version=self.version).values_list("stream_id", "month"):
            if stream in wanted and month in places:
                found.setdefault(stream, []).append(places[month])
        return found

    def _node(
        self, node: Node, parent: Node | None, level: int, name: str, code: str, has_children: bool, figures: Figures,
        place: int, attention: list[list[Any]] | None = None,
    ) -> dict[str, Any]:
        values = figures.values(place)
        if node.kind != "stream" and "squares" in values:
            values |= _band(values, self.axis)
        return {
            "id": str(node), "parent": str(parent) if parent else "", "level": level, "name": name, "code": code,
            "has_children": has_children, "flags": ["attention"] if attention else [], "attention": attention or [],
            "values": {key: values[key] for key in values if key not in ("squares", "floor", "ceiling")},
            "locked": list(self.fenced), "comments": self.comments.get(str(node), []),
        }

    # ---- what stands beside the figures ----

    def _flags(self, figures: Figures, groups: list[int], count: int) -> list[list[list[Any]]]:
        """By group, the plan months in which a stream's consensus lies outside its baseline's 95 % interval."""
        import numpy as np

        flagged: list[list[list[Any]]] = [[] for _ in range(count)]
        if "floor" not in figures.tables:
            return flagged
        plan = figures.tables["consensus"]
        outside = (plan < figures.tables["floor"]) | (plan > figures.tables["ceiling"])
        seen = set()
        for row, column in zip(*(places.tolist() for places in np.nonzero(outside)), strict=True):
            if (groups[row], column) not in seen:
                seen.add((groups[row], column))
                flagged[groups[row]].append(["consensus", column])
        return flagged

    def _attention(self) -> Attention:
        outside = DemandFact.objects.filter(version=self.version).filter(
            Q(consensus__lt=F("low_95")) | Q(consensus__gt=F("high_95"))
        )
        rows = outside.values("stream__product__family_id", "stream__market_id").annotate(
            products=Count("stream__product_id", distinct=True)
        )
        pairs = set(zip(self.view.table.families.tolist(), self.view.table.markets.tolist(), strict=True))
        found = Attention()
        products = [
            row for row in rows if (row["stream__product__family_id"], row["stream__market_id"]) in pairs
        ]
        found.families = {row["stream__product__family_id"] for row in products}
        most: dict[int, int] = {}
        for row in products:
            family = row["stream__product__family_id"]
            most[family] = max(most.get(family, 0), row["products"])
        found.products = sum(most.values())
        return found

    @property
    def reviewed(self) -> set[int]:
        if self._reviewed is None:
            rows = ReviewedFamily.objects.filter(cycle=self.version.cycle)
            self._reviewed = set(rows.values_list("family_id", flat=True))
        return self._reviewed

    @property
    def comments(self) -> dict[str, list[list[Any]]]:
        """Number of comments by row: [measure, column, count]."""
        if self._comments is None:
            self._comments = self._count_comments()
        return self._comments

    def _count_comments(self) -> dict[str, list[list[Any]]]:
        columns = {month_key(month): place for place, month in enumerate(self.axis.months)}
        rows = Comment.objects.filter(cycle=self.version.cycle, stage_kind=StageKind.DEMAND).order_by()
        found: dict[str, list[list[Any]]] = {}
        for subject, count in rows.values_list("subject").annotate(count=Count("pk")):
            node, _, rest = subject.partition("|")
            measure, _, month = rest.partition("|")
            if month in columns:
                found.setdefault(node, []).append([measure, columns[month], count])
        return found


def _band(values: dict[str, list[float | None]], axis: Axis) -> dict[str, list[float | None]]:
    """The 80 % interval around the baseline from the sum of squared half widths (in quanta)."""
    low: list[float | None] = []
    high: list[float | None] = []
    for middle, squares in zip(values["baseline"], values["squares"], strict=True):
        if middle is None or squares is None:
            low.append(None)
            high.append(None)
            continue
        half = (squares * axis.scale) ** 0.5 / axis.scale
        low.append(round(max(middle - half, 0.0), axis.digits))
        high.append(round(middle + half, axis.digits))
    return {"low": low, "high": high}


def chosen_node(view: PlanView, text: str) -> Node:
    """A row of the view. NotFound where it is none, or lies outside the scope."""
    node = parse_node(text)
    if node == ALL and not len(view.table.streams):
        raise NotFound("There is nothing in this plan for you.")
    view.require(node)
    return node


def plan_end(view: PlanView) -> str:
    """The last plan month, as YYYY-MM."""
    cycle = view.version.cycle
    return month_key(add_months(cycle.month, cycle.horizon_months - 1))
