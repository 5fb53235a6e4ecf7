"""Products, families, markets, customers and prices; launches and phase-outs.

Money is in minor units of the company currency unless a column says otherwise; unit prices and
costs are decimals, since they carry four places.
"""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from cycles.models import Cycle
from portfolio.choices import LaunchGate, ProductKind, ProductStatus, Proposal

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
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    is_dropped = models.BooleanField(default=False)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Launch of {self.product} in {self.month:%Y-%m}"


class LaunchReference(models.Model):
    """A like product with the percent of its volume that the launch reaches."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="references")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    percent = models.FloatField(help_text="Number of percent of the like product's volume.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "product"], name="launch_reference_once")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.product}"


class PhaseOut(models.Model):
    """A product that ends: last month of sales, what happens to the stock, who follows."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="phase_out")
    end_month = models.DateField(help_text="Last month with sales.")
    run_out_months = models.PositiveSmallIntegerField(
        default=3, help_text="Months before the end over which demand fades out."
    )
    run_out_units = models.FloatField(null=True, blank=True, help_text="Stock to sell before the end.")
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
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "product"], name="product_review_once")]

    def __str__(self) -> str:
        return f"{self.product}: {self.decision or self.proposal}"
