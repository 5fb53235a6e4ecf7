"""What a unit takes: hours, materials and components, with semi-finished goods exploded unless stocked.

Pure calculations over :class:`supply.queries.inputs.Inputs`; quantities are per unit started.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from portfolio.choices import ProductKind
from supply.queries.case.findings import Findings
from supply.queries.inputs import Inputs, made_by


@dataclass(slots=True)
class Need:
    """What one unit of a product takes, semi-finished goods without stock dissolved into what they take."""

    cost: float = 0.0  # conversion cost, and standard cost of materials that are not planned
    hours: dict[int, float] = field(default_factory=lambda: defaultdict(float))  # resource
    materials: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    components: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, other: "Need", quantity: float) -> None:
        self.cost += quantity * other.cost
        for mine, theirs in (
            (self.hours, other.hours),
            (self.materials, other.materials),
            (self.components, other.components),
        ):
            for key, amount in theirs.items():
                mine[key] += quantity * amount


class Structure:
    """Bills and routings read once; asks for a product's needs are remembered."""

    def __init__(self, inputs: Inputs, findings: Findings) -> None:
        self._inputs = inputs
        self._findings = findings
        self._needs: dict[int, Need] = {}
        self._under_way: set[int] = set()
        self.made_at = made_by(inputs.routings, inputs.resources)
        self.bill: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for line in inputs.bill:
            self.bill[line.parent_id].append((line.component_id, line.quantity))
        if not inputs.routings:
            self.made_at.update(self._made_without_limit())
        self._routings: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for product, resource, hours in inputs.routings:
            self._routings[product].append((resource, hours))

    def _made_without_limit(self) -> dict[int, list[int]]:
        """A company that keeps no routing at all plans without limits of capacity: what it sells and nobody is
        named to deliver comes in the wanted quantity to where it is stocked, to the first site else.
        """
        at: dict[int, set[int]] = defaultdict(set)
        for product, site in [
            *self._inputs.policies,
            *((row.product_id, row.site_id) for row in self._inputs.stock),
        ]:
            at[product].add(site)
        first = list(self._inputs.sites)[:1]
        sold = {product for product, _ in self._inputs.streams.values()}
        made = {product: sorted(at[product]) or first for product in sorted(sold - self.bought)}
        words = "No routings are kept, so made or bought without limit, at standard cost"
        for product in made:
            self._findings.add("no_limit", words, self._inputs.products[product].code)
        return {product: sites for product, sites in made.items() if sites}

    @cached_property
    def bought(self) -> frozenset[int]:
        """Products that a supplier delivers."""
        return frozenset(row.product_id for row in self._inputs.supplier_products)

    @cached_property
    def stocked(self) -> frozenset[int]:
        """Products with stock on hand or a safety stock: these keep a balance of their own."""
        on_hand = {row.product_id for row in self._inputs.stock if row.on_hand > 0}
        wanted = {row.product_id for row in self._inputs.policies.values() if (row.safety_stock or 0) > 0}
        return frozenset(on_hand | wanted)

    def need(self, product: int) -> Need:
        """What one unit of the product takes. A loop in the bills is cut and named as a finding."""
        if product not in self._needs:
            self._under_way.add(product)
            self._needs[product] = self._explode(product)
            self._under_way.discard(product)
        return self._needs[product]

    def _explode(self, product: int) -> Need:
        need = Need(cost=self._conversion_cost(product))
        for resource, hours in self._routings[product]:
            need.hours[resource] += hours
        for component, quantity in self.bill[product]:
            self._take(need, product, component, quantity)
        return need

    def _take(self, need: Need, product: int, component: int, quantity: float) -> None:
        row = self._inputs.products[component]
        if component in self._under_way:
            self._findings.add("loop", "Bill of material in a loop, cut here", row.code)
        elif component in self.made_at or self.bill[component]:
            if self._keeps_balance(product, component):
                need.components[component] += quantity
            else:
                need.add(self.need(component), quantity)
        elif component in self.bought:
            need.materials[component] += quantity
        else:
            self._findings.add(
                "no_supplier", "Without a supplier, so not a limit; at standard cost", row.code
            )
            need.cost += quantity * (row.standard_cost or 0.0)

    def _keeps_balance(self, product: int, component: int) -> bool:
        """Stocked, bought as well as made, sold itself, or made elsewhere than where it is used."""
        made_at = self.made_at.get(component)
        elsewhere = made_at is not None and not set(self.made_at.get(product, [])) <= set(made_at)
        sold = self._inputs.products[component].kind == ProductKind.FINISHED
        return component in self.stocked or component in self.bought or sold or elsewhere

    def _conversion_cost(self, product: int) -> float:
        """Standard cost less the components' standard costs; below zero counts as zero and is a finding."""
        row = self._inputs.products[product]
        if row.standard_cost is None:
            self._findings.add("no_cost", "Without a standard cost; planned as free", row.code)
            return 0.0
        components = sum(
            quantity * (self._inputs.products[component].standard_cost or 0.0)
            for component, quantity in self.bill[product]
        )
        if row.standard_cost < components - 1e-9:
            self._findings.add(
                "negative_conversion", "Components cost more than the product itself", row.code
            )
        return max(0.0, row.standard_cost - components)

    def planned(self, roots: list[int]) -> list[int]:
        """The roots and all components below them that keep a balance, in the order of their codes."""
        found, queue = set(roots), list(roots)
        while queue:
            for component in self.need(queue.pop()).components:
                if component not in found:
                    found.add(component)
                    queue.append(component)
        return [product for product in self._inputs.products if product in found]


class Pools:
    """Materials are keyed by material and site; where the plan cannot tell two sites apart they share a pool.

    The engine knows one stock of a material. A product that is made at two sites draws the same material at
    both, so these two become one; so do a site that uses and the site that the supplier delivers to.
    """

    def __init__(self, inputs: Inputs, structure: Structure, products: list[int], findings: Findings) -> None:
        self._parent: dict[tuple[int, int], tuple[int, int]] = {}
        self._delivered: dict[int, list[int]] = defaultdict(list)
        for row in inputs.supplier_products:
            self._delivered[row.product_id].append(row.site_id)
        for product in products:
            for material in structure.need(product).materials:
                self._join_uses(material, structure.made_at.get(product, []))
        self._name_shared(inputs, findings)

    def _join_uses(self, material: int, sites: list[int]) -> None:
        for site in sites:
            self._join((material, site), (material, sites[0]))
            if site not in self._delivered[material]:
                self._join((material, site), (material, self._delivered[material][0]))

    def _join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        self._parent.setdefault(one, one)
        self._parent.setdefault(other, other)
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def root(self, key: tuple[int, int]) -> tuple[int, int]:
        """The pool of a material at a site, named by its first member."""
        while self._parent[key] != key:
            key = self._parent[key]
        return key

    def __contains__(self, key: tuple[int, int]) -> bool:
        return key in self._parent

    def roots(self) -> list[tuple[int, int]]:
        return sorted({self.root(key) for key in self._parent})

    def _name_shared(self, inputs: Inputs, findings: Findings) -> None:
        members: dict[tuple[int, int], int] = defaultdict(int)
        for key in self._parent:
            members[self.root(key)] += 1
        for (material, _), count in members.items():
            if count > 1:
                findings.add(
                    "pooled", "Planned as one stock for several sites", inputs.products[material].code
                )
