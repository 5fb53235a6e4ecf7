"""Codes and master data of everything that has a code, in one numbering.

First the products, then per group of products (family and site) the mixes, the packaging, the first and the
second raw material.
"""

from dataclasses import dataclass

import numpy as np

from datahub.company.calendar import Ints
from datahub.company.materials import MIX_SCRAP, PACK_SCRAP, RAW_A, RAW_B, RAW_SCRAP
from datahub.company.network import Floats, Network, Rng

MIX_COST = 2.3


@dataclass
class Items:
    """All items: code, name, kind, family and site, standard cost."""

    codes: list[str]
    names: list[str]
    kinds: list[str]
    family: Ints
    site: Ints
    cost: Floats

    def __len__(self) -> int:
        return len(self.codes)


def list_items(network: Network, rng: Rng) -> Items:
    """Products and materials with their costs; components cost about half of what they go into."""
    groups = network.groups
    family = np.array([pair[0] for pair in groups])
    site = np.array([pair[1] for pair in groups])
    names = [network.group_name(*pair) for pair in groups]
    mix = np.round(MIX_COST * rng.uniform(0.92, 1.08, len(groups)), 4)
    pack = np.array([_least_cost(network, pair) for pair in groups]) * 0.06
    raw = 0.7 * mix / (RAW_A + RAW_B)
    parts = [
        ("SFG", "Mix", "SFG"),
        ("PKG", "Packaging", "RM"),
        ("RMA", "Base material", "RM"),
        ("RMB", "Additive", "RM"),
    ]
    return Items(
        codes=[*network.codes, *(f"{prefix}-{name}" for prefix, _, _ in parts for name in names)],
        names=[*network.names, *(f"{word} {name}" for _, word, _ in parts for name in names)],
        kinds=[*["FG"] * len(network.codes), *(kind for _, _, kind in parts for _ in names)],
        family=np.concatenate([network.family, np.tile(family, 4)]),
        site=np.concatenate([network.site, np.tile(site, 4)]),
        cost=np.round(np.concatenate([network.cost, mix, pack, raw * 1.1, raw * 0.85]), 4),
    )


def _least_cost(network: Network, pair: tuple[int, int]) -> float:
    own = (network.family == pair[0]) & (network.site == pair[1]) & network.made
    return float(network.cost[own].min())


def bill_lines(network: Network, items: Items) -> list[tuple[str, str, float, float]]:
    """Parent, component, quantity, scrap percent."""
    groups, count = network.groups, len(network.codes)
    place = {pair: number for number, pair in enumerate(groups)}
    lines = []
    for product in np.flatnonzero(network.made):
        group = place[int(network.family[product]), int(network.site[product])]
        mix, pack = items.codes[count + group], items.codes[count + len(groups) + group]
        lines.append((network.codes[product], mix, float(network.mix_quantity[product]), MIX_SCRAP))
        lines.append((network.codes[product], pack, 1.0, PACK_SCRAP))
    for group in range(len(groups)):
        mix, first, second = (items.codes[count + part * len(groups) + group] for part in (0, 2, 3))
        lines += [(mix, first, RAW_A, RAW_SCRAP), (mix, second, RAW_B, RAW_SCRAP)]
    return lines
