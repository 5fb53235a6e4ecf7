"""What people wrote down around the plan: assumptions, risks, decisions, actions, comments."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from cycles.choices import ActionStatus, AssumptionStatus, StageKind, Verdict
from cycles.models.cycle import Cycle

PERSON = settings.AUTH_USER_MODEL


class Assumption(models.Model):
    """Words before numbers: what the plan takes for granted."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="assumptions")
    statement = models.TextField()
    family_code = models.CharField(max_length=64, blank=True)
    market_code = models.CharField(max_length=64, blank=True)
    first_month = models.DateField(null=True, blank=True)
    last_month = models.DateField(null=True, blank=True)
    effect = models.CharField(
        max_length=120, blank=True, help_text="Numeric effect in words, e.g. +4 % from March."
    )
    source = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    review_by = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=AssumptionStatus.choices, default=AssumptionStatus.OPEN)
    outcome = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.statement


class Risk(models.Model):
    """A risk or an opportunity; its weighted value is shown beside the plan, never added to it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="risks")
    is_opportunity = models.BooleanField(default=False)
    description = models.TextField()
    family_code = models.CharField(max_length=64, blank=True)
    units = models.FloatField(default=0)
    money_minor = models.BigIntegerField(
        default=0, help_text="Effect on margin, minor units; positive number."
    )
    probability = models.FloatField(default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)])
    month = models.DateField(null=True, blank=True)
    trigger = models.CharField(max_length=200, blank=True)
    mitigation = models.TextField(blank=True)
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    in_plan = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-money_minor"]

    def __str__(self) -> str:
        return self.description


class Decision(models.Model):
    """A decision asked of a review, and what became of it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="decisions")
    stage_kind = models.CharField(max_length=15, choices=StageKind.choices, default=StageKind.EXECUTIVE)
    question = models.TextField()
    rationale = models.TextField(blank=True)
    options = models.JSONField(default=list, help_text="Options seen: name and effect of each.")
    family_codes = models.JSONField(default=list)
    margin_minor = models.BigIntegerField(default=0, help_text="Expected effect on margin, minor units.")
    source_key = models.CharField(
        max_length=64, blank=True, help_text="Key of the scenario difference behind it."
    )
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.PENDING)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.question


class ActionItem(models.Model):
    """Something somebody does by a day; carried over to the next cycle while open."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="action_items")
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="action_items"
    )
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="action_items")
    due = models.DateField()
    status = models.CharField(max_length=8, choices=ActionStatus.choices, default=ActionStatus.OPEN)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """A remark on a page or on a cell of the plan (``subject`` names it, e.g. a node, measure and month)."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="comments")
    stage_kind = models.CharField(max_length=15, choices=StageKind.choices)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cycle", "subject"])]

    def __str__(self) -> str:
        return self.text
