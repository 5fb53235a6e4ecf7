"""Versions of plan figures: drafts belong to the open cycle, frozen ones never change."""

from django.conf import settings
from django.db import models

from cycles.choices import VersionKind, VersionState
from cycles.models.cycle import Cycle


class Version(models.Model):
    """A set of plan figures. The facts live in the higher rooms and carry this key.

    Freezing copies a draft; rows of a frozen version are protected in the service and by database
    triggers (``cycles.protection``).
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=10, choices=VersionKind.choices)
    state = models.CharField(max_length=7, choices=VersionState.choices, default=VersionState.DRAFT)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    params = models.JSONField(default=dict, blank=True)
    inputs_hash = models.CharField(
        max_length=64, blank=True, help_text="Identity of the inputs it was made from."
    )
    engine_version = models.CharField(max_length=40, blank=True)
    content_hash = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of its figures, when frozen."
    )
    rev = models.PositiveIntegerField(default=0, help_text="Counts changes of a draft.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"],
                condition=models.Q(state=VersionState.DRAFT, kind="demand"),
                name="one_draft_per_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=VersionState.FROZEN) | ~models.Q(content_hash=""),
                name="frozen_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display().lower()})"

    @property
    def is_frozen(self) -> bool:
        return self.state == VersionState.FROZEN
