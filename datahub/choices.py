"""Enumerations of the data hub."""

from django.db import models


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
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
