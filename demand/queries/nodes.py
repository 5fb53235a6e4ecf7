"""What the rows of the plan are called."""

from collections.abc import Sequence
from typing import Any

from demand.models import DemandStream
from demand.queries.views import Node, PlanView
from portfolio.models import Product


def node_words(view: PlanView, nodes: Sequence[Node]) -> dict[str, dict[str, Any]]:
    """For the ledger and for people: node, name, code, and the market that the page was cut to, if any."""
    products = Product.objects.in_bulk([node.key for node in nodes if node.kind == "product"])
    streams = DemandStream.objects.select_related("product", "market").in_bulk(
        [node.key for node in nodes if node.kind == "stream"]
    )
    words = {}
    for node in nodes:
        code, name = _name(node, view, products, streams)
        words[str(node)] = {"node": str(node), "name": name, "code": code, "market": view.filters.market}
    return words


def _name(
    node: Node, view: PlanView, products: dict[int, Product], streams: dict[int, DemandStream]
) -> tuple[str, str]:
    if node.kind == "family":
        family = view.tree.families[node.key]
        return family.code, family.name
    if node.kind == "product":
        product = products[node.key]
        return product.code, product.description or product.code
    if node.kind == "stream":
        stream = streams[node.key]
        name = stream.product.description or stream.product.code
        return f"{stream.product.code}/{stream.market.code}", f"{name}, {stream.market.name}"
    return "", "All products"
