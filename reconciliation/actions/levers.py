"""A priced lever of a gap as a difference of a scenario."""

from collections.abc import Mapping
from typing import Any

from reconciliation.choices import DifferenceKind
from supply.models import SupplyGap


def difference_of_lever(
    gap: SupplyGap, lever: Mapping[str, Any]
) -> tuple[DifferenceKind, dict[str, Any], float, str]:
    """Kind, raw parameters, cost once (whole currency) and a name for the scenario."""
    raise NotImplementedError
