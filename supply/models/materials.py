"""Bills of material, suppliers and purchase orders. Order quantities are quanta."""

from django.db import models
from simple_history.models import HistoricalRecords

from portfolio.models import Product
from supply.models.network import Site


class BillLine(models.Model):
    """A line of a bill of material."""

    parent = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="bill_lines")
    component = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="used_in")
    quantity_per = models.FloatField()
    scrap_percent = models.FloatField(default=0.0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "component", "valid_from"], name="bill_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} needs {self.quantity_per} of {self.component_id}"

    @property
    def gross_quantity_per(self) -> float:
        return self.quantity_per / (1 - self.scrap_percent / 100)


class Supplier(models.Model):
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class SupplierProduct(models.Model):
    """What a supplier delivers to a site; the cheapest of several is the primary one."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="suppliers")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    lead_time_days = models.FloatField(null=True, blank=True)
    minimum_units = models.FloatField(null=True, blank=True)
    multiple_units = models.FloatField(null=True, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4)
    capacity_per_month = models.FloatField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "product", "site", "valid_from"], name="supplier_product_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} delivers {self.product_id}"


class PurchaseOrderLine(models.Model):
    """A purchase order line; an empty receipt date is still open."""

    id = models.BigAutoField(primary_key=True)
    order_number = models.CharField(max_length=40)
    line_number = models.CharField(max_length=20)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    order_date = models.DateField()
    due_date = models.DateField()
    receipt_date = models.DateField(null=True)
    quantity = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_number", "line_number"], name="purchase_order_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.order_number}/{self.line_number}"
