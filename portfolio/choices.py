"""Enumerations of the portfolio."""

from django.db import models


class ProductKind(models.TextChoices):
    FINISHED = "FG", "Finished good"
    SEMI_FINISHED = "SFG", "Semi-finished good"
    MATERIAL = "RM", "Material"
    PACKAGING = "PKG", "Packaging"


class ProductStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    NEW = "new", "New"
    PHASE_OUT = "phase_out", "Phasing out"
    OBSOLETE = "obsolete", "Obsolete"

    @classmethod
    def planned(cls) -> frozenset["ProductStatus"]:
        """States in which a product is forecast."""
        return frozenset({cls.ACTIVE, cls.NEW, cls.PHASE_OUT})


class LaunchGate(models.TextChoices):
    IDEA = "idea", "Idea"
    FEASIBILITY = "feasibility", "Feasibility"
    DEVELOPMENT = "development", "Development"
    READY = "ready", "Ready"
    LAUNCHED = "launched", "Launched"

    @classmethod
    def planned(cls) -> frozenset["LaunchGate"]:
        """Gates from which on a launch is part of the demand plan; before them its figures are only shown."""
        return frozenset({cls.DEVELOPMENT, cls.READY, cls.LAUNCHED})

    @property
    def following(self) -> "LaunchGate":
        """The gate that "go" leads to; the last one leads to itself."""
        gates = list(LaunchGate)
        return gates[min(gates.index(self) + 1, len(gates) - 1)]


class LaunchBasis(models.TextChoices):
    """Where the figures of a launch come from."""

    TODAY = "today", "Sells like other products do today"
    BEGINNING = "beginning", "Sells as other products began"
    VOLUME = "volume", "A monthly volume that we state"
    DIFFUSION = "diffusion", "Spreads through a market (Bass)"

    @classmethod
    def with_references(cls) -> frozenset["LaunchBasis"]:
        """Bases that need a like product; the others need a volume."""
        return frozenset({cls.TODAY, cls.BEGINNING})


class GateVerdict(models.TextChoices):
    GO = "go", "Go"
    HOLD = "hold", "Hold"
    KILL = "kill", "Kill"
    BACK = "back", "Back"

    @classmethod
    def with_reason(cls) -> frozenset["GateVerdict"]:
        """Verdicts that nobody understands later without their reason."""
        return frozenset({cls.HOLD, cls.KILL, cls.BACK})


class TransitionCurve(models.TextChoices):
    """How demand passes from an ending product to its successor over the run-out months."""

    STEADY = "steady", "Steadily"
    EARLY = "early", "Quickly at first"
    LATE = "late", "Late"
    WAVE = "wave", "Slowly, then quickly, then slowly"


class Proposal(models.TextChoices):
    PUSH = "push", "Push"
    MAINTAIN = "maintain", "Maintain"
    CUT = "cut", "Cut"


class AbcRule(models.TextChoices):
    """Which side of a boundary a product falls on."""

    BEFORE = "before", "A while the share before the product is below the boundary"
    INCLUSIVE = "inclusive", "A while the share with the product is up to the boundary"


class AgendaItem(models.TextChoices):
    """The product review's meeting in its order."""

    ACTIONS = "actions", "Actions from last time"
    GATES = "gates", "Launches: go, hold or kill"
    ENDS = "ends", "Phase-outs and run-out"
    TAIL = "tail", "Rationalisation of the tail"
    SIGN = "sign", "Sign-off"

    @property
    def minutes(self) -> int:
        """Time that the item gets."""
        return {"actions": 5, "gates": 20, "ends": 15, "tail": 15, "sign": 5}[self.value]
