"""The planning grid's answers: which rows are sent, branch by branch (docs/ui.md)."""

from collections.abc import Sequence
from typing import Any

from cycles.choices import StageKind
from cycles.models import Company
from cycles.queries import stage_of
from demand.permissions import editable_measures
from demand.queries.figures import axis_of
from demand.queries.marks import attention_of
from demand.queries.rows import Row, Rows
from demand.queries.units import require_unit
from demand.queries.views import ALL, Node, PlanView, parse_node
from demand.registry import extra_measures
from sop.errors import NotFound
from sop.periods import month_key

# (key, label): the rows of each item, in their order; a measure's key is its colour.
MEASURES = [
    ("history", "History"),
    ("baseline", "Baseline"),
    ("product", "Product changes"),
    ("marketing", "Marketing"),
    ("sales", "Sales"),
    ("planner", "Planner"),
    ("consensus", "Consensus"),
    ("previous", "Last cycle"),
]
MOST_STREAMS = 1_000  # larger plans are loaded branch by branch


def measures_for(view: PlanView) -> list[dict[str, Any]]:
    """The rows of each item, and which of them this person may change now."""
    stage = stage_of(view.version.cycle, StageKind.DEMAND)
    editable = editable_measures(view.user, stage) if not view.version.is_frozen else frozenset()
    own = [
        {"key": key, "label": label, "editable": key in editable, "colour": key} for key, label in MEASURES
    ]
    extra = [
        {"key": one.key, "label": one.label, "editable": False, "colour": one.colour}
        for one in extra_measures()
    ]
    return own + extra


def grid_answer(
    view: PlanView, *, parent: str = "", depth: int = 1, unit: str = "units", only_attention: bool = False
) -> dict[str, Any]:
    """The top of the tree down to level ``depth``, or the children of one row."""
    require_unit(view.user, unit)
    axis = axis_of(view, unit)
    rows = Rows(view, axis)
    nodes = _children(view, rows, parse_node(parent)) if parent else _top(view, rows, depth)
    answer: dict[str, Any] = {
        "months": [month_key(month) for month in axis.months],
        "first_plan_index": axis.first_plan,
        "fence_index": axis.first_plan + Company.current().fence_months,
        "unit": unit,
        "rev": view.version.rev,
        "measures": measures_for(view),
        "nodes": [node for node in nodes if not only_attention or "attention" in node["flags"]],
    }
    if not parent:
        answer["attention_count"] = rows.attention.products
    return answer


def _top(view: PlanView, rows: Rows, depth: int) -> list[Row]:
    rows.attention = attention_of(view)
    nodes = [rows.everything()]
    for family in view.shown_families(None):
        nodes += _branch(view, rows, family, depth)
    return nodes


def _branch(view: PlanView, rows: Rows, family: int, depth: int) -> list[Row]:
    nodes = [rows.family(family)]
    if depth <= view.tree.level(family):
        return nodes
    for child in view.shown_families(family):
        nodes += _branch(view, rows, child, depth)
    if depth > view.tree.depth and len(view.table.streams) <= MOST_STREAMS:
        nodes += _products(view, rows, family, with_streams=depth > view.tree.depth + 1)
    return nodes


def _products(view: PlanView, rows: Rows, family: int, *, with_streams: bool) -> list[Row]:
    chosen = view.table.families == family
    products = rows.products(chosen)
    below: dict[str, list[Row]] = {}
    for row in rows.streams(chosen) if with_streams else []:
        below.setdefault(row["parent"], []).append(row)
    return [row for product in products for row in (product, *below.get(product["id"], []))]


def _children(view: PlanView, rows: Rows, parent: Node) -> list[Row]:
    chosen = view.require(parent)
    if parent.kind == "product":
        return rows.streams(chosen)
    if parent.kind == "stream":
        return []
    families = [rows.family(key) for key in view.shown_families(parent.key or None)]
    return families + (rows.products(view.table.families == parent.key) if parent.kind == "family" else [])


def nodes_after(view: PlanView, *, edited: Sequence[str], expanded: Sequence[str], unit: str) -> list[Row]:
    """What an edit changed on the page: the edited rows, those above them, and the open ones below them."""
    rows = Rows(view, axis_of(view, unit))
    touched = [parse_node(text) for text in dict.fromkeys(edited)]
    opened = [parse_node(text) for text in dict.fromkeys(expanded)]
    changed = _around(view, rows, touched, [node for node in opened if _meets(view, node, touched)])
    for row in changed:
        if row["id"].startswith("family:"):
            del row["flags"]  # told when the page is read: what was marked stays marked until then
    return changed


def _meets(view: PlanView, node: Node, touched: list[Node]) -> bool:
    """Whether a branch holds a stream that was touched."""
    inside = view.rows(node)
    return any((inside & view.rows(other)).any() for other in touched)


def _around(view: PlanView, rows: Rows, touched: list[Node], opened: list[Node]) -> list[Row]:
    import numpy as np

    wanted = {*touched, *(above for node in touched for above in view.above(node))}
    families = {node.key for node in wanted if node.kind == "family"}
    families |= {
        key
        for node in opened
        if node.kind in {"all", "family"}
        for key in view.shown_families(node.key or None)
    }
    open_products = [node.key for node in opened if node.kind == "product"]
    products = [node.key for node in wanted if node.kind == "product"] + open_products
    streams = [node.key for node in touched if node.kind == "stream"]
    open_families = [node.key for node in opened if node.kind == "family"]
    table = view.table
    return [
        rows.everything(),
        *(rows.family(key) for key in sorted(families)),
        *rows.products(np.isin(table.families, open_families) | np.isin(table.products, products)),
        *rows.streams(np.isin(table.products, open_products) | np.isin(table.streams, streams)),
    ]


def chosen_node(view: PlanView, text: str) -> Node:
    """A row of the view. NotFound where it is none, or lies outside the scope."""
    node = parse_node(text)
    if node == ALL and not len(view.table.streams):
        raise NotFound("There is nothing in this plan for you.")
    view.require(node)
    return node
