"""Policies, stock counts and production orders. Counted quantities are quanta."""

from django.db import models
from simple_history.models import HistoricalRecords

from portfolio.models import Product
from supply.models.network import Site


class ProductSite(models.Model):
    """A product at a site: policies and lots."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sites")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="products")
    safety_stock = models.FloatField(null=True, blank=True)
    minimum_units = models.FloatField(null=True, blank=True)
    maximum_units = models.FloatField(null=True, blank=True)
    lot_size = models.FloatField(null=True, blank=True)
    lead_time_days = models.FloatField(null=True, blank=True)
    safety_days = models.FloatField(
        null=True, blank=True, help_text="Safety stock as days of the demand that follows."
    )
    ceiling = models.FloatField(
        null=True, blank=True, help_text="Most units at a month's end; empty: no ceiling."
    )
    service_target_percent = models.FloatField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "site"], name="product_site_once")]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.site_id}"


class StockRecord(models.Model):
    """A stock count: all on hand, blocked included; in transit comes on top."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stock_records")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    on_hand = models.BigIntegerField()
    blocked = models.BigIntegerField(default=0)
    in_transit = models.BigIntegerField(default=0)
    age_days = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "site", "day"], name="stock_record_once")]
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.site_id} on {self.day}"


class ProductionOrder(models.Model):
    id = models.BigAutoField(primary_key=True)
    order_number = models.CharField(max_length=40, unique=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    planned = models.BigIntegerField()
    good = models.BigIntegerField()
    scrap = models.BigIntegerField(default=0)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return self.order_number
