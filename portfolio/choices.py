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


class Proposal(models.TextChoices):
    PUSH = "push", "Push"
    MAINTAIN = "maintain", "Maintain"
    CUT = "cut", "Cut"
