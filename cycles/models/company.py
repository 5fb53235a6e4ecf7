"""The company's own settings: what no import file carries, each with a stated default."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from sop.reads import once


class Company(models.Model):
    """One row. Percentages are numbers of percent."""

    name = models.CharField(max_length=120, default="My company")
    currency = models.CharField(max_length=3, default="EUR")
    horizon_months = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(3), MaxValueValidator(60)]
    )
    history_months = models.PositiveSmallIntegerField(default=36, validators=[MinValueValidator(12)])
    fence_months = models.PositiveSmallIntegerField(
        default=0, help_text="First plan months in which the demand plan is locked (demand time fence)."
    )
    single_person = models.BooleanField(
        default=False,
        help_text="Very small firm: one person may sign what they edited; every such act is logged.",
    )
    reason_percent = models.FloatField(default=10.0, help_text="A change above this needs a reason ...")
    reason_revenue_percent = models.FloatField(
        default=0.1, help_text="... if it also exceeds this of annual revenue."
    )
    comment_percent = models.FloatField(
        default=0.0,
        validators=[MinValueValidator(0)],
        help_text="A change above this, and above the share of revenue, also needs a comment; 0: never.",
    )
    inbox_covered_percent = models.FloatField(
        default=50.0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="The inbox asks about the items that hold this share of the money worth a person's time ...",
    )
    inbox_least_money = models.FloatField(
        default=0.0,
        validators=[MinValueValidator(0)],
        help_text="... but accepts, unasked, every item with less margin at risk than this.",
    )
    material_percent = models.FloatField(
        default=0.1, help_text="A gap above this of annual revenue is material."
    )
    data_score_minimum = models.FloatField(default=95.0)
    brief_scenarios = models.PositiveSmallIntegerField(default=3)
    carrying_rate_percent = models.FloatField(
        default=20.0, help_text="Yearly cost of holding stock, of its value."
    )
    backorder_percent = models.FloatField(
        default=2.0, help_text="Cost per month of a unit owed, of its price."
    )
    safety_penalty_percent = models.FloatField(
        default=5.0, help_text="Penalty per unit and month below the safety stock, of the standard cost."
    )
    lost_sale_percent = models.FloatField(
        default=100.0, help_text="Service first: penalty per lost unit beyond its price, of the price."
    )
    fair_share_percent = models.FloatField(default=2.0)
    stability_percent = models.FloatField(default=2.0)
    lot_months = models.PositiveSmallIntegerField(default=0)
    receivable_days = models.FloatField(default=45.0)
    payable_days = models.FloatField(default=30.0)
    otif_early_days = models.PositiveSmallIntegerField(default=1)
    otif_late_days = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "company"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="company_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @once
    def current(cls) -> "Company":
        """The one row, made with the defaults where there is none yet."""
        return cls.objects.get_or_create(pk=1)[0]
