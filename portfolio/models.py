"""Products, families, markets, customers and prices; launches and phase-outs.

Money is in minor units of the company currency unless a column says otherwise; unit prices and
costs are decimals, since they carry four places.
"""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from cycles.models import Cycle
from portfolio.choices import (
    AbcRule,
    AgendaItem,
    GateVerdict,
    LaunchBasis,
    LaunchGate,
    ProductKind,
    ProductStatus,
    Proposal,
    TransitionCurve,
)

PERSON = settings.AUTH_USER_MODEL


class Family(models.Model):
    """A node of the family tree; executives read its top level."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.name


class Market(models.Model):
    """Where demand arises: the other half of a demand stream."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Tolerances are numbers of percent of the ordered quantity, days are calendar days."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="customers")
    otif_early_days = models.PositiveSmallIntegerField(null=True, blank=True)
    otif_late_days = models.PositiveSmallIntegerField(null=True, blank=True)
    under_tolerance = models.FloatField(null=True, blank=True)
    over_tolerance = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Anything with a code: finished goods are planned by market, materials by site."""

    code = models.CharField(max_length=64, unique=True)
    description = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=3, choices=ProductKind.choices, default=ProductKind.FINISHED)
    family = models.ForeignKey(
        Family, null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    subfamily = models.CharField(max_length=64, blank=True)
    unit = models.CharField(max_length=16, default="EA")
    standard_cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    list_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    status = models.CharField(max_length=10, choices=ProductStatus.choices, default=ProductStatus.ACTIVE)
    launch_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    successor_code = models.CharField(max_length=64, blank=True)
    make_strategy = models.CharField(max_length=3, default="MTS")
    like_product_code = models.CharField(max_length=64, blank=True)
    like_percent = models.FloatField(null=True, blank=True)
    is_bought = models.BooleanField(default=False)
    profit_first = models.BooleanField(
        default=False, help_text="Serve only where it earns more than it costs."
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.description}".strip()

    @property
    def is_finished(self) -> bool:
        return self.kind == ProductKind.FINISHED


class PreviousProduct(models.Model):
    """Master data of the load before, for rules that compare."""

    code = models.CharField(max_length=64, unique=True)
    unit = models.CharField(max_length=16, blank=True)
    standard_cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    list_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    status = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.code


class UnitConversion(models.Model):
    """How many ``to_unit`` one ``from_unit`` is; an empty product means all."""

    product_code = models.CharField(max_length=64, blank=True)
    from_unit = models.CharField(max_length=16)
    to_unit = models.CharField(max_length=16)
    factor = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product_code", "from_unit", "to_unit"], name="unit_conversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"1 {self.from_unit} = {self.factor} {self.to_unit}"


class ExchangeRate(models.Model):
    """Company currency for one unit of the foreign one, by month; months after the close: planning rate."""

    month = models.DateField()
    currency = models.CharField(max_length=3)
    rate = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "currency"], name="exchange_rate_once")]

    def __str__(self) -> str:
        return f"{self.currency} {self.month}: {self.rate}"


class PlannedPrice(models.Model):
    """Net price per unit of a product in a market, company currency; the valuation of plan units.

    Refreshed when orders are loaded: mean net price of the last 12 closed months at planning rates,
    the list price where there is none.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="planned_prices")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="planned_prices")
    price = models.DecimalField(max_digits=14, decimal_places=4)
    basis = models.CharField(max_length=10, default="orders", help_text="orders or list.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "market"], name="planned_price_once")]

    def __str__(self) -> str:
        return f"{self.product_id}/{self.market_id}: {self.price}"


class Launch(models.Model):
    """A product that starts: where, when, and by which like products its demand is drawn."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="launch")
    month = models.DateField(help_text="First month of sales.")
    gate = models.CharField(max_length=12, choices=LaunchGate.choices, default=LaunchGate.DEVELOPMENT)
    ramp_months = models.PositiveSmallIntegerField(
        default=6, help_text="Months until the full share is reached."
    )
    takes_from_like = models.BooleanField(
        default=True, help_text="Its volume is taken from the like products."
    )
    basis = models.CharField(max_length=10, choices=LaunchBasis.choices, default=LaunchBasis.TODAY)
    copy_percent = models.FloatField(
        default=100.0, help_text="Copy factor: percent of what the weighted like products give."
    )
    full_units = models.FloatField(
        null=True, blank=True, help_text="Units a month at full volume; diffusion: units ever sold."
    )
    innovators = models.FloatField(
        null=True, blank=True, help_text="Bass p: share that buys on its own, a month."
    )
    imitators = models.FloatField(
        null=True, blank=True, help_text="Bass q: share that follows others, a month."
    )
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    is_held = models.BooleanField(default=False, help_text="On hold: its figures stay out of the plan.")
    is_dropped = models.BooleanField(default=False)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Launch of {self.product} in {self.month:%Y-%m}"

    @property
    def is_planned(self) -> bool:
        """Whether the demand plan holds it."""
        return not (self.is_dropped or self.is_held) and self.gate in LaunchGate.planned()

    @property
    def has_figures(self) -> bool:
        """Whether it says how much it will sell: by like products or by a volume."""
        if self.basis in LaunchBasis.with_references():
            return bool(self.references.all())
        return bool(self.full_units)


class LaunchReference(models.Model):
    """A like product with the percent of its volume that the launch reaches."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="references")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    percent = models.FloatField(help_text="Number of percent of the like product's volume.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "product"], name="launch_reference_once")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.product}"


class LaunchInfluence(models.Model):
    """What a launch does to another product in the same market, in percent of the launch's own units.

    Below zero it takes from it (cannibalisation), above zero it helps it (halo).
    """

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="influences")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    percent = models.FloatField(help_text="Number of percent of the launch's units; negative: taken.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "product"], name="launch_influence_once")]

    def __str__(self) -> str:
        return f"{self.percent:+g} % on {self.product}"


class GateDecision(models.Model):
    """Go, hold or kill: what was decided on a launch, by whom, when and why. Append-only."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="gate_decisions")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=GateVerdict.choices)
    from_gate = models.CharField(max_length=12, choices=LaunchGate.choices)
    to_gate = models.CharField(max_length=12, choices=LaunchGate.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} at {self.from_gate}"


class PhaseOut(models.Model):
    """A product that ends: last month of sales, what happens to the stock, who follows."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="phase_out")
    end_month = models.DateField(help_text="Last month with sales.")
    run_out_months = models.PositiveSmallIntegerField(
        default=3, help_text="Months before the end over which demand fades out."
    )
    run_out_units = models.FloatField(null=True, blank=True, help_text="Stock to sell before the end.")
    coming_units = models.FloatField(
        null=True, blank=True, help_text="Still coming and not to be cancelled, besides the stock."
    )
    last_order = models.DateField(null=True, blank=True, help_text="Last day on which orders are taken.")
    curve = models.CharField(max_length=8, choices=TransitionCurve.choices, default=TransitionCurve.STEADY)
    salvage_percent = models.FloatField(
        default=0.0, help_text="Percent of the standard cost that left-over stock still brings."
    )
    successor = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    no_successor = models.BooleanField(default=False, help_text="Stated: nothing follows.")
    successor_percent = models.FloatField(
        default=100.0, help_text="Percent of the lost volume that it takes over."
    )
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    is_dropped = models.BooleanField(default=False)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Phase-out of {self.product} by {self.end_month:%Y-%m}"


class ProductReview(models.Model):
    """Push, maintain or cut: the decision on a product in a cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="product_reviews")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    proposal = models.CharField(max_length=8, choices=Proposal.choices)
    decision = models.CharField(max_length=8, choices=Proposal.choices, blank=True)
    reason = models.TextField(blank=True)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    growth_percent = models.FloatField(
        null=True, blank=True, help_text="Push: percent on top of the baseline for twelve months ..."
    )
    first_month = models.DateField(null=True, blank=True, help_text="... from this month on.")
    effect_units = models.FloatField(null=True, blank=True, help_text="Effect in a year, units.")
    effect_revenue_minor = models.BigIntegerField(null=True, blank=True)
    effect_margin_minor = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "product"], name="product_review_once")]

    def __str__(self) -> str:
        return f"{self.product}: {self.decision or self.proposal}"


class PortfolioRules(models.Model):
    """One row: the limits that product management judges the range by. Shares are numbers of percent."""

    new_share_target = models.FloatField(
        null=True, blank=True, help_text="Share of revenue that new products should bring."
    )
    new_months = models.PositiveSmallIntegerField(
        default=36, help_text="Months for which a product counts as new."
    )
    a_percent = models.FloatField(default=80.0)
    b_percent = models.FloatField(default=95.0)
    abc_rule = models.CharField(max_length=10, choices=AbcRule.choices, default=AbcRule.BEFORE)
    x_limit = models.FloatField(default=0.5, help_text="Coefficient of variation up to which a product is X.")
    y_limit = models.FloatField(default=1.0)
    tail_percent = models.FloatField(
        default=5.0, help_text="Products that together bring this last part of revenue are the tail."
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "portfolio rules"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="portfolio_rules_is_one_row")]

    def __str__(self) -> str:
        return "Rules of the product review"

    @classmethod
    def current(cls) -> "PortfolioRules":
        """The row, or the defaults where nobody has set any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class AgendaNote(models.Model):
    """Minutes of an item of the product review's meeting in a cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="product_minutes")
    item = models.CharField(max_length=8, choices=AgendaItem.choices)
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "item"], name="agenda_note_once")]

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.text}"
