"""Who the company is: products, families, sites, lines, materials, suppliers, markets, customers."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from datahub.company.calendar import Ints
from datahub.company.names import FAMILIES, MARKETS, customer_name, product_name
from datahub.company.sizes import Size

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rng = np.random.Generator


@dataclass
class Network:
    """Arrays over products, materials, resources, customers and markets.

    Per family and site there is one mix (SFG), one packaging and two raw materials: a line of a family makes
    its products from the mix and the packaging, the mix is made of the two raw materials.
    """

    size: Size
    families: list[str]
    family_names: list[str]
    sites: list[str]
    markets: list[str]
    currencies: list[str]
    # products
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    family: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    site: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    resource: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    made: Flags = field(default_factory=lambda: np.empty(0, dtype=bool))
    slow: Flags = field(default_factory=lambda: np.empty(0, dtype=bool))
    cost: Floats = field(default_factory=lambda: np.empty(0))
    price: Floats = field(default_factory=lambda: np.empty(0))
    level: Floats = field(default_factory=lambda: np.empty(0))
    lot: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    hours: Floats = field(default_factory=lambda: np.empty(0))
    setup: Floats = field(default_factory=lambda: np.empty(0))
    mix_quantity: Floats = field(default_factory=lambda: np.empty(0))
    # life cycle
    launches: dict[int, int] = field(default_factory=dict)  # product -> like product
    phase_outs: dict[int, int | None] = field(default_factory=dict)  # product -> successor
    # lines, customers
    resources: list[str] = field(default_factory=list)
    resource_site: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    tight: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    customers: list[str] = field(default_factory=list)
    customer_names: list[str] = field(default_factory=list)
    customer_market: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    customer_weight: Floats = field(default_factory=lambda: np.empty(0))
    discount: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def group(self) -> Ints:
        """The family-site pair of each product, which shares materials."""
        return self.family * len(self.sites) + self.site

    @property
    def groups(self) -> list[tuple[int, int]]:
        """Family and site of every pair that makes something."""
        made = np.unique(self.group[self.made])
        return [(int(pair) // len(self.sites), int(pair) % len(self.sites)) for pair in made]

    def group_name(self, family: int, site: int) -> str:
        return f"{self.families[family]}-{self.sites[site]}"


def build_network(size: Size, rng: Rng) -> Network:
    """A company's structure."""
    chosen = FAMILIES[: size.families]
    markets = MARKETS[: size.markets]
    network = Network(
        size,
        families=[code for code, _ in chosen],
        family_names=[name for _, name in chosen],
        sites=[f"S{number + 1}" for number in range(size.sites)],
        markets=[code for code, _, _ in markets],
        currencies=[currency for _, _, currency in markets],
    )
    _add_products(network, rng)
    _add_lines(network, rng)
    _add_life_cycles(network, rng)
    _add_customers(network, rng)
    return network


def _add_products(network: Network, rng: Rng) -> None:
    size = network.size
    count = size.products + size.launches
    order = np.arange(count)
    network.family = order % size.families
    network.site = (order // size.families) % size.sites
    network.codes = [f"P{number + 1:05d}" for number in range(count)]
    network.names = [
        product_name(network.family_names[f], number, rng) for number, f in enumerate(network.family)
    ]
    network.made = rng.random(count) > 0.12
    network.made[: min(count, size.families * size.sites)] = True
    network.slow = (rng.random(count) < 0.12) & (order >= 2 * size.families)
    network.level = size.units * rng.lognormal(0.0, 0.9, count) * np.where(network.slow, 0.06, 1.0)
    network.price = np.round(rng.lognormal(2.4, 0.6, count), 2) + 1.5
    network.cost = np.round(network.price * rng.uniform(0.45, 0.68, count), 4)
    network.lot = np.maximum(10, np.round(network.level * rng.uniform(0.8, 1.6, count), -1)).astype(np.int64)
    network.mix_quantity = np.round(network.cost * rng.uniform(0.16, 0.22, count), 3)


def _add_lines(network: Network, rng: Rng) -> None:
    """Each site has its lines and one mixer; a product runs on one line of its site."""
    size = network.size
    for number, site in enumerate(network.sites):
        network.resources += [f"{site}-LINE{line + 1:02d}" for line in range(size.lines_per_site)] + [
            f"{site}-MIX"
        ]
        network.resource_site = np.append(network.resource_site, [number] * (size.lines_per_site + 1))
    per_site = size.lines_per_site + 1
    line = rng.integers(0, size.lines_per_site, len(network.codes))
    network.resource = network.site * per_site + line
    network.hours = np.round(rng.uniform(0.5, 1.6, len(network.codes)) * 160 / (size.units * 22), 6)
    network.setup = np.round(network.lot * network.hours * rng.uniform(0.01, 0.05, len(network.codes)), 3)
    count = max(1, len(network.sites) * size.lines_per_site // 3)
    lines = np.array([number for number, code in enumerate(network.resources) if "LINE" in code])
    network.tight = np.sort(rng.choice(lines, count, replace=False))


def mixer_of(network: Network, site: int) -> int:
    """The mixer of a site."""
    return (site + 1) * (network.size.lines_per_site + 1) - 1


def _add_life_cycles(network: Network, rng: Rng) -> None:
    size, count = network.size, len(network.codes)
    steady = np.flatnonzero(~network.slow & (np.arange(count) < size.products) & network.made)
    for launch in range(size.products, count):
        same = steady[network.family[steady] == network.family[launch]]
        like = int(rng.choice(same if len(same) else steady))
        network.launches[launch] = like
        network.made[launch], network.slow[launch] = True, False
        for name in ("site", "resource", "level", "hours", "setup", "lot"):
            getattr(network, name)[launch] = getattr(network, name)[like]
    ending = rng.choice(np.setdiff1d(steady, list(network.launches.values())), size.phase_outs, replace=False)
    for number, product in enumerate(ending):
        others = np.setdiff1d(steady[network.family[steady] == network.family[product]], ending)
        network.phase_outs[int(product)] = int(others[0]) if number % 2 == 0 and len(others) else None


def _add_customers(network: Network, rng: Rng) -> None:
    size = network.size
    count = size.customers_per_market * size.markets
    network.customers = [f"C{number + 1:05d}" for number in range(count)]
    network.customer_names = [customer_name(number, rng) for number in range(count)]
    network.customer_market = np.arange(count) % size.markets
    network.customer_weight = rng.pareto(1.6, count) + 0.3
    network.discount = np.round(rng.uniform(0.02, 0.14, count), 3)
