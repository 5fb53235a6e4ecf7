"""Enumerations of the data hub."""

from django.db import models

from cycles.choices import Role

# Roles by the letters that files use.
ROLE_LETTERS = {
    "PO": Role.PROCESS_OWNER,
    "ES": Role.SPONSOR,
    "DP": Role.DEMAND_PLANNER,
    "SP": Role.SUPPLY_PLANNER,
    "SM": Role.SALES,
    "OP": Role.OPERATIONS,
    "FI": Role.FINANCE,
    "PM": Role.PRODUCT,
    "AD": Role.ADMIN,
}


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
    MATCHING = "matching", "Columns to match"
    CHECKING = "checking", "Being checked"
    READY = "ready", "Ready to load"
    REJECTED = "rejected", "Has errors"
    LOADING = "loading", "Being loaded"
    COMMITTED = "committed", "Loaded"
    DROPPED = "dropped", "Dropped"


class Severity(models.TextChoices):
    CRITICAL = "critical", "Blocks the gate"
    MAJOR = "major", "Counts in the score"
    MINOR = "minor", "For information"

    @property
    def weight(self) -> int:
        """Weight in the data quality score."""
        return {"critical": 5, "major": 3, "minor": 1}[self.value]
