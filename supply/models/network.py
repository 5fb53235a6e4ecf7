"""Sites, their calendars and the lanes between them and to markets."""

from django.db import models
from simple_history.models import HistoricalRecords

from portfolio.models import Market


class Site(models.Model):
    """A plant or depot that holds stock."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class CalendarDay(models.Model):
    """Whether a site works on a day."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField()
    working = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.site} {self.day}"


class Lane(models.Model):
    """A transport lane from a site to a market or another site; exactly one destination is set."""

    origin = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="lanes")
    market = models.ForeignKey(Market, null=True, blank=True, on_delete=models.CASCADE, related_name="lanes")
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.CASCADE, related_name="inbound_lanes"
    )
    unit_cost = models.FloatField(default=0.0)
    volume_capacity = models.FloatField(null=True, blank=True)
    lead_time_days = models.FloatField(default=0.0)
    spot_cost = models.FloatField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "market"], name="lane_to_market_once"),
            models.UniqueConstraint(fields=["origin", "site"], name="lane_to_site_once"),
            models.CheckConstraint(
                condition=models.Q(market__isnull=True) ^ models.Q(site__isnull=True),
                name="lane_one_destination",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} to {self.market or self.site}"
