"""The brief that goes to the executives and the plan that they approve."""

from django.conf import settings
from django.db import models

from cycles.models import Cycle, Version
from reconciliation.models import Scenario, ScenarioDifference

PERSON = settings.AUTH_USER_MODEL


class Brief(models.Model):
    """What the executives read: one per cycle, frozen when it goes out."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="brief")
    headline = models.TextField(blank=True, help_text="What is asked, in a sentence.")
    headline_is_made = models.BooleanField(default=True, help_text="Not yet put into own words.")
    note = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Brief of the {self.cycle}"


class DecisionLink(models.Model):
    """Ties a decision of the brief to the scenario difference that it switches."""

    decision = models.OneToOneField("cycles.Decision", on_delete=models.CASCADE, related_name="link")
    difference = models.ForeignKey(
        ScenarioDifference, null=True, blank=True, on_delete=models.SET_NULL, related_name="decision_links"
    )

    def __str__(self) -> str:
        return f"{self.decision_id} -> {self.difference_id}"


class HeldFamily(models.Model):
    """A family on which a decision is still being discussed: its plan is published as held."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="held_families")
    family_code = models.CharField(max_length=64)
    decision = models.ForeignKey("cycles.Decision", on_delete=models.CASCADE, related_name="held_families")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "family_code", "decision"], name="held_family_once")
        ]

    def __str__(self) -> str:
        return self.family_code


class Participant(models.Model):
    """Somebody who takes part in the executive meeting; together they are its quorum."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "person"], name="participant_once")]

    def __str__(self) -> str:
        return str(self.person)


class OperatingPlan(models.Model):
    """The approved plan of a cycle: the single source of truth until the next one."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="operating_plan")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    demand_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey(Scenario, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    comment = models.TextField(blank=True)
    conditions = models.JSONField(default=list, help_text="Conditions with owner and date.")

    def __str__(self) -> str:
        return f"Operating plan of the {self.cycle}"
