"""Orders, history and the demand plan. Quantities are quanta (1/1000 unit), money minor units."""

from django.conf import settings
from django.db import models

from cycles.models import Cycle, Run, Version
from demand.choices import Answer
from portfolio.models import Customer, Family, Market, Product

PERSON = settings.AUTH_USER_MODEL


class DemandStream(models.Model):
    """A product in a market: what is forecast and what the supply plan serves."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="streams")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="streams")

    class Meta:
        ordering = ["product__code", "market__code"]
        constraints = [models.UniqueConstraint(fields=["product", "market"], name="demand_stream_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.market_id}"


class OrderLine(models.Model):
    """A sales order line; ``net_price`` per unit in the line's currency."""

    id = models.BigAutoField(primary_key=True)
    order_number = models.CharField(max_length=40)
    line_number = models.CharField(max_length=20)
    stream = models.ForeignKey(DemandStream, on_delete=models.PROTECT, related_name="order_lines")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="order_lines")
    site_code = models.CharField(max_length=64, blank=True)
    quantity = models.BigIntegerField(help_text="Ordered, quanta.")
    requested_date = models.DateField()
    promised_date = models.DateField(null=True)
    entry_date = models.DateField(null=True)
    net_price = models.FloatField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    status = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_number", "line_number"], name="order_line_once")
        ]
        indexes = [models.Index(fields=["requested_date"]), models.Index(fields=["stream", "requested_date"])]

    def __str__(self) -> str:
        return f"{self.order_number}/{self.line_number}"


class Shipment(models.Model):
    """A delivery against an order line; an empty delivery date is still under way."""

    id = models.BigAutoField(primary_key=True)
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="shipments")
    ship_date = models.DateField()
    delivery_date = models.DateField(null=True)
    quantity = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_line", "ship_date"], name="shipment_once")]
        indexes = [models.Index(fields=["ship_date"])]

    def __str__(self) -> str:
        return f"{self.order_line_id} on {self.ship_date}"


class DemandHistory(models.Model):
    """Ordered quantity by requested month: the demand of a closed month, rebuilt from order lines."""

    id = models.BigAutoField(primary_key=True)
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="history")
    month = models.DateField()
    quantity = models.BigIntegerField()
    value = models.BigIntegerField(default=0, help_text="Net revenue of these lines, minor units.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "month"], name="demand_history_once")]
        indexes = [models.Index(fields=["month"])]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.month}: {self.quantity}"


class DemandFact(models.Model):
    """One stream and month of a demand plan version: the result after each step, in quanta.

    Empty baseline: not forecast yet. Every later column is filled from its predecessor on, so
    ``consensus`` is the plan. Intervals are of the baseline.
    """

    id = models.BigAutoField(primary_key=True)
    # The one composite index below serves every read; further ones would only slow down the bulk writer.
    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="demand_facts", db_index=False
    )
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="facts", db_index=False)
    month = models.DateField()
    baseline = models.BigIntegerField(null=True)
    product = models.BigIntegerField(null=True)
    marketing = models.BigIntegerField(null=True)
    sales = models.BigIntegerField(null=True)
    planner = models.BigIntegerField(null=True)
    consensus = models.BigIntegerField(null=True)
    low_80 = models.BigIntegerField(null=True)
    high_80 = models.BigIntegerField(null=True)
    low_95 = models.BigIntegerField(null=True)
    high_95 = models.BigIntegerField(null=True)
    rev = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "month", "stream"], name="demand_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.stream_id} {self.month}: {self.consensus}"


class DemandSummary(models.Model):
    """The demand plan by family, market and month, refreshed in the same transaction as the facts."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="demand_summary")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    baseline = models.BigIntegerField(default=0)
    product = models.BigIntegerField(default=0)
    marketing = models.BigIntegerField(default=0)
    sales = models.BigIntegerField(default=0)
    planner = models.BigIntegerField(default=0)
    consensus = models.BigIntegerField(default=0)
    baseline_value = models.BigIntegerField(default=0, help_text="At planned prices, minor units.")
    product_value = models.BigIntegerField(default=0)
    marketing_value = models.BigIntegerField(default=0)
    sales_value = models.BigIntegerField(default=0)
    planner_value = models.BigIntegerField(default=0)
    consensus_value = models.BigIntegerField(default=0)
    squares_80 = models.FloatField(
        default=0, help_text="Sum of squared half widths of the streams' 80 % intervals."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "family", "market", "month"], name="demand_summary_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.family_id} {self.month}: {self.consensus}"


class SeriesNote(models.Model):
    """What the engine did with a stream and why: class, method, one sentence, repairs."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="series_notes")
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=40)
    series_class = models.CharField(max_length=20, blank=True)
    sentence = models.TextField(blank=True)
    repairs = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "stream"], name="series_note_once")]

    def __str__(self) -> str:
        return self.sentence


class BaselinePart(models.Model):
    """A chunk of a forecast run, kept until all chunks are in and the draft takes them at once.

    One row per chunk and not per figure: it is written and read once, in one piece.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="baseline_part")
    streams = models.BinaryField(help_text="Keys of the streams (n), int64.")
    figures = models.BinaryField(
        help_text="Quanta (5, n, months), int64: mean, low 80, high 80, low 95, high 95."
    )
    notes = models.JSONField(default=list, help_text="Per stream: method, class, sentence, repairs.")

    def __str__(self) -> str:
        return f"part {self.run_id}"


class CellLock(models.Model):
    """A cell of the draft that a person protects from spreading."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="cell_locks")
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "stream", "month"], name="cell_lock_once")]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.month}"


class RowLock(models.Model):
    """A product in a market whose whole row of the draft a person protects, whatever its months."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="row_locks")
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "stream"], name="row_lock_once")]

    def __str__(self) -> str:
        return f"{self.stream_id}"


class Opportunity(models.Model):
    """A deal of the sales pipeline; ``target_code`` names a family or a product."""

    code = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_code = models.CharField(max_length=64)
    stage = models.CharField(max_length=40, blank=True)
    probability = models.FloatField(help_text="Number of percent.")
    quantity = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    close_month = models.DateField()
    delivery_months = models.PositiveSmallIntegerField(
        default=1, help_text="Months, from the closing one on, over which it is delivered in equal parts."
    )

    class Meta:
        verbose_name_plural = "opportunities"

    def __str__(self) -> str:
        return self.code


class Promotion(models.Model):
    """A marketing event in a market with its lift in percent of the baseline."""

    code = models.CharField(max_length=40, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="promotions")
    market = models.ForeignKey(Market, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    kind = models.CharField(
        max_length=40, blank=True, help_text="What sort of event it is, e.g. leaflet or price cut."
    )
    lift_percent = models.FloatField(null=True, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class ForecastSnapshot(models.Model):
    """A family figure of an earlier cycle, as imported (forecast_family)."""

    cycle_month = models.DateField()
    label = models.CharField(max_length=40)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    quantity = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle_month", "label", "family", "month"], name="forecast_snapshot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cycle_month} {self.family_id} {self.month}"


class ForecastLine(models.Model):
    """A forecast of an earlier cycle by stream, as imported: gives lags before the own ones exist."""

    id = models.BigAutoField(primary_key=True)
    cycle_month = models.DateField()
    label = models.CharField(max_length=40)
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    quantity = models.BigIntegerField()
    assumption_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle_month", "label", "stream", "month"], name="forecast_line_once"
            )
        ]
        indexes = [models.Index(fields=["month"])]

    def __str__(self) -> str:
        return f"{self.cycle_month} {self.stream_id} {self.month}"


class ReviewedFamily(models.Model):
    """A family that the demand planner has looked at in this cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="reviewed_families")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "family"], name="reviewed_family_once")]

    def __str__(self) -> str:
        return f"{self.family} reviewed"


class ForecastSettings(models.Model):
    """What the forecast may use beside the history: one row, changed by the demand planner."""

    use_working_days = models.BooleanField(default=True)
    use_stock_outs = models.BooleanField(default=True)
    use_ended = models.BooleanField(default=True, help_text="Products past their end date are not forecast.")

    class Meta:
        verbose_name_plural = "forecast settings"

    def __str__(self) -> str:
        return "forecast settings"

    @classmethod
    def current(cls) -> "ForecastSettings":
        """The row, or the defaults before anybody changed one."""
        return cls.objects.first() or cls()


class KeptMonth(models.Model):
    """A month of history that somebody wants read as it was recorded: the engine does not repair it."""

    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="kept_months")
    month = models.DateField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "month"], name="kept_month_once")]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.month} as recorded"


class BacktestReport(models.Model):
    """A backtest of the engine on the company's own history: how it was made; its figures are the rows."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="backtest_report")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="backtest_reports")
    made_at = models.DateTimeField(auto_now_add=True)
    last_month = models.DateField(help_text="Last closed month that was known.")
    horizon = models.PositiveSmallIntegerField(help_text="Months forecast from each origin.")
    origins = models.PositiveSmallIntegerField()
    streams = models.PositiveIntegerField(help_text="Streams that were offered.")
    tested = models.PositiveIntegerField(help_text="Streams with enough history before an origin.")
    engine_version = models.CharField(max_length=40)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Backtest on history to {self.last_month:%Y-%m}"


class BacktestRow(models.Model):
    """Sums of one method over the cases (stream and origin) of a family and class; units are floats."""

    report = models.ForeignKey(BacktestReport, on_delete=models.CASCADE, related_name="rows")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="+")
    series_class = models.CharField(max_length=20)
    method = models.CharField(max_length=20)
    cases = models.PositiveIntegerField()
    months = models.PositiveIntegerField()
    absolute = models.FloatField(help_text="Sum of |A - F|.")
    signed = models.FloatField(help_text="Sum of F - A.")
    actual = models.FloatField(help_text="Sum of |A|.")
    scaled = models.FloatField(help_text="Sum of the cases' MASE.")
    scaled_cases = models.PositiveIntegerField()
    inside_80 = models.PositiveIntegerField(default=0, help_text="Months inside the interval.")
    inside_95 = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "family", "series_class", "method"], name="backtest_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.series_class} {self.method}"


class Refit(models.Model):
    """A refit of the learned correction on the company's own series, kept or not, and by which figures."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="refit")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="refits")
    made_at = models.DateTimeField(auto_now_add=True)
    first_cycle = models.DateField(help_text="First cycle whose baseline goes by its outcome.")
    kept = models.BooleanField()
    reason = models.TextField(help_text="Why it is used or not, in words.")
    streams = models.PositiveIntegerField()
    figures = models.JSONField(default=dict, help_text="Accuracy before and after, as shares.")
    artefact = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    learners = models.CharField(max_length=40, blank=True)
    engine_version = models.CharField(max_length=40)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="kept_refit_has_artefact",
                condition=models.Q(kept=False) | (models.Q(artefact__isnull=False) & ~models.Q(sha256="")),
            )
        ]

    def __str__(self) -> str:
        return f"Refit of {self.made_at:%Y-%m-%d}"

    @property
    def is_used(self) -> bool:
        """Whether its artefact is the one for its cycles, unless a later refit follows."""
        return self.kept and self.dropped_at is None


class InboxAnswer(models.Model):
    """What a function said to an item of its inbox in a cycle; taken back by ``withdrawn_at``."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="inbox_answers")
    stream = models.ForeignKey(DemandStream, on_delete=models.CASCADE, related_name="+")
    function = models.CharField(max_length=20)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True)
    asked = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    change_ids = models.JSONField(default=list, help_text="Changes of the ledger that the answer made.")
    units = models.FloatField(default=0, help_text="Plan of the shown months when it was answered.")
    risk_minor = models.BigIntegerField(default=0, help_text="Margin at risk when it was answered.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "stream", "function"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="inbox_answer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.stream_id}"
