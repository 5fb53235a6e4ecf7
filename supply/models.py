"""Sites, resources, bills, suppliers, lanes and stock; the facts of a supply plan version.

Quantities are quanta (1/1000 unit) in facts and stock records, hours and rates are floats, money of
facts is in minor units.
"""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from cycles.models import Cycle, Version
from demand.models import DemandStream
from portfolio.models import Market, Product
from sop.quantities import from_quanta


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


class Resource(models.Model):
    """A line, machine or crew with hours by month."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="resources")

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


class ProductSite(models.Model):
    """A product at a site: policies and lots."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sites")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="products")
    safety_stock = models.FloatField(null=True, blank=True)
    minimum_units = models.FloatField(null=True, blank=True)
    maximum_units = models.FloatField(null=True, blank=True)
    lot_size = models.FloatField(null=True, blank=True)
    lead_time_days = models.FloatField(null=True, blank=True)
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
