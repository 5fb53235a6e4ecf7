"""Resources, their hours by month and what a unit takes of them."""

from django.db import models
from simple_history.models import HistoricalRecords

from portfolio.models import Product
from supply.choices import HoursFrom
from supply.models.network import Site


class Resource(models.Model):
    """A line, machine or crew with hours by month."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="resources")
    hours_from = models.CharField(max_length=12, choices=HoursFrom, default=HoursFrom.STATED)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class ResourceMonth(models.Model):
    """Hours of a resource in a month: usable = available x efficiency / 100, overtime on top."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    available_hours = models.FloatField()
    efficiency_percent = models.FloatField(default=100.0)
    overtime_hours = models.FloatField(default=0.0)
    overtime_cost_per_hour = models.FloatField(default=0.0)
    extra_hours = models.FloatField(default=0.0, help_text="Extra shift or temporary staff.")
    extra_cost_per_hour = models.FloatField(default=0.0)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "month"], name="resource_month_once")]

    def __str__(self) -> str:
        return f"{self.resource} {self.month:%Y-%m}"

    @property
    def usable_hours(self) -> float:
        return self.available_hours * self.efficiency_percent / 100


class ShiftPattern(models.Model):
    """How a resource works from a month on: hours = working days x shifts x hours x efficiency / 100."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="shift_patterns")
    valid_from = models.DateField(help_text="First month.")
    shifts_per_day = models.FloatField(default=1.0)
    hours_per_shift = models.FloatField(default=8.0)
    efficiency_percent = models.FloatField(default=100.0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["resource__code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["resource", "valid_from"], name="shift_pattern_once")]

    def __str__(self) -> str:
        return f"Shifts of {self.resource} from {self.valid_from:%Y-%m}"


class Maintenance(models.Model):
    """Clock hours that a resource stands still in a month, as planned, and why."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="maintenance")
    month = models.DateField()
    hours = models.FloatField()
    reason = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["month", "resource__code", "reason"]
        verbose_name = "planned maintenance"
        constraints = [
            models.UniqueConstraint(fields=["resource", "month", "reason"], name="maintenance_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.month:%Y-%m}: {self.reason}"


class Workforce(models.Model):
    """The people of a resource: their hours take the place of its own; money is major currency.

    The planner may hire and lay off at a cost. Wages count for people beyond what standard cost pays for.
    """

    resource = models.OneToOneField(Resource, on_delete=models.CASCADE, related_name="workforce")
    heads = models.FloatField(help_text="People at the start of the plan.")
    hours_per_head = models.FloatField(help_text="Hours of the resource that a person adds a month.")
    overtime_hours_per_head = models.FloatField(default=0.0)
    wage = models.FloatField(default=0.0, help_text="Per person and month.")
    hire_cost = models.FloatField(default=0.0, help_text="Per person hired.")
    layoff_cost = models.FloatField(default=0.0, help_text="Per person laid off.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["resource__code"]
        verbose_name = "workforce"

    def __str__(self) -> str:
        return f"People of {self.resource}"


class Routing(models.Model):
    """Hours that a unit of a product takes on a resource, with set-up per lot."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="routings")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="routings")
    hours_per_unit = models.FloatField()
    setup_hours = models.FloatField(default=0.0)
    lot_size = models.FloatField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "resource"], name="routing_once")]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.resource_id}"

    @property
    def planning_hours_per_unit(self) -> float:
        """Hours per unit with the set-up spread over a lot."""
        return self.hours_per_unit + (self.setup_hours / self.lot_size if self.lot_size else 0.0)
