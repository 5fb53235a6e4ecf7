"""The whole model of a case: its variables, then its constraint families."""

from __future__ import annotations

from dataclasses import dataclass

from supply.planning import constraints, variables
from supply.planning.case import Case
from supply.planning.matrix import Matrix, Model
from supply.planning.network import Network, build_network
from supply.planning.scales import usual_sizes
from supply.planning.variables import Parts


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """A case as a linear model to be minimised; the engine's objective is the model's negative."""

    parts: Parts
    matrix: Matrix

    @property
    def case(self) -> Case:
        """The case."""
        return self.parts.case

    @property
    def network(self) -> Network:
        """Its pairs and flows."""
        return self.parts.network

    @property
    def model(self) -> Model:
        """Its named blocks."""
        return self.parts.model


def formulate(case: Case) -> Formulation:
    """Write the case as a linear model."""
    parts = write_parts(case)
    return Formulation(parts, parts.model.assemble())


def write_parts(case: Case) -> Parts:
    """Declare all columns, then all rows."""
    network = build_network(case)
    parts = Parts(case, network, usual_sizes(case, network), Model(case.months))
    for declare in (
        variables.add_making,
        variables.add_moving,
        variables.add_holding,
        variables.add_serving,
        variables.add_hours,
        variables.add_people,
    ):
        declare(parts)
    for constrain in (
        constraints.balance_stock,
        constraints.limit_age,
        constraints.balance_demand,
        constraints.limit_lateness,
        constraints.balance_hours,
        constraints.limit_staffed_hours,
        constraints.balance_heads,
        constraints.balance_material,
        constraints.limit_lanes,
        constraints.limit_inbound,
    ):
        constrain(parts)
    return parts
