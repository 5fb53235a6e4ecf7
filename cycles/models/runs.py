"""Background runs: the row is the job, the message only wakes a worker."""

from django.conf import settings
from django.db import models

from cycles.choices import RunState
from cycles.models.cycle import Cycle


class Run(models.Model):
    """One background run. ``key`` carries the identity of its inputs, so a double click is one run."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.CASCADE, related_name="runs")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True, help_text="Changes with every claim; only its holder may finish.")
    lease_until = models.DateTimeField(null=True)
    errors_seen = models.PositiveSmallIntegerField(default=0, help_text="Three errors make a run dead.")
    losses_seen = models.PositiveSmallIntegerField(default=0, help_text="Killed workers or lost leases.")
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True, help_text="What it is doing, in words.")
    error = models.TextField(blank=True, help_text="What went wrong, in words.")
    result = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "running", "waiting", "done"]),
                name="one_run_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display().lower()}"

    @property
    def is_active(self) -> bool:
        return RunState(self.state) in RunState.active()

    @property
    def progress_percent(self) -> int:
        if self.state == RunState.DONE:
            return 100
        return min(99, 100 * self.progress_done // self.progress_total) if self.progress_total else 0


class WorkerBeat(models.Model):
    """The last sign of life of each worker process group, for the readiness check."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
