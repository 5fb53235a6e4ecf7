"""Gaps of a plan, what is said about them, and production that the planner fixes."""

from django.conf import settings
from django.db import models

from cycles.models import Cycle
from demand.models import DemandStream
from portfolio.models import Product
from sop.quantities import from_quanta
from supply.models.facts import VersionFact
from supply.models.network import Site


class SupplyGap(VersionFact):
    """Demand that the plan does not serve in its month, in units and money, and why."""

    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    units = models.BigIntegerField(help_text="Lost or owed, quanta.")
    revenue_minor = models.BigIntegerField()
    margin_minor = models.BigIntegerField()
    binding = models.JSONField(default=list, help_text="What stands in the way, as the engine names it.")
    cause = models.TextField(blank=True, help_text="The same in words.")
    levers = models.JSONField(
        default=list, help_text="Ways to close it: kind, units, cost, margin, needed by."
    )

    class Meta:
        ordering = ["-revenue_minor"]
        constraints = [models.UniqueConstraint(fields=["version", "stream", "month"], name="supply_gap_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.stream_id} {self.month}: {self.units}"

    @property
    def unit_count(self) -> float:
        return from_quanta(self.units)


class GapAnswer(models.Model):
    """What is said about the gaps of a product in a cycle; the plan's own rows are frozen.

    It holds as long as the gap has not grown beyond what was answered.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="gap_answers")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    revenue_minor = models.BigIntegerField(help_text="Size of the gap that was answered.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "product"], name="gap_answer_once")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.text}"


class FixedLine(models.Model):
    """A production quantity that the supply planner fixes: the next plan of the cycle starts just that."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="fixed_lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    quantity = models.BigIntegerField(help_text="Units started in the month, quanta.")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["product__code", "site__code", "month"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "product", "site", "month"], name="fixed_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.site_id} in {self.month:%Y-%m}: {self.units}"

    @property
    def units(self) -> float:
        return from_quanta(self.quantity)
