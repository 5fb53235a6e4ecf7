"""Stored values of key figures and their targets."""

from django.conf import settings
from django.db import models

from cycles.models import Cycle


class KpiTarget(models.Model):
    """The goal of a key figure; ratios as 0-1, others in their unit."""

    kpi = models.CharField(max_length=40, unique=True)
    target = models.FloatField()
    warn = models.FloatField(help_text="From here on amber.")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.kpi}: {self.target}"


class KpiValue(models.Model):
    """A key figure of a month: sums are kept, so that roll-ups divide sums and never average ratios.

    ``level`` is all, family, market or site; ``member`` its code. An undefined figure has no row.
    """

    id = models.BigAutoField(primary_key=True)
    kpi = models.CharField(max_length=40)
    month = models.DateField()
    lag = models.SmallIntegerField(default=0)
    level = models.CharField(max_length=10, default="all")
    member = models.CharField(max_length=64, blank=True)
    numerator = models.FloatField()
    denominator = models.FloatField()
    excluded_rows = models.PositiveIntegerField(default=0)
    cycle = models.ForeignKey(Cycle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kpi", "month", "lag", "level", "member"], name="kpi_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.month} {self.member}"
