"""The facts of a supply plan version: quantities in quanta, hours as floats, money in minor units."""

from django.db import models

from cycles.models import Version
from demand.models import DemandStream
from portfolio.models import Product
from sop.quantities import from_quanta
from supply.models.network import Lane, Site
from supply.models.resources import Resource


class VersionFact(models.Model):
    """What all supply facts share: a version and a month."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="%(class)ss")
    month = models.DateField()

    class Meta:
        abstract = True


class ProductSiteFact(VersionFact):
    """Plan of a product at a site in a month."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    opening = models.BigIntegerField()
    production = models.BigIntegerField(help_text="Started in the month.")
    completed = models.BigIntegerField(default=0, help_text="Coming from production into stock.")
    receipts = models.BigIntegerField(default=0, help_text="Confirmed receipts, purchases and arrivals.")
    shipments = models.BigIntegerField(help_text="To markets and to other sites.")
    used = models.BigIntegerField(default=0, help_text="Taken as a component.")
    closing = models.BigIntegerField(help_text="Opening + completed + receipts - shipments - used.")
    purchases = models.BigIntegerField(
        default=0, help_text="Finished units ordered from suppliers in the month."
    )
    purchase_cost_minor = models.BigIntegerField(default=0)
    safety_stock = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "product", "site", "month"], name="product_site_fact_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.product_id} {self.site_id} {self.month}"


class StreamFact(VersionFact):
    """What a demand stream gets in a month; money at the planned price."""

    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    demand = models.BigIntegerField(help_text="Unconstrained, with overdue orders in the first month.")
    supplied = models.BigIntegerField()
    lost = models.BigIntegerField(default=0)
    backlog = models.BigIntegerField(default=0)
    price_minor = models.FloatField(default=0.0, help_text="Minor units per unit.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "stream", "month"], name="stream_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.stream_id} {self.month}"


class ResourceFact(VersionFact):
    """Load of a resource: hours the plan uses beside the hours that the demand would need."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    needed_hours = models.FloatField(help_text="Unconstrained: demand x hours per unit in its own month.")
    load_hours = models.FloatField()
    regular_hours = models.FloatField(help_text="Limit.")
    overtime_limit_hours = models.FloatField(default=0.0)
    overtime_used_hours = models.FloatField(default=0.0)
    extra_used_hours = models.FloatField(default=0.0)
    premium_minor = models.BigIntegerField(default=0, help_text="Cost of overtime and extra hours.")
    hour_worth_minor = models.FloatField(default=0.0, help_text="Dual: worth of one more hour, minor units.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "resource", "month"], name="resource_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.resource_id} {self.month}"


class WorkforceFact(VersionFact):
    """People of a resource in a month, as planned; wages, hiring and laying off together are the cost."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    heads = models.FloatField()
    hired = models.FloatField(default=0.0)
    laid_off = models.FloatField(default=0.0)
    cost_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "resource", "month"], name="workforce_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.resource_id} {self.month}"


class ResourceUse(models.Model):
    """What a plan took a unit of a product to need of a resource, dissolved components included."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="resource_uses")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    hours_per_unit = models.FloatField()
    share = models.FloatField(default=1.0, help_text="Part of the product's demand that falls to this site.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "resource", "product"], name="resource_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.resource_id}"


class MaterialFact(VersionFact):
    """Plan of a material at a site in a month."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    opening = models.BigIntegerField()
    open_orders = models.BigIntegerField(default=0)
    arriving = models.BigIntegerField(default=0, help_text="Purchases of the plan that arrive in the month.")
    purchases = models.BigIntegerField(default=0, help_text="Ordered in the month.")
    backup_purchases = models.BigIntegerField(default=0, help_text="Of these, from dearer suppliers.")
    used = models.BigIntegerField(default=0)
    closing = models.BigIntegerField(help_text="Opening + open orders + arriving - used.")
    purchase_cost_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "product", "site", "month"], name="material_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.product_id} {self.month}"

    @property
    def closing_units(self) -> float:
        return from_quanta(self.closing)


class LaneFact(VersionFact):
    """Volume on a lane in a month."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    quantity = models.BigIntegerField()
    spot_quantity = models.BigIntegerField(default=0)
    freight_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "lane", "product", "month"], name="lane_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.lane_id} {self.month}"


class SupplySummary(VersionFact):
    """A supply plan by family and month, which dashboards and sheets read."""

    family = models.ForeignKey("portfolio.Family", on_delete=models.CASCADE, related_name="+")
    demand = models.BigIntegerField(default=0)
    supplied = models.BigIntegerField(default=0)
    production = models.BigIntegerField(default=0)
    closing = models.BigIntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    gap_minor = models.BigIntegerField(default=0)
    stock_value_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "family", "month"], name="supply_summary_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.family_id} {self.month}"
