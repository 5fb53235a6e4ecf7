"""Budget, scenarios and their profit and loss. Money in minor units, quantities in quanta."""

from django.conf import settings
from django.db import models

from cycles.models import Cycle, Run, Version
from portfolio.models import Family
from reconciliation.choices import DifferenceKind, PnlRow, ScenarioState
from supply.models import SupplyGap

PERSON = settings.AUTH_USER_MODEL


class BudgetLine(models.Model):
    """The budget (AOP) of a family and month: frozen, the plan is reconciled to it."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="budget_lines")
    month = models.DateField()
    quantity = models.BigIntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    cogs_minor = models.BigIntegerField(default=0)
    opex_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "month"], name="budget_line_once")]

    def __str__(self) -> str:
        return f"Budget {self.family_id} {self.month}"


class CompanyBudget(models.Model):
    """The company's budget total of a month, which the families must add up to."""

    month = models.DateField(unique=True)
    quantity = models.BigIntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    cogs_minor = models.BigIntegerField(default=0)
    opex_minor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Company budget {self.month}"


class LedgerBalance(models.Model):
    """Stock value in the general ledger at a month's end."""

    month = models.DateField()
    site_code = models.CharField(max_length=64)
    value_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "site_code"], name="ledger_balance_once")]

    def __str__(self) -> str:
        return f"{self.site_code} {self.month}"


class Scenario(models.Model):
    """A named stack of differences on the signed plans of a cycle.

    Exactly one of a cycle is the baseline (no differences: the signed supply plan as it is).
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    question = models.CharField(max_length=200, blank=True, help_text="What it is to decide.")
    description = models.TextField(blank=True)
    is_baseline = models.BooleanField(default=False)
    is_recommended = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ScenarioState.choices, default=ScenarioState.DRAFT)
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        Version,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="scenarios",
        help_text="The solved supply plan of this scenario.",
    )
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_baseline", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "name"], name="scenario_name_once"),
            models.UniqueConstraint(
                fields=["cycle"], condition=models.Q(is_baseline=True), name="one_baseline_scenario"
            ),
            models.UniqueConstraint(
                fields=["cycle"], condition=models.Q(is_recommended=True), name="one_recommended_scenario"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioDifference(models.Model):
    """One switchable difference of a scenario, with its parameters (months as YYYY-MM, codes)."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=14, choices=DifferenceKind.choices)
    params = models.JSONField(default=dict)
    sentence = models.CharField(max_length=300, help_text="The difference in words, without money.")
    cost_words = models.CharField(
        max_length=120, blank=True, help_text="What it costs, for those who see costs."
    )
    one_off_cost_minor = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    effect_minor = models.BigIntegerField(
        null=True, blank=True, help_text="EBIT it adds on top of the active ones before it, as last solved."
    )
    gap = models.ForeignKey(
        SupplyGap,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="differences",
        help_text="The gap whose lever it came from.",
    )
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sentence


class PnlLine(models.Model):
    """A row of a version's P&L by family and month; an empty family holds what no family carries."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="pnl_lines")
    family = models.ForeignKey(Family, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    row = models.CharField(max_length=16, choices=PnlRow.choices)
    amount = models.BigIntegerField(help_text="Minor units; quanta for the units row.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "family", "month", "row"], name="pnl_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.row} {self.month}"
