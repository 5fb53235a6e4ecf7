"""Mixes, packaging and raw materials: what production uses, what is bought, what is left."""

from dataclasses import dataclass

import numpy as np

from datahub.company.calendar import Ints, Timeline, random_days
from datahub.company.network import Floats, Network, Rng

MIX_SCRAP, PACK_SCRAP, RAW_SCRAP = 1.6, 1.0, 0.5  # percent
RAW_A, RAW_B = 0.6, 0.45  # units of raw material in a unit of mix
LONG_LEAD_DAYS = 150


@dataclass
class Purchases:
    """Purchase order lines as arrays; ``item`` counts as in :class:`Items`."""

    item: Ints
    supplier: Ints
    ordered: Ints
    due: Ints
    received: Ints
    quantity: Ints


@dataclass
class Materials:
    """Materials by group of products (family and site): packaging, first and second raw material, and mixes.

    Stocks are month ends with the opening in column 0. ``lead``, ``supplier`` and ``capacity`` are of the
    primary supplier by item; ``backup`` is the item with a second, dearer one.
    """

    mix_stock: Floats
    bought_stock: Floats  # packaging, raw A, raw B: 3 x groups rows
    used: Floats  # the same rows by month
    purchases: Purchases
    lead: Ints
    supplier: Ints
    capacity: Ints
    backup: int
    backup_supplier: int


def use_materials(
    network: Network, timeline: Timeline, *, item: Ints, month: Ints, planned: Ints, rng: Rng
) -> tuple[Materials, Ints]:
    """Materials that production orders (product, month, units with scrap) use, and the mixes made for them."""
    shape = (len(network.groups), timeline.simulated)
    place = _group_places(network)[item]
    mix_use, pack_use = np.zeros(shape), np.zeros(shape)
    np.add.at(mix_use, (place, month), planned * network.mix_quantity[item] / (1 - MIX_SCRAP / 100))
    np.add.at(pack_use, (place, month), planned / (1 - PACK_SCRAP / 100))
    mixes, mix_stock = _make_mixes(mix_use)
    raw = mixes / (1 - RAW_SCRAP / 100)
    used = np.concatenate([pack_use, raw * RAW_A, raw * RAW_B])
    terms = _supply_terms(network, timeline, used, rng)
    received, stock = _receive(used, terms, timeline)
    purchases = _purchase_orders(network, timeline, received, terms, rng)
    lead, supplier, capacity, backup, backup_supplier = terms
    return Materials(
        mix_stock, stock, used, purchases, lead, supplier, capacity, backup, backup_supplier
    ), mixes


def _group_places(network: Network) -> Ints:
    """Row of each product's group among the groups."""
    pairs = np.array([family * len(network.sites) + site for family, site in network.groups])
    places: Ints = np.searchsorted(pairs, network.group)
    return places


def _make_mixes(use: Floats) -> tuple[Ints, Floats]:
    """Mixes are made in the month in which they are used, and a quarter of a month ahead."""
    target = 0.25 * use.mean(axis=1)
    made = np.zeros(use.shape, dtype=np.int64)
    stock = np.zeros((len(use), use.shape[1] + 1))
    stock[:, 0] = np.ceil(target)
    for month in range(use.shape[1]):
        made[:, month] = np.ceil(np.maximum(0, use[:, month] + target - stock[:, month]))
        stock[:, month + 1] = stock[:, month] + made[:, month] - use[:, month]
    return made, stock


Terms = tuple[Ints, Ints, Ints, int, int]


def _supply_terms(network: Network, timeline: Timeline, used: Floats, rng: Rng) -> Terms:
    """Lead times, suppliers and capacities; one raw material is short at its cheap, slow supplier."""
    count = len(used)
    lead = rng.integers(12, 60, count)
    supplier = rng.integers(0, network.size.suppliers, count)
    mean = used[:, timeline.history - 12 : timeline.history].mean(axis=1)
    capacity = np.ceil(np.maximum(100, mean * rng.uniform(1.7, 2.4, count))).astype(np.int64)
    short = len(network.groups)  # raw material A of the first group
    slow = min(2, network.size.suppliers - 1)
    lead[short], supplier[short] = LONG_LEAD_DAYS, slow
    capacity[short] = int(np.ceil(mean[short] * 1.04))
    return lead, supplier, capacity, short, (slow + 1) % network.size.suppliers


MULTIPLE = 10


def _receive(used: Floats, terms: Terms, timeline: Timeline) -> tuple[Floats, Floats]:
    """Receipts that keep half a month in stock, in whole multiples; stock never falls below zero."""
    target = 0.5 * used[:, : timeline.history].mean(axis=1)
    received = np.zeros(used.shape)
    stock = np.zeros((len(used), used.shape[1] + 1))
    stock[:, 0] = np.ceil(target)
    for month in range(used.shape[1]):
        needed = np.maximum(0, used[:, month] + target - stock[:, month])
        received[:, month] = np.ceil(needed / MULTIPLE) * MULTIPLE
        stock[:, month + 1] = stock[:, month] + received[:, month] - used[:, month]
    return received, stock


def _purchase_orders(
    network: Network, timeline: Timeline, received: Floats, terms: Terms, rng: Rng
) -> Purchases:
    """One order line per receipt; what the short supplier cannot deliver comes from the backup."""
    lead, supplier, capacity, short, backup_supplier = terms
    row, month = np.nonzero(received)
    quantity = received[row, month].astype(np.int64)
    over = np.where(row == short, np.maximum(0, quantity - capacity[short]), 0)
    extra = np.flatnonzero(over)
    first_item = len(network.codes) + len(network.groups)
    rows = np.concatenate([row, row[extra]])
    suppliers = np.concatenate([supplier[row], np.full(len(extra), backup_supplier)])
    leads = np.concatenate([lead[row], np.full(len(extra), 30)])
    day = random_days(rng, timeline, np.concatenate([month, month[extra]]))
    quantities = np.concatenate([quantity - over, over[extra]])
    return purchase_lines(
        item=rows + first_item, supplier=suppliers, lead=leads, received=day, quantity=quantities, rng=rng
    )


def purchase_lines(
    *, item: Ints, supplier: Ints, lead: Ints, received: Ints, quantity: Ints, rng: Rng
) -> Purchases:
    """Orders that were placed a lead time, more or less, before they were received."""
    ordered = received - np.round(lead * rng.uniform(0.93, 1.07, len(item))).astype(np.int64)
    order = np.argsort(ordered, kind="stable")
    fields = (item, supplier, ordered, ordered + lead, received, quantity)
    return Purchases(*(values[order] for values in fields))
