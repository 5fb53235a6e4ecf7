"""The range as the review walks through it: the tree of families rolled up, the list of products, one product."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from cycles.models import Cycle
from portfolio.choices import ProductKind, ProductStatus
from portfolio.models import Family, PortfolioRules, Product
from portfolio.queries.candidates import sales_of
from portfolio.queries.tree import FamilyTree, family_tree
from portfolio.queries.valuation import standard_cost_map
from sop.periods import add_months

INDENT = "\u2003"


@dataclass
class Sums:
    """Products by state, and the last year's units, revenue, margin and revenue of new products."""

    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ProductStatus.values, 0))
    units: float = 0.0
    revenue: float = 0.0
    margin: float = 0.0
    new_revenue: float = 0.0

    @property
    def products(self) -> int:
        return sum(self.states.values())

    @property
    def planned(self) -> int:
        """Products that are still in the range."""
        return self.products - self.states[ProductStatus.OBSOLETE]

    @property
    def new_share(self) -> float | None:
        return self.new_revenue / self.revenue if self.revenue else None

    @property
    def margin_share(self) -> float | None:
        return self.margin / self.revenue if self.revenue else None

    def add(self, other: "Sums") -> None:
        for state, count in other.states.items():
            self.states[state] += count
        self.units += other.units
        self.revenue += other.revenue
        self.margin += other.margin
        self.new_revenue += other.new_revenue


@dataclass(frozen=True)
class FamilyNode:
    """A family in the order of the tree, with everything below it rolled up; ``level`` begins at 1."""

    family: Family
    level: int
    sums: Sums
    is_empty: bool

    @property
    def step(self) -> int:
        """How far the page moves it in: deeper levels than eight stand under each other."""
        return min(self.level, 8)


def family_nodes(cycle: Cycle) -> list[FamilyNode]:
    """The whole tree, parents before children, each rolled up over all levels below it."""
    tree, own = family_tree(), _own_sums(cycle)
    nodes: list[FamilyNode] = []
    for top in tree.tops:
        _walk(tree, top, 1, own, nodes)
    return nodes


def _walk(tree: FamilyTree, key: int, level: int, own: dict[int, Sums], nodes: list[FamilyNode]) -> Sums:
    sums = Sums()
    children = tree.children.get(key, [])
    nodes.append(FamilyNode(tree.families[key], level, sums, not children and key not in own))
    if key in own:
        sums.add(own[key])
    for child in children:
        sums.add(_walk(tree, child, level + 1, own, nodes))
    return sums


def _own_sums(cycle: Cycle) -> dict[int, Sums]:
    """What the products directly in each family sum up to."""
    sales, costs = sales_of(cycle), standard_cost_map()
    since = add_months(cycle.month, -PortfolioRules.current().new_months)
    found: dict[int, Sums] = defaultdict(Sums)
    rows = Product.objects.filter(kind=ProductKind.FINISHED, family__isnull=False)
    for key, family, status, launched in rows.values_list("pk", "family_id", "status", "launch_date"):
        sums = found[family or 0]
        sums.states[status] += 1
        if key in sales:
            sold = sales[key]
            sums.units += sold.year_units
            sums.revenue += sold.revenue
            sums.margin += sold.revenue - sold.year_units * costs.get(key, 0.0)
            sums.new_revenue += sold.revenue if launched and launched >= since else 0.0
    return dict(found)


def products_of(*, family: str = "", status: str = "", words: str = "") -> QuerySet[Product]:
    """Finished goods of a family and all below it, in a state, with words in code or description."""
    rows = Product.objects.filter(kind=ProductKind.FINISHED).select_related("family").order_by("code")
    if family:
        rows = rows.filter(family_id__in=family_keys(family))
    if status:
        rows = rows.filter(status=status)
    if words:
        rows = rows.filter(Q(code__icontains=words) | Q(description__icontains=words))
    return rows


def family_keys(code: str) -> list[int]:
    """Keys of a family and all below it; none for an unknown code."""
    tree = family_tree()
    family = tree.by_code(code)
    return tree.descendants(family.pk) if family else []


def indented_families() -> list[dict[str, Any]]:
    """Families in the order of the tree for a choice: code and name, indented by level."""
    tree = family_tree()
    found: list[dict[str, Any]] = []

    def walk(key: int, level: int) -> None:
        family = tree.families[key]
        found.append({"code": family.code, "name": INDENT * (level - 1) + family.name})
        for child in tree.children.get(key, []):
            walk(child, level + 1)

    for top in tree.tops:
        walk(top, 1)
    return found
