"""The audit log: append-only rows, each carrying the hash of the one before."""

from django.conf import settings
from django.db import models


class AuditHead(models.Model):
    """The end of the chain; its row lock orders the writers."""

    last_hash = models.CharField(max_length=64, default="0" * 64)
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.last_number} events"


class AuditEvent(models.Model):
    """One act worth proving later: sign, approve, override, publish, waive, export, sign-in, role change."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"
