"""What a unit started takes, with everything made for it at the same site: hours, materials, parts from stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supply.planning.case import Case, Floats, Ints
from supply.planning.greedy.routes import routing_of_production
from supply.planning.network import Network, matches

_DEEPEST = 12  # levels of a bill; a deeper one is a circle


@dataclass(frozen=True, slots=True, eq=False)
class Bills:
    """Starts by the production row they are for (`root`), parents before their parts."""

    root: Ints  # (nodes,)
    row: Ints  # the production row started
    units: Floats  # per unit of the root
    parent: Ints  # the node it is a part of, -1 for the root itself
    level: Ints
    step_node: Ints  # (steps,) hours
    step_resource: Ints
    step_lag: Ints
    step_hours: Floats
    use_node: Ints  # (uses,) materials
    use_material: Ints
    use_units: Floats
    part_node: Ints  # (parts,) products made nowhere at the site: taken from opening stock
    part_pair: Ints
    part_units: Floats


def explode(case: Case, network: Network) -> Bills:
    """All bills of all production rows."""
    root, row, units, parent, level, parts = _nodes(case, network)
    link, made = routing_of_production(case)
    node, at = matches(row, made)
    use, material_row = matches(case.material_use.product, case.production.product)
    user, of = matches(row, material_row)
    return Bills(
        root=root,
        row=row,
        units=units,
        parent=parent,
        level=level,
        step_node=node,
        step_resource=case.routing.resource[link[at]],
        step_lag=case.routing.lag_months[link[at]],
        step_hours=units[node] * case.routing.hours_per_unit[link[at]],
        use_node=user,
        use_material=case.material_use.material[use[of]],
        use_units=units[user] * case.material_use.quantity_per_unit[use[of]],
        part_node=parts[0],
        part_pair=parts[1],
        part_units=parts[2],
    )


def _nodes(case: Case, network: Network) -> tuple[Ints, Ints, Floats, Ints, Ints, tuple[Ints, Ints, Floats]]:
    made, use = case.production, case.component_use
    row_of = np.full(network.pair_of.shape, -1, np.int64)
    row_of[made.product, made.site] = np.arange(len(made))
    rows = np.arange(len(made))
    found = [(rows, rows, np.ones(len(made)), np.full(len(made), -1), np.zeros(len(made), np.int64))]
    lacking: list[tuple[Ints, Ints, Floats]] = []
    first = 0
    for level in range(1, _DEEPEST):
        root, row, units, _, _ = found[-1]
        node, bill = matches(made.product[row], use.product)
        component, site = use.component[bill], made.site[row[node]]
        needed = units[node] * use.quantity_per_unit[bill]
        child = row_of[component, site]
        own = child >= 0
        lacking.append((first + node[~own], network.pair_of[component, site][~own], needed[~own]))
        if not own.any():
            break
        levels = np.full(int(own.sum()), level)
        found.append((root[node[own]], child[own], needed[own], first + node[own], levels))
        first += len(row)
    root, row, units, parent, levels = (np.concatenate(column) for column in zip(*found, strict=True))
    parts = tuple(np.concatenate(column) for column in zip(*lacking, strict=True))
    return root, row, units, parent, levels, (parts[0], parts[1], parts[2])
