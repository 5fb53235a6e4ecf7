"""What the application may add to a case; all is off by default, so that a case is solved as written."""

from __future__ import annotations

from dataclasses import dataclass

from supply.planning.case import INF, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Every unit of production that moves from last month's plan costs a share of its unit cost."""

    last_production: Floats  # (production rows, months); nan where the last plan says nothing
    weight: float = 0.02
    near_months: int = 3
    near_factor: float = 3.0  # the first months count this many times


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """Production in whole lots: the plan is rounded to lots and solved again around them."""

    lot_size: Floats  # (production rows,); 0: no lots
    months: int = 6  # later months stay free


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """How to solve. Penalties of options steer the plan but are no part of the reported objective."""

    time_limit_seconds: float = INF
    fair_share: float = 0.0  # share of price paid for the worst short fraction among a product's markets
    stability: Stability | None = None
    fixed_production: Floats | None = None  # (production rows, months); nan: free
    lots: Lots | None = None
