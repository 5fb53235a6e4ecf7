"""The monthly cycle, its stages, and the rows that say who did what to them."""

from datetime import date

from django.conf import settings
from django.db import models

from cycles.choices import Act, CycleState, StageKind, StageState
from sop.periods import add_months, month_name, month_range


class Cycle(models.Model):
    """One monthly cycle, named by its first plan month; the month before is the last closed one."""

    month = models.DateField(unique=True, help_text="First plan month.")
    horizon_months = models.PositiveSmallIntegerField(default=24)
    state = models.CharField(max_length=10, choices=CycleState.choices, default=CycleState.OPEN)
    today = models.DateField(help_text="The day that calculations of this cycle take as today.")
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state=CycleState.OPEN), name="one_open_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"{month_name(self.month)} cycle"

    @property
    def last_closed_month(self) -> date:
        return add_months(self.month, -1)

    @property
    def months(self) -> list[date]:
        """The plan months."""
        return month_range(self.month, self.horizon_months)

    @property
    def is_open(self) -> bool:
        return self.state == CycleState.OPEN


class Stage(models.Model):
    """The data gate or one of the five reviews of a cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=15, choices=StageKind.choices)
    state = models.CharField(max_length=12, choices=StageState.choices, default=StageState.NOT_OPEN)
    rev = models.PositiveIntegerField(default=0, help_text="Counts state changes; compare-and-set.")
    due = models.DateField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_version = models.ForeignKey(
        "cycles.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="signed_stages"
    )

    class Meta:
        ordering = ["cycle", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="stage_once"),
            models.CheckConstraint(
                name="signer_is_not_submitter",
                # The logged single-person mode clears submitted_by when the same person signs.
                condition=models.Q(signed_by__isnull=True)
                | models.Q(submitted_by__isnull=True)
                | ~models.Q(signed_by=models.F("submitted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} review, {self.cycle}"

    @property
    def stage_kind(self) -> StageKind:
        return StageKind(self.kind)

    @property
    def stage_state(self) -> StageState:
        return StageState(self.state)

    @property
    def is_editable(self) -> bool:
        return self.stage_state.editable and self.cycle.is_open


class StageEditor(models.Model):
    """Who edited the figures of a stage in this cycle: they may not sign it."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="editors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "user"], name="stage_editor_once")]

    def __str__(self) -> str:
        return f"{self.user} edited {self.stage}"


class SignOff(models.Model):
    """One act on a stage: append-only, the story of the cycle."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="sign_offs")
    act = models.CharField(max_length=20, choices=Act.choices)
    from_state = models.CharField(max_length=12, choices=StageState.choices)
    to_state = models.CharField(max_length=12, choices=StageState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(blank=True)
    version = models.ForeignKey(
        "cycles.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    content_hash = models.CharField(max_length=64, blank=True)
    single_person = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.stage}"

    @property
    def done(self) -> str:
        """The act in the past tense."""
        return Act(self.act).past


class FunctionSubmission(models.Model):
    """A function's word that its input for a stage is in; scope is the family, or empty for all."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="submissions")
    function = models.CharField(max_length=20, help_text="marketing, sales, planner, product ...")
    family_code = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "function", "family_code", "by"], name="function_submission_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.function} submitted by {self.by}"


class Waiver(models.Model):
    """A check of a gate that the process owner sets aside, with reason and expiry."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="waivers")
    check_key = models.CharField(max_length=80)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    expires = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "check_key"], name="waiver_once")]

    def __str__(self) -> str:
        return f"Waiver of {self.check_key} for {self.stage}"
